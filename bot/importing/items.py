"""The points of a report as items: plans, that next year's report asks about one by one, and shortcomings."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from bot.importing.headings import headings_of
from bot.importing.structure import WrittenPart
from bot.incoming import Written
from prompts.answers import Refused, Value, parse, to_stored
from prompts.content import Answer, Part
from prompts.outline import Question, Section

_POINT = re.compile(
    r"(?:^|(?<=[。；，：！]))(?:第?[一二三四五六七八九十]{1,3}(?:是|，)|其[一二三四五六七八九十]，)"
)
_LEAD = re.compile(r"^([^，。；]{2,20})：")
_BEFORE = re.compile(r"([\u4e00-\u9fff]{2,12})：?\s*(?:\{%[^}]*%\})?\{\{\s*(\w+)")


def items_in(section: Section, part: WrittenPart, today: datetime.date) -> dict[str, Answer]:
    """Answers to the questions of a section that ask for lists: those it must have, or that next year goes back to."""
    asked = [question for question in section.questions if question.type == "items" and question.required]
    if not asked:
        return {}
    given: dict[str, list[str]] = {}
    question = asked[0]
    for lead, points in _groups(part):
        question = _meant(lead, asked, section) or (asked[0] if not lead else question)
        given.setdefault(question.key, []).extend(points)
    answers = {question.key: _answer(question, given.get(question.key, ()), today) for question in asked}
    return {key: answer for key, answer in answers.items() if answer is not None}


def _groups(part: WrittenPart) -> Iterator[tuple[str, list[str]]]:
    """Points with the words that introduce them: numbered ones, 一是…二是…, or paragraphs."""
    for lead, text in _paragraphs(part.paragraphs):
        yield lead, _points(text)
    for below in part.parts:
        yield "", [_sentence(below.heading, *below.lines())]


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    headings = headings_of([Written(line) for line in lines])
    for line, heading in zip(lines, headings, strict=True):
        if heading is not None and heading.number:
            yield "", _sentence(heading.text, heading.rest)
        elif lead := _LEAD.match(line):
            yield lead[1], line[lead.end() :]
        else:
            yield "", line


def _points(text: str) -> list[str]:
    starts = [match.start() for match in _POINT.finditer(text)]
    if len(starts) < 2:
        return [text] if text and not text.endswith("：") else []
    ends = [*starts[1:], len(text)]
    return [
        _POINT.sub("", text[start:end], count=1).strip("，。；")
        for start, end in zip(starts, ends, strict=True)
    ]


def _sentence(*texts: str) -> str:
    return "。".join(text.strip().rstrip("。；") for text in texts if text.strip())


def _meant(lead: str, asked: Sequence[Question], section: Section) -> Question | None:
    """The question whose list these words introduce, in the outline's template or by its name."""
    words = {key: before for before, key in _BEFORE.findall(section.body)}
    for question in asked:
        for hint in (words.get(question.key, ""), question.name):
            if lead and hint and (lead in hint or hint in lead):
                return question
    return None


def _answer(question: Question, items: Sequence[str], today: datetime.date) -> Answer | None:
    value: Value | None = None
    for item in items:
        try:
            value = parse(question, item.replace("\n", ""), today, value).value
        except Refused:
            return None
    if value is None:
        return None
    return Answer(value=to_stored(value), parts=tuple(Part(item) for item in items))
