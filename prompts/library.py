"""The outlines at hand, read again when their files change, so that an office can work on its own while the bot runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from prompts.errors import OutlineError
from prompts.loading import load_outlines
from prompts.outline import Outline

log = logging.getLogger(__name__)

Stamp = tuple[tuple[str, int, int], ...]


class Library(Mapping[str, Outline]):
    """Every outline below some folders, by id. Raises `OutlineError` where one is wrong when it is made."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._lock = threading.Lock()
        self._stamp = self._now()
        self._outlines = load_outlines(*folders)

    def __getitem__(self, id: str) -> Outline:
        return self._outlines[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outlines)

    def __len__(self) -> int:
        return len(self._outlines)

    def refresh(self) -> None:
        """Read the outlines again if a file has changed. What is wrong then is logged, and the old ones stay."""
        with self._lock:
            stamp = self._now()
            if stamp == self._stamp:
                return
            self._stamp = stamp
            try:
                self._outlines = load_outlines(*self._folders)
            except OutlineError as error:
                log.error("outlines not read again, the ones before stay in use: %s", error)

    def _now(self) -> Stamp:
        found = []
        for folder in self._folders:
            for path in sorted(folder.rglob("*")):
                if path.suffix in (".md", ".toml"):
                    about = path.stat()
                    found.append((str(path), about.st_mtime_ns, about.st_size))
        return tuple(found)
