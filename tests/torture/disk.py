"""A disk that forgets what was not flushed: records what the store asks of the system, and builds what a power cut leaves.

The model: the content of a file that was not flushed since it was written may be what it was, empty, half or whole.
Names made, moved or removed since the folder was last flushed may be on disk up to any point, in their order. What was
flushed stays.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

Call = tuple[Any, ...]
State = dict[str, bytes]  # what is in the folder: name -> content


@dataclass
class _File:
    flushed: bytes = b""
    now: bytes = b""

    @property
    def possible(self) -> list[bytes]:
        if self.now == self.flushed:
            return [self.now]
        return list(dict.fromkeys([self.now, self.flushed, b"", self.now[: len(self.now) // 2]]))


@dataclass
class Disk:
    """One folder and the calls that were made on it since it began as `before`."""

    folder: Path
    forgets: frozenset[str] = frozenset()  # calls that do nothing, to see that the checks see it
    before: State = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Note the calls of `os` that are about the folder; each is made as well."""
        self.before = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        self.calls = []
        inside: dict[int, str] = {}
        real = {name: getattr(os, name) for name in ("open", "write", "fsync", "close", "link", "replace",
                                                     "rename", "unlink")}  # fmt: skip

        def ours(path: object) -> str | None:
            text = os.fspath(path) if isinstance(path, str | os.PathLike) else ""
            if Path(text) == self.folder:
                return "."
            return Path(text).name if Path(text).parent == self.folder else None

        def open_(path: Any, flags: int, *rest: Any, **more: Any) -> int:
            descriptor: int = real["open"](path, flags, *rest, **more)
            name = ours(path)
            if name is not None:
                inside[descriptor] = name
                if name != "." and flags & (os.O_WRONLY | os.O_RDWR):
                    self.calls.append(("open", name, bool(flags & os.O_TRUNC)))
            return descriptor

        def write(descriptor: int, data: Any) -> int:
            count: int = real["write"](descriptor, data)
            if descriptor in inside:
                self.calls.append(("write", inside[descriptor], bytes(data[:count])))
            return count

        def fsync(descriptor: int) -> None:
            real["fsync"](descriptor)
            if (name := inside.get(descriptor)) is not None:
                what = "flush folder" if name == "." else "flush"
                if what not in self.forgets:
                    self.calls.append((what, name))

        def close(descriptor: int) -> None:
            inside.pop(descriptor, None)
            real["close"](descriptor)

        def named(what: str) -> Callable[..., None]:
            def call(*paths: Any, **more: Any) -> None:
                real[what](*paths, **more)
                names = [ours(path) for path in paths]
                if any(name is not None for name in names):
                    self.calls.append(("replace" if what == "rename" else what, *names))

            return call

        changed = {"open": open_, "write": write, "fsync": fsync, "close": close}
        changed |= {what: named(what) for what in ("link", "replace", "rename", "unlink")}
        with patch.multiple(os, **changed):
            yield

    def after_power_cuts(self) -> Iterator[tuple[int, State]]:
        """For each number of calls made before the cut, every state that the disk may be found in."""
        for made in range(len(self.calls) + 1):
            seen: list[State] = []
            for state in self._states(self.calls[:made]):
                if state not in seen:
                    seen.append(state)
                    yield made, state

    def _states(self, calls: list[Call]) -> Iterator[State]:
        files = {name: _File(content, content) for name, content in self.before.items()}
        names = dict(files)  # as the running system sees them
        durable = dict(files)
        pending: list[Callable[[dict[str, _File]], None]] = []

        def change(do: Callable[[dict[str, _File]], None]) -> None:
            do(names)
            pending.append(do)

        for what, *about in calls:
            match what:
                case "open":
                    name, truncated = about
                    if name not in names:
                        new = _File()
                        change(lambda d, name=name, new=new: d.__setitem__(name, new))
                    elif truncated:
                        names[name].now = b""
                case "write":
                    names[about[0]].now += about[1]
                case "flush":
                    names[about[0]].flushed = names[about[0]].now
                case "flush folder":
                    durable = dict(names)
                    pending.clear()
                case "link":
                    source = names[about[0]]
                    change(lambda d, name=about[1], source=source: d.__setitem__(name, source))
                case "replace":
                    moved = names[about[0]]

                    def move(d: dict[str, _File], old: str = about[0], new: str = about[1],
                             moved: _File = moved) -> None:  # fmt: skip
                        d.pop(old, None)
                        d[new] = moved

                    change(move)
                case "unlink":
                    change(lambda d, name=about[0]: d.pop(name, None) and None)
        for happened in range(len(pending) + 1):
            there = dict(durable)
            for do in pending[:happened]:
                do(there)
            for contents in itertools.product(*(file.possible for file in there.values())):
                yield dict(zip(there, contents, strict=True))
