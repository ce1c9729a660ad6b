"""A draft as .docx in the national layout: real styles with Chinese names, so that a style changed is a document changed.

Word's automatic numbering restarts and shifts when people edit, so the numbers of headings are text here.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.run import Run

from bot.documents import layout, word_page, word_styles
from bot.documents.arranging import TITLE_BREAK, Element, Piece, arranged, remarked
from bot.documents.errors import DocumentError
from bot.documents.settings import DocumentSettings
from bot.documents.word_styles import element, ids
from bot.documents.word_tables import table_element
from prompts.draft import Draft

HERE = (
    "〔正文〕"  # a letterhead's paragraph that the text replaces; without it the letterhead's own text goes
)
DAMAGED = (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, SyntaxError)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on characters `start` to `end` of the draft's line with this index."""

    line: int
    start: int
    end: int
    text: str
    author: str


def write_word(draft: Draft, settings: DocumentSettings, remarks: Sequence[Remark] = ()) -> bytes:
    """The .docx, with the remarks as Word comments at their words. Raises `DocumentError` for a bad letterhead."""
    document, anchor = _base(settings)
    own_page = not settings.letterhead
    if own_page:
        word_page.set_up(document, settings)
    else:
        word_page.complete(document, settings)
    word_styles.define(document, settings.fonts)
    if own_page:
        for above in word_page.head(settings.head):
            anchor.addprevious(above)
    by_line: dict[int, list[Remark]] = {}
    for remark in remarks:
        by_line.setdefault(remark.line, []).append(remark)
    for printed in arranged(draft, settings):
        if printed.table is not None:
            anchor.addprevious(table_element(printed.table, layout.CELL))
        else:
            _add(document, anchor, printed, by_line.get(printed.line, ()))
    for below in word_page.imprint(settings.imprint):
        anchor.addprevious(below)
    if anchor.tag == qn("w:p"):
        anchor.getparent().remove(anchor)
    _describe(document, draft)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def check_letterhead(settings: DocumentSettings) -> None:
    """Raises `DocumentError` where the letterhead cannot be used."""
    _base(settings)


def _base(settings: DocumentSettings) -> tuple[Document, Any]:
    """An empty document, or the office's letterhead, and the element before which the text goes."""
    if not settings.letterhead:
        document = docx.Document(io.BytesIO(_blank()))
        return document, document.element.body.sectPr
    path = Path(settings.letterhead)
    where = f"config.toml: document.letterhead: {path}"
    try:
        document = docx.Document(str(path))
    except DAMAGED as error:
        raise DocumentError(f"{where}: not a sound .docx; save it again in Word or WPS as .docx") from error
    except OSError as error:
        raise DocumentError(f"{where}: cannot be read: {error.strerror}") from error
    body = document.element.body
    for paragraph in body.iterchildren(qn("w:p")):
        if "".join(node.text or "" for node in paragraph.iter(qn("w:t"))).strip() == HERE:
            return document, paragraph
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    if body.sectPr is None:
        raise DocumentError(f"{where}: has no page settings; save it again in Word or WPS")
    return document, body.sectPr


@cache
def _blank() -> bytes:
    """python-docx's own template without its text; read once."""
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def _add(document: Document, anchor: Any, printed: Element, remarks: Sequence[Remark]) -> None:
    paragraph = element("w:p")
    paragraph.append(_properties(printed))
    cuts = [edge for remark in remarks for edge in (remark.start, remark.end)]
    shift = len(printed.pieces[0].text) if printed.style is layout.ATTACHMENT and printed.pieces else 0
    spans: list[tuple[int, int, Any]] = []
    position = -shift
    for piece in remarked(_unbroken(printed.pieces), [cut + shift for cut in cuts]):
        run = _run(piece)
        paragraph.append(run)
        length = 0 if piece.text == TITLE_BREAK else len(piece.text)
        spans.append((position, position + length, run))
        position += length
    anchor.addprevious(paragraph)
    for remark in remarks:
        runs = [run for start, end, run in spans if start < remark.end and end > remark.start]
        runs = runs or [run for _, _, run in spans[-1:]]
        if runs:
            marked = [Run(run, document) for run in (runs[0], runs[-1])]
            document.add_comment(marked, remark.text, remark.author, remark.author[:1])


def _unbroken(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.text]


def _properties(printed: Element) -> Any:
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=ids()[printed.style.name]))
    if printed.keep:
        properties.append(element("w:keepNext"))
    if printed.before:
        properties.append(element("w:spacing", before=_twips(printed.before * layout.LINE_PITCH)))
    if printed.left or printed.right or printed.hanging:
        sides = {"left": printed.left, "right": printed.right, "hanging": printed.hanging}
        values = {}
        for side, characters in sides.items():
            if characters:
                values[f"{side}Chars"] = round(characters * 100)
                values[side] = _twips(characters * layout.CHARACTER_PITCH)
        properties.append(element("w:ind", **values))
    return properties


def _run(piece: Piece) -> Any:
    run = element("w:r")
    properties = element("w:rPr")
    if piece.face is not None:
        properties.append(element("w:rStyle", val=ids()[piece.face]))
    # Quotation marks, dashes and dots have no script of their own; without the hint Word sets them in the Latin face.
    properties.append(element("w:rFonts", hint="eastAsia"))
    if piece.gap:
        properties.append(element("w:highlight", val="yellow"))
    run.append(properties)
    if piece.text == TITLE_BREAK:
        run.append(element("w:br"))
    else:
        text = element("w:t")
        text.text = piece.text
        text.set(qn("xml:space"), "preserve")
        run.append(text)
    return run


def _describe(document: Document, draft: Draft) -> None:
    properties = document.core_properties
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    properties.title = draft.title.text[:255]
    properties.author = properties.last_modified_by = draft.unit[:255]
    properties.subject = draft.kind[:255]
    properties.keywords = " ".join(filter(None, [draft.kind, str(draft.year or "")]))[:255]
    properties.comments = ""
    properties.language = "zh-CN"
    properties.created = properties.modified = now
    properties.revision = 1


def _twips(points: float) -> int:
    return round(points * 20)
