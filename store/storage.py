"""A TinyDB storage that survives a crash: a new file, flushed, renamed over the old one.

TinyDB's own JSONStorage truncates its file and writes it again; a crash in between leaves half a file.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from tinydb.storages import Storage

from store.errors import Damaged, NotSaved, Unreadable

Tables = dict[str, dict[str, Any]]

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Tables)


class DurableStorage(Storage):
    """Keeps the tables of one TinyDB in one JSON file, mode 0600.

    When `write` (or the end of `step`) returns, the tables are on disk; when it raises `NotSaved`, the file holds
    what it held before. The state before the last write stays beside the file as `NAME.previous`. What was read
    stays in memory, so this process must be the file's only writer, one thread at a time.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._tables: Tables | None = None
        self._kept = (
            b""  # what is on disk, for when a write fails: then there may be no handle left to read it
        )
        self._in_step = False
        self._changed = False

    @property
    def previous(self) -> Path:
        """Where the state before the last write is kept."""
        return self.path.with_name(self.path.name + ".previous")

    def read(self) -> Tables | None:
        """The tables, or None where nothing has been written yet.

        Raises:
            Unreadable: the file is there but cannot be opened or read.
            Damaged: the file is not the JSON of tables.
        """
        if self._tables is None and self._kept:
            self._tables = _decoder.decode(self._kept)
        elif self._tables is None:
            self._kept, self._tables = _read(self.path)
        return self._tables

    def write(self, data: Tables) -> None:
        """Make `data` durable; within a step, at the end of the step. Raises `NotSaved`."""
        self._tables = data
        if self._in_step:
            self._changed = True
            return
        try:
            content = _encoder.encode(data)
            self._replace(content)
        except BaseException:
            self._tables = None  # TinyDB has changed the tables in place; what was kept is the truth
            raise
        self._kept = content

    @contextmanager
    def step(self) -> Iterator[None]:
        """Several TinyDB operations as one durable write: all of them are kept, or none."""
        self._in_step, self._changed = True, False
        try:
            yield
            self._in_step = False
            if self._changed and self._tables is not None:
                self.write(self._tables)
        except BaseException:
            self._tables = None
            raise
        finally:
            self._in_step = False

    def _replace(self, content: bytes) -> None:
        temporary = self.path.with_name(self.path.name + ".new")
        try:
            with _opened(
                self.path.parent
            ) as folder:  # first: once the file is replaced, nothing may be wanting
                _write_flushed(temporary, content)
                is_new = not self.path.exists()
                has_previous = self._keep_previous()
                temporary.replace(self.path)
                try:
                    os.fsync(folder)
                except OSError:
                    self._put_back(is_new, has_previous)
                    raise
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise NotSaved(self.path, error.strerror or str(error)) from error

    def _put_back(self, is_new: bool, has_previous: bool) -> None:
        # The folder could not be flushed, so nobody will be told that this was saved: then it must not be there.
        with suppress(OSError):
            if has_previous:
                self.previous.replace(self.path)
            elif is_new:
                self.path.unlink()

    def _keep_previous(self) -> bool:
        # A second name for the old content costs no copy. It is a convenience for the day the file is found
        # damaged, so a file system without hard links only goes without it.
        with suppress(OSError):
            self.previous.unlink(missing_ok=True)
            os.link(self.path, self.previous)
            return True
        return False


def read_tables(path: Path) -> Tables | None:
    """The tables in a file, or None where there is no file. Raises `Unreadable`, `Damaged`."""
    return _read(path)[1]


def _read(path: Path) -> tuple[bytes, Tables | None]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return b"", None
    except OSError as error:
        passing = error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
        raise Unreadable(path, error.strerror or str(error), passing=passing) from error
    try:
        return content, _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Damaged(path, str(error)) from error


def flush_folder(folder: Path) -> None:
    """Make renames in a folder durable (POSIX: the folder is a file of its own)."""
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _write_flushed(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
