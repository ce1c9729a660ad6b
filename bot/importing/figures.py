"""Figures of a report as answers: which question a figure in a sentence was the answer to.

The words in front of a figure in the report are held against the words in front of it in the outline's template, and
against the question's own. A figure is proposed only where its unit is the question's and the words agree.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.importing.structure import beginning
from bot.review.figures import Mention, mentions
from bot.review.reading import ReadLine, read_lines
from prompts.answers import Refused, parse
from prompts.outline import Question, Section

CONTEXT = 16  # characters around a figure that say what it counts
ENOUGH = 2  # characters in a row that must agree
BEYOND, AFTER = 0.7, 0.9  # what a character counts in the clause before, and behind the figure
APART = 60  # characters of a template between a figure and how it compares
TEXT_READ, MOST_FIGURES = 20_000, 400  # characters and figures of a section that are looked at

_ASKING = re.compile(r"多少|几|全年|本年|一共|共有?|[？?，。]|哪些|的")
_ALSO = {
    "件": "个",
    "条": "个",
    "项": "个",
    "处": "个",
    "人次": "人",
}  # units that an answer may have instead
_CHANGE = re.compile(
    r"[，、（]?(?:同比|[比较](?:上年|去年))?(?P<change>(?:增长|增加|上升|提高|提升|下降|减少|降低|回落)了?\d+(?:\.\d+)?(?:%|个百分点)|(?:基本)?持平)"
)


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
    changes = [q for q in section.questions if q.type == "change"]
    if not (asked or changes):
        return []
    places = [
        (line, found) for line in read_lines(beginning(lines, TEXT_READ)).lines for found in mentions(line)
    ]
    places = places[:MOST_FIGURES]
    hints = {question.key: _hints(question, section) for question in asked}
    scored = sorted(
        (
            (_agreement(hints[question.key], line, found), -i, question.key, i)
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
    ends = {key: (places[i][0], places[i][1].start, places[i][1].end) for key, i in taken.items()}
    ends |= _changes(changes, section, ends)
    return [
        FoundFigure(question.key, question.name, typed, _sentence(line, start))
        for question in section.questions
        if question.key in ends
        for line, start, end in [ends[question.key]]
        if _is_answer(question, typed := line.folded[start:end], today)
    ]


Place = tuple[ReadLine, int, int]


def _changes(asked: Sequence[Question], section: Section, places: Mapping[str, Place]) -> dict[str, Place]:
    """How a figure compares with the year before, where that stands behind the figure, as it does in the outline."""
    found: dict[str, Place] = {}
    for question in asked:
        for match in re.finditer(rf"\b{re.escape(question.key)}\b", section.body):
            words = re.findall(r"\w+", section.body[max(0, match.start() - APART) : match.start()])
            figure = next((word for word in reversed(words) if word in places), None)
            if figure is None:
                continue
            line, _, end = places[figure]
            if change := _CHANGE.match(line.folded, end):
                found[question.key] = (line, change.start("change"), change.end("change"))
    return found


def _unit_fits(question: Question, found: Mention) -> bool:
    if question.type == "percent":
        return found.unit == "%"
    if question.type == "money":
        return found.unit.endswith("元")
    return found.unit in (question.unit, _ALSO.get(question.unit, question.unit))


def _agreement(hints: Sequence[tuple[str, float]], line: ReadLine, found: Mention) -> float:
    """How many characters in a row the words around a figure share with those that the outline has for it."""
    before = re.split(r"[。；]", line.folded[max(0, found.start - CONTEXT) : found.start])[-1]
    clause = before.rpartition("，")[2]
    after = re.split(r"[。；，]", line.folded[found.end : found.end + CONTEXT // 2])[0]
    near = ((clause, 1.0), (before, BEYOND), (after, AFTER))
    return max(weight * share * common(hint, words) for hint, weight in hints for words, share in near)


def _hints(question: Question, section: Section) -> list[tuple[str, float]]:
    """The words for a figure: those before it in the template are the best."""
    found = [
        (match[1][-CONTEXT:], 1.3)
        for match in re.finditer(rf"([\u4e00-\u9fff，、]*)\{{\{{\s*{re.escape(question.key)}\b", section.body)
    ]
    return [*found, (question.name, 1.0), (_ASKING.sub("", question.ask), 1.0)]


def common(one: str, other: str) -> int:
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
