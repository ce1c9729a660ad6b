"""The points of a report as items: plans, that next year's report asks about one by one, and shortcomings."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.importing.figures import common
from bot.importing.headings import headings_of
from bot.importing.structure import WrittenPart
from bot.incoming import Written
from prompts.answers import Refused, Value, parse, to_stored
from prompts.content import Answer, Part
from prompts.outline import Outline, Question, Section

_POINT = re.compile(
    r"(?:^|(?<=[。；，：！]))(?:第?[一二三四五六七八九十]{1,3}(?:是|，)|其[一二三四五六七八九十]，)"
)
_LEAD = re.compile(r"([^。；：]{2,40})：(?=.)")
_BEFORE = re.compile(r"([\u4e00-\u9fff]{2,12})：?\s*(?:\{%[^}]*%\})*\{\{\s*(\w+)")
MOST_ITEMS = 100  # what has more is no list of points
MEANT = 4  # characters in a row by which a list is known for what its question asks


Hints = Sequence[tuple[str, str]]  # a question's key, and words that introduce its answer


@dataclass(frozen=True)
class _List:
    """Points, and the words that introduce them. `told_apart` is whether they are marked as points."""

    lead: str
    points: tuple[str, ...]
    told_apart: bool = True


def items_in(
    section: Section, part: WrittenPart, outline: Outline, today: datetime.date
) -> dict[str, Answer]:
    """Answers to the questions of a section that ask for lists: those it must have, or that next year goes back to."""
    gone_back_to = {question.each for question in outline.questions.values()}
    lists = [question for question in section.questions if question.type == "items"]
    asked = [question for question in lists if question.required or question.key in gone_back_to]
    if not asked:
        return {}
    hints = [(question.key, question.name) for question in lists]
    hints += [(key, words) for words, key in _BEFORE.findall(section.body)]
    given: dict[str, list[_List]] = {}
    for one in _lists(part, hints):
        given.setdefault(_meant(one.lead, hints) or asked[0].key, []).append(one)
    answers = {
        question.key: _answer(question, _points(given.get(question.key, ())), today) for question in asked
    }
    return {key: answer for key, answer in answers.items() if answer is not None}


def _points(lists: Sequence[_List]) -> list[str]:
    """What is marked as points; where nothing is, each paragraph."""
    marked = [one for one in lists if one.told_apart]
    return [point for one in marked or lists for point in one.points]


def _lists(part: WrittenPart, hints: Hints) -> Iterator[_List]:
    headings = headings_of([Written(line) for line in part.paragraphs])
    for line, heading in zip(part.paragraphs, headings, strict=True):
        if heading is not None and heading.number:
            yield _List("", (_sentence(heading.text, heading.rest),))
        else:
            yield _list(line)
    for below in part.parts:
        lines = list(below.lines())
        own = next((i for i, line in enumerate(lines) if i and _meant(_list(line).lead, hints)), len(lines))
        yield _List("", (_sentence(below.heading, *lines[:own]),))
        yield from (_list(line) for line in lines[own:])


def _list(text: str) -> _List:
    """One paragraph: 一是…二是…, what stands behind a colon, or just itself."""
    starts = [match.start() for match in _POINT.finditer(text)]
    if len(starts) > 1:
        ends = [*starts[1:], len(text)]
        if all(text[end - 1] == "；" for end in ends[:-1]) and (stop := text.find("。", starts[-1])) >= 0:
            ends[-1] = stop  # what follows the row is no point of it
        found = (_POINT.sub("", text[at:end], count=1) for at, end in zip(starts, ends, strict=True))
        return _List(text[: starts[0]].strip("，。：；"), tuple(point.strip("，。；") for point in found))
    if lead := _LEAD.match(text):
        rest = text[lead.end() :].rstrip("。；")
        points = tuple(filter(None, rest.split("；")))
        return _List(lead[1], points, told_apart=len(points) > 1)
    return _List("", () if text.endswith("：") else (text,), told_apart=False)


def _sentence(*texts: str) -> str:
    return "。".join(text.strip().rstrip("。；") for text in texts if text.strip())


def _meant(lead: str, hints: Hints) -> str:
    """The question whose list these words introduce, in the outline's template or by its name; "" for none."""
    for key, words in hints if lead else ():
        if lead in words or words in lead or common(lead, words) >= MEANT:
            return key
    return ""


def _answer(question: Question, items: Sequence[str], today: datetime.date) -> Answer | None:
    value: Value | None = None
    if len(items) > MOST_ITEMS:
        return None
    for item in items:
        try:
            value = parse(question, item.replace("\n", ""), today, value).value
        except Refused:
            return None
    if value is None:
        return None
    return Answer(value=to_stored(value), parts=tuple(Part(item) for item in items))
