"""Questions with `each`: asked once for every item that last year's report answered to another question.

So last year's plans become questions on what came of them. Each is a question like any other, with a key of its own;
only the template sees them together, under the key that the outline gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import msgspec

from prompts.content import Content
from prompts.outline import Outline, Question

MOST = 20  # items of last year that are asked about
SHOWN = 120  # characters of an item in its question


def expanded(outline: Outline, last: Content | None) -> Outline:
    """The outline with its `each` questions in the place of what last year's report says; without one they go."""
    if not outline.each:
        return outline
    return _expanded(outline, tuple((key, _items(outline, key, last)) for key in outline.each))


def about(outline: Outline, key: str) -> Iterator[tuple[str, str]]:
    """The questions that stand for `key` in an expanded outline, each with the item it is about."""
    for number, item in enumerate(outline.each.get(key, ()), 1):
        yield f"{key}_{number}", item


def base(key: str, outline: Outline) -> str:
    """The key that the outline gave, of a question that stands for it."""
    stem, _, number = key.rpartition("_")
    return stem if number.isdigit() and stem in outline.each else key


def _items(outline: Outline, key: str, last: Content | None) -> tuple[str, ...]:
    question = outline.questions.get(key)
    source = outline.questions.get(question.each) if question else None
    value = last.value(source) if source and last else None
    return tuple(str(item) for item in value)[:MOST] if isinstance(value, tuple) else ()


@lru_cache(maxsize=128)
def _expanded(outline: Outline, items: tuple[tuple[str, tuple[str, ...]], ...]) -> Outline:
    each = dict(items)

    def put(questions: tuple[Question, ...]) -> tuple[Question, ...]:
        return tuple(new for question in questions for new in _in_place_of(question, each))

    conditions = dict(outline.conditions)
    for key in each:
        if found := outline.conditions.get(key):
            conditions |= {f"{key}_{number}": found for number in range(1, len(each[key]) + 1)}
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
        short = item if len(item) <= SHOWN else f"{item[:SHOWN]}……"
        yield msgspec.structs.replace(
            question,
            key=f"{question.key}_{number}",
            ask=question.ask.replace("{{ about }}", short),
            label=f"{question.name}{number}",
        )
