"""What of a written report would go where in an outline; and the content that a report begins with if that is right."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from bot.importing.figures import FoundFigure, figures_in
from bot.importing.items import items_in
from bot.importing.matching import kin, match
from bot.importing.structure import WrittenPart, WrittenReport, is_date, is_office
from bot.importing.tables import says_the_same, tables_in
from bot.importing.templates import answer_of, answers_for, folded, same
from prompts.answers.dates import print_date
from prompts.content import Added, Answer, Content, Wording
from prompts.outline import Outline, Section, Template
from prompts.plan import Plan
from prompts.render import draft

MOST_SECTIONS = 80  # beyond which parts of parts stay text: nobody finds their way through more
LONGEST_CLOSING = 2  # paragraphs
PARTS_READ = 60  # parts of parts that tell what kind of report it is
CELLS_APART = "\u3000"


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

    def kept(self, *, figures: bool) -> Content:
        """The content to begin with, with the figures as answers or without."""
        if not figures:
            return self.content
        answers = dict(self.content.answers)
        for found in self.figures:
            question = self.outline.questions[found.key]
            if found.key not in answers and (given := answer_of(question, found.typed, self.today)):
                answers[found.key] = given
        return replace(self.content, answers=answers)

    @cached_property
    def digest(self) -> str:
        """Names the file on a button."""
        return hashlib.sha256(repr(self.report).encode()).hexdigest()[:10]


def best_outline(report: WrittenReport, outlines: Mapping[str, Outline]) -> Outline:
    """The kind of report that this is likeliest to be: by its title, and by how many of its parts find a section."""
    every = list(outlines.values())
    titled = kin(report.title, every)
    inner = [part for part in report.parts for part in part.parts][:PARTS_READ]

    def fitting(outline: Outline) -> float:
        top = [section for section in outline.sections if section.depth == 1 and section.heading]
        below = [section for section in outline.sections if section.depth == 2]
        matched = [
            *match(report.parts, top, outline, report.year),
            *match(inner, below, outline, report.year),
        ]
        return sum(found.likeness for found in matched) / max(1, len(report.parts) + len(inner))

    scores = [
        2 * title + fitting(outline) + _level_fits(report, outline)
        for title, outline in zip(titled, every, strict=True)
    ]
    return every[scores.index(max(scores))]


def _level_fits(report: WrittenReport, outline: Outline) -> float:
    """A street's report goes to an outline for streets rather than to one for departments."""
    office = f"{report.title}{report.signature}" or "".join(report.opening)[:200]
    local = bool(re.search(r"街道|镇|乡", office))
    return 0.3 if local == bool(re.search(r"乡镇|街道", outline.name)) else 0.0


def propose(report: WrittenReport, outline: Outline, today: datetime.date) -> Proposal:
    """Where everything of the report would go in this outline. Nothing of it is left out but web residue."""
    return _Placing(report, outline, today).proposal()


class _Placing:
    """One report being placed in one outline."""

    def __init__(self, report: WrittenReport, outline: Outline, today: datetime.date) -> None:
        self.report, self.outline, self.today = report, outline, today
        self.content = Content()
        self.plain: dict[str, str] = {}  # the outline's own headings, with what is known so far
        self.headings: dict[str, str] = {}  # the report's
        self.wordings: dict[str, Wording] = {}
        self.added: dict[str, Added] = {}
        self.alone: dict[str, bool] = {}
        self.orders: dict[str, tuple[str, ...]] = {}
        self.settings: dict[str, Any] = {}
        self.items: dict[str, Answer] = {}
        self.placed: list[Placed] = []
        self.figures: list[FoundFigure] = []
        self.used: set[str] = set()
        self.crowded = len(report.parts) + sum(len(part.parts) for part in report.parts) > MOST_SECTIONS

    def proposal(self) -> Proposal:
        self._around()
        before, after = self._not_said()
        plan = Plan(self.outline, self.content, self.today)
        self.plain = {section.id: section.heading for section in plan.sections}
        order = self._opening(before)
        self._parts("", self.report.parts, order)
        trailing = [*after, *self.report.trailing]
        if trailing:
            self.orders["^"] = (*self.orders.get("^", ()), self._add("", "", _text(trailing)))
        return Proposal(
            self.outline, self.report, self._whole(), tuple(self.placed), tuple(self.figures), self.today
        )

    def _whole(self) -> Content:
        unused = {section.id for section in self.outline.sections if section.id not in self.used}
        dropped = {s.id: True for s in self.outline.sections if s.id in unused and s.parent not in unused}
        content = replace(
            self.content, answers={**self.items, **self.content.answers}, wordings=self.wordings, added=self.added,
            dropped=dropped, orders=self.orders, settings=self.settings, alone=self.alone,
        )  # fmt: skip
        plan = Plan(self.outline, content, self.today)
        headings = {section.id: section.heading for section in plan.sections}
        own = {id: text for id, text in self.headings.items() if headings[id] != text}
        return replace(content, headings=own)

    # what stands around the text: in the outline's own words as far as these say the same

    def _around(self) -> None:
        report, outline = self.report, self.outline
        self._learn(outline.signature, report.signature)
        self._learn(outline.title, report.title)
        if "unit" in outline.questions:
            self._give("unit", _unit_of(report.title, outline) or report.signature)
        for question in outline.intro:
            if question.type == "year" and report.year:
                self._give(question.key, str(report.year))
        if report.date:
            self._learn(outline.date, print_date(report.date))
        if report.addressee:
            self._learn(outline.addressee, f"{report.addressee}：")
        for template, line in zip(outline.subtitle, report.subtitle, strict=False):
            self._learn(template, line)
        self._suggested()
        self._close()
        self._set_apart()

    def _give(self, key: str, typed: str) -> None:
        question = self.outline.questions[key]
        if typed and key not in self.content.answers and (given := answer_of(question, typed, self.today)):
            self.content = replace(self.content, answers={**self.content.answers, key: given})

    def _learn(self, template: Template | None, text: str) -> bool:
        """The answers with which a template says this; False where it cannot."""
        if template is None or not text:
            return False
        found = answers_for(template, text, self.outline, self.content, self.today)
        if found is None:
            return False
        self.content = replace(self.content, answers={**self.content.answers, **found})
        return True

    def _suggested(self) -> None:
        """What the outline would offer as an answer, if the report says it too."""
        for question in self.outline.intro:
            if question.key in self.content.answers or not question.required or question.type != "text":
                continue
            text = Plan(self.outline, self.content, self.today).suggestion(question)
            if text and text in self.report.text:
                self._give(question.key, text)

    def _close(self) -> None:
        """The closing words, where the outline's are the same. Else it says no 特此报告, the text has its own end."""
        last = self.report.last_lines()
        for count in range(min(LONGEST_CLOSING, len(last)), 0, -1):
            if self._learn(self.outline.closing, "\n".join(last[-count:])):
                self.report = self.report.without_last(count)
                return
        for question in self.outline.outro:
            if question.type == "yesno" and "特此报告" in question.ask:
                self._give(question.key, "否")
        if draft(Plan(self.outline, self.content, self.today)).closing:
            self.settings["closing"] = "own"

    def _set_apart(self) -> None:
        """Title, subtitle and note of the report's own."""
        said = draft(Plan(self.outline, self.content, self.today))
        if self.report.title and not same(said.title.text, self.report.title):
            self.settings["title"] = self.report.title
        if self.report.subtitle and not same(
            _text(p.text for p in said.subtitle), _text(self.report.subtitle)
        ):
            self.settings["subtitle"] = list(self.report.subtitle)
        if self.report.note:
            self.settings["note"] = self.report.note

    def _not_said(self) -> tuple[list[str], list[str]]:
        """What of addressee, and of signature and date, the outline has no place for: lines before and after the text."""
        report = self.report
        said = draft(Plan(self.outline, self.content, self.today))
        addressee = f"{report.addressee}：" if report.addressee else ""
        before = [addressee] if addressee and not same(said.addressee.text, addressee) else []
        signed = same(said.signature.text, report.signature)
        dated = report.date is None or same(said.date.text, print_date(report.date))
        after = [
            line for line in report.signed
            if not ((signed and dated) or (dated and is_date(line)) or (signed and folded(line) in folded(report.signature)))
        ]  # fmt: skip
        return before, after

    # the text

    def _opening(self, before: Sequence[str]) -> list[str]:
        """The text in front of the first part: where it goes."""
        text = _text([*before, *self.report.opening])
        if not text:
            return []
        first = next((s for s in self.outline.sections if s.heading is None and s.depth == 1), None)
        self.placed.append(Placed("", first.id if first else "", len(text)))
        if first is None:
            return [self._add("", "", text)]
        self._fill(first, self.report.opening, text)
        return [first.id]

    def _parts(self, parent: str, parts: Sequence[WrittenPart], order: Sequence[str] = ()) -> None:
        """Parts below one heading into the sections below one section, in the order in which they were written."""
        sections = [s for s in self.outline.sections if s.parent == parent and s.heading is not None]
        found = {
            id(one.part): one for one in match(parts, sections, self.outline, self.report.year, self.plain)
        }
        placed = list(order)
        for part in parts:
            one = found.get(id(part))
            section = self.outline.section(one.section) if one else None
            placed.append(self._into(part, section) if section else self._own(part, parent))
        children = [section.id for section in self.outline.sections if section.parent == parent]
        if placed:
            self.orders[parent or "^"] = (*placed, *(id for id in children if id not in placed))

    def _into(self, part: WrittenPart, section: Section) -> str:
        """A part as a section of the outline. What has no section below it stays in its text, numbers and all."""
        self.headings[section.id] = part.heading
        self.placed.append(Placed(f"{part.number}{part.heading}", section.id, len(part.text)))
        if any(other.parent == section.id for other in self.outline.sections):
            if part.paragraphs or not part.parts or section.body.strip():
                self._fill(section, part.paragraphs, _text(part.paragraphs))
            self.used.add(section.id)
            self._stands_alone(section.id, part, bool(part.paragraphs), run_in=section.run_in)
            self._parts(section.id, part.parts)
            return section.id
        lines = list(part.lines())
        self._stands_alone(section.id, part, bool(lines), run_in=section.run_in)
        tables = tables_in(section, lines, self.today)
        if tables and says_the_same(section, lines, tables, self.outline, self.content, self.today):
            self.used.add(section.id)
            self.items |= tables
        else:
            self._fill(section, lines, _text(lines))
            self.figures += _as_figures(section, tables)
            self.items |= items_in(section, part, self.outline, self.today)
        return section.id

    def _fill(self, section: Section, lines: Sequence[str], text: str) -> None:
        self.used.add(section.id)
        self.wordings[section.id] = Wording(text)
        self.figures += figures_in(section, lines, self.today)

    def _own(self, part: WrittenPart, parent: str) -> str:
        """A section of its own; at the top what is below it becomes sections too."""
        nested = not parent and not self.crowded
        lines = part.paragraphs if nested else list(part.lines())
        id = self._add(part.heading, parent, _text(lines))
        self._stands_alone(id, part, bool(lines), run_in=bool(parent))
        self.placed.append(Placed(f"{part.number}{part.heading}", "", len(part.text)))
        if nested and part.parts:
            self.orders[id] = tuple(self._own(child, id) for child in part.parts)
        return id

    def _add(self, heading: str, parent: str, text: str) -> str:
        id = f"own{len(self.added) + 1}"
        self.added[id] = Added(heading, parent)
        self.wordings[id] = Wording(text)
        return id

    def _stands_alone(self, id: str, part: WrittenPart, has_text: bool, *, run_in: bool) -> None:
        """Whether the heading has its line to itself, where it would have it otherwise."""
        if has_text and part.run_in != run_in:
            self.alone[id] = not part.run_in


def _as_figures(section: Section, tables: Mapping[str, Answer]) -> Iterator[FoundFigure]:
    for question in section.questions:
        if question.key in tables:
            typed = tables[question.key].parts[0].typed
            yield FoundFigure(question.key, question.name, typed, typed)


def _text(lines: Iterable[str]) -> str:
    """Lines as a section's own wording; the cells of a row parted as text can part them."""
    return "\n".join(CELLS_APART.join(cell for cell in line.split("\t") if cell) for line in lines)


def _unit_of(title: str, outline: Outline) -> str:
    """The office that a title begins with."""
    kind = "|".join(
        map(re.escape, {outline.kind, "法治政府建设", "政府工作报告", "工作报告", "工作总结", "述职"})
    )
    match = re.match(rf"(?:关于)?(.{{3,40}}?)(?:关于)?(?:(?:19|20)\d{{2}}年|{kind})", title)
    return match[1] if match and is_office(match[1]) else ""
