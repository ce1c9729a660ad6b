"""A table of a draft as WordprocessingML; its header rows repeat on every page and no row is torn."""

from __future__ import annotations

from typing import Any

from bot.documents import layout
from bot.documents.layout import Style
from bot.documents.tables import INSET, Printed, columns, kept, printed, widths
from bot.documents.word_styles import element, ids
from prompts.draft import Cell, Source, Table

BORDER = 4  # eighths of a point
_EMPTY = Printed(0, 0, Cell(""), ("",))


def table_element(table: Table, style: Style) -> Any:
    """`w:tbl`, as wide as the type area."""
    total = round(layout.TEXT_WIDTH * 20)
    grid = [round(share * total) for share in widths(table)]
    size = layout.cell_size(columns(table))
    made = element("w:tbl")
    made.append(_properties(total))
    columns_element = element("w:tblGrid")
    for width in grid:
        columns_element.append(element("w:gridCol", w=width))
    made.append(columns_element)
    cells = printed(table)
    starts = {(one.row, one.column): one for one in cells}
    below = {(one.row + i, one.column): one.cell for one in cells for i in range(1, one.cell.rowspan)}
    together = kept(table)
    for row in range(len(table.rows)):
        line = element("w:tr")
        row_properties = element("w:trPr")
        row_properties.append(element("w:cantSplit"))
        if row < table.header_rows:
            row_properties.append(element("w:tblHeader"))
        line.append(row_properties)
        column = 0
        while column < len(grid):
            one = starts.get((row, column))
            shown = one.cell if one else below.get((row, column), Cell(""))
            width = sum(grid[column : column + shown.colspan])
            merge = "continue" if not one and shown.rowspan > 1 else ("restart" if shown.rowspan > 1 else "")
            line.append(_cell(one or _EMPTY, width, shown.colspan, merge, style, size, row in together))
            column += shown.colspan
        made.append(line)
    return made


def _properties(width: int) -> Any:
    properties = element("w:tblPr")
    properties.append(element("w:tblW", w=width, type="dxa"))
    properties.append(element("w:jc", val="center"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz=BORDER, space=0, color="000000"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=round(INSET * 20), type="dxa"))
    properties.append(margins)
    return properties


def _cell(one: Printed, width: int, span: int, merge: str, style: Style, size: float, keep: bool) -> Any:
    made = element("w:tc")
    properties = element("w:tcPr")
    properties.append(element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=span))
    if merge:
        properties.append(element("w:vMerge", val=merge))
    properties.append(element("w:vAlign", val="center"))
    made.append(properties)
    paragraph = element("w:p")
    paragraph_properties = element("w:pPr")
    paragraph_properties.append(element("w:pStyle", val=ids()[style.name]))
    if keep:
        paragraph_properties.append(element("w:keepNext"))
    if one.left:
        paragraph_properties.append(element("w:jc", val="left"))
    paragraph.append(paragraph_properties)
    run = element("w:r")
    run_properties = element("w:rPr")
    run_properties.append(element("w:rFonts", hint="eastAsia"))
    if size != style.size:
        run_properties.append(element("w:sz", val=round(size * 2)))
    if one.cell.source is Source.GAP:
        run_properties.append(element("w:highlight", val="yellow"))
    run.append(run_properties)
    for number, words in enumerate(one.lines):
        if number:
            run.append(element("w:br"))
        text = element("w:t")
        text.text = words
        run.append(text)
    paragraph.append(run)
    made.append(paragraph)
    return made
