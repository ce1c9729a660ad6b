"""What happens when a file turns out damaged: it is set aside, and the state before the last write takes its place."""

from __future__ import annotations

import logging
import os
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
        previous = path.with_name(path.name + ".previous")
        _set_aside(path, aside, keep_name=previous.exists())
        report = Damaged(path, str(damaged).split("damaged: ", 1)[-1], aside)
        log.error("%s", report)
        if not previous.exists():
            raise report from damaged
        previous.replace(path)
        flush_folder(path.parent)
        try:
            opened = open_()
        except Damaged:
            path.rename(previous)
            raise report from damaged
        log.error("%s: put back to the state before its last change", path)
        restored(report)
        return opened


def _set_aside(path: Path, aside: Path, *, keep_name: bool) -> None:
    # Where the previous state will take the file's name, the name is never free in between: a crash there would leave
    # what looks like somebody who was never here.
    if keep_name:
        try:
            os.link(path, aside)
        except OSError:  # a file system without hard links
            keep_name = False
    if not keep_name:
        path.rename(aside)


def _aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return aside
