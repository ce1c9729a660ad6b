"""A table as the form has it: what was typed, the totals that follow, last year's row carried over, and what must balance.

Rows and columns are named by paths (`三、办理结果/（三）不予公开/1.属于国家秘密`); a name is a whole path or, where
only one has it, its last part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from prompts.answers.values import TableCells
from prompts.draft import Cell, Source, Table

if TYPE_CHECKING:
    from prompts.outline import Question

LAST = "上年/"  # in a balance: the same row or column of last year's report
GAP = "〔待填〕"


class Origin(Enum):
    """Where the figure of a cell comes from."""

    TYPED = "typed"
    TOTAL = "total"
    CARRIED = "carried"  # last year's report says it


@dataclass(frozen=True)
class Unbalanced:
    """A balance of the form that does not hold: in which row or column, and what stands on either side."""

    balance: str
    where: str
    left: Decimal
    right: Decimal
    across_years: bool = False


class Axis:
    """The rows, or the columns, of a table: their paths, and which of them are totals of which others."""

    def __init__(self, paths: Sequence[str], sums: dict[str, str]) -> None:
        self.paths = tuple(tuple(path.split("/")) for path in paths)
        self.names = tuple(paths)
        self.depth = max((len(path) for path in self.paths), default=0)
        self.sums = {self.index(name): self._matched(name, pattern) for name, pattern in sums.items()}

    def index(self, name: str) -> int:
        """Where the row or column of this name is. Raises `KeyError`."""
        if name in self.names:
            return self.names.index(name)
        found = [i for i, path in enumerate(self.paths) if path[-1] == name]
        if len(found) != 1:
            raise KeyError(name)
        return found[0]

    @cached_property
    def typed(self) -> tuple[int, ...]:
        """Those that people fill in."""
        return tuple(i for i in range(len(self.paths)) if i not in self.sums)

    def label(self, index: int) -> str:
        """A path for people to read."""
        return " → ".join(self.paths[index])

    def _matched(self, total: str, pattern: str) -> tuple[int, ...]:
        """`*`: all others; `a/*`: all below a; else names with + between."""
        itself = self.index(total)
        if pattern.endswith("*"):
            below = pattern[:-1]
            return tuple(i for i, name in enumerate(self.names) if i != itself and name.startswith(below))
        return tuple(self.index(name.strip()) for name in pattern.split(" + "))


class Grid:
    """The whole table of a question. `last` are the cells of last year's report, if there is one."""

    def __init__(self, question: Question, cells: TableCells | None, last: TableCells | None = None) -> None:
        self.question = question
        self.rows, self.columns = question.row_axis, question.column_axis
        self._typed = cells.rows if cells and fits(question, cells) else ()
        self._last = Grid(question, last) if last and fits(question, last) else None
        self._known: dict[tuple[int, int], Decimal | None] = {}

    @property
    def has_last(self) -> bool:
        """Whether there is last year's table to carry over from."""
        return self._last is not None

    def typed(self, row: int, column: int) -> Decimal | None:
        """What was typed in a cell."""
        return self._typed[row][column] if self._typed else None

    def value(self, row: int, column: int) -> Decimal | None:
        """The figure of a cell; None where it is not known yet, and so for a total over such a cell."""
        if (row, column) not in self._known:
            self._known[row, column] = self._value(row, column)
        return self._known[row, column]

    def _value(self, row: int, column: int) -> Decimal | None:
        if row in self.rows.sums:
            parts = [self.value(other, column) for other in self.rows.sums[row]]
        elif column in self.columns.sums:
            parts = [self.value(row, other) for other in self.columns.sums[column]]
        else:
            typed = self.typed(row, column)
            return typed if typed is not None else self._carried(row, column)
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if len(known) == len(parts) else None

    def origin(self, row: int, column: int) -> Origin:
        """Where the figure of a cell comes from, or would."""
        if row in self.rows.sums or column in self.columns.sums:
            return Origin.TOTAL
        if self.typed(row, column) is None and self._carried(row, column) is not None:
            return Origin.CARRIED
        return Origin.TYPED

    def _carried(self, row: int, column: int) -> Decimal | None:
        name = self.question.carry.get(self.rows.names[row])
        return self._last.value(self.rows.index(name), column) if name and self._last else None

    @cached_property
    def empty(self) -> tuple[tuple[int, int], ...]:
        """The cells that are still to be filled in."""
        return tuple(
            (row, column)
            for row in self.rows.typed
            for column in self.columns.typed
            if self.value(row, column) is None
        )

    @property
    def complete(self) -> bool:
        return not self.empty

    def filled(self, row: int) -> bool:
        """Whether a row has nothing left to fill in."""
        return all(self.value(row, column) is not None for column in self.columns.typed)

    def unbalanced(self) -> Iterator[Unbalanced]:
        """The form's arithmetic where it does not hold; what is not filled in yet is not judged."""
        for balance in self.question.balances:
            left, right = (_terms(side) for side in balance.split(" = "))
            over_rows = _is_about(self.rows, left + right)
            axis, across = (self.rows, self.columns) if over_rows else (self.columns, self.rows)
            for position in range(len(across.paths)):
                sums = [self._sum(axis, side, position, over_rows=over_rows) for side in (left, right)]
                if sums[0] is not None and sums[1] is not None and sums[0] != sums[1]:
                    years = any(name.startswith(LAST) for _, name in left + right)
                    yield Unbalanced(balance, across.label(position), sums[0], sums[1], years)

    def _sum(
        self, axis: Axis, terms: list[tuple[int, str]], position: int, *, over_rows: bool
    ) -> Decimal | None:
        total = Decimal(0)
        for sign, name in terms:
            grid: Grid | None = self._last if name.startswith(LAST) else self
            at = axis.index(name.removeprefix(LAST))
            if grid is None:
                return None
            value = grid.value(at, position) if over_rows else grid.value(position, at)
            if value is None:
                return None
            total += sign * value
        return total

    def carried_otherwise(self) -> Iterator[tuple[str, str, Decimal, Decimal]]:
        """Row, column, typed and last year's figure where a carried-over row was typed differently."""
        for name in self.question.carry:
            row = self.rows.index(name)
            for column in self.columns.typed:
                typed, carried = self.typed(row, column), self._carried(row, column)
                if typed is not None and carried is not None and typed != carried:
                    yield self.rows.label(row), self.columns.label(column), typed, carried

    def table(self) -> Table:
        """As the document has it, its heads merged, gaps visible."""
        return stacked((self,))


def fits(question: Question, cells: TableCells) -> bool:
    """Whether the cells have the shape of the question's table; an outline may have changed since."""
    return len(cells.rows) == len(question.rows) and all(
        len(row) == len(question.columns) for row in cells.rows
    )


def stacked(grids: Sequence[Grid]) -> Table:
    """One table of several, below each other, each below a band with its question's caption where there is one.

    Of several none has a header to repeat: it would stand above the figures of another.
    """
    head = max(grid.rows.depth if grid.question.row_heads else 0 for grid in grids)
    width = max(len(grid.columns.paths) for grid in grids)
    rows: list[tuple[Cell, ...]] = []
    for grid in grids:
        if len(grids) > 1 and grid.question.caption:
            rows.append((Cell(grid.question.caption, colspan=head + width),))
        names = head if grid.question.row_heads else 0
        shares = _shares(head - names + width, len(grid.columns.paths))
        rows += _head(grid, names, shares)
        rows += _body(grid, names, shares)
    alone = grids[0] if len(grids) == 1 else None
    header, caption = (alone.columns.depth, alone.question.caption) if alone else (0, "")
    return Table(tuple(rows), header, caption, _widths(grids, head, width))


def _shares(width: int, columns: int) -> list[int]:
    """How many columns of the stack each column of a narrower table covers; the last take what is left over."""
    each, over = divmod(width, columns)
    return [each + (1 if i >= columns - over else 0) for i in range(columns)]


def _head(grid: Grid, head: int, shares: list[int]) -> list[tuple[Cell, ...]]:
    axis = grid.columns
    rows: list[list[Cell]] = [[] for _ in range(axis.depth)]
    if head:
        rows[0].append(Cell(grid.question.corner, colspan=head, rowspan=axis.depth))
    for level, first, count, leaf in _spans(axis):
        span = sum(shares[first : first + count])
        tall = axis.depth - level if leaf else 1
        rows[level].append(Cell(axis.paths[first][level], colspan=span, rowspan=tall))
    return [tuple(row) for row in rows]


def _body(grid: Grid, head: int, shares: list[int]) -> list[tuple[Cell, ...]]:
    axis = grid.rows
    rows: list[list[Cell]] = [[] for _ in axis.paths]
    if head:
        for level, first, count, leaf in _spans(axis):
            wide = head - level if leaf else 1
            rows[first].append(Cell(axis.paths[first][level], colspan=wide, rowspan=count))
    for row in range(len(axis.paths)):
        rows[row] += [_cell(grid, row, column, shares[column]) for column in range(len(shares))]
    return [tuple(row) for row in rows]


def _spans(axis: Axis) -> Iterator[tuple[int, int, int, bool]]:
    """Each name of a head: its level, the first place it covers, how many, and whether nothing is below it."""
    for level in range(axis.depth):
        position = 0
        while position < len(axis.paths):
            path = axis.paths[position]
            if len(path) <= level:
                position += 1
                continue
            count = 1
            while (
                position + count < len(axis.paths)
                and axis.paths[position + count][: level + 1] == path[: level + 1]
            ):
                count += 1
            yield level, position, count, len(path) == level + 1
            position += count


def _cell(grid: Grid, row: int, column: int, span: int) -> Cell:
    value = grid.value(row, column)
    keys = (grid.question.key,)
    if value is None:
        return Cell(GAP, colspan=span, source=Source.GAP, keys=keys)
    source = Source.ANSWER if grid.origin(row, column) is Origin.TYPED else Source.COMPUTED
    return Cell(f"{value:f}", colspan=span, numeric=True, source=source, keys=keys)


def _widths(grids: Sequence[Grid], head: int, width: int) -> tuple[float, ...]:
    """Shares of the columns, about a character each: names that are merged over rows in two lines, figures alike."""
    shares: list[float] = []
    for level in range(head):
        leaf = level == head - 1
        names = [
            path[level]
            for grid in grids
            for path in grid.rows.paths
            if len(path)
            > level + (not leaf)  # a name that goes on over the columns beside it has room enough
        ]
        longest = max(map(len, names), default=4)
        shares.append(min(max(longest, 3), 9.5) if leaf else min(max(longest / 2 + 1, 2.5), 5))
    least = 2.0 if width > 9 else 3.0
    return (*shares, *[least] * width)


def _terms(side: str) -> list[tuple[int, str]]:
    """`a + b - c` as signs and names."""
    parts = re.split(r" ([+-]) ", side.strip())
    signs = ["+", *parts[1::2]]
    return [(1 if sign == "+" else -1, name.strip()) for sign, name in zip(signs, parts[::2], strict=True)]


def _is_about(axis: Axis, terms: list[tuple[int, str]]) -> bool:
    try:
        for _, name in terms:
            axis.index(name.removeprefix(LAST))
    except KeyError:
        return False
    return True


def check(question: Question) -> str:
    """What is wrong with a table's description, in the words of whoever writes outlines; "" where nothing is."""
    for kind, names in (("rows", question.rows), ("columns", question.columns)):
        if twice := next((name for name in names if names.count(name) > 1), ""):
            return f"{kind} has {twice!r} twice"
    try:
        rows, columns = question.row_axis, question.column_axis
        for here, there in question.carry.items():
            rows.index(here), rows.index(there)
    except KeyError as error:
        return f"no row or column is called {error.args[0]!r}"
    for balance in question.balances:
        if balance.count(" = ") != 1:
            return f"a balance reads `a + b = c`, not {balance!r}"
        terms = [term for side in balance.split(" = ") for term in _terms(side)]
        if not _is_about(rows, terms) and not _is_about(columns, terms):
            return f"balance {balance!r}: names neither only rows nor only columns of the table"
    return ""
