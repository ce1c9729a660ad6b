"""table: fixed rows and columns of numbers, typed row by row or pasted from a spreadsheet."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from prompts.answers.numerals import fold
from prompts.answers.values import Parsed, Refused, TableCells

if TYPE_CHECKING:
    from prompts.grid import Axis
    from prompts.outline import Question

_BLANK = {"", "-", "—", "/", "\\", "空", "〔待填〕"}
_ZEROS = {"0", "无", "没有", "零", "全0", "全为0", "都是0", "均为0", "全部为0"}
REST_ZERO = {"其余全为0", "其余为0", "其余都是0", "其他全为0", "其它全为0", "其余0"}
ZERO_ROW = "全0"
_NUMBERED = re.compile(r"第?(\d{1,3})行[:：]?")

Grid = list[list[Decimal | None]]


def parse_table(typed: str, question: Question, before: TableCells | None) -> Parsed:
    """Rows of numbers, each on a line: with its name in front, or in order from the first row still empty.

    Cells are parted by tabs, or by blanks, commas or 、. Only what is filled in need be given; totals that come with
    a pasted block are passed over, they are computed. `before` is what the table holds already; a cell left blank
    stays as it was. `全0` is a row of zeros, `其余全为0` fills what is still empty. Raises `Refused`.
    """
    rows, columns = question.row_axis, question.column_axis
    grid: Grid = (
        [list(row) for row in before.rows]
        if before and len(before.rows) == len(rows.paths)
        else [[None] * len(columns.paths) for _ in rows.paths]
    )
    lines = [line for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Refused("empty")
    if fold(typed) in REST_ZERO:
        return Parsed(_cells(_rest_zero(grid, rows, columns)))
    block = len(lines) > 1
    following: int | None = next((i for i in rows.typed if _is_empty(grid[i], columns)), rows.typed[0])
    for line in lines:
        if block and _is_head(line, columns):
            continue
        index, cells = _row_of(line, rows, following)
        if index is None:
            raise Refused("too_many_rows", rows=len(rows.typed))
        if index in rows.sums:  # a pasted total: it is computed
            continue
        _fill(grid[index], cells, columns, rows.paths[index][-1], decimals=question.decimals)
        following = next((i for i in rows.typed if i > index), None)
    return Parsed(_cells(grid))


def _cells(grid: Grid) -> TableCells:
    return TableCells(tuple(tuple(row) for row in grid))


def _is_empty(row: list[Decimal | None], columns: Axis) -> bool:
    return all(row[column] is None for column in columns.typed)


def _rest_zero(grid: Grid, rows: Axis, columns: Axis) -> Grid:
    return [
        [
            Decimal(0) if cell is None and r in rows.typed and c in columns.typed else cell
            for c, cell in enumerate(row)
        ]
        for r, row in enumerate(grid)
    ]


def _fill(row: list[Decimal | None], cells: list[str], columns: Axis, name: str, *, decimals: bool) -> None:
    if len(cells) == 1 and len(columns.typed) > 1 and fold(cells[0]) in _ZEROS:
        cells = ["0"] * len(columns.typed)
    typed = columns.typed
    if len(cells) == len(columns.paths):
        cells = [cells[column] for column in typed]
    while len(cells) > len(typed) and fold(cells[-1]) in _BLANK:
        cells = cells[:-1]
    if len(cells) > len(typed):
        raise Refused("columns", row=name, given=len(cells), columns=len(typed))
    for column, cell in zip(typed, cells, strict=False):
        if fold(cell) not in _BLANK:
            row[column] = _number(cell, name, decimals=decimals)


def _is_head(line: str, columns: Axis) -> bool:
    """Whether a pasted line is the head of the table: it names columns and has no number."""
    cells = [fold(cell) for cell in _split(line) if cell.strip()]
    names = {fold(part) for path in columns.paths for part in path}
    return bool(cells) and not any(map(_is_number, cells)) and any(cell in names for cell in cells)


def _split(line: str) -> list[str]:
    if "\t" in line:
        return line.rstrip("\r\n").split("\t")
    return re.split(r"[\s,，、;；|]+", line.strip().strip("|"))


def _row_of(line: str, rows: Axis, following: int | None) -> tuple[int | None, list[str]]:
    """Which row a line is about, and its cells."""
    if match := _NUMBERED.match(fold(line)):
        typed = rows.typed
        rest = re.sub(r"^\s*第?\s*\d{1,3}\s*行\s*[:：]?\s*", "", line)
        if not 1 <= int(match[1]) <= len(typed):
            raise Refused("row", *_names(rows)[:6], given=match[0])
        return typed[int(match[1]) - 1], _split(rest)
    cells = _split(line)
    if "\t" in line:
        return _row_of_pasted(cells, rows, following)
    folded = fold(line)
    for index, name in sorted(
        ((i, fold(part)) for i, path in enumerate(rows.paths) for part in {path[-1], "".join(path)}),
        key=lambda row: -len(row[1]),
    ):
        if folded.startswith(name) and (
            _unique(rows, index) or folded.startswith(fold("".join(rows.paths[index])))
        ):
            return index, _after(line, name)
    if cells and not _is_number(cells[0]) and fold(cells[0]) not in _BLANK | _ZEROS:
        raise Refused("row", *_names(rows)[:6], given=cells[0][:20])
    return following, cells


def _row_of_pasted(cells: list[str], rows: Axis, following: int | None) -> tuple[int | None, list[str]]:
    heads = 0
    for position, cell in enumerate(cells):
        if fold(cell) in _ZEROS | _BLANK or _is_number(cell):
            continue
        heads = position + 1
    if not heads:
        return following, cells
    named = [fold(cell) for cell in cells[:heads] if cell.strip()]
    index = next(
        (i for i, path in enumerate(rows.paths) if named[-1] in (fold(path[-1]), fold("/".join(path)))), None
    )
    if index is None:
        raise Refused("row", *_names(rows)[:6], given=named[-1][:20])
    return index, cells[max(heads, rows.depth if len(cells) >= rows.depth + 1 else 0) :]


def _after(line: str, name: str) -> list[str]:
    """The cells of a line behind its row's name, which may have blanks in it."""
    seen, position = "", 0
    while position < len(line) and len(seen) < len(name):
        seen = fold(line[: position + 1])
        position += 1
    rest = line[position:].lstrip(" :：\t")
    return _split(rest) if rest.strip() else []


def _unique(rows: Axis, index: int) -> bool:
    last = rows.paths[index][-1]
    return sum(path[-1] == last for path in rows.paths) == 1


def _names(rows: Axis) -> list[str]:
    return [rows.paths[i][-1] for i in rows.typed]


def _is_number(text: str) -> bool:
    try:
        Decimal(fold(text))
    except InvalidOperation:
        return False
    return True


def _number(cell: str, row: str, *, decimals: bool) -> Decimal:
    text = fold(cell)
    if text in _ZEROS:
        return Decimal(0)
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text):
        raise Refused("cell", row=row, given=cell[:20])
    number = Decimal(text)
    whole = number.to_integral_value()
    if number == whole:
        return whole
    if not decimals:
        raise Refused("whole", given=text)
    return number
