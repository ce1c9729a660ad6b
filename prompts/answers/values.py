"""Parsed answers: small frozen values that say what was meant, exactly, and how it was qualified."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import msgspec

SCALES = {"": 1, "万": 10**4, "亿": 10**8}


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number as officials write it: 30余, 约50, 1.6万余.

    `number` counts in `scale`, with the decimals that were typed; `before` and `after` are how it was qualified
    (约, 近, 超过 / 余, 以上).
    """

    number: Decimal
    scale: str = ""
    before: str = ""
    after: str = ""

    @property
    def amount(self) -> Decimal:
        """The figure itself, without scale and qualification."""
        return self.number * SCALES[self.scale]

    @property
    def exact(self) -> bool:
        return not (self.before or self.after)

    def print(self, unit: str) -> str:
        """As an official document writes it: 30余条, 1.6万余条, 20条以上."""
        if self.after == "余":
            return f"{self.before}{self.number:f}{self.scale}余{unit}"
        return f"{self.before}{self.number:f}{self.scale}{unit}{self.after}"


class Trend(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change against the year before: `by` is in percent, or in percentage points; negative where it fell."""

    by: Decimal
    points: bool = False

    def print(self) -> str:
        """增长5.2%, 下降3%, 与上年持平; of rates 提高1.2个百分点, 下降1.2个百分点."""
        if not self.by:
            return "与上年持平"
        if self.points:
            return f"{'提高' if self.by > 0 else '下降'}{abs(self.by):f}个百分点"
        return f"{'增长' if self.by > 0 else '下降'}{abs(self.by):f}%"


class TableCells(msgspec.Struct, frozen=True):
    """The typed cells of a table, row by row; None where nothing was typed. Totals are not kept: they follow.

    What follows from the cells is `prompts.grid.Grid`.
    """

    rows: tuple[tuple[Decimal | None, ...], ...]


Value = str | tuple[str, ...] | Figure | Trend | datetime.date | int | bool | TableCells


class Refused(Exception):
    """What was typed is not an answer to this question.

    `code` chooses the sentence (prompts/chat/refused.j2), `details` fill it, `suggestions` are ready answers that
    may be what was meant, to be offered as buttons.
    """

    def __init__(self, code: str, *suggestions: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.suggestions = suggestions
        self.details = details


class Doubt(msgspec.Struct, frozen=True):
    """The answer is understood and taken, yet something about it looks wrong; said once, kindly."""

    code: str
    suggestions: tuple[str, ...] = ()
    details: dict[str, str] = {}


class Parsed(msgspec.Struct, frozen=True):
    """An answer that was understood, with a doubt about it if there is one."""

    value: Value
    doubt: Doubt | None = None
