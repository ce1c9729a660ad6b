"""How long it takes until the first question can be read, and how much memory it takes, beside importing Telegram alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machine import ROOT, resident
from tests.bench.material import realistic
from tests.bench.measuring import Effort, Row, Samples, Unit, compared
from tests.bench.office import Office

IMPORTS = "import telegram, telegram.ext"
ALONE = f'python -c "{IMPORTS}"'
MEMORY = "; print(next(l for l in open('/proc/self/status') if l.startswith('VmRSS')).split()[1])"
READY = "tests.bench.ready"
FULL_STARTS = 2  # with thousands of reports stored; as long as that takes seconds, more would be tedious


@dataclass(frozen=True)
class Started:
    """One run of a process: seconds to its first output and to its end, bytes of memory when it stood ready."""

    first: float
    whole: float
    memory: int


def rows(folder: Path, effort: Effort) -> Iterator[Row]:
    empty = folder / "empty"
    office = Office(folder / "office", realistic(folder / "sample"), effort.touched)
    office.close()
    found: dict[str, list[Started]] = {"alone": [], "chat": [], "channel": [], "full": []}
    for number in range(effort.starts + 1):
        turn = {
            "alone": _run(["-c", f"{IMPORTS}{MEMORY}"], ""),
            "chat": _run(["-m", "bot", "chat", "--data", str(empty)], "/help\n"),
            "channel": _run(["-m", READY, str(empty), "0"], ""),
        }
        if number <= FULL_STARTS:
            turn["full"] = _run(["-m", "bot", "chat", "--data", str(office.folder)], "/help\n")
        for name, started in turn.items():
            if number:  # the first run reads everything from disk
                found[name].append(started)
    touched = Samples(((_touched(office.folder, effort.touched),),), Unit.BYTES)
    first = {name: Samples(tuple((s.first,) for s in each)) for name, each in found.items()}
    whole = {name: Samples(tuple((s.whole,) for s in each)) for name, each in found.items()}
    memory = {
        name: Samples(tuple((float(s.memory),) for s in each), Unit.BYTES) for name, each in found.items()
    }
    yield compared("python -m bot chat, to the greeting", first["chat"], ALONE, whole["alone"], 1.5)
    yield compared("the same with one line of input, to its end", whole["chat"], ALONE, whole["alone"], 1.5)
    yield compared(
        "the Telegram channel, to where it would connect", first["channel"], ALONE, whole["alone"], 1.5
    )
    stored = f"python -m bot chat, to the greeting, {effort.touched:,} people and reports stored"
    none = Samples(first["chat"].turns[: len(first["full"].turns)])
    yield compared(stored, first["full"], "none stored", none)
    yield compared("memory at the greeting", memory["chat"], ALONE, memory["alone"], 1.5)
    yield compared("memory of the Telegram channel, ready", memory["channel"], ALONE, memory["alone"], 1.5)
    # One run against the median of the others: there is only one, because it takes long.
    alone = Samples(((memory["alone"].median,),), Unit.BYTES)
    what = f"memory of the Telegram channel after {effort.touched:,} people with a report each"
    yield compared(what, touched, ALONE, alone, 1.5)


def _run(arguments: list[str], typed: str) -> Started:
    before = time.perf_counter()
    process = _started(arguments)
    assert process.stdin is not None and process.stdout is not None
    line = process.stdout.readline()
    first = time.perf_counter() - before
    memory = int(line) * 1024 if line.strip().isdigit() else resident(process.pid)
    process.communicate(typed.encode())
    whole = time.perf_counter() - before
    if process.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} ended with {process.returncode}")
    return Started(first, whole, memory)


def _touched(folder: Path, people: int) -> float:
    """Memory, in bytes, when everybody has been answered."""
    process = _started(["-m", READY, str(folder), str(people)])
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{READY} ended with {process.returncode}")
    return float(out.split()[-1]) * 1024


def _started(arguments: list[str]) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "TELEGRAM_BOT_TOKEN"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"PYTHONIOENCODING": "utf-8"},
    )
