"""The machine that the numbers are true for: processors, file system, and how long it takes to write durably."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from tests.bench.measuring import Samples, in_turns, timed

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
DATA = BUILD / "bench-data"  # on the disk of the repository: /tmp is often no disk at all


def file_system(path: Path) -> str:
    """The type of the file system that a path lies on, where the system says so."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "unknown file system"
    where = path.resolve()
    found = {
        Path(fields[1]): fields[2]
        for line in mounts.read_text().splitlines()
        if len(fields := line.split()) > 2
    }
    return next((found[parent] for parent in (where, *where.parents) if parent in found), "unknown")


def bare_write(path: Path, content: bytes) -> None:
    """The least that a durable write can be: a new file, flushed, renamed over the old one, the folder flushed."""
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, content)
    os.fsync(descriptor)
    os.close(descriptor)
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def described(folder: Path) -> list[str]:
    """What to say above the table."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [
        f"{processors} processors ({_processor()}), Python {platform.python_version()}, {platform.system()}",
        f"files on {file_system(folder)} at {folder.relative_to(ROOT)}/; 4 kB written durably there takes {_durable(folder)}",
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _durable(folder: Path) -> Samples:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "probe"
    content = os.urandom(4096)
    found = in_turns({0: timed(lambda: bare_write(path, content))}, 5, 20)[0]
    path.unlink()
    return found


def resident(pid: int | str = "self") -> int:
    """How much memory a process has now, in bytes; 0 where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
