"""Taking turns, medians, and the rows of the table: what every measurement has in common."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

K = TypeVar("K")

Variant = Callable[[], float]  # does the thing once and says how many seconds it took


@dataclass(frozen=True)
class Effort:
    """How much is measured; the quick one only shows that the benchmark itself works."""

    rounds: int  # how often the compared ways take turns
    batch: int  # how often each of them runs in its turn
    stored: tuple[int, ...]  # how many reports are stored, the fewest first
    one_file: tuple[int, ...]  # the same for one TinyDB file, which is too slow for more
    people: int  # who answer at the same time
    touched: int  # people whom one process has to do with
    starts: int  # how often a process is started
    libreoffice: bool  # whether it is asked; it takes seconds


FULL = Effort(
    rounds=12, batch=16, stored=(1, 10, 1_000, 100_000), one_file=(1, 10, 100, 1_000), people=1_000, touched=10_000,
    starts=4, libreoffice=True,
)  # fmt: skip
QUICK = Effort(
    rounds=2,
    batch=3,
    stored=(1, 10, 100),
    one_file=(1, 10),
    people=20,
    touched=50,
    starts=1,
    libreoffice=False,
)


class Unit(Enum):
    """What samples are, and how they are shown. Of rates the time for one is kept: less is better everywhere."""

    SECONDS = "s"
    RATE = "/s"
    BYTES = "B"

    def show(self, value: float) -> str:
        match self:
            case Unit.RATE:
                return f"{1 / value:,.3g}/s" if value > 0.01 else f"{1 / value:,.0f}/s"
            case Unit.BYTES:
                return f"{value / 2**20:,.0f} MB"
            case _ if value >= 100:
                return f"{value:,.0f} s"
            case _ if value >= 1:
                return f"{value:,.3g} s"
            case _ if value >= 0.1:
                return f"{value * 1e3:.0f} ms"
            case _:
                return f"{value * 1e3:.3g} ms"


@dataclass(frozen=True)
class Samples:
    """What was measured, turn by turn."""

    turns: tuple[tuple[float, ...], ...]
    unit: Unit = Unit.SECONDS

    @property
    def median(self) -> float:
        return statistics.median(value for turn in self.turns for value in turn)

    @property
    def by_turn(self) -> list[float]:
        return [statistics.median(turn) for turn in self.turns]

    def __str__(self) -> str:
        low, high = spread([value for turn in self.turns for value in turn])
        if low == high:
            return self.unit.show(self.median)
        shown = sorted((low, high), reverse=self.unit is Unit.RATE)
        return f"{self.unit.show(self.median)} ({self.unit.show(shown[0])} to {self.unit.show(shown[1])})"

    def over(self, other: Samples) -> Ratio:
        """How many times the other's value, turn by turn: what slows a whole turn down cancels out."""
        each = [mine / theirs for mine, theirs in zip(self.by_turn, other.by_turn, strict=True)]
        return Ratio(statistics.median(each), *spread(each))


@dataclass(frozen=True)
class Ratio:
    """A median and its spread."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        middle = _plain(self.median)
        return middle if self.low == self.high else f"{middle} ({_plain(self.low)} to {_plain(self.high)})"


@dataclass(frozen=True)
class Row:
    """A line of the table; empty where there is nothing to compare with or nothing promised."""

    what: str
    measured: str
    beside: str = ""
    ratio: str = ""
    target: str = ""
    verdict: str = ""


def timed(do: Callable[[], object]) -> Variant:
    """`do`, as something whose every run is timed."""

    def run() -> float:
        before = time.perf_counter()
        do()
        return time.perf_counter() - before

    return run


def in_turns(
    variants: Mapping[K, Variant], rounds: int, batch: int, unit: Unit = Unit.SECONDS
) -> dict[K, Samples]:
    """Run every variant a few times, then all of them again, beginning with another one each time.

    The very first run of each is not counted: it fills caches.
    """
    names = list(variants)
    found: dict[K, list[tuple[float, ...]]] = {name: [] for name in names}
    for name in names:
        variants[name]()
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            found[name].append(tuple(variants[name]() for _ in range(batch)))
    return {name: Samples(tuple(turns), unit) for name, turns in found.items()}


def compared(
    what: str, measured: Samples, name: str, beside: Samples, at_most: float | None = None, goal: str = ""
) -> Row:
    """A row whose promise is a ratio: at most so many times the other's time, or memory."""
    ratio = measured.over(beside)
    return Row(
        what,
        str(measured),
        f"{name}: {beside}",
        str(ratio),
        goal or ("" if at_most is None else f"at most {_plain(at_most)}"),
        verdict(ratio.median, at_most),
    )


def limited(what: str, measured: Samples, at_most: float, beside: str = "", ratio: str = "") -> Row:
    """A row whose promise is a time in itself."""
    return Row(
        what,
        str(measured),
        beside,
        ratio,
        f"under {measured.unit.show(at_most)}",
        verdict(measured.median, at_most),
    )


def verdict(value: float, at_most: float | None) -> str:
    """ok, or by how much it is not."""
    if at_most is None:
        return ""
    factor = value / at_most
    if factor <= 1:
        return "ok"
    return (
        f"MISSED by {math.ceil((factor - 1) * 100)}%" if factor < 2 else f"MISSED by a factor of {factor:.1f}"
    )


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The first and the last tenth's border: where nearly all values lie."""
    if len(values) < 2:
        return values[0], values[0]
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return tenths[0], tenths[-1]


def _plain(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}×"
    return f"{number:.3g}×" if number >= 1 else f"{number:.2g}×"
