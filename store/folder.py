"""The data folder: who may work on it, and what lies where."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from store.errors import InUse, NotSaved
from store.people import People
from store.reports import Reports


class Store:
    """Everything that is kept, below one folder (mode 0700). One process at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, making it where it is missing.

        Raises:
            InUse: another process works on it.
            NotSaved: it cannot be made or written to.
        """
        self.folder = folder
        try:
            for path in (folder, folder / "reports", folder / "people"):
                path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = _locked(folder)
        except OSError as error:
            raise NotSaved(folder, error.strerror or str(error)) from error
        self.reports = Reports(folder / "reports")
        self.people = People(folder / "people")

    def close(self) -> None:
        """Let another process work on the folder."""
        os.close(self._lock)


def _locked(folder: Path) -> int:
    # A lock of the operating system's, gone with the process however it ends; the number in the file is for people.
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).decode(errors="replace").strip()
        os.close(descriptor)
        raise InUse(folder, holder) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor
