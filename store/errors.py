"""What can go wrong with what is kept. Messages are for the operator; the conversation has its own words."""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """Base of everything the store raises."""


class NotSaved(StoreError):
    """A change could not be made durable: nothing of it is kept, everything before it still is."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: not saved: {reason}")
        self.path = path


class Unreadable(StoreError):
    """A file exists but cannot be read now (permissions, an I/O error). Its content may be fine.

    `passing` is whether it is the machine that lacks something for the moment, and nothing is wrong with the file.
    """

    def __init__(self, path: Path, reason: str, *, passing: bool = False) -> None:
        super().__init__(f"{path}: cannot be read: {reason}")
        self.path = path
        self.passing = passing


class Damaged(StoreError):
    """A file does not hold what it should. `aside` is where the bad file was put, if it was."""

    def __init__(self, path: Path, reason: str, aside: Path | None = None) -> None:
        super().__init__(f"{path}: damaged: {reason}" + (f"; set aside as {aside.name}" if aside else ""))
        self.path = path
        self.aside = aside


class InUse(StoreError):
    """Another process works on this data folder."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(
            f"{folder}: already in use by process {holder or 'unknown'}; stop that one first, "
            "or choose another folder with --data"
        )
        self.folder = folder


class NotFound(StoreError):
    """There is no such report."""


class Changed(StoreError):
    """What was to be taken back has been changed since, by someone else."""
