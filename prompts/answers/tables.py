"""table: fixed rows and columns of numbers, typed row by row or pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from prompts.answers.numerals import fold
from prompts.answers.values import Parsed, Refused, TableCells

_BLANK = {"", "-", "—", "/", "\\", "无", "空"}


def parse_table(typed: str, rows: Sequence[str], columns: int, before: TableCells | None) -> Parsed:
    """Rows of numbers, each on a line: with its name in front, or in order from the first row still empty.

    Cells are parted by tabs, or by blanks, commas or 、. `before` is what the table holds already; a cell left
    blank stays as it was. Raises `Refused`.
    """
    grid: list[list[Decimal | None]]
    grid = [list(row) for row in before.rows] if before else [[None] * columns for _ in rows]
    lines = [line for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Refused("empty")
    next_row = next((i for i, row in enumerate(grid) if all(cell is None for cell in row)), 0)
    for line in lines:
        index, cells = _row_of(line, rows, next_row)
        if index >= len(rows):
            raise Refused("too_many_rows", rows=len(rows))
        if len(cells) > columns:
            raise Refused("columns", row=rows[index], given=len(cells), columns=columns)
        for column, cell in enumerate(cells):
            if fold(cell) not in _BLANK:
                grid[index][column] = _number(cell, rows[index])
        next_row = index + 1
    return Parsed(TableCells(tuple(tuple(row) for row in grid)))


def _row_of(line: str, rows: Sequence[str], next_row: int) -> tuple[int, list[str]]:
    cells = line.split("\t") if "\t" in line else re.split(r"[\s,，、;；|]+", line.strip().strip("|"))
    for index, name in sorted(enumerate(rows), key=lambda row: -len(row[1])):
        folded = fold(name)
        if fold(cells[0]) == folded:
            return index, cells[1:]
        if "\t" not in line and fold(line).startswith(folded):
            rest = fold(line)[len(folded) :].lstrip(":")
            if len(cells) == 1:
                return index, [rest] if rest else []
    if cells and not _is_number(cells[0]) and fold(cells[0]) not in _BLANK:
        raise Refused("row", *rows[:6], given=cells[0][:20])
    return next_row, cells


def _is_number(text: str) -> bool:
    try:
        Decimal(fold(text))
    except InvalidOperation:
        return False
    return True


def _number(cell: str, row: str) -> Decimal:
    text = fold(cell)
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise Refused("cell", row=row, given=cell[:20])
    return Decimal(text)
