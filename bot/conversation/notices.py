"""What people are told without having asked: news of their reports, gathered, and due dates, in working hours.

A channel that can speak unasked calls `due` every minute or so; in others the news stands above the next screen.
"""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Iterable, Iterator, Mapping

from bot.conversation.events import Reply
from bot.conversation.reminding import remarks_for
from bot.conversation.session import Clock
from prompts.chat import Wording
from prompts.outline import Outline
from store import OpenPerson, Store, StoreError

log = logging.getLogger(__name__)

GATHER = datetime.timedelta(minutes=5)  # how long news is gathered before it is sent
MOST = 30  # lines of news kept for someone who does not come back
WORKING_HOURS = range(9, 18)


class Notices:
    """The news and reminders of everyone. Safe to call from several threads."""

    def __init__(self, store: Store, outlines: Mapping[str, Outline], wording: Wording, clock: Clock) -> None:
        self._store, self._outlines, self._wording, self._clock = store, outlines, wording, clock
        self._waiting: dict[str, datetime.datetime] = {}  # who has news, and since when
        self.gather = GATHER
        self._scanned = False
        self._reminded: datetime.date | None = None
        self._lock = threading.Lock()

    def tell(self, told: Iterable[tuple[str, str]]) -> None:
        """Keep lines for people. A line that cannot be kept is not worth failing the event for that it came from."""
        for person, line in told:
            try:
                with self._store.people.using(person) as opened:
                    opened.update(news=[*opened.person.news, line][-MOST:])
            except StoreError as error:
                log.error("news not kept: %s", error)
                continue
            with self._lock:
                self._waiting.setdefault(person, self._clock())

    def take(self, opened: OpenPerson) -> Reply | None:
        """Someone's news, which they are told with this."""
        lines = opened.person.news
        if not lines:
            return None
        opened.update(news=[])
        with self._lock:
            self._waiting.pop(opened.person.id, None)
        return Reply(self._wording.phrase("news", lines=list(dict.fromkeys(lines))))

    def due(self) -> Iterator[tuple[str, Reply]]:
        """Whom to tell what now."""
        yield from self._news()
        yield from self._reminders()

    def _news(self) -> Iterator[tuple[str, Reply]]:
        if not self._scanned:  # news that was not delivered before the last stop
            self._scanned = True
            for person in self._store.people.ids():
                if self._read(person):
                    self._waiting.setdefault(person, self._clock())
        now = self._clock()
        with self._lock:
            # The distance, not the difference: a clock that was set back must not keep news back for as long.
            ready = [person for person, since in self._waiting.items() if abs(now - since) >= self.gather]
        for person in ready:
            with self._store.people.using(person) as opened:
                reply = self.take(opened)
            if reply is not None:
                yield person, reply
            with self._lock:
                self._waiting.pop(person, None)

    def _read(self, person: str) -> list[str]:
        try:
            with self._store.people.using(person) as opened:
                return opened.person.news
        except StoreError:
            return []

    def _reminders(self) -> Iterator[tuple[str, Reply]]:
        """Once a working day: what is due soon, a message for each person who has not asked for quiet."""
        now = self._clock()
        if now.weekday() > 4 or now.hour not in WORKING_HOURS or self._reminded == now.date():
            return
        self._reminded = now.date()
        lines: dict[str, list[str]] = {}
        for id in self._store.reports.ids():
            try:
                report = self._store.reports.get(id)
            except StoreError:
                continue
            outline = self._outlines.get(report.outline) if report else None
            if report is None or outline is None or report.deleted:
                continue
            for person, name, values in remarks_for(report, outline, now.date()):
                lines.setdefault(person, []).append(self._wording.phrase(f"due.{name}", **values))
        for person, found in lines.items():
            with self._store.people.using(person) as opened:
                known = opened.person
                if known.settings.get("quiet") or known.reminded == now.date().isoformat():
                    continue
                opened.update(reminded=now.date().isoformat())
            yield person, Reply(self._wording.phrase("reminder", lines=found))
