"""What happens when a file turns out damaged: it is set aside, and the state before the last write takes its place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from store.errors import Damaged
from store.storage import flush_folder

T = TypeVar("T")

log = logging.getLogger(__name__)


def rescue(path: Path, open_: Callable[[], T], restored: Callable[[Damaged], None]) -> T:
    """Open a file; if it is damaged, set it aside and open its previous state in its place.

    `restored` is told when that worked. Raises `Damaged`, naming where the file went, when the previous state is
    missing or damaged as well: the file's old name is then free, nothing was deleted.
    """
    try:
        return open_()
    except Damaged as damaged:
        aside = _aside(path)
        path.rename(aside)
        report = Damaged(path, str(damaged).split("damaged: ", 1)[-1], aside)
        log.error("%s", report)
        previous = path.with_name(path.name + ".previous")
        if not previous.exists():
            raise report from damaged
        previous.rename(path)
        flush_folder(path.parent)
        try:
            opened = open_()
        except Damaged:
            path.rename(previous)
            raise report from damaged
        log.error("%s: put back to the state before its last change", path)
        restored(report)
        return opened


def _aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return aside
