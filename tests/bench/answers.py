"""One answer, from the event to the reply that says it is kept, beside the bare durable write of the same bytes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from tests.bench.machine import bare_write
from tests.bench.material import realistic
from tests.bench.measuring import Effort, Row, compared, in_turns, timed
from tests.bench.office import Office

STORED = 10


def rows(folder: Path, effort: Effort) -> Iterator[Row]:
    material = realistic(folder / "sample")
    office = Office(folder / "office", material, STORED)
    try:
        *several, one = office.scattered(STORED)
        staff = itertools.cycle(several)
        bare = _Bare(folder)

        def answer() -> float:
            who = next(staff)
            seconds = who.answer()
            bare.content = who.path.read_bytes()
            return seconds

        found = in_turns(
            {"answer": answer, "bare": bare.write, "cold": lambda: one.answer(forgotten=True)},
            effort.rounds,
            material.answers,  # a turn takes every kind of answer once
        )
    finally:
        office.close()
    size = f"{len(bare.content) / 1000:.0f} kB"
    name = f"write + fsync + rename + fsync of the folder, {size}"
    yield compared(f"one answer, {STORED} reports stored", found["answer"], name, found["bare"], 2)
    yield compared("the same, the report not in memory", found["cold"], name, found["bare"])


class _Bare:
    """Writes what the last answer has written, and nothing else."""

    def __init__(self, folder: Path) -> None:
        (folder / "bare").mkdir()
        self._path = folder / "bare" / "report.json"
        self.content = b"{}"

    def write(self) -> float:
        return timed(lambda: bare_write(self._path, self.content))()
