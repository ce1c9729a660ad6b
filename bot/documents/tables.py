"""Where each cell of a table stands, and how its text is set: a covered place has no cell, as in HTML."""

from __future__ import annotations

import math
from typing import NamedTuple

from bot.documents import layout
from prompts.draft import Cell, Source, Table

INSET = 2.0  # points between the text of a cell and its sides
LONG_NAME = 12  # characters; where a row's name has more, the names of that table begin at the left


class Placed(NamedTuple):
    row: int
    column: int
    cell: Cell


def placed(table: Table) -> list[Placed]:
    """Every cell with its first row and column, in reading order."""
    taken: set[tuple[int, int]] = set()
    found = []
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            found.append(Placed(row, column, cell))
            taken |= {(row + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            column += cell.colspan
    return found


def columns(table: Table) -> int:
    return max((column + cell.colspan for _, column, cell in placed(table)), default=0)


def widths(table: Table) -> list[float]:
    """The share of each column in the table's width; they sum to 1."""
    count = columns(table)
    given = list(table.widths) if len(table.widths) == count else [1.0] * count
    return [share / sum(given) for share in given]


def texts(table: Table) -> list[list[str]]:
    """The cells as a full grid; a covered place is empty."""
    grid = [[""] * columns(table) for _ in table.rows]
    for row, column, cell in placed(table):
        grid[row][column] = cell.text
    return grid


class Printed(NamedTuple):
    """A cell as it is set: its text in lines of our own where those read better, at the left or in the middle."""

    row: int
    column: int
    cell: Cell
    lines: tuple[str, ...]
    left: bool = False


def printed(table: Table) -> list[Printed]:
    """Every cell with its first row and column, in reading order, as it is set in the type area."""
    size = layout.cell_size(columns(table))
    shares = widths(table)
    cells = placed(table)
    names = _names(table, cells)
    left = any(layout.width(cell.text) > LONG_NAME for _, _, cell in names)
    found = []
    for row, column, cell in cells:
        width = sum(shares[column : column + cell.colspan]) * layout.TEXT_WIDTH - 2 * INSET
        lines = balanced(cell.text, width / size) if row < table.header_rows else (cell.text,)
        found.append(Printed(row, column, cell, lines, left and (row, column, cell) in names))
    return found


def kept(table: Table) -> set[int]:
    """Rows that stand on one page with the next one: the head, and those that share a merged name with it.

    Without a head to repeat, the whole table stays together.
    """
    if not table.header_rows:
        return set(range(len(table.rows) - 1))
    merged = {
        row + i for row, _, cell in placed(table) if row >= table.header_rows for i in range(cell.rowspan - 1)
    }
    return merged | set(range(min(table.header_rows, len(table.rows) - 1)))


def balanced(text: str, room: float) -> tuple[str, ...]:
    """A head of Chinese characters in lines of about one length: 商业 企业, not 商业企 业. `room` is in characters."""
    if layout.width(text) <= room or room < 1 or not all("\u4e00" <= c <= "\u9fff" for c in text):
        return (text,)
    count = math.ceil(len(text) / math.floor(room))
    each = math.ceil(len(text) / count)
    return tuple(text[start : start + each] for start in range(0, len(text), each))


def _names(table: Table, cells: list[Placed]) -> set[Placed]:
    """The names of single rows: what stands in front of a row's figures and is not merged over several rows."""
    first = {
        row: column
        for row, column, cell in reversed(cells)
        if row >= table.header_rows and (cell.numeric or cell.source is Source.GAP)
    }
    return {place for place in cells if place.cell.rowspan == 1 and place.column < first.get(place.row, 0)}
