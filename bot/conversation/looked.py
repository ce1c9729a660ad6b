"""Files that people sent and have not decided on yet."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.importing import WrittenReport

KEPT = 100


class Looked:
    """Files that were looked at and that nobody has decided on yet. In memory only: nothing is kept before a yes."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, WrittenReport] = OrderedDict()
        self._decided: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def put(self, person: str, report: WrittenReport) -> None:
        with self._lock:
            self._decided.pop(person, None)
            _remember(self._held, person, report)

    def get(self, person: str) -> WrittenReport | None:
        return self._held.get(person)

    def decide(self, person: str, digest: str) -> None:
        """Let go of a file that was decided on; its name stays known, so that pressing twice is no riddle."""
        with self._lock:
            self._held.pop(person, None)
            _remember(self._decided, person, digest)

    def decided(self, person: str) -> str:
        """The digest of the last file that was decided on, "" where another was looked at since."""
        return self._decided.get(person, "")


T = TypeVar("T")


def _remember(among: OrderedDict[str, T], person: str, what: T) -> None:
    among.pop(person, None)
    among[person] = what
    while len(among) > KEPT:
        among.popitem(last=False)
