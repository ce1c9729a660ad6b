"""Page, grid, page numbers, red head and imprint of the .docx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from bot.documents import layout
from bot.documents.layout import Face
from bot.documents.settings import DocumentSettings, HeadSettings, ImprintSettings
from bot.documents.word_styles import element, ids, run_properties

_COMPAT = {"name": "compatibilityMode", "uri": "http://schemas.microsoft.com/office/word", "val": "15"}


def set_up(document: Document, settings: DocumentSettings) -> None:
    """Page size, margins, grid, default fonts, and page numbers outside on odd and even pages."""
    _page(document.element.body.sectPr)
    _defaults(document, settings)
    _settings(document)
    document.settings.odd_and_even_pages_header_footer = True
    _numbered(document)


def complete(document: Document, settings: DocumentSettings) -> None:
    """What a letterhead leaves open: page numbers, where it has no footer of its own."""
    footer = document.sections[-1].footer
    if not any(paragraph.text.strip() or len(paragraph._p) > 1 for paragraph in footer.paragraphs):
        document.settings.odd_and_even_pages_header_footer = True
        _numbered(document)


def _page(section: Any) -> None:
    for tag in ("w:pgSz", "w:pgMar", "w:cols", "w:docGrid"):
        for old in section.findall(qn(tag)):
            section.remove(old)
    section.append(element("w:pgSz", w=_twips_mm(layout.PAGE_WIDTH_MM), h=_twips_mm(layout.PAGE_HEIGHT_MM)))
    # The dashes of the page number are half a line above the lower edge of its line.
    footer = layout.BOTTOM_MM - layout.PAGE_NUMBER_DROP_MM - layout.SIZE_4 / 2 / layout.POINTS_PER_MM
    section.append(
        element(
            "w:pgMar",
            top=_twips_mm(layout.TOP_MM),
            right=_twips_mm(layout.RIGHT_MM),
            bottom=_twips_mm(layout.BOTTOM_MM),
            left=_twips_mm(layout.LEFT_MM),
            header=_twips_mm(15),
            footer=_twips_mm(footer),
            gutter=0,
        )
    )
    section.append(element("w:cols", space=425))
    # 22 lines by the grid and 28 characters by the styles' spacing: where a grid of characters is given,
    # LibreOffice narrows the type area to what it takes for whole cells, and sets 27.
    section.append(element("w:docGrid", type="lines", linePitch=round(layout.LINE_PITCH * 20)))


def _defaults(document: Document, settings: DocumentSettings) -> None:
    root = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    if defaults is not None:
        root.remove(defaults)
    defaults = element("w:docDefaults")
    runs = element("w:rPrDefault")
    properties = run_properties(Face.FANGSONG, settings.fonts, layout.SIZE_3)
    properties.append(element("w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    runs.append(properties)
    paragraphs = element("w:pPrDefault")
    paragraphs.append(element("w:pPr"))
    defaults.append(runs)
    defaults.append(paragraphs)
    root.insert(0, defaults)
    normal = next(style for style in document.styles if style.style_id == "Normal").element
    for old in normal.findall(qn("w:rPr")):
        normal.remove(old)
    normal.append(run_properties(Face.FANGSONG, settings.fonts, layout.SIZE_3))


def _settings(document: Document) -> None:
    root = document.settings.element
    compat = root.find(qn("w:compat"))
    if compat is not None:
        for old in compat.findall(qn("w:compatSetting")):
            compat.remove(old)
        compat.append(element("w:compatSetting", **_COMPAT))


def _numbered(document: Document) -> None:
    section = document.sections[-1]
    section.different_first_page_header_footer = False
    _page_number(section.footer, right=True)
    _page_number(section.even_page_footer, right=False)


def _page_number(footer: Any, *, right: bool) -> None:
    """— 1 —, one character in from the outer edge: odd pages right, even pages left (7.5)."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]._p
    for child in list(paragraph):
        paragraph.remove(child)
    side = "right" if right else "left"
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=ids()[layout.PAGE_NUMBER.name]))
    properties.append(element("w:snapToGrid", val="0"))
    properties.append(element("w:spacing", line=round(layout.SIZE_4 * 20), lineRule="exact"))
    properties.append(element("w:ind", **{side: _twips(layout.CHARACTER_PITCH), f"{side}Chars": 100}))
    properties.append(element("w:jc", val=side))
    paragraph.append(properties)
    for kind in ("— ", "begin", " PAGE ", "separate", "1", "end", " —"):
        paragraph.append(_number_run(kind))


def _number_run(kind: str) -> Any:
    run = element("w:r")
    properties = element("w:rPr")
    if "—" in kind:
        properties.append(element("w:rFonts", hint="eastAsia"))
    run.append(properties)
    if kind in ("begin", "separate", "end"):
        run.append(element("w:fldChar", fldCharType=kind))
    elif kind == " PAGE ":
        instruction = element("w:instrText")
        instruction.text = kind
        instruction.set(qn("xml:space"), "preserve")
        run.append(instruction)
    else:
        text = element("w:t")
        text.text = kind
        text.set(qn("xml:space"), "preserve")
        run.append(text)
    return run


def head(settings: HeadSettings) -> Iterator[Any]:
    """发文机关标志, 发文字号, 签发人 and the red line (7.2.4—7.2.7)."""
    if not settings.issuer:
        return
    size = layout.issuer_size(settings.issuer)
    pitch = size * 1.15
    drop = layout.HEAD_DROP_MM * layout.POINTS_PER_MM - (pitch - size) / 2
    issuer = _paragraph(layout.ISSUER.name)
    issuer[0].append(element("w:spacing", before=_twips(drop), after=0, line=_twips(pitch), lineRule="exact"))
    issuer.append(_text(settings.issuer, size=size))
    yield issuer
    number = _paragraph(layout.NUMBER.name)
    borders = element("w:pBdr")
    gap = round(layout.RULE_DROP_MM * layout.POINTS_PER_MM)
    borders.append(element("w:bottom", val="single", sz=12, space=gap, color=layout.RED))
    number[0].append(borders)
    if (
        settings.signer
    ):  # an upward document: the number left, the signer right, each one character in (7.2.6)
        edge = _twips(layout.TEXT_WIDTH - layout.CHARACTER_PITCH)
        tabs = element("w:tabs")  # not an indent: the red line would begin where the indent ends
        tabs.append(element("w:tab", val="left", pos=_twips(layout.CHARACTER_PITCH)))
        tabs.append(element("w:tab", val="right", pos=edge))
        number[0].append(tabs)
    number[0].append(
        element(
            "w:spacing",
            before=_twips(2 * layout.LINE_PITCH),
            after=0,
            line=_twips(layout.LINE_PITCH),
            lineRule="exact",
        )
    )
    if settings.signer:
        number[0].append(element("w:jc", val="left"))
        number.append(_tab())
    number.append(_text(settings.number))
    if settings.signer:
        number.append(_tab())
        number.append(_text("签发人："))
        number.append(_text(settings.signer, face=Face.KAITI))
    yield number


def imprint(settings: ImprintSettings) -> Iterator[Any]:
    """版记 at the foot of the last page (7.4): a table that floats to the lower edge of the type area.

    Word and WPS place it so; LibreOffice lets a table of this width flow behind the text.
    """
    rows = list(_imprint_rows(settings))
    if not rows:
        return
    width = _twips(layout.TEXT_WIDTH)
    table = element("w:tbl")
    properties = element("w:tblPr")
    properties.append(
        element("w:tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom")
    )
    properties.append(element("w:tblW", w=width, type="dxa"))
    borders = element("w:tblBorders")
    thick, thin = layout.RULE_THICK_MM, layout.RULE_THIN_MM
    for side, thickness in (("top", thick), ("bottom", thick), ("insideH", thin)):
        eighths = round(thickness * layout.POINTS_PER_MM * 8)
        borders.append(element(f"w:{side}", val="single", sz=eighths, space=0, color="000000"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=0, type="dxa"))
    properties.append(margins)
    table.append(properties)
    grid = element("w:tblGrid")
    grid.append(element("w:gridCol", w=width))
    table.append(grid)
    for number, (left, right) in enumerate(rows):
        table.append(_imprint_row(left, right, width, keep=number + 1 < len(rows)))
    yield table
    yield _paragraph(layout.IMPRINT.name)  # a document may not end with a table


def _imprint_rows(settings: ImprintSettings) -> Iterator[tuple[str, str]]:
    if settings.copies:
        yield f"抄送：{settings.copies.rstrip('。')}。", ""
    if settings.printer or settings.printed:
        yield settings.printer, f"{settings.printed}印发" if settings.printed else ""


def _imprint_row(left: str, right: str, width: int, *, keep: bool) -> Any:
    """One character in on both sides; what is copied to hangs behind its label."""
    row, cell = element("w:tr"), element("w:tc")
    whole = element("w:trPr")
    whole.append(element("w:cantSplit"))
    row.append(whole)
    properties = element("w:tcPr")
    properties.append(element("w:tcW", w=width, type="dxa"))
    cell.append(properties)
    paragraph = _paragraph(layout.IMPRINT.name)
    margin = _twips(layout.SIZE_4)
    if keep:
        paragraph[0].append(element("w:keepNext"))
    if right:
        tabs = element("w:tabs")
        tabs.append(element("w:tab", val="right", pos=width - margin))
        paragraph[0].append(tabs)
        paragraph[0].append(element("w:ind", left=margin))
    else:
        paragraph[0].append(element("w:ind", left=4 * margin, right=margin, hanging=3 * margin))
    paragraph[0].append(element("w:jc", val="left"))
    paragraph.append(_text(left))
    if right:
        paragraph.append(_tab())
        paragraph.append(_text(right))
    cell.append(paragraph)
    row.append(cell)
    return row


def _paragraph(style: str) -> Any:
    paragraph = element("w:p")
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=ids()[style]))
    paragraph.append(properties)
    return paragraph


def _tab() -> Any:
    run = element("w:r")
    run.append(element("w:tab"))
    return run


def _text(content: str, *, size: float = 0, face: Face | None = None) -> Any:
    run = element("w:r")
    properties = element("w:rPr")
    if face is not None:
        properties.append(element("w:rStyle", val=ids()[face]))
    properties.append(element("w:rFonts", hint="eastAsia"))
    if size:
        properties.append(element("w:sz", val=round(size * 2)))
    run.append(properties)
    text = element("w:t")
    text.text = content
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    return run


def _twips(points: float) -> int:
    return round(points * 20)


def _twips_mm(millimetres: float) -> int:
    return round(millimetres * layout.POINTS_PER_MM * 20)
