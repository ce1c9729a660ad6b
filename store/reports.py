"""Reports: one TinyDB file each, with what was given, where each person stands, and every change ever made.

What staff give to a report is kept as `content[kind][id]`, for instance `content["answers"]["banners"]`; what the
kinds mean is not the store's business. A change is a list of edits of such places, each with the value before and
after, so that any change can be taken back, put back and looked up, whatever its kind.
"""

from __future__ import annotations

import datetime
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
from tinydb import TinyDB
from tinydb.table import Document

from store.errors import Changed, Damaged, NotFound
from store.rescue import rescue
from store.storage import DurableStorage

ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that look alike
SEEN_KEPT = 60  # message identities remembered per person; a chat redelivers far fewer
UNDO_KEPT = 500
DELETED = ".deleted"  # the suffix of an empty file beside a report that is to be removed
OPEN_KEPT = 256  # reports kept in memory


class Edit(msgspec.Struct, frozen=True):
    """`content[kind][id]` changed from `before` to `after`; None is absent."""

    kind: str
    id: str
    before: Any = None
    after: Any = None

    def reversed(self) -> Edit:
        return Edit(self.kind, self.id, self.after, self.before)


class Change(msgspec.Struct, frozen=True):
    """One step that someone took. `undoes` and `redoes` name the change that this one took or put back."""

    at: str
    by: str
    edits: tuple[Edit, ...]
    message: str = ""
    undoes: int = 0
    redoes: int = 0
    number: int = 0


class Place(msgspec.Struct, frozen=True):
    """Where a person stands in a report.

    `mode` says what a plain text means now; `back` is where to return to; `asked` names the state of the answer that
    they were shown with the question, so that an answer given in the meantime by someone else is not overwritten.
    """

    section: str = ""
    question: str = ""
    mode: str = ""
    back: str = ""
    asked: str = ""


class Member(msgspec.Struct, frozen=True):
    """Someone besides the owner who may see a report, or (`sections` not empty) these sections of it, and fill it or not."""

    fills: bool
    sections: tuple[str, ...] = ()
    name: str = ""
    since: str = ""
    reminded: str = ""  # the day of the last reminder that someone sent by hand


class Link(msgspec.Struct, frozen=True):
    """A way into a report for one person, until `expires` (ISO 8601); kept under the digest of its code."""

    fills: bool
    sections: tuple[str, ...] = ()
    expires: str = ""


class Report(msgspec.Struct, frozen=True):
    """One unit's report of one year being written. Times are ISO 8601 with offset."""

    id: str
    outline: str
    version: str  # of the outline it was begun with
    owner: str
    created: str
    touched: str
    content: dict[str, dict[str, Any]] = {}
    places: dict[str, Place] = {}
    seen: dict[str, list[str]] = {}
    done: list[tuple[str, int]] = []  # who and which change, that can be undone
    undone: list[tuple[str, int]] = []
    deleted: str = ""
    last: str = ""  # the report of the year before that this one started from
    members: dict[str, Member] = {}
    links: dict[str, Link] = {}
    names: dict[str, str] = {}  # what people who had to do with it are called

    def place(self, person: str) -> Place:
        return self.places.get(person, Place())

    def knows(self, person: str, message: str) -> bool:
        """Whether this delivery was taken already."""
        return bool(message) and message in self.seen.get(person, ())


class OpenReport:
    """A report in use. Use it only inside `Reports.using`, which holds its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._db = TinyDB(path, storage=DurableStorage)
        self._storage = cast(DurableStorage, self._db.storage)
        self._report: Report | None = None
        self._noted: dict[str, list[str]] = {}

    @property
    def report(self) -> Report:
        """The report as it stands. Raises `NotFound`, `Damaged`, `Unreadable`."""
        if self._report is None:
            document = self._db.table("report").get(doc_id=1)
            if document is None:
                raise NotFound(self.path.stem)
            try:
                self._report = msgspec.convert(document, Report)
            except msgspec.ValidationError as error:
                raise Damaged(self.path, str(error)) from error
        return self._report

    def seen(self, person: str) -> list[str]:
        """The deliveries of a person's that were taken, oldest first."""
        return [*self.report.seen.get(person, ()), *self._noted.get(person, ())]

    def knows(self, person: str, message: str) -> bool:
        """Whether this delivery was taken already."""
        return bool(message) and message in self.seen(person)

    def note(self, person: str, message: str) -> None:
        """Remember a delivery that changed nothing, so that it is not taken when it comes again after others.

        It is kept on disk with the next change and costs no write of its own: until something is changed, taking it
        again comes to the same.
        """
        if message and not self.knows(person, message):
            self._noted[person] = [*self._noted.get(person, ()), message][-SEEN_KEPT:]

    def begin(self, report: Report, edits: tuple[Edit, ...] = ()) -> None:
        """Keep a new report, with what it begins with as its first change."""
        if not edits:
            self._keep(report)
            return
        edits = tuple(msgspec.structs.replace(edit, after=_as_kept(edit.after)) for edit in edits)
        change = Change(report.created, report.owner, edits, number=1)
        self._keep(msgspec.structs.replace(report, content=applied(report.content, edits)), change)

    def change(
        self,
        edits: list[Edit] | tuple[Edit, ...],
        *,
        by: str,
        at: str,
        message: str = "",
        place: Place | None = None,
    ) -> Report:
        """Apply edits, remember the message, move the person: one durable step. Raises `NotSaved`."""
        edits = tuple(edit for edit in edits if edit.before != edit.after)
        if not edits:
            return self.move(by, place or self.report.place(by), at=at, message=message)
        return self._step(Change(at, by, edits, message), place)

    def edit(self, kind: str, id: str, after: Any) -> Edit:
        """The edit that makes `content[kind][id]` to be `after`, in the form that JSON gives back."""
        return Edit(kind, id, self.report.content.get(kind, {}).get(id), _as_kept(after))

    def move(self, person: str, place: Place, *, at: str, message: str = "") -> Report:
        """Note where a person stands. Costs nothing where nothing changes."""
        report = self.report
        if report.place(person) == place and not message:
            return report
        return self._keep(_moved(report, person, place, message, at))

    def stand(self, person: str, place: Place) -> None:
        """Note where a person stands, for now in memory only; it is kept with the next change."""
        self._report = msgspec.structs.replace(self.report, places={**self.report.places, person: place})

    def to_take_back(self, by: str, *, back: bool) -> tuple[Edit, ...]:
        """The edits that `undo` (or, not `back`, `redo`) would take; none where there is nothing."""
        _, taken = self._last_of(by, back=back)
        return taken.edits if taken else ()

    def undo(self, by: str, *, at: str, message: str = "") -> Change | None:
        """Take back the person's last change; None if there is none.

        Raises:
            Changed: someone else has changed the same place since. Nothing is taken back.
        """
        return self._take_back(by, at, message, back=True)

    def redo(self, by: str, *, at: str, message: str = "") -> Change | None:
        """Put back what the person last took back; None if there is nothing. Raises `Changed`."""
        return self._take_back(by, at, message, back=False)

    def history(self, kind: str = "", id: str = "") -> list[Change]:
        """The changes, oldest first: all, of a kind, or of one place."""
        return [
            change
            for document in self._db.table("changes").all()
            if _concerns(change := _change(document), kind, id)
        ]

    def set_team(self, *, by: str, message: str = "", **fields: Any) -> Report:
        """Change owner, members, links or names, in one durable step. Raises `NotSaved`."""
        report = msgspec.structs.replace(self.report, **fields)
        return self._keep(_moved(report, by, report.place(by), message, report.touched))

    def set_deleted(self, at: str, *, by: str, message: str = "") -> Report:
        """Mark the report for removal at a later time, or (with "") bring it back."""
        report = self.report
        mark = self.path.with_suffix(DELETED)
        if at:
            # Before the report says so: a mark too many is looked into, one too few is not.
            mark.touch(mode=0o600)
        kept = self._keep(
            _moved(msgspec.structs.replace(report, deleted=at), by, report.place(by), message, report.touched)
        )
        if not at:
            mark.unlink(missing_ok=True)
        return kept

    def _step(self, change: Change, place: Place | None) -> Report:
        report = self.report
        number = len(self._db.table("changes")) + 1
        who = (change.by, number)
        done, undone = list(report.done), list(report.undone)
        if change.undoes:
            done.remove((change.by, change.undoes))
            undone.append((change.by, change.undoes))
        elif change.redoes:
            undone.remove((change.by, change.redoes))
            done.append((change.by, change.redoes))
        else:
            done = [*done, who][-UNDO_KEPT:]
            undone = [entry for entry in undone if entry[0] != change.by]
        content = applied(report.content, change.edits)
        report = msgspec.structs.replace(report, content=content, done=done, undone=undone)
        moved = _moved(report, change.by, place or report.place(change.by), change.message, change.at)
        return self._keep(moved, msgspec.structs.replace(change, number=number))

    def _keep(self, report: Report, change: Change | None = None) -> Report:
        for person, messages in self._noted.items():
            seen = [*messages, *report.seen.get(person, ())][-SEEN_KEPT:]
            report = msgspec.structs.replace(report, seen={**report.seen, person: seen})
        with self._storage.step():
            self._db.table("report").upsert(Document(msgspec.structs.asdict(report), doc_id=1))
            if change:
                # Its number is ours to give: TinyDB's own counter runs on when a step fails.
                self._db.table("changes").insert(Document(msgspec.to_builtins(change), doc_id=change.number))
        self._report = report
        self._noted.clear()
        return report

    def _take_back(self, by: str, at: str, message: str, *, back: bool) -> Change | None:
        report = self.report
        number, taken = self._last_of(by, back=back)
        if taken is None:
            return None
        edits = tuple(edit.reversed() for edit in reversed(taken.edits)) if back else taken.edits
        for edit in edits:
            if report.content.get(edit.kind, {}).get(edit.id) != edit.before:
                raise Changed(f"{edit.kind} {edit.id}")
        undoing = {"undoes": number} if back else {"redoes": number}
        self._step(Change(at, by, edits, message, **undoing), None)
        return taken

    def _last_of(self, by: str, *, back: bool) -> tuple[int, Change | None]:
        kept = self.report.done if back else self.report.undone
        number = next((n for who, n in reversed(kept) if who == by), 0)
        document = self._db.table("changes").get(doc_id=number) if number else None
        return number, _change(document) if isinstance(document, Document) else None


class Reports:
    """All reports below a folder, each in a file `ID.json`."""

    def __init__(self, folder: Path, token: Callable[[int], str] | None = None) -> None:
        self.folder = folder
        self.restored: list[Damaged] = []  # files found damaged and put back to their previous state
        self._open: OrderedDict[str, OpenReport] = OrderedDict()
        self._lock = threading.Lock()
        self._token = token or (lambda n: "".join(secrets.choice(ID_ALPHABET) for _ in range(n)))

    def create(
        self, outline: str, version: str, *, owner: str, at: str, last: str = "", edits: tuple[Edit, ...] = ()
    ) -> Report:
        """A new report, empty or with what the edits put into it. Raises `NotSaved`."""
        with self._lock:
            id = next(id for id in iter(lambda: self._token(6), "") if not self._path(id).exists())
            opened = self._open[id] = OpenReport(self._path(id))
        report = Report(id, outline, version, owner, at, at, last=last)
        try:
            with opened.lock:
                opened.begin(report, edits)
                report = opened.report
        except BaseException:
            with self._lock:
                self._open.pop(id, None)
            raise
        return report

    @contextmanager
    def using(self, id: str) -> Iterator[OpenReport]:
        """The report with this id, locked for this thread.

        Raises:
            NotFound: there is none.
            Damaged: its file and the state before are both unreadable as JSON; the file was set aside.
            Unreadable: the file cannot be opened now.
        """
        while True:
            opened = self._opened(id)
            with opened.lock:
                if self._open.get(id) is opened:  # else it was forgotten, or removed, while we waited for it
                    yield opened
                    return

    def get(self, id: str) -> Report | None:
        """The report as it stands, or None."""
        try:
            with self.using(id) as opened:
                return opened.report
        except NotFound:
            return None

    def ids(self) -> Iterator[str]:
        """Every report's id, from the folder; reads no file."""
        for path in sorted(self.folder.glob("*.json")):
            yield path.stem

    def deleted(self) -> list[str]:
        """The ids of reports that may be marked for removal; reads no report."""
        return [path.stem for path in self.folder.glob(f"*{DELETED}")]

    def remove(self, id: str) -> None:
        """Really remove a report and its previous state."""
        with self.using(id) as opened, self._lock:
            self._open.pop(id, None)
            for path in (
                opened.path,
                opened.path.with_name(opened.path.name + ".previous"),
                opened.path.with_suffix(DELETED),
            ):
                path.unlink(missing_ok=True)

    def _opened(self, id: str) -> OpenReport:
        if not id or any(c not in ID_ALPHABET for c in id):
            raise NotFound(id)  # also keeps a forged id from naming a path
        with self._lock:
            opened = self._open.get(id)
            if opened is not None:
                self._open.move_to_end(id)
                return opened
            path = self._path(id)
            if not path.exists():
                if aside := sorted(path.parent.glob(f"{path.name}.damaged-*")):
                    raise Damaged(path, "set aside when it was found damaged", aside[-1])
                raise NotFound(id)
            opened = rescue(path, lambda: _checked(path), self.restored.append)
            self._open[id] = opened
            while len(self._open) > OPEN_KEPT:
                if not self._close_one():
                    break
            return opened

    def _close_one(self) -> bool:
        """Forget the report that was not used for longest; one in use just now is not forgotten."""
        for id, opened in self._open.items():
            if opened.lock.acquire(blocking=False):
                opened.lock.release()
                del self._open[id]
                return True
        return False

    def _path(self, id: str) -> Path:
        return self.folder / f"{id}.json"


def _checked(path: Path) -> OpenReport:
    opened = OpenReport(path)
    _ = opened.report
    return opened


def _moved(report: Report, person: str, place: Place, message: str, at: str) -> Report:
    seen = report.seen
    if message and message not in seen.get(person, ()):
        seen = {**seen, person: [*seen.get(person, ()), message][-SEEN_KEPT:]}
    return msgspec.structs.replace(report, places={**report.places, person: place}, seen=seen, touched=at)


def applied(content: dict[str, dict[str, Any]], edits: tuple[Edit, ...]) -> dict[str, dict[str, Any]]:
    """The content after the edits; `content` itself stays."""
    content = dict(content)
    for edit in edits:
        kind = dict(content.get(edit.kind, {}))
        if edit.after is None:
            kind.pop(edit.id, None)
        else:
            kind[edit.id] = edit.after
        content[edit.kind] = kind
    return content


def _as_kept(value: Any) -> Any:
    """A value in the form that JSON gives back, so that it is the same before and after it was read again."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _change(document: Document) -> Change:
    return msgspec.convert({**document, "number": document.doc_id}, Change)


def _concerns(change: Change, kind: str, id: str) -> bool:
    return any((not kind or edit.kind == kind) and (not id or edit.id == id) for edit in change.edits)


def local_time() -> datetime.datetime:
    """The time, with its offset."""
    return datetime.datetime.now().astimezone()


def now(clock: Callable[[], datetime.datetime]) -> str:
    """A time as the store keeps it: to the second, with its offset."""
    return clock().astimezone().isoformat(timespec="seconds")
