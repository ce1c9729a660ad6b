"""A table's blank form as .xlsx: what is filled in by hand is white, what is computed is a formula on grey."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents.tables import columns, placed
from prompts.grid import Grid, Origin

GREY = PatternFill("solid", fgColor="E7E6E6")
LINE = Border(*[Side("thin")] * 4)
MIDDLE = Alignment("center", "center", wrap_text=True)


def write_form(grid: Grid) -> bytes:
    """The form with its heads merged, and with what is filled in already."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "填报表"
    table = grid.table()
    top, left = grid.columns.depth + 1, columns(table) - len(grid.columns.paths) + 1
    for row, column, cell in placed(table):
        place = sheet.cell(row + 1, column + 1)
        place.border, place.alignment = LINE, MIDDLE
        if row + 1 < top or column + 1 < left:
            place.value, place.font = cell.text, Font(bold=True)
            if cell.colspan > 1 or cell.rowspan > 1:
                sheet.merge_cells(
                    start_row=row + 1, start_column=column + 1, end_row=row + cell.rowspan,
                    end_column=column + cell.colspan,
                )  # fmt: skip
    for row in range(len(grid.rows.paths)):
        for column in range(len(grid.columns.paths)):
            _fill(sheet, grid, row, column, top, left)
    for column in range(1, columns(table) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 12 if column >= left else 24
    sheet.freeze_panes = sheet.cell(top, left)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, grid: Grid, row: int, column: int, top: int, left: int) -> None:
    place = sheet.cell(row + top, column + left)
    if grid.origin(row, column) is Origin.TOTAL:
        if row in grid.rows.sums:
            parts = [(other, column) for other in grid.rows.sums[row]]
        else:
            parts = [(row, other) for other in grid.columns.sums[column]]
        place.value = "=" + "+".join(f"{get_column_letter(c + left)}{r + top}" for r, c in parts)
        place.fill = GREY
        return
    value = grid.value(row, column)
    if value is not None:
        place.value = int(value) if value == value.to_integral_value() else float(value)
