"""`python -m tests.bench`: measure, print the table, write it to build/bench.md."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import answers, documents, scaling, startup, throughput
from tests.bench.machine import DATA, described
from tests.bench.measuring import FULL, QUICK, Effort, Row

TABLE = DATA.parent / "bench.md"

MEASURED: dict[str, Callable[[Path, Effort], Iterator[Row]]] = {
    "answers": answers.rows,
    "scaling": scaling.rows,
    "throughput": throughput.rows,
    "documents": documents.rows,
    "startup": startup.rows,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; 0 unless something breaks, whatever the numbers are."""
    options = _parser().parse_args(arguments)
    effort = QUICK if options.quick else FULL
    names = [options.only] if options.only else list(MEASURED)
    began = time.perf_counter()
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    try:
        head = described(DATA)
        rows = [row for name in names for row in _measured(name, effort)]
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
    head.append(f"measured in {time.perf_counter() - began:.0f} s{', quickly' if options.quick else ''}")
    text = _markdown(head, rows)
    TABLE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds long: shows that the benchmark works")
    parser.add_argument("--only", choices=list(MEASURED), help="measure one thing alone")
    return parser


def _measured(name: str, effort: Effort) -> Iterator[Row]:
    began = time.perf_counter()
    folder = DATA / name
    folder.mkdir()
    yield from MEASURED[name](folder, effort)
    shutil.rmtree(folder)
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _markdown(head: Sequence[str], rows: Sequence[Row]) -> str:
    lines = ["# Measured", "", *(f"- {line}" for line in head), ""]
    lines += ["Medians; in brackets, between which values eight tenths of the measurements lie.", ""]
    lines += ["| what | measured | beside | ratio | target | |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = (row.what, row.measured, row.beside, row.ratio, row.target, row.verdict)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
