"""The question types. Each is one entry of `TYPES`: how it is read, how it is printed, how it is kept.

`parse` turns what was typed into a value or raises `Refused`; `print_value` writes a value as an official document
does; `to_stored` and `from_stored` are its form in the report's file. To add a type, add an entry.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import msgspec

from prompts.answers import dates, figures, tables, trends, words
from prompts.answers.values import Doubt, Figure, Parsed, Refused, TableCells, Trend, Value
from prompts.answers.words import clean

if TYPE_CHECKING:
    from prompts.outline import Question

__all__ = [
    "TYPES", "Doubt", "Figure", "Parsed", "Refused", "TableCells", "Trend", "Value",
    "clean", "from_stored", "parse", "print_value", "to_stored",
]  # fmt: skip

Today = datetime.date


@dataclass(frozen=True)
class AnswerType:
    """What one question type does. `stored` is the type its value is decoded to from JSON."""

    parse: Callable[[str, Question, Today, Value | None], Parsed]
    print: Callable[[Any, Question], str]
    stored: Any
    gathers: bool = False  # several messages make up one answer
    figure: bool = False  # a number that rates and checks can be computed from


def _count(value: Figure, question: Question) -> str:
    return value.print(question.unit)


def _joined(value: Sequence[str], question: Question) -> str:
    return "、".join(item.rstrip("。；;，,") for item in value)


def _more_items(typed: str, question: Question, today: Today, before: Value | None) -> Parsed:
    parsed = words.parse_items(typed)
    return Parsed((*cast("tuple[str, ...]", before or ()), *cast("tuple[str, ...]", parsed.value)))


def _print_table(value: TableCells, question: Question) -> str:
    """In one line, for lists of answers: the rows that have a figure other than 0."""
    typed = question.column_axis.typed
    rows = [
        f"{name.split('/')[-1]} " + " ".join("—" if row[c] is None else f"{row[c]:f}" for c in typed)
        for name, row in zip(question.rows, value.rows, strict=False)
        if any(row)
    ]
    return "；".join(rows) or "0"


TYPES: dict[str, AnswerType] = {
    "text": AnswerType(lambda t, q, d, b: words.parse_text(t), lambda v, q: v, str),
    "items": AnswerType(_more_items, _joined, tuple[str, ...], gathers=True),
    "count": AnswerType(lambda t, q, d, b: figures.parse_count(t, q), _count, Figure, figure=True),
    "percent": AnswerType(
        lambda t, q, d, b: figures.parse_percent(t, q), lambda v, q: v.print("%"), Figure, figure=True
    ),
    "money": AnswerType(
        lambda t, q, d, b: figures.parse_money(t, q), lambda v, q: v.print("元"), Figure, figure=True
    ),
    "change": AnswerType(lambda t, q, d, b: trends.parse_trend(t), lambda v, q: v.print(), Trend),
    "date": AnswerType(
        lambda t, q, d, b: dates.parse_date(t, d), lambda v, q: dates.print_date(v), datetime.date
    ),
    "year": AnswerType(lambda t, q, d, b: dates.parse_year(t, d), lambda v, q: str(v), int, figure=True),
    "choice": AnswerType(lambda t, q, d, b: words.parse_choice(t, q.labels), lambda v, q: q.wording(v), str),
    "choices": AnswerType(
        lambda t, q, d, b: words.parse_choices(t, q.labels),
        lambda v, q: "、".join(q.wording(label) for label in v),
        tuple[str, ...],
    ),
    "yesno": AnswerType(lambda t, q, d, b: words.parse_yesno(t), lambda v, q: "是" if v else "否", bool),
    "table": AnswerType(
        lambda t, q, d, b: tables.parse_table(t, q, b if isinstance(b, TableCells) else None),
        _print_table,
        TableCells,
        gathers=True,
    ),
}


def parse(question: Question, typed: str, today: Today, before: Value | None = None) -> Parsed:
    """Read what was typed for `question`. `before` is the answer so far, for the types that gather messages.

    Raises:
        Refused: it is no answer to this question; `code` says why.
    """
    if not clean(typed):
        raise Refused("empty")
    parsed = TYPES[question.type].parse(clean(typed), question, today, before)
    _check_limits(question, parsed.value)
    return parsed


def print_value(question: Question, value: Value) -> str:
    """The value as an official document writes it: 30余条, 98.5%, 2024年1月29日."""
    return TYPES[question.type].print(value, question)


def to_stored(value: Value) -> Any:
    """The value as JSON keeps it, exactly: decimals as strings, dates in ISO 8601."""
    return msgspec.to_builtins(value, str_keys=True)


def from_stored(question: Question, stored: Any) -> Value | None:
    """The value that JSON kept, or None where it does not fit the question any more (the outline has changed)."""
    try:
        return cast("Value", msgspec.convert(stored, TYPES[question.type].stored, strict=True))
    except (msgspec.ValidationError, KeyError):
        return None


def _check_limits(question: Question, value: Value) -> None:
    match value:
        case Figure():
            number = value.amount
        case int() if not isinstance(value, bool):
            number = Decimal(value)
        case _:
            return
    if (question.min is not None and number < question.min) or (
        question.max is not None and number > question.max
    ):
        raise Refused("limits", min=question.min, max=question.max, given=print_value(question, value))
