"""The national layout of official documents, in numbers: GB/T 9704—2012, with the clause of each.

Both the .docx and the PDF are set by these and by `arranging`; a number that is not here is in neither.
Lengths are millimetres where the name says MM, else points.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

POINTS_PER_MM = 72 / 25.4

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0  # A4, 5.1
TOP_MM = 37.0  # 天头, 5.2.1
LEFT_MM = 28.0  # 订口, 5.2.1
TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 156.0, 225.0  # 版心, 5.2.1
RIGHT_MM = PAGE_WIDTH_MM - LEFT_MM - TEXT_WIDTH_MM
BOTTOM_MM = PAGE_HEIGHT_MM - TOP_MM - TEXT_HEIGHT_MM
TEXT_WIDTH = TEXT_WIDTH_MM * POINTS_PER_MM

LINES, CHARACTERS = 22, 28  # of a page and of a line, 5.2.3
LINE_PITCH = 28.95  # the largest twentieth of a point of which 22 fit into 225 mm
CHARACTER_PITCH = TEXT_WIDTH / CHARACTERS

SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5 = 22.0, 16.0, 14.0, 12.0, 10.5  # 二号 三号 四号 小四 五号

PAGE_NUMBER_DROP_MM = 7.0  # from the type area to the dashes of the page number, 7.5
HEAD_DROP_MM = 35.0  # from the top of the type area to the top of 发文机关标志, 7.2.4
RULE_DROP_MM = 4.0  # from 发文字号 to the red line, 7.2.7
RULE_THICK_MM, RULE_THIN_MM = 0.35, 0.25  # lines of the 版记, 7.4.1
RED = "FF0000"


class Face(StrEnum):
    """The classes of type that the standard names (5.2.2, 7.2—7.5); the values are the names of settings."""

    FANGSONG = "fangsong"
    KAITI = "kaiti"
    HEITI = "heiti"
    TITLE = "title"  # 小标宋
    SONGTI = "songti"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True)
class Style:
    """A paragraph style. `name` is what Word shows; `first` indents the first line, in characters of 3号.

    `outline` is the level in Word's navigation pane (1 to 4; 0: none).
    """

    name: str
    face: Face = Face.FANGSONG
    size: float = SIZE_3  # 5.2.2
    align: Align = Align.JUSTIFY
    first: float = 0
    outline: int = 0
    keep_next: bool = False
    color: str = ""


TITLE = Style("公文标题", Face.TITLE, SIZE_2, Align.CENTER, keep_next=True)  # 7.3.1
SUBTITLE = Style("公文副标题", Face.KAITI, align=Align.CENTER, keep_next=True)
ADDRESSEE = Style("主送机关", align=Align.LEFT)  # 7.3.2
BODY = Style("公文正文", first=2)  # 7.3.3
HEADINGS = {  # 7.3.3: 黑体, 楷体, 仿宋, 仿宋
    level: Style(f"{number}级标题", face, first=2, outline=level, keep_next=True)
    for level, (number, face) in enumerate(
        zip("一二三四", (Face.HEITI, Face.KAITI, Face.FANGSONG, Face.FANGSONG), strict=True), 1
    )
}
RUN_IN_HEADINGS = {  # the same faces, with the text following on the same line
    level: Style(f"{style.name}（段首）", first=2, outline=level) for level, style in HEADINGS.items()
}
ATTACHMENT = Style("附件说明", align=Align.LEFT)  # 7.3.4
SIGNATURE = Style("发文机关署名", align=Align.RIGHT, keep_next=True)  # 7.3.5
DATE = Style("成文日期", align=Align.RIGHT)  # 7.3.5
NOTE = Style("附注", align=Align.LEFT, first=2)  # 7.3.6
CAPTION = Style("表题", Face.HEITI, SIZE_SMALL_4, Align.CENTER, keep_next=True)
CELL = Style("表格文字", size=SIZE_SMALL_4, align=Align.CENTER)
ISSUER = Style("发文机关标志", Face.TITLE, 40.0, Align.CENTER, color=RED)  # 7.2.4; size as the name allows
NUMBER = Style("发文字号", align=Align.CENTER)  # 7.2.5, 7.2.6
IMPRINT = Style("版记", size=SIZE_4)  # 7.4
PAGE_NUMBER = Style("页码", Face.SONGTI, SIZE_4)  # 7.5

STYLES = (
    TITLE, SUBTITLE, ADDRESSEE, BODY, *HEADINGS.values(), *RUN_IN_HEADINGS.values(), ATTACHMENT, SIGNATURE, DATE, NOTE,
    CAPTION, CELL, ISSUER, NUMBER, IMPRINT, PAGE_NUMBER,
)  # fmt: skip


def heading_face(level: int) -> Face:
    """The face of a heading at a level of 1 to 4 (7.3.3)."""
    return HEADINGS[min(max(level, 1), 4)].face


def width(text: str) -> float:
    """The width of a text in characters: a half-width letter or digit counts half."""
    return sum(0.5 if unicodedata.east_asian_width(c) in ("Na", "H", "N") else 1.0 for c in text)


def cell_size(columns: int) -> float:
    """The size of type in a table of so many columns, so that it stays within the type area."""
    if columns <= 6:
        return SIZE_SMALL_4
    return SIZE_5 if columns <= 9 else 9.0


def issuer_size(name: str) -> float:
    """发文机关标志 as large as fits one line, not larger than the title would look small below (7.2.4)."""
    return float(min(46, max(SIZE_2, int(TEXT_WIDTH / max(width(name), 1)))))
