"""The styles of the .docx: one for each in `layout`, and one for each face inside a paragraph.

Fonts are set for all four scripts of a style and its theme fonts taken away, so nothing falls back to the theme's.
They are not set on the runs themselves: that would keep a change of the style from changing the document.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bot.documents import layout
from bot.documents.layout import Face, Style
from bot.documents.settings import FontSettings

FACE_NAMES = {
    Face.FANGSONG: "仿宋字",
    Face.KAITI: "楷体字",
    Face.HEITI: "黑体字",
    Face.TITLE: "小标宋字",
    Face.SONGTI: "宋体字",
}

# 28 characters of 16 pt are 0.2 pt too wide each for 156 mm; a tenth more, so that no program's rounding makes the
# last one fail to fit. Justification gives it back.
CONDENSED = math.floor((layout.CHARACTER_PITCH - layout.SIZE_3) * 20) - 1  # twentieths of a point


def element(tag: str, **attributes: Any) -> Any:
    """An element of WordprocessingML with attributes of its namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


@cache
def ids() -> dict[str, str]:
    """The id of each style by its name, and of each face's character style by the face."""
    styles = {style.name: f"GW{number:02d}" for number, style in enumerate(layout.STYLES, 1)}
    return styles | {face: f"GWF{number}" for number, face in enumerate(Face, 1)}


def define(document: Document, fonts: FontSettings) -> None:
    """Add the styles; where a letterhead has one of the same name, its own stands."""
    root = document.styles.element
    taken = {name.get(qn("w:val")): name.getparent() for name in root.iter(qn("w:name"))}
    for style in layout.STYLES:
        _put(root, taken, style.name, ids()[style.name], _paragraph_style(style, fonts))
    for face, name in FACE_NAMES.items():
        _put(root, taken, name, ids()[face], _character_style(face, fonts))


def _put(root: Any, taken: dict[str | None, Any], name: str, id: str, style: Any) -> None:
    existing = taken.get(name)
    if existing is None:
        root.append(style)
    else:  # the letterhead's definition under our id, so that our paragraphs find it
        existing.set(qn("w:styleId"), id)


def _paragraph_style(style: Style, fonts: FontSettings) -> Any:
    made = _style("paragraph", style.name, ids()[style.name])
    made.append(element("w:qFormat"))
    properties = element("w:pPr")
    if style.keep_next:
        properties.append(element("w:keepNext"))
    properties.append(element("w:widowControl", val="0"))  # else a page loses one of its 22 lines
    # Punctuation stays within the type area.
    properties.append(element("w:overflowPunct", val="0"))
    # Word widens the seam between Chinese and digits; a line of 28 characters has no room for that.
    properties.append(element("w:autoSpaceDE", val="0"))
    properties.append(element("w:autoSpaceDN", val="0"))
    properties.append(element("w:snapToGrid", val="0"))
    if style is layout.CELL:
        properties.append(
            element("w:spacing", before=0, after=0, line=round(240 * 1.05), lineRule="auto")
        )  # an exact pitch would cut rows
    else:
        pitch = style.size * 1.15 if style.size > layout.SIZE_2 else layout.LINE_PITCH
        properties.append(element("w:spacing", before=0, after=0, line=round(pitch * 20), lineRule="exact"))
    if style.first:
        properties.append(
            element(
                "w:ind",
                firstLineChars=round(style.first * 100),
                firstLine=round(style.first * layout.CHARACTER_PITCH * 20),
            )
        )
    properties.append(element("w:jc", val="both" if style.align is layout.Align.JUSTIFY else style.align))
    if style.outline:
        properties.append(element("w:outlineLvl", val=style.outline - 1))
    made.append(properties)
    condensed = style.size == layout.SIZE_3
    made.append(run_properties(style.face, fonts, style.size, style.color, condensed=condensed))
    return made


def _character_style(face: Face, fonts: FontSettings) -> Any:
    made = _style("character", FACE_NAMES[face], ids()[face])
    made.append(run_properties(face, fonts))
    return made


def _style(kind: str, name: str, id: str) -> Any:
    made = element("w:style", type=kind, customStyle=1, styleId=id)
    made.append(element("w:name", val=name))
    return made


def run_properties(
    face: Face, fonts: FontSettings, size: float = 0, color: str = "", *, condensed: bool = False
) -> Any:
    """Fonts for every script, size in points, colour."""
    properties = element("w:rPr")
    name = fonts.of(face)
    properties.append(element("w:rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name))
    if condensed:
        properties.append(element("w:snapToGrid", val="0"))
    if color:
        properties.append(element("w:color", val=color))
    if condensed:
        properties.append(element("w:spacing", val=CONDENSED))
    if size:
        properties.append(element("w:sz", val=round(size * 2)))
        properties.append(element("w:szCs", val=round(size * 2)))
    return properties
