"""Outline + what staff gave -> what is asked, in which order, and which sections the document has.

Everything that walks a report (asking, the table of contents, the draft, the review) reads the same `Plan`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from prompts.answers import Refused, Value, parse
from prompts.content import Content, State
from prompts.expanding import about, base, expanded
from prompts.grid import Grid
from prompts.marks import line, unmarked
from prompts.numbering import heading_number
from prompts.outline import INTRO, OUTRO, Outline, Question, Section
from prompts.templates import AboutItem, Absent, Given, GivenList, GivenTable, given

HEADING, MARKED, PLAIN = "heading", "marked", "plain"  # a section's texts: with their marks, and without
_ARRANGING = (
    "headings",
    "dropped",
    "wordings",
    "added",
    "orders",
    "alone",
    "settings",
)  # content that moves sections


@dataclass(frozen=True)
class Planned:
    """A section of this report. `section` is None for one that staff added.

    `shown` is whether the draft has it: not dropped, not below a dropped one, and not left out for being empty.
    `asked` are the questions that apply, in order.
    """

    id: str
    parent: str
    depth: int
    heading: str
    section: Section | None
    asked: tuple[Question, ...] = ()
    dropped: bool = False
    shown: bool = True
    number: str = ""
    alone: bool | None = None

    @property
    def run_in(self) -> bool:
        """Whether the text follows on the heading's line."""
        if self.alone is not None:
            return not self.alone
        return self.section.run_in if self.section else self.depth > 1

    @property
    def has_heading(self) -> bool:
        return bool(self.heading)

    @property
    def label(self) -> str:
        """Number and heading, for people."""
        return f"{self.number}{self.heading}" if self.heading else "导语"


@dataclass(frozen=True)
class Progress:
    """How far a section is: `answered` of `asked` questions, and how many required ones are open."""

    answered: int
    asked: int
    missing: int


class Plan:
    """One report as it stands. Immutable; make a new one after a change."""

    def __init__(
        self,
        outline: Outline,
        content: Content,
        today: datetime.date,
        last: Content | None = None,
        only: Collection[str] | None = None,
        before: Plan | None = None,
    ) -> None:
        """`only` are the sections (each with what is below it) that whoever reads this may see; None: everything.

        What is outside of them is not in the plan at all: not asked, not shown, not in its content, except for the
        answers asked first, from which every section takes the office's name and the year. `before` is a plan of the
        same report a change ago: what does not depend on the answers that changed is taken over from it.
        """
        self.made_of = (outline, today, last, only)
        self.outline = expanded(outline, last, content.about)
        self.today = today
        self.only = None if only is None else frozenset(self._within(only, content))
        self._whole: Plan | None = None  # what is asked and how it is numbered does not depend on who looks
        if self.only is None:
            self.content, self.last = content, last
        else:
            self._whole = Plan(outline, content, today, last, None, before._whole if before else None)
            of = self.outline.section_of
            keys = {key for key, section in of.items() if section in self.only or section == INTRO}
            self.content = content.only(keys, self.only)
            self.last = last.only(keys, self.only) if last else None

        self._texts: dict[tuple[str, str], str] = {}  # by HEADING, MARKED or PLAIN, and the section
        self._values: dict[str, Value | None] = {}
        self._asked: dict[str, bool] = {}
        self._seen_before: dict[str, Any] = {}
        self._frame: tuple[Planned, ...] | None = None  # the sections before, and which of them still hold
        self._holds: Callable[[str], bool] = lambda id: False
        if before is not None and before.made_of == self.made_of and before.outline is self.outline:
            self._take_over(before)

    def _take_over(self, before: Plan) -> None:
        """What an earlier plan knows and no changed answer touches."""
        old, new = before.content.answers, self.content.answers
        changed = {
            key
            for key in old.keys() | new.keys()
            if old.get(key) is not new.get(key) and old.get(key) != new.get(key)
        }
        changed |= {base(key, self.outline) for key in changed}
        uses = self.outline.uses

        def holds(id: str) -> bool:
            return not (uses.get(base(id, self.outline), changed) & changed)

        self._texts = {(kind, id): text for (kind, id), text in before._texts.items() if holds(id)}
        self._values = {key: value for key, value in before._values.items() if key not in changed}
        self._asked = {key: asked for key, asked in before._asked.items() if holds(key)}
        if "_evaluated" in before.__dict__:
            context, derived = before._evaluated
            self._seen_before = {
                key: context[key]
                for key in context.keys() & self.outline.questions.keys()
                if key not in derived and holds(key)
            }
        if "sections" in before.__dict__ and all(
            getattr(before.content, kind) == getattr(self.content, kind) for kind in _ARRANGING
        ):
            self._frame, self._holds = before.sections, holds

    def _within(self, only: Collection[str], content: Content) -> Iterator[str]:
        """The sections named, and those below them."""
        parents = {section.id: section.parent for section in self.outline.sections}
        parents |= {id: added.parent for id, added in content.added.items()}
        for id in (*parents, INTRO, OUTRO):
            above, steps = id, 0
            while above and steps < 8:
                if above in only:
                    yield id
                    break
                above, steps = parents.get(above, ""), steps + 1

    def sees(self, section: str) -> bool:
        """Whether a section is among those that this plan is about."""
        return self.only is None or section in self.only

    @cached_property
    def derived(self) -> dict[str, Value]:
        """Answers that follow from other answers, for questions that nobody answered themselves."""
        return self._evaluated[1]

    @cached_property
    def context(self) -> dict[str, Any]:
        """The answers by key as templates see them, with the outline's `let` values."""
        return self._evaluated[0]

    @cached_property
    def _evaluated(self) -> tuple[dict[str, Any], dict[str, Value]]:
        context: dict[str, Any] = {"today": self.today, "last": _Last(self.outline, self.last)}
        derived: dict[str, Value] = {}
        known = self._seen_before
        for key, question in self.outline.questions.items():
            context[key] = known[key] if key in known else self._given(question)
        for key, conditions in self.outline.conditions.items():
            question = self.outline.questions[key]
            expression = conditions.get("derive")
            if expression and key not in self.content.answers and key not in known:
                found = self._parsed(question, expression.over(context))
                if found is not None:
                    derived[key] = found
                    context[key] = given(question, found)
        for key in self.outline.each:
            context[key] = self._about_items(key, context)
        for name, expression in self.outline.let:
            value = expression.over(context)
            context[name] = Absent(()) if value is None else value
        for key, conditions in self.outline.conditions.items():
            # What is not asked any more is not said either: the answer stays behind, as with 不涉及.
            when = conditions.get("when")
            if when and key not in known and not when.over(context):
                context[key] = Absent((key,))
        return context, derived

    def value(self, question: Question) -> Value | None:
        """The parsed answer, as `Content.value` gives it; read once."""
        if question.key not in self._values:
            self._values[question.key] = self.content.value(question)
        return self._values[question.key]

    def _given(self, question: Question) -> Any:
        value = self.value(question)
        of_years = bool(question.carry or question.balances)
        last = self.last.value(question) if self.last and of_years else None
        if value is not None:
            return given(question, value, last)
        answer = self.content.answers.get(question.key)
        declined = answer is not None and answer.state is State.NONE
        return Absent((question.key,), question.name if question.required and not declined else "")

    def _about_items(self, key: str, context: dict[str, Any]) -> Any:
        """What was answered about each item of last year's report, under the question's own key."""
        found = [
            AboutItem.of(context[each], item)
            for each, item in about(self.outline, key)
            if isinstance(context[each], Given)
        ]
        return GivenList(found, (key,)) if found else Absent((key,))

    def _parsed(self, question: Question, value: Any) -> Value | None:
        text = unmarked(str(value)) if value else ""
        if not text or isinstance(value, Absent):
            return None
        try:
            return parse(question, text, self.today).value
        except Refused:
            return None

    def suggestion(self, question: Question) -> str:
        """An answer to offer, or ""."""
        expression = self.outline.conditions.get(question.key, {}).get("suggest")
        value = expression.over(self.context) if expression else None
        return "" if value is None or isinstance(value, Absent) else unmarked(str(value))

    def applies(self, question: Question) -> bool:
        """Whether the question is asked: its `when` holds and its answer does not follow from others."""
        if not self.sees(self.outline.section_of.get(question.key, "")):
            return False
        if self._whole is not None:
            return self._whole.applies(question)
        if question.key not in self._asked:
            self._asked[question.key] = self._applies(question)
        return self._asked[question.key]

    def _applies(self, question: Question) -> bool:
        when = self.outline.conditions.get(question.key, {}).get("when")
        if when and not when.over(self.context):
            return False
        return question.key not in self.derived

    def asked(self, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        return tuple(question for question in questions if self.applies(question))

    @cached_property
    def intro(self) -> tuple[Question, ...]:
        return self.asked(self.outline.intro)

    @cached_property
    def outro(self) -> tuple[Question, ...]:
        return self.asked(self.outline.outro)

    @cached_property
    def sections(self) -> tuple[Planned, ...]:
        """Every section of the report in reading order, the dropped ones too, numbered as the draft is."""
        if self._whole is not None:
            return tuple(self._seen(self._whole.sections))
        if self._frame is not None and (renewed := self._renewed(self._frame)) is not None:
            return renewed
        arranged = list(self._arranged("", False))
        shown = self._shown(arranged)
        return tuple(_numbered([replace(section, shown=section.id in shown) for section in arranged]))

    def _renewed(self, before: tuple[Planned, ...]) -> tuple[Planned, ...] | None:
        """The sections before, with those made anew that a changed answer touches; None where numbers may change."""
        renewed = []
        for old in before:
            if old.section is None or self._holds(old.id):
                renewed.append(old)
                continue
            heading = self.content.headings.get(old.id) or self._heading(old.id, old.section)
            new = replace(old, heading=heading, asked=self.asked(old.section.questions))
            children = [section for section in before if section.parent == old.id]
            shown = not old.dropped and (
                any(child.shown for child in children) or self._has_text(new, bool(children))
            )
            if shown != old.shown or bool(heading) != bool(old.heading):
                return None
            renewed.append(new)
        return tuple(renewed)

    def _seen(self, sections: tuple[Planned, ...]) -> Iterator[Planned]:
        """Those that may be seen, and of the parts that they stand in the headings."""
        assert self._whole is not None
        above = {a for one in sections if self.sees(one.id) for a in self._whole.lineage(one.id)}
        for section in sections:
            if self.sees(section.id):
                yield section
            elif section.id in above:
                yield replace(section, section=None, asked=())

    @cached_property
    def _by_id(self) -> dict[str, Planned]:
        return {section.id: section for section in self.sections}

    def section(self, id: str) -> Planned | None:
        return self._by_id.get(id)

    def lineage(self, section: str) -> Iterator[str]:
        """A section and the parts that it stands in, from itself up."""
        while section:
            yield section
            planned = self.section(section)
            section = planned.parent if planned else ""

    def within(self, section: str, sections: Collection[str]) -> bool:
        """Whether a section is one of these, or stands in one."""
        return any(above in sections for above in self.lineage(section))

    def section_of(self, question: Question) -> str:
        return self.outline.section_of[question.key]

    def steps(self) -> Iterator[tuple[str, Question]]:
        """Every question to be asked, in order, with its section's id (INTRO, OUTRO for first and last)."""
        yield from ((INTRO, question) for question in self.intro)
        for section in self.sections:
            if not section.dropped:
                yield from ((section.id, question) for question in section.asked)
        yield from ((OUTRO, question) for question in self.outro)

    def questions_of(self, section: str) -> tuple[Question, ...]:
        """The questions asked in a section, or first, or last; none for a section that is not there."""
        if section in (INTRO, OUTRO):
            return self.intro if section == INTRO else self.outro
        planned = self.section(section)
        return planned.asked if planned else ()

    def progress(self, section: str) -> Progress:
        asked = self.questions_of(section)
        answered = [question for question in asked if self.answered(question)]
        own = section in self.content.wordings
        missing = 0 if own else sum(self.lacks(question) for question in asked)
        return Progress(len(answered), len(asked), missing)

    def answered(self, question: Question) -> bool:
        """Whether nothing more need be asked: a whole answer, or 不涉及."""
        if question.type == "table" and (grid := self.grid(question)) is not None:
            return grid.complete
        return self._begun(question)

    def _begun(self, question: Question) -> bool:
        answer = self.content.answers.get(question.key)
        return answer is not None and (answer.state is State.NONE or self.value(question) is not None)

    def lacks(self, question: Question) -> bool:
        """Whether the draft has a gap for it: required and not answered, or a table that was only begun."""
        return not self.answered(question) and (
            question.required or (question.type == "table" and self._begun(question))
        )

    def grid(self, question: Question) -> Grid | None:
        """The table that was answered, with what follows from it; None where nothing was."""
        value = self.context.get(question.key)
        return value.grid if isinstance(value, GivenTable) else None

    def far(self) -> tuple[int, int]:
        """How many questions of the report are answered, and how many there are."""
        steps = list(self.steps())
        return sum(self.answered(question) for _, question in steps), len(steps)

    def stale(self, section: str) -> bool:
        """Whether an answer changed after staff put their own wording in place of the section's text."""
        wording = self.content.wordings.get(section)
        planned = self.section(section)
        if wording is None or planned is None or planned.section is None:
            return False
        return bool(wording.basis) and wording.basis != self.content.digest(planned.section.questions)

    def unplaced(self) -> list[str]:
        """Keys of answers that the outline has no place for any more (未归位): kept, shown, not in the draft."""
        known = self.outline.questions
        if self.only is not None:
            return []
        return [
            key
            for key, answer in self.content.answers.items()
            if key not in known or (answer.state is State.GIVEN and self.content.value(known[key]) is None)
        ]

    def _arranged(self, parent: str, dropped: bool, depth: int = 1) -> Iterator[Planned]:
        for id in self._children(parent):
            section = self.outline.section(id)
            gone = dropped or self.content.dropped.get(id, False)
            heading = self.content.headings.get(id) or self._heading(id, section)
            asked = self.asked(section.questions) if section else ()
            alone = self.content.alone.get(id)
            yield Planned(id, parent, depth, heading, section, asked, gone, alone=alone)
            yield from self._arranged(id, gone, depth + 1)

    def _children(self, parent: str) -> list[str]:
        children = [section.id for section in self.outline.sections if section.parent == parent]
        for id, added in self.content.added.items():
            if added.parent == parent:
                at = (
                    children.index(added.after) + 1
                    if added.after in children
                    else (0 if not added.after else len(children))
                )
                children.insert(at, id)
        wanted = [id for id in self.content.orders.get(parent or "^", ()) if id in children]
        for position, id in enumerate(children):
            if (
                wanted and id not in wanted
            ):  # new in the outline since staff moved sections: after its neighbour
                before = next((c for c in reversed(children[:position]) if c in wanted), None)
                wanted.insert(wanted.index(before) + 1 if before else 0, id)
        return wanted or children

    def _heading(self, id: str, section: Section | None) -> str:
        if section is None:
            return self.content.added[id].heading
        if section.heading is None:
            return ""
        kept = (HEADING, id)
        if kept not in self._texts:
            self._texts[kept] = line(section.heading.render(self.context)).text
        return self._texts[kept]

    def _shown(self, sections: list[Planned]) -> set[str]:
        shown: set[str] = set()
        for section in reversed(sections):  # children before their parents
            children = any(s.parent == section.id and s.id in shown for s in sections)
            below = any(s.parent == section.id for s in sections)
            if not section.dropped and (children or self._has_text(section, below)):
                shown.add(section.id)
        return shown

    def _has_text(self, section: Planned, has_children: bool) -> bool:
        if section.id in self.content.wordings or section.section is None:
            return True
        if not section.section.questions:  # or none this year: those asked about last year's items
            return not has_children and bool(self._text(section.section))
        if self.touched(section):
            return bool(self._text(section.section)) or self._open(section)
        return not (section.section.drop_empty or self.content.drop_empty) or self._open(section)

    def rendered(self, section: Section) -> str:
        """A section's text as its template gives it, with its marks."""
        kept = (MARKED, section.id)
        if kept not in self._texts:
            self._texts[kept] = section.template.render(self.context)
        return self._texts[kept]

    def _text(self, section: Section) -> str:
        kept = (PLAIN, section.id)
        if kept not in self._texts:
            self._texts[kept] = unmarked(self.rendered(section)).strip()
        return self._texts[kept]

    def touched(self, section: Planned) -> bool:
        """Whether any of the section's questions was answered."""
        return any(self._begun(question) or question.key in self.derived for question in section.asked)

    def _open(self, section: Planned) -> bool:
        return any(self.lacks(question) for question in section.asked)


class _Last:
    """Last year's answers inside templates: `last.banners`; absent where there is no such report or answer."""

    def __init__(self, outline: Outline, content: Content | None) -> None:
        self._outline, self._content = outline, content

    def __getattr__(self, key: str) -> Any:
        question = self._outline.questions.get(key)
        value = self._content.value(question) if question and self._content else None
        return given(question, value) if question and value is not None else Absent((key,))

    def __bool__(self) -> bool:
        return self._content is not None


def _numbered(sections: list[Planned]) -> Iterator[Planned]:
    counts = [0] * 5
    for section in sections:
        if section.shown and section.has_heading and section.depth <= 4:
            counts[section.depth] += 1
            counts[section.depth + 1 :] = [0] * (4 - section.depth)
            yield replace(section, number=heading_number(section.depth, counts[section.depth]))
        else:
            yield section
