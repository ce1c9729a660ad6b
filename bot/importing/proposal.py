"""What of a written report would go where in an outline; and the content that a report begins with if that is right."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from bot.importing.figures import FoundFigure, figures_in
from bot.importing.matching import kin, match
from bot.importing.structure import WrittenPart, WrittenReport
from prompts.answers import Refused, Value, parse, to_stored
from prompts.content import Added, Answer, Content, Part, Wording
from prompts.outline import Outline, Question, Section
from prompts.plan import Plan
from prompts.render import draft


@dataclass(frozen=True)
class Placed:
    """Where a part goes: into a section of the outline, or ("") to a section of its own."""

    heading: str
    section: str
    characters: int


@dataclass(frozen=True)
class Proposal:
    """All that would be kept. `figures` are answers found in the text; they may be left out by themselves."""

    outline: Outline
    report: WrittenReport
    content: Content
    placed: tuple[Placed, ...]
    figures: tuple[FoundFigure, ...]
    today: datetime.date
    likeness: float = 0.0

    def kept(self, *, figures: bool) -> Content:
        """The content to begin with, with the figures as answers or without."""
        if not figures:
            return self.content
        answers = dict(self.content.answers)
        for found in self.figures:
            question = self.outline.questions[found.key]
            if found.key not in answers and (given := _answer(question, found.typed, self.today)):
                answers[found.key] = given
        return replace(self.content, answers=answers)

    @cached_property
    def digest(self) -> str:
        """Names this proposal on a button."""
        named = f"{self.outline.id}\0{self.report!r}"
        return hashlib.sha256(named.encode()).hexdigest()[:10]


def best_outline(report: WrittenReport, outlines: Mapping[str, Outline]) -> Outline:
    """The kind of report that this is likeliest to be: by its title, and by how many of its parts find a section."""

    def fitting(outline: Outline) -> float:
        top = [section for section in outline.sections if section.depth == 1 and section.heading]
        below = [section for section in outline.sections if section.depth == 2]
        inner = [part for part in report.parts for part in part.parts]
        matched = [*match(report.parts, top), *match(inner, below)]
        share = sum(found.likeness for found in matched) / max(1, len(report.parts) + len(inner))
        return 2 * kin(report.title, outline) + share + _level_fits(report, outline)

    return max(outlines.values(), key=fitting)


def _level_fits(report: WrittenReport, outline: Outline) -> float:
    """A street's report goes to an outline for streets rather than to one for departments."""
    office = f"{report.title}{report.signature}"
    local = bool(re.search(r"街道|镇|乡", office))
    return 0.3 if local == bool(re.search(r"乡镇|街道", outline.name)) else 0.0


def propose(report: WrittenReport, outline: Outline, today: datetime.date) -> Proposal:
    """Where everything of the report would go in this outline. Nothing of it is left out but web residue."""
    return _Placing(report, outline, today).proposal()


class _Placing:
    def __init__(self, report: WrittenReport, outline: Outline, today: datetime.date) -> None:
        self.report, self.outline, self.today = report, outline, today
        self.answers: dict[str, Answer] = {}
        self.headings: dict[str, str] = {}
        self.wordings: dict[str, Wording] = {}
        self.added: dict[str, Added] = {}
        self.alone: dict[str, bool] = {}
        self.orders: dict[str, tuple[str, ...]] = {}
        self.settings: dict[str, Any] = {}
        self.placed: list[Placed] = []
        self.figures: list[FoundFigure] = []
        self.used: set[str] = set()

    def proposal(self) -> Proposal:
        self._head_and_tail()
        self._opening()
        likeness = self._parts("", self.report.parts)
        if self.report.trailing:
            self._add("", "", "\n".join(self.report.trailing), self._children("")[-1:])
        content = self._content()
        return Proposal(
            self.outline, self.report, content, tuple(self.placed), tuple(self.figures), self.today, likeness
        )

    def _content(self) -> Content:
        dropped = {
            section.id: True
            for section in self.outline.sections
            if section.id not in self.used and section.parent not in self._unused_parents()
        }
        content = Content(
            answers=self.answers, headings=self.headings, wordings=self.wordings, added=self.added, dropped=dropped,
            orders=self.orders, settings=self.settings, alone=self.alone,
        )  # fmt: skip
        return self._named(self._suggested(content))

    def _unused_parents(self) -> set[str]:
        return {section.id for section in self.outline.sections if section.id not in self.used}

    def _suggested(self, content: Content) -> Content:
        """First and last questions that the outline itself has an answer for."""
        for question in (*self.outline.intro, *self.outline.outro):
            plan = Plan(self.outline, content, self.today)
            if question.key in content.answers or not question.required or not plan.applies(question):
                continue
            if (text := plan.suggestion(question)) and (given := _answer(question, text, self.today)):
                content = replace(content, answers={**content.answers, question.key: given})
        return content

    def _named(self, content: Content) -> Content:
        """The report's own title, and its own headings, where the outline would say otherwise."""
        plan = Plan(self.outline, content, self.today)
        settings = dict(content.settings)
        if self.report.title and draft(plan).title.text != self.report.title:
            settings["title"] = self.report.title
        headings = {
            id: text
            for id, text in content.headings.items()
            if (bare := Plan(self.outline, replace(content, headings={}), self.today).section(id)) is None
            or bare.heading != text
        }
        return replace(content, settings=settings, headings=headings)

    # what stands around the text

    def _head_and_tail(self) -> None:
        report = self.report
        texts = {"unit": report.signature or _unit_of(report.title), "addressee": report.addressee}
        for key, text in texts.items():
            if text and key in self.outline.questions:
                self._give(self.outline.questions[key], text)
        for question in (*self.outline.intro, *self.outline.outro):
            if question.type == "year" and report.year and question in self.outline.intro:
                self._give(question, str(report.year))
            elif question.type == "date" and report.date:
                self._give(question, report.date.isoformat())
            elif question.type == "yesno" and "特此报告" in question.ask:
                self._give(question, "是" if self._ends_formally() else "否")
        if report.note:
            self.settings["note"] = report.note
        if report.subtitle:
            self.settings["subtitle"] = list(report.subtitle)

    def _ends_formally(self) -> bool:
        """Whether the text ends with 特此报告。, which the outline then says itself."""
        parts = list(self.report.parts)
        while parts:
            last = parts[-1]
            if last.parts:
                parts = last.parts
                continue
            if last.paragraphs and re.fullmatch(r"特此(?:报告|汇报)。?", last.paragraphs[-1].strip()):
                last.paragraphs.pop()
                return True
            return False
        return False

    def _give(self, question: Question, typed: str) -> None:
        if given := _answer(question, typed, self.today):
            self.answers[question.key] = given

    def _opening(self) -> None:
        text = "\n".join(self.report.opening)
        first = next((s for s in self.outline.sections if s.heading is None and s.depth == 1), None)
        if not text:
            return
        if first is None:
            self._add("", "", text, [])
            return
        self.used.add(first.id)
        self.wordings[first.id] = Wording(text)
        self.figures += figures_in(first, self.report.opening, self.today)
        self.placed.append(Placed("", first.id, len(text)))

    # the parts

    def _children(self, parent: str) -> list[str]:
        return [section.id for section in self.outline.sections if section.parent == parent]

    def _parts(self, parent: str, parts: Iterable[WrittenPart]) -> float:
        """Parts below one heading into the sections below one section, in the order in which they were written."""
        written = list(parts)
        sections = [s for s in self.outline.sections if s.parent == parent and s.heading is not None]
        found = {id(one.part): one for one in match(written, sections)}
        order: list[str] = [i for i in self._children(parent) if i in self.used]
        for part in written:
            one = found.get(id(part))
            if one is None:
                order.append(self._own(part, parent, order))
            else:
                section = self.outline.section(one.section)
                assert section is not None
                order.append(section.id)
                self._into(part, section)
        rest = [i for i in self._children(parent) if i not in order]
        if order:
            self.orders[parent or "^"] = (*order, *rest)
        return sum(one.likeness for one in found.values()) / max(1, len(written))

    def _into(self, part: WrittenPart, section: Section) -> None:
        self.used.add(section.id)
        self.headings[section.id] = part.heading
        self._stands_alone(section.id, part, run_in=section.run_in)
        self.placed.append(Placed(f"{part.number}{part.heading}", section.id, len(part.text)))
        if self._children(section.id):
            if part.paragraphs:
                self.wordings[section.id] = Wording("\n".join(part.paragraphs))
            self._parts(section.id, part.parts)
            return
        lines = list(part.lines())
        self.wordings[section.id] = Wording("\n".join(lines))
        self.figures += figures_in(section, lines, self.today)
        if part.parts:
            self._list_of(part, section)

    def _list_of(self, part: WrittenPart, section: Section) -> None:
        """Numbered points of a section that asks for a list are its items too: next year asks what came of them."""
        question = next((q for q in section.questions if q.type == "items" and q.required), None)
        if question is not None:
            items = [
                "。".join(filter(None, [p.heading, p.text.replace("\n", "").rstrip("。")]))
                for p in part.parts
            ]
            value: Value | None = None
            for item in items:
                value = parse(question, item, self.today, value).value
            self.answers[question.key] = Answer(value=to_stored(value), parts=tuple(Part(i) for i in items))  # type: ignore[arg-type]

    def _own(self, part: WrittenPart, parent: str, before: list[str]) -> str:
        """A section of its own, and sections of their own for what is below it."""
        id = self._add(part.heading, parent, "\n".join(part.paragraphs), before)
        self._stands_alone(id, part, run_in=part.level > 1)
        self.placed.append(Placed(f"{part.number}{part.heading}", "", len(part.text)))
        below: list[str] = []
        for child in part.parts:
            below.append(self._own(child, id, below))
        return id

    def _add(self, heading: str, parent: str, text: str, before: list[str]) -> str:
        id = f"own{len(self.added) + 1}"
        self.added[id] = Added(heading, parent, before[-1] if before else "")
        self.wordings[id] = Wording(text)
        return id

    def _stands_alone(self, id: str, part: WrittenPart, *, run_in: bool) -> None:
        """Whether the heading has its line to itself, where the outline would have it otherwise."""
        if part.paragraphs and part.run_in != run_in:
            self.alone[id] = not part.run_in


def _answer(question: Question, typed: str, today: datetime.date) -> Answer | None:
    try:
        parsed = parse(question, typed, today)
    except Refused:
        return None
    return Answer(value=to_stored(parsed.value), parts=(Part(typed),))


def _unit_of(title: str) -> str:
    """The office that a title begins with."""
    match = re.match(r"(?:关于)?(.{3,40}?)(?:关于)?(?:19|20)\d{2}年", title)
    return match[1] if match else ""
