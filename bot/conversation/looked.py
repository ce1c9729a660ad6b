"""Files that people sent and have not decided on yet."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.importing import WrittenReport


KEPT = 100


class Looked:
    """Files that were looked at and that nobody has decided on yet. In memory only: nothing is kept before a yes."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, WrittenReport] = OrderedDict()
        self._lock = Lock()

    def put(self, person: str, report: WrittenReport) -> None:
        with self._lock:
            self._held.pop(person, None)
            self._held[person] = report
            while len(self._held) > KEPT:
                self._held.popitem(last=False)

    def get(self, person: str) -> WrittenReport | None:
        return self._held.get(person)

    def drop(self, person: str) -> None:
        with self._lock:
            self._held.pop(person, None)
