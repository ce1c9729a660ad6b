"""Where each cell of a table stands: a covered place has no cell, as in HTML."""

from __future__ import annotations

from typing import NamedTuple

from prompts.draft import Cell, Table


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
