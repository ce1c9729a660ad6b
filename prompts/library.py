"""The outlines at hand, read again when their files change, so that an office can work on its own while the bot runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from prompts.errors import OutlineError
from prompts.loading import BUILT_IN, load_outline
from prompts.outline import Outline
from prompts.trying import try_out

log = logging.getLogger(__name__)

Stamp = tuple[tuple[str, int, int], ...]


class Library(Mapping[str, Outline]):
    """Every outline below some folders, by id; a later folder's replaces an earlier one's of the same id.

    An office's own are tried out when they are read. Raises `OutlineError` where one is wrong when it is made.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._lock = threading.Lock()
        for folder in folders:
            if not folder.is_dir():
                raise OutlineError(folder, "no such folder of outlines")
        self._stamps = self._now()
        self._outlines = {outline.id: outline for outline in map(_read, self._stamps)}

    def __getitem__(self, id: str) -> Outline:
        return self._outlines[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outlines)

    def __len__(self) -> int:
        return len(self._outlines)

    def refresh(self) -> None:
        """Read again what has changed. What is wrong then is logged, and the outline as it was stays in use."""
        with self._lock:
            stamps, before = self._now(), {outline.folder: outline for outline in self._outlines.values()}
            if stamps == self._stamps:
                return
            found: dict[str, Outline] = {}
            for folder, stamp in stamps.items():
                outline = before.get(folder)
                if outline is None or stamp != self._stamps.get(folder):
                    outline = _read_again(folder) or outline
                if outline is not None:
                    found[outline.id] = outline
            for outline in before.values():
                if (
                    not outline.folder.parent.is_dir()
                ):  # the whole folder is out of reach, not the outline removed
                    found.setdefault(outline.id, outline)
            self._outlines, self._stamps = found, stamps

    def _now(self) -> dict[Path, Stamp]:
        """Every outline's folder, with what tells whether a file in it has changed."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            found |= {path.name: path for path in _outlines_below(folder)}
        return {path: _stamp(path) for path in found.values()}


def _outlines_below(folder: Path) -> list[Path]:
    try:
        return [path for path in sorted(folder.iterdir()) if (path / "outline.toml").is_file()]
    except OSError as error:
        log.error("outlines: %s: %s", folder, error.strerror)
        return []


def _stamp(folder: Path) -> Stamp:
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            about = path.stat()
        except OSError:  # an editor has just put another file in its place
            continue
        found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)


def _read(folder: Path) -> Outline:
    outline = load_outline(folder)
    if not folder.is_relative_to(BUILT_IN):  # those are held to much more than this by their tests
        try_out(outline)
    return outline


def _read_again(folder: Path) -> Outline | None:
    try:
        return _read(folder)
    except OutlineError as error:
        log.error("an outline is not read again, as it was before it stays in use: %s", error)
        return None
