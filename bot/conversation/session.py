"""What one event has at hand: the person, their report, its plan, and the means to change them and to reply.

A screen is a function from a session to a reply. Screens read `session.plan`; whatever changes something goes
through `change`, `move` or `update_person`, each of which is durable when it returns.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any

import msgspec

from bot.conversation.actions import Action, Verb
from bot.conversation.events import Button, Emphasis, Event, Mark, Reply
from bot.conversation.looked import Looked
from bot.conversation.plans import Plans
from bot.conversation.rights import NotAllowed, Rights
from bot.conversation.titles import title_of, without_gaps
from bot.documents.settings import DocumentSettings
from bot.review import Review
from prompts.chat import Wording
from prompts.content import Content
from prompts.library import Library
from prompts.outline import INTRO, OUTRO, Outline, Question
from prompts.plan import Plan
from store import Edit, NotFound, NotSaved, OpenPerson, OpenReport, Place, Report, Store, applied, now

Buttons = Iterable[Iterable[Button]]
Clock = Callable[[], datetime.datetime]


class OutlineGone(Exception):
    """The report's outline is not installed any more."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.outline)
        self.report = report


class Session:
    """One event's view of the world. Holds the lock of the report at hand until it is closed."""

    def __init__(
        self,
        event: Event,
        person: OpenPerson,
        store: Store,
        outlines: Mapping[str, Outline],
        wording: Wording,
        clock: Clock,
        documents: DocumentSettings,
        review: Review,
        looked: Looked,
        link: Callable[[str], str],
        plans: Plans,
    ) -> None:
        self.event = event
        self.store = store
        self.outlines = outlines
        self.wording = wording
        self.documents = documents
        self.review = review
        self.looked = looked
        self.link = link  # a text that people forward, for what `/start` takes
        self.notice = ""
        self._person = person
        self._clock = clock
        self._held = ExitStack()
        self._opened: OpenReport | None = None
        self._plan: Plan | None = None
        # The plan after edits that are about to be made, with these.
        self._ahead: tuple[tuple[Edit, ...], Plan] | None = None
        self._plans = plans
        self._rights: Rights | None = None
        self._recent: list[str] = []
        self.told: list[tuple[str, str]] = []  # whom to tell what, once this event is done

    def close(self) -> None:
        """Let go of the report."""
        if self._opened is not None:
            self._recent = self._opened.seen(self.me)
        self._held.close()
        self._opened = self._plan = self._rights = None

    @property
    def taken_before(self) -> bool:
        """Whether this event was delivered and taken already."""
        id = self.event.id
        return self._person.knows(id) or (self.has_report and self.opened.knows(self.me, id))

    def note_taken(self) -> None:
        """Remember this event though it changed nothing: delivered again after others, it must not change them."""
        if self._opened is not None:
            self._opened.note(self.me, self.event.id)
        else:
            self._person.note(self.event.id)

    # the person

    @property
    def me(self) -> str:
        return self.event.person

    @property
    def person(self) -> OpenPerson:
        return self._person

    def update_person(self, **fields: Any) -> None:
        """Change the person's fields; this event counts as taken.

        What they sent to a report that is let go of must still be known when it is delivered again, so that it is
        not taken for an answer to the next one.
        """
        self._person.update(self.event.id, seen=self._person.remember(self._recent), **fields)

    def read_outlines(self) -> None:
        """Take in what an office has changed in its outlines since."""
        if isinstance(self.outlines, Library):
            self.outlines.refresh()

    # the report at hand

    @property
    def has_report(self) -> bool:
        """Whether there is a report at hand; opens it."""
        id = self._person.person.report
        if self._opened is None and id:
            self._hold(id)
        return self._opened is not None

    def _hold(self, id: str) -> None:
        try:
            self._opened = self._held.enter_context(self.store.reports.using(id))
        except NotFound:
            return
        self._rights = Rights.of(self._opened.report, self.me)
        if self._opened.report.deleted or self._rights is None:
            self.close()

    def switch(self, id: str) -> bool:
        """Make another report the one at hand, durably; False where the person has no such report."""
        current = self._person.person
        if id == current.report and self.has_report:
            return True
        if id not in current.reports:
            return False
        self.close()
        if self.store.reports.get(id) is None:
            return False
        self.update_person(report=id, mode="")
        return self.has_report

    def begin_report(self, outline: Outline, edits: Iterable[Edit] = (), last: str = "") -> None:
        """A new report of this person's, with what it begins with, and make it the one at hand. Raises `NotSaved`."""
        self.close()
        report = self.store.reports.create(
            outline.id, outline.version, owner=self.me, at=self.at, last=last, edits=tuple(edits)
        )
        self.update_person(
            report=report.id, reports=[*self.person.person.reports, report.id], mode="", greeted=True
        )
        assert self.has_report

    @property
    def rights(self) -> Rights:
        """What this person may do with the report at hand."""
        assert self._rights is not None, "asked for rights where there is no report"
        return self._rights

    def refresh_rights(self) -> None:
        """The report's people were changed."""
        rights = Rights.of(self.report, self.me)
        assert rights is not None
        self._rights, self._plan = rights, None

    def must_own(self) -> None:
        """Raises `NotAllowed` unless the report at hand is this person's."""
        if not self.rights.owner:
            raise NotAllowed("owner_only")

    def tell(self, person: str, name: str, /, **values: Any) -> None:
        """Have someone else told the phrase `news.NAME`, after this event."""
        if person != self.me:
            self.told.append((person, self.say(f"news.{name}", **values)))

    def name_there(self) -> str:
        """What this person is called to others."""
        return self.event.name or self.me.partition(":")[2]

    def name_of(self, person: str) -> str:
        """What someone is called, for people."""
        if person == self.me:
            return self.say("team.me")
        return self.report.names.get(person) or person.partition(":")[2]

    @property
    def opened(self) -> OpenReport:
        assert self._opened is not None, "asked for a report where there is none"
        return self._opened

    @property
    def report(self) -> Report:
        return self.opened.report

    @property
    def outline(self) -> Outline:
        """The outline of the report at hand, with what last year's report adds to it. Raises `OutlineGone`."""
        return self.plan.outline

    @property
    def plan(self) -> Plan:
        if self._plan is None:
            outline = self.outlines.get(self.report.outline)
            if outline is None:
                raise OutlineGone(self.report)
            last, only = self.last_content(), self.rights.only
            self._plan = self._plans.plan(self.report, outline, self.today, last, only)
        return self._plan

    @property
    def content(self) -> Content:
        """What of the report's content this person may see."""
        return self.plan.content

    def last_content(self) -> Content | None:
        """What the report that this one started from holds."""
        return self.content_before(self.report)

    def content_before(self, report: Report) -> Content | None:
        """The same of any report."""
        if not report.last:
            return None
        try:
            last = self.store.reports.get(report.last)
        except Exception:  # last year's file being unreadable must not stop this year's report
            return None
        return self._plans.content(last) if last else None

    @property
    def place(self) -> Place:
        return self.report.place(self.me)

    @property
    def now(self) -> datetime.datetime:
        return self._clock()

    @property
    def today(self) -> datetime.date:
        return self._clock().date()

    @property
    def at(self) -> str:
        return now(self._clock)

    def edit(self, kind: str, id: str, after: Any) -> Edit:
        return self.opened.edit(kind, id, after)

    def change(self, *edits: Edit, place: Place | None = None) -> None:
        """Apply edits and move, in one durable step. Raises `NotSaved`, `NotAllowed`."""
        self.rights.check(edits, self.plan)
        self.opened.change(edits, by=self.me, at=self.at, message=self.event.id, place=place)
        ahead, self._ahead = self._ahead, None
        self._plan = None
        if ahead is not None and ahead[0] == edits:
            self._plan = ahead[1]
            self._plans.put(self.report, ahead[1], self.rights.only)

    def plan_with(self, edits: Iterable[Edit]) -> Plan:
        """The plan as it will be after these edits."""
        edits = tuple(edits)
        content = Content.of(applied(self.report.content, edits))
        outline = self.outlines[self.report.outline]
        before = self.plan
        plan = Plan(outline, content, self.today, self.last_content(), self.rights.only, before)
        self._ahead = (edits, plan)
        return plan

    def move(self, place: Place, *, last: bool = False) -> None:
        """Move within the report, durably; with the `last` change this event counts as taken. Raises `NotSaved`."""
        if place == self.place:
            return
        try:
            self.opened.move(self.me, place, at=self.at, message=self.event.id if last else "")
        except NotSaved:
            if not self.opened.knows(self.me, self.event.id):
                raise
            self.opened.stand(self.me, place)  # what the event brought is kept: nobody is told that it is not

    def stand(self, place: Place) -> None:
        """Note where they stand; not worth a write of its own, so it is kept with the next change."""
        if place != self.place:
            self.opened.stand(self.me, place)

    def forget_plan(self) -> None:
        """The report was changed past this session (undo)."""
        self._plan = None

    # replies

    def reply(
        self,
        name: str,
        buttons: Buttons = (),
        /,
        *,
        in_place: bool = False,
        takes_number: bool = False,
        **values: Any,
    ) -> Reply:
        """The message `name`, with the notice that is pending, if the message has a place for it."""
        said = self.wording.say(name, **{"notice": self.notice, **values})
        marks = tuple(Mark(start, end, Emphasis(kind)) for start, end, kind in said.marks)
        return Reply(
            said.text,
            tuple(tuple(row) for row in buttons),
            marks,
            in_place=in_place,
            takes_number=takes_number,
        )

    def notify(self, name: str, /, **values: Any) -> None:
        """Say the phrase `notice.NAME` above the next screen."""
        self.warn(self.say(f"notice.{name}", **values))

    def warn(self, line: str) -> None:
        """Put a line above the next screen, if there is one to put."""
        if line:
            self.notice = f"{self.notice}\n{line}" if self.notice else line

    def say(self, name: str, /, **values: Any) -> str:
        return self.wording.phrase(name, **values)

    def button(self, label: str, verb: Verb, target: str = "", argument: str = "", **values: Any) -> Button:
        """A button about the report at hand, labelled by the phrase `button.LABEL`."""
        return Button(self.say(f"button.{label}", **values), self.data(verb, target, argument))

    def plain(self, label: str, verb: Verb) -> Button:
        """A button that is about no report."""
        return Button(self.say(f"button.{label}"), Action(verb).pack())

    def data(self, verb: Verb, target: str = "", argument: str = "") -> str:
        report = self._opened.report.id if self._opened else ""
        return Action(verb, report, target, argument).pack()

    # names

    def section_label(self, id: str) -> str:
        """A section's number and heading."""
        if id in (INTRO, OUTRO):
            return self.say("section.intro" if id == INTRO else "section.outro")
        planned = self.plan.section(id)
        if planned is None:
            return id
        return without_gaps(planned.label) if planned.heading else self.say("section.opening")

    def title(self) -> str:
        """The report's title as it stands."""
        return title_of(self.plan)

    def question(self, key: str) -> Question | None:
        """The question with this key, if this person may see it."""
        question = self.outline.questions.get(key)
        return question if question is not None and self.plan.sees(self.plan.section_of(question)) else None


def bar(done: int, total: int, width: int = 10) -> str:
    """A small bar of progress, with its percentage rounded down: it says 100% only when all is done."""
    filled = done * width // total if total else width
    percent = done * 100 // total if total else 100
    return f"{'▓' * filled}{'░' * (width - filled)} {percent}%"


def rows_of(buttons: Iterable[Button], width: int = 2) -> list[list[Button]]:
    """Buttons in rows."""
    all_buttons = list(buttons)
    return [all_buttons[i : i + width] for i in range(0, len(all_buttons), width)]


def edits_of(content: Content) -> list[Edit]:
    """The edits that make an empty report have this content."""
    kept = msgspec.to_builtins(content)
    return [Edit(kind, id, None, value) for kind, values in kept.items() for id, value in values.items()]


def short(person: str) -> str:
    """A person as a button carries them."""
    return hashlib.sha256(person.encode()).hexdigest()[:10]


def moment(at: str) -> str:
    """A time for people: 1月29日 09:00."""
    when = datetime.datetime.fromisoformat(at)
    return f"{when.month}月{when.day}日 {when:%H:%M}"
