"""Everything put together: settings -> outlines, wording, store, conversation."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from bot.conversation import Conversation
from bot.conversation.events import Reply
from bot.conversation.reports import GRACE_DAYS
from bot.conversation.sharing import handed_over
from bot.conversation.titles import title_of
from bot.documents import resolved
from bot.review import Review
from bot.settings import Settings, SettingsError
from prompts.chat import Wording
from prompts.content import Content
from prompts.draft import Draft
from prompts.library import Library
from prompts.loading import BUILT_IN
from prompts.plan import Plan
from prompts.render import draft
from prompts.rules import BUILT_IN as RULES
from prompts.rules import load_rules
from store import NotFound, Report, Store, StoreError, local_time, now


def outlines_of(settings: Settings, base: Path) -> Library:
    """The built-in outlines and the office's own. Raises `OutlineError`, `SettingsError`."""
    folders = [BUILT_IN]
    if settings.outlines.folder:
        own = base / settings.outlines.folder
        if not own.is_dir():
            raise SettingsError(
                f"config.toml: outlines.folder: {own}: no such folder; make it or leave the setting empty"
            )
        folders.append(own)
    return Library(*folders)


def review_of(settings: Settings, base: Path) -> Review:
    """The review with the built-in rules and the office's own. Raises `OutlineError`, `SettingsError`."""
    folders = [RULES]
    if settings.review.folder:
        own = base / settings.review.folder
        if not own.is_dir():
            raise SettingsError(
                f"config.toml: review.folder: {own}: no such folder; make it or leave the setting empty"
            )
        folders.append(own)
    return Review(load_rules(*folders, off=settings.review.off), settings.review.off)


class Service:
    """One running assistant on one data folder. Use it as a context manager; it holds the folder's lock."""

    def __init__(self, settings: Settings, base: Path, data: Path | None = None) -> None:
        """Load everything and open the folder. Raises `SettingsError`, `OutlineError`, `StoreError`, `DocumentError`."""
        self.settings = settings
        self.outlines = outlines_of(settings, base)
        self.wording = Wording()
        self.review = review_of(settings, base)
        self.documents = resolved(settings.document, base)
        self._check_documents()
        self.store = Store(data or base / settings.data.folder)
        self.conversation = Conversation(
            self.store, self.outlines, self.wording, documents=self.documents, review=self.review
        )
        self.conversation.notices.gather = datetime.timedelta(seconds=settings.telegram.gather_seconds)
        self.remove_deleted()

    def __enter__(self) -> Service:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    def _check_documents(self) -> None:
        """A letterhead or a fonts folder that cannot be used is said now, not to the first who exports."""
        if self.documents.letterhead:
            from bot.documents.word import check_letterhead

            check_letterhead(self.documents)
        if self.documents.fonts_folder and not Path(self.documents.fonts_folder).is_dir():
            raise SettingsError(
                f"config.toml: document.fonts_folder: {self.documents.fonts_folder}: no such folder"
            )

    def remove_deleted(self) -> None:
        """Really remove the reports whose time to be brought back is over."""
        moment = local_time()
        for id in self.store.reports.deleted():
            self._remove_if_over(id, moment)

    def _remove_if_over(self, id: str, now: datetime.datetime) -> None:
        try:
            report = self.store.reports.get(id)
        except StoreError:
            return
        if report and report.deleted:
            gone = now - datetime.datetime.fromisoformat(report.deleted)
            if gone > datetime.timedelta(days=GRACE_DAYS):
                self.store.reports.remove(id)

    # what a channel says unasked

    @property
    def link(self) -> Callable[[str], str]:
        """How what `/start` takes becomes something that people can forward."""
        return self.conversation.link

    @link.setter
    def link(self, link: Callable[[str], str]) -> None:
        self.conversation.link = link

    def due(self) -> list[tuple[str, Reply]]:
        """Whom to tell what now."""
        return list(self.conversation.notices.due())

    def daily(self) -> None:
        """What is to be done once a day."""
        self.remove_deleted()

    # whose reports are whose

    def owned(self, person: str) -> int:
        """How many reports someone is the drafter of."""
        return sum(report.owner == person and not report.deleted for report in self._reports_of(person))

    def hand_over_all(self, person: str, to: str) -> int:
        """Make someone else the drafter of all of a person's reports, who keeps no access; how many there were."""
        given = [report.id for report in self._reports_of(person) if report.owner == person]
        for id in given:
            self.hand_over(id, to, keep=False)
        return len(given)

    def hand_over(self, id: str, to: str, *, keep: bool = True) -> None:
        """Make someone the drafter of a report; who was it before stays as a colleague, or (not `keep`) leaves.

        Raises `NotFound`, `NotSaved`.
        """
        with self.store.reports.using(id) as opened:
            before = opened.report.owner
            fields = handed_over(opened.report, to, before if keep else "", now(local_time))
            opened.set_team(by=before, **fields)
        with self.store.people.using(to) as person:
            if id not in person.person.reports:
                person.update(reports=[*person.person.reports, id])

    def _reports_of(self, person: str) -> Iterator[Report]:
        with self.store.people.using(person) as opened:
            ids = list(opened.person.reports)
        for id in ids:
            try:
                report = self.store.reports.get(id)
            except StoreError:
                continue
            if report is not None:
                yield report

    def plan(self, report: Report) -> Plan:
        """The plan of a report. Raises `NotFound` when its outline is not installed."""
        outline = self.outlines.get(report.outline)
        if outline is None:
            raise NotFound(f"report {report.id}: its outline {report.outline!r} is not installed")
        return Plan(outline, Content.of(report.content), datetime.date.today(), self._before(report))

    def _before(self, report: Report) -> Content | None:
        """What the report that this one started from holds, where that can be read."""
        try:
            last = self.store.reports.get(report.last) if report.last else None
        except StoreError:
            return None
        return Content.of(last.content) if last else None

    def draft(self, id: str) -> Draft:
        """The draft of a report. Raises `NotFound`, `Damaged`, `Unreadable`."""
        report = self.store.reports.get(id)
        if report is None:
            raise NotFound(f"there is no report {id!r}; `python -m bot reports` lists them")
        return draft(self.plan(report))

    def report_lines(self) -> Iterator[str]:
        """Every report in a line: id, title, how far, when touched. One that cannot be read says so."""
        for id in self.store.reports.ids():
            try:
                report = self.store.reports.get(id)
                if report is None:
                    continue
                plan = self.plan(report)
            except StoreError as error:
                yield f"{id}\t{error}"
                continue
            answered, asked = plan.far()
            gone = "\tdeleted" if report.deleted else ""
            yield f"{id}\t{title_of(plan)}\t{answered}/{asked}\t{report.touched[:16]}{gone}"
