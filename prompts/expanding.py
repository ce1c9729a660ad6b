"""Questions with `each`: asked once for every item that last year's report answered to another question.

So last year's plans become questions on what came of them. Each is a question like any other, with a key of its own;
only the template sees them together, under the key that the outline gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import msgspec

from prompts.content import Content
from prompts.outline import ABOUT, Outline, Question

MOST = 20  # items of last year that are asked about
SHOWN = 120  # characters of an item in its question


def expanded(
    outline: Outline, last: Content | None, noted: Mapping[str, tuple[str, ...]] | None = None
) -> Outline:
    """The outline with its `each` questions in the place of what last year's report says; without one they go.

    `noted` are the items that this report was begun with: what is answered about the second stays about it, whatever
    becomes of last year's report.
    """
    if not outline.each:
        return outline
    noted = noted or {}
    return _expanded(
        outline, tuple((key, tuple(noted.get(key, ())) or items(outline, key, last)) for key in outline.each)
    )


def items(outline: Outline, key: str, last: Content | None) -> tuple[str, ...]:
    """What last year's report has that the question with this key asks about, one by one."""
    question = outline.questions.get(key)
    source = outline.questions.get(question.each) if question else None
    value = last.value(source) if source and last else None
    return tuple(str(item) for item in value)[:MOST] if isinstance(value, tuple) else ()


def about(outline: Outline, key: str) -> Iterator[tuple[str, str]]:
    """The questions that stand for `key` in an expanded outline, each with the item it is about."""
    for number, item in enumerate(outline.each.get(key, ()), 1):
        yield f"{key}_{number}", item


def base(key: str, outline: Outline) -> str:
    """The key that the outline gave, of a question that stands for it."""
    stem, _, number = key.rpartition("_")
    return stem if number.isdigit() and stem in outline.each else key


@lru_cache(maxsize=128)
def _expanded(outline: Outline, found: tuple[tuple[str, tuple[str, ...]], ...]) -> Outline:
    each = dict(found)

    def put(questions: tuple[Question, ...]) -> tuple[Question, ...]:
        return tuple(new for question in questions for new in _in_place_of(question, each))

    conditions = dict(outline.conditions)
    for key in each:
        if given := outline.conditions.get(key):
            conditions |= {f"{key}_{number}": given for number in range(1, len(each[key]) + 1)}
    return replace(
        outline,
        intro=put(outline.intro),
        outro=put(outline.outro),
        sections=tuple(replace(section, questions=put(section.questions)) for section in outline.sections),
        conditions=conditions,
        each=each,
    )


def _in_place_of(question: Question, each: dict[str, tuple[str, ...]]) -> Iterator[Question]:
    if question.key not in each:
        yield question
        return
    for number, item in enumerate(each[question.key], 1):
        yield msgspec.structs.replace(
            question,
            key=f"{question.key}_{number}",
            ask=re.sub(ABOUT, lambda _, item=item: _short(item), question.ask),  # type: ignore[misc]
            label=f"{question.name}{number}",
        )


def _short(item: str) -> str:
    """An item inside a question: on one line, without its last stop, and not endless."""
    text = " ".join(item.split()).rstrip("。；;")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}……"
