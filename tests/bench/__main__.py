"""`python -m tests.bench`: measure and print the table.

A whole measurement is written to build/bench.md too; a quick one, or of one thing alone, is not worth keeping.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tests.bench import answers, documents, scaling, startup, throughput
from tests.bench.machine import BUILD, DATA, described
from tests.bench.measuring import FULL, QUICK, Effort, Row

TABLE = BUILD / "bench.md"

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
    data = DATA / str(os.getpid())  # two may run at once, such as one of them in the tests
    data.mkdir(parents=True)
    try:
        head = described(data)
        rows = [row for name in names for row in _measured(data / name, name, effort)]
    finally:
        shutil.rmtree(data, ignore_errors=True)
        with suppress(OSError):
            DATA.rmdir()
    head.append(f"measured in {time.perf_counter() - began:.0f} s{', quickly' if options.quick else ''}")
    text = _markdown(head, rows)
    if not (options.quick or options.only):
        TABLE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.bench", description=(__doc__ or "").replace("`", ""))
    parser.add_argument("--quick", action="store_true", help="seconds long: shows that the benchmark works")
    parser.add_argument("--only", choices=list(MEASURED), help="measure one thing alone")
    return parser


def _measured(folder: Path, name: str, effort: Effort) -> Iterator[Row]:
    began = time.perf_counter()
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
