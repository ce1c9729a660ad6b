"""Figures of a report as answers: which question a figure in a sentence was the answer to.

The words in front of a figure in the report are held against the words in front of it in the outline's template, and
against the question's own. A figure is proposed only where its unit is the question's and the words agree.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.review.figures import Mention, mentions
from bot.review.reading import ReadLine, read_lines
from prompts.answers import Refused, parse
from prompts.outline import Question, Section

CONTEXT = 16  # characters around a figure that say what it counts
ENOUGH = 2  # characters in a row that must agree

_ASKING = re.compile(r"多少|几|全年|本年|一共|共有?|[？?，。]|哪些|的")


@dataclass(frozen=True)
class FoundFigure:
    """An answer that a sentence gives: `typed` is the figure as written there."""

    key: str
    label: str
    typed: str
    sentence: str


def figures_in(section: Section, lines: Sequence[str], today: datetime.date) -> list[FoundFigure]:
    """The figures in a section's text that answer its questions."""
    asked = [q for q in section.questions if q.type in ("count", "percent", "money")]
    places = [(line, found) for line in read_lines(list(lines)).lines for found in mentions(line)]
    scored = sorted(
        (
            (_agreement(question, section, line, found), -i, question.key, i)
            for i, (line, found) in enumerate(places)
            for question in asked
            if _unit_fits(question, found)
        ),
        reverse=True,
    )
    taken: dict[str, int] = {}
    for score, _, key, i in scored:
        if score >= ENOUGH and key not in taken and i not in taken.values():
            taken[key] = i
    found_figures = []
    for question in asked:
        if question.key in taken:
            line, found = places[taken[question.key]]
            typed = line.folded[found.start : found.end]
            if _is_answer(question, typed, today):
                sentence = _sentence(line, found.start)
                found_figures.append(FoundFigure(question.key, question.name, typed, sentence))
    return found_figures


def _unit_fits(question: Question, found: Mention) -> bool:
    if question.type == "percent":
        return found.unit == "%"
    if question.type == "money":
        return found.unit.endswith("元")
    return found.unit == question.unit


def _agreement(question: Question, section: Section, line: ReadLine, found: Mention) -> float:
    """How many characters in a row the words around a figure share with those that the outline has for it."""
    before = re.split(r"[。；]", line.folded[max(0, found.start - CONTEXT) : found.start])[-1]
    after = re.split(r"[。；，]", line.folded[found.end : found.end + CONTEXT // 2])[0]
    best = 0.0
    for hint, weight in _hints(question, section):
        best = max(best, weight * max(_common(hint, before), 0.9 * _common(hint, after)))
    return best


def _hints(question: Question, section: Section) -> Iterator[tuple[str, float]]:
    """The words for a figure: those before it in the template are the best."""
    for match in re.finditer(rf"([\u4e00-\u9fff，、]*)\{{\{{\s*{re.escape(question.key)}\b", section.body):
        yield match[1][-CONTEXT:], 1.3
    yield question.name, 1.0
    yield _ASKING.sub("", question.ask), 1.0


def _common(one: str, other: str) -> int:
    """The longest run of characters in both."""
    best = 0
    for i in range(len(one)):
        while one[i : i + best + 1] in other and i + best < len(one):
            best += 1
    return best


def _is_answer(question: Question, typed: str, today: datetime.date) -> bool:
    try:
        parse(question, typed, today)
    except Refused:
        return False
    return True


def _sentence(line: ReadLine, at: int) -> str:
    for start, sentence in line.sentences():
        if start <= at < start + len(sentence):
            clauses = re.split(r"(?<=，)", sentence)
            position = start
            for clause in clauses:
                if position <= at < position + len(clause):
                    return clause.strip("，。")
                position += len(clause)
    return line.folded[max(0, at - 20) : at + 20]
