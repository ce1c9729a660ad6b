"""The same answer with one report stored and with a hundred thousand, and what other ways of keeping them cost.

Only what an answer does is measured: nobody lists the reports here. The offices take turns in one process.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.elsewhere import OneFile, Sqlite
from tests.bench.machine import bare_write
from tests.bench.material import Material, realistic
from tests.bench.measuring import Effort, Row, Samples, Variant, compared, in_turns, timed
from tests.bench.office import Office, Staff, report_id

STAFF = 12


def rows(folder: Path, effort: Effort) -> Iterator[Row]:
    material = realistic(folder / "sample")
    with ExitStack() as opened:
        offices = {}
        for size in effort.stored:
            office = offices[size] = Office(folder / f"office-{size}", material, size)
            opened.callback(office.close)
            office.fill_memory()
        yield from _offices(folder, effort, offices)
        yield from _kept(folder, effort, offices[effort.stored[-1]])
    for size in effort.stored:
        shutil.rmtree(folder / f"office-{size}")  # gigabytes, and the next measurement writes as much
    yield from _one_file(folder, effort, material)


def _offices(folder: Path, effort: Effort, offices: dict[int, Office]) -> Iterator[Row]:
    staff = {size: itertools.cycle(office.scattered(STAFF)) for size, office in offices.items()}
    variants = {(size, False): _answers(some, forgotten=False) for size, some in staff.items()}
    batch = next(iter(offices.values())).material.answers  # a turn takes every kind of answer once
    found = in_turns(variants, effort.rounds, batch)
    # Apart from the others, because forgetting empties the memory that those have filled.
    variants = {(size, True): _answers(some, forgotten=True) for size, some in staff.items()}
    found |= in_turns(variants, effort.rounds, batch)
    least = effort.stored[0]
    for size in effort.stored[1:]:
        for cold in (False, True):
            what = "the report not in memory" if cold else "the report in memory"
            last = size == effort.stored[-1]
            yield compared(
                f"one answer, {size:,} reports stored, {what}",
                found[size, cold],
                f"{least:,} stored",
                found[least, cold],
                1.2 if last else None,
            )


def _answers(staff: Iterator[Staff], *, forgotten: bool) -> Variant:
    return lambda: next(staff).answer(forgotten=forgotten)


def _kept(folder: Path, effort: Effort, office: Office) -> Iterator[Row]:
    """Keeping alone, without the conversation: our files beside SQLite with as many reports."""
    database = Sqlite(folder / "reports.sqlite", office.material, office.size)
    os.sync()
    ours = _keeping(office)
    content = office.material.content
    found = in_turns(
        {
            "ours": timed(ours),
            "sqlite": database.answer,
            "bare": timed(lambda: bare_write(folder / "bare.json", content)),
        },
        effort.rounds,
        effort.batch,
    )
    database.close()
    what = f"keeping one change, {office.size:,} reports stored, without the conversation"
    yield compared(what, found["ours"], "SQLite, WAL, FULL, as many", found["sqlite"])
    yield compared("the same", found["ours"], "the bare durable write", found["bare"])


def _keeping(office: Office) -> Callable[[], object]:
    report = report_id(office.newcomer())
    count = itertools.count()

    def keep() -> None:
        with office.store.reports.using(report) as opened:
            edit = opened.edit("settings", "bench", next(count))
            opened.change([edit], by="bench", at=opened.report.touched)

    return keep


def _one_file(folder: Path, effort: Effort, material: Material) -> Iterator[Row]:
    """TinyDB as it comes; it reads and writes all reports for each answer, so beyond the last size the rest is computed."""
    found: dict[int, Samples] = {}
    for size in effort.one_file:
        one_file = OneFile(folder / f"one-file-{size}.json", material, size)
        found[size] = in_turns({size: one_file.answer}, 3, 1 if size > 100 else 3)[size]
        one_file.close()
    least, most = effort.one_file[0], effort.one_file[-1]
    more = (found[most].median - found[least].median) / (most - least)
    beyond = effort.stored[-1]
    extrapolated = found[least].median + more * (beyond - least)
    measured = "; ".join(f"{size:,}: {found[size].unit.show(found[size].median)}" for size in effort.one_file)
    yield Row(
        "keeping one change in one plain TinyDB file, by reports stored",
        measured,
        f"extrapolated to {beyond:,}: {found[most].unit.show(extrapolated)}",
    )
