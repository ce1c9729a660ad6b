"""A draft as PDF and as page images, through Typst, in the same layout and from the same elements as the .docx.

What people typed reaches Typst as JSON data, never as markup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from bot.documents import layout
from bot.documents.arranging import TITLE_BREAK, Element, arranged
from bot.documents.errors import DocumentError
from bot.documents.fonts import CHINESE, Fonts, installed
from bot.documents.layout import Face
from bot.documents.settings import DocumentSettings
from bot.documents.tables import INSET, Printed, columns, printed, widths
from prompts.draft import Draft, Source, Table

TEMPLATE = Path(__file__).with_name("page.typ")
PIXELS_PER_INCH = 110  # a page is then 909 × 1286: readable on a phone, and small


def write_pdf(draft: Draft, settings: DocumentSettings) -> bytes:
    """The PDF. Raises `NotInstalled` without the extra [pdf], `DocumentError` without a Chinese font."""
    return _compiled(draft, settings, "pdf")[0]


def write_images(draft: Draft, settings: DocumentSettings) -> list[bytes]:
    """Each page as PNG. Raises as `write_pdf`."""
    return _compiled(draft, settings, "png")


def substitutions(settings: DocumentSettings) -> str:
    """Which classes of type are set in another one for want of a font: 仿宋→Noto Serif CJK SC; "" for none."""
    found = installed(settings.fonts, settings.fonts_folder)
    return "、".join(f"{CHINESE[face]}→{name}" for face, name in found.substituted.items())


def _compiled(draft: Draft, settings: DocumentSettings, format: Literal["pdf", "png"]) -> list[bytes]:
    fonts = installed(settings.fonts, settings.fonts_folder)
    import typst

    try:
        result = typst.compile(
            TEMPLATE.read_bytes(),
            format=format,
            ppi=PIXELS_PER_INCH,
            font_paths=fonts.source,
            sys_inputs={"data": msgspec.json.encode(_data(draft, settings, fonts)).decode()},
        )
    except typst.TypstError as error:
        raise DocumentError(f"the PDF could not be set: {str(error).splitlines()[0]}") from error
    # Several images come as a list, whatever the stub says.
    return list(cast("list[bytes]", result)) if isinstance(result, list) else [result]


def _data(draft: Draft, settings: DocumentSettings, fonts: Fonts) -> dict[str, Any]:
    tracking = layout.CHARACTER_PITCH - layout.SIZE_3
    return {
        "title": draft.title.text,
        "author": draft.unit,
        "page": {
            "width": layout.PAGE_WIDTH_MM, "height": layout.PAGE_HEIGHT_MM, "top": layout.TOP_MM,
            "bottom": layout.BOTTOM_MM, "left": layout.LEFT_MM, "right": layout.RIGHT_MM,
            "number_drop": layout.PAGE_NUMBER_DROP_MM, "number_size": layout.PAGE_NUMBER.size,
        },
        "pitch": layout.LINE_PITCH,
        # A hundredth less, so that 28 characters never fail to fit for the sake of rounding.
        "character": layout.CHARACTER_PITCH, "tracking": tracking - 0.01,
        "body_size": layout.SIZE_3,
        "fonts": {face.value: fonts.families[face] for face in Face},
        # A 宋体 set bold is the nearest to 小标宋 that every system has.
        "bold": [face.value for face in fonts.substituted if face is Face.TITLE],
        "head": _head(settings),
        "imprint": msgspec.to_builtins(settings.imprint),
        "rules": {"thick": layout.RULE_THICK_MM, "thin": layout.RULE_THIN_MM, "size": layout.IMPRINT.size},
        "elements": [_element(printed) for printed in arranged(draft, settings)],
    }  # fmt: skip


def _head(settings: DocumentSettings) -> dict[str, Any] | None:
    head = settings.head
    if not head.issuer or settings.letterhead:
        return None
    return {
        **msgspec.to_builtins(head),
        "size": layout.issuer_size(head.issuer),
        "color": layout.RED,
        "drop": layout.HEAD_DROP_MM,
        "rule": layout.RULE_DROP_MM,
    }


def _element(printed: Element) -> dict[str, Any]:
    style = printed.style
    return {
        "face": style.face.value,
        "size": style.size,
        "align": style.align.value,
        "first": style.first,
        "before": printed.before,
        "left": printed.left,
        "right": printed.right,
        "hanging": printed.hanging,
        "keep": printed.keep or style.keep_next,
        "outline": style.outline,
        "runs": [
            {
                "text": piece.text,
                "break": piece.text == TITLE_BREAK,
                "face": (piece.face or style.face).value,
                "gap": piece.gap,
            }
            for piece in printed.pieces
        ],
        "table": _table(printed.table) if printed.table is not None else None,
    }


def _table(table: Table) -> dict[str, Any]:
    cells = printed(table)
    return {
        "widths": widths(table),
        "size": layout.cell_size(columns(table)),
        "inset": INSET,
        "header": [_cell(one) for one in cells if one.row < table.header_rows],
        "cells": [_cell(one) for one in cells if one.row >= table.header_rows],
    }


def _cell(one: Printed) -> dict[str, Any]:
    return {
        "row": one.row,
        "column": one.column,
        "lines": one.lines,
        "left": one.left,
        "colspan": one.cell.colspan,
        "rowspan": one.cell.rowspan,
        "gap": one.cell.source is Source.GAP,
    }
