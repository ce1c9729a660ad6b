"""People: one TinyDB file each, with the report they are at and what they are about to do outside of one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec
from tinydb import TinyDB
from tinydb.table import Document

from store.errors import Damaged
from store.rescue import rescue
from store.storage import DurableStorage

SEEN_KEPT = 120
OPEN_KEPT = 1024


class Person(msgspec.Struct, frozen=True):
    """Someone who talks with the assistant. `report` is the one at hand, `reports` all theirs, newest last."""

    id: str
    name: str = ""
    report: str = ""
    reports: list[str] = []
    mode: str = ""  # what they were asked outside of any report
    seen: list[str] = []
    greeted: bool = False
    settings: dict[str, Any] = {}
    news: list[str] = []  # what they have not been told yet
    reminded: str = ""  # the day of the last reminder about due dates

    def knows(self, message: str) -> bool:
        """Whether this delivery was taken already."""
        return bool(message) and message in self.seen


class OpenPerson:
    """A person in use. Use it only inside `People.using`, which holds its lock."""

    def __init__(self, path: Path, id: str) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._db = TinyDB(path, storage=DurableStorage)
        self._noted: list[str] = []
        document = self._db.table("person").get(doc_id=1)
        try:
            self.person = msgspec.convert(document, Person) if document is not None else Person(id)
        except msgspec.ValidationError as error:
            raise Damaged(path, str(error)) from error

    def knows(self, message: str) -> bool:
        """Whether this delivery was taken already."""
        return self.person.knows(message) or message in self._noted

    def note(self, message: str) -> None:
        """Remember a delivery that changed nothing; kept on disk with the next change."""
        if message and not self.knows(message):
            self._noted = [*self._noted, message][-SEEN_KEPT:]

    def update(self, message: str = "", **fields: Any) -> Person:
        """Change fields and remember the message, durably. Costs nothing where nothing changes. Raises `NotSaved`."""
        person = msgspec.structs.replace(self.person, **fields)
        if person == self.person and not message:
            return person
        new = [*self._noted, *([message] if message else ())]
        if new:
            person = msgspec.structs.replace(person, seen=[*person.seen, *new][-SEEN_KEPT:])
        self._db.table("person").upsert(Document(msgspec.to_builtins(person), doc_id=1))
        self.person, self._noted = person, []
        return person

    def remember(self, messages: list[str]) -> list[str]:
        """`seen` with these added, for an update."""
        return [*self.person.seen, *(m for m in messages if m not in self.person.seen)][-SEEN_KEPT:]


class People:
    """Everyone below a folder, each in a file named after their id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.restored: list[Damaged] = []
        self._open: OrderedDict[str, OpenPerson] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def using(self, id: str) -> Iterator[OpenPerson]:
        """The person with this id, new or known, locked for this thread. Raises `Damaged`, `Unreadable`."""
        while True:
            opened = self._opened(id)
            with opened.lock:
                if self._open.get(id) is opened:  # else it was forgotten while we waited for it
                    yield opened
                    return

    def ids(self) -> Iterator[str]:
        """Everyone's id; reads no file."""
        for path in sorted(self.folder.glob("*.json")):
            yield unquote(path.stem)

    def _opened(self, id: str) -> OpenPerson:
        with self._lock:
            opened = self._open.get(id)
            if opened is None:
                path = self.folder / f"{quote(id, safe='')}.json"
                opened = self._open[id] = rescue(path, lambda: OpenPerson(path, id), self.restored.append)
            self._open.move_to_end(id)
            if len(self._open) <= OPEN_KEPT:
                return opened
            for other, candidate in list(self._open.items()):
                if len(self._open) <= OPEN_KEPT:
                    break
                if other != id and candidate.lock.acquire(blocking=False):
                    candidate.lock.release()
                    del self._open[other]
            return opened
