"""Files that people send: their text, a paragraph a line, or a clear reason why it cannot be had.

What comes from outside may be damaged, huge, or made to do harm; nothing in it is run, and it is looked at before it is
unpacked.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, NamedTuple

from lxml import etree

FILE_LIMIT = 10 * 2**20  # a report of a thousand pages is smaller
UNPACKED_LIMIT = 80 * 2**20
ENTRIES_LIMIT = 3000
LINES_LIMIT = 20000
SHEET_ROWS, SHEET_COLUMNS = 500, 60  # of a sheet; no form has more

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINE = re.compile(r"\r\n|\n|\r")


class NotRead(Exception):
    """A file that cannot be read; `code` says why, in the words of `prompts/chat/phrases.toml` [file]."""

    def __init__(self, code: str, english: str) -> None:
        super().__init__(english)
        self.code = code


class Written(NamedTuple):
    """A paragraph of a file, and the level that its style gives it in Word's navigation pane (0: none)."""

    text: str
    level: int = 0


def lines_of(filename: str, content: bytes) -> list[str]:
    """The paragraphs of a .docx, or the lines of a text file. Raises `NotRead`."""
    return [paragraph.text for paragraph in paragraphs_of(filename, content)]


def paragraphs_of(filename: str, content: bytes) -> list[Written]:
    """The same with the levels of headings, which a .docx may tell by its styles alone. Raises `NotRead`."""
    if len(content) > FILE_LIMIT:
        raise NotRead("too_big", f"larger than {FILE_LIMIT // 2**20} MB")
    suffix = PurePath(filename).suffix.lower()
    if content.startswith(_OLD_OFFICE):
        if suffix == ".docx":
            raise NotRead("encrypted", "encrypted with a password, or an old .doc under a new name")
        raise NotRead("old_doc", "an old .doc; save it as .docx")
    if suffix in (".docm", ".dotm"):
        raise NotRead("macros", "holds macros; save it as .docx")
    if content.startswith(b"PK") or suffix == ".docx":
        found = list(_paragraphs(content))
    elif suffix in ("", ".txt", ".md", ".text"):
        found = [Written(text) for text in _LINE.split(_decoded(content))]
    else:
        raise NotRead("kind", f"{suffix}: only .docx and .txt can be read")
    while found and not found[-1].text.strip():
        found.pop()
    if not found:
        raise NotRead("empty", "holds no text")
    if len(found) > LINES_LIMIT:
        raise NotRead("too_big", f"more than {LINES_LIMIT} paragraphs")
    return found


def unpacked(content: bytes) -> zipfile.ZipFile:
    """A zip archive that is safe to unpack. Raises `NotRead`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise NotRead("damaged", "damaged: not a whole file") from error
    if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise NotRead("too_big", "unpacks to more than it may")
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotRead("encrypted", "encrypted with a password")
    if any(PurePath(entry.filename).name.lower() == "vbaproject.bin" for entry in entries):
        raise NotRead("macros", "holds macros; save it as .docx without them")
    return archive


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotRead("not_text", "not a text file in UTF-8 or GB 18030")


def _paragraphs(content: bytes) -> Iterator[Written]:
    with unpacked(content) as archive:
        try:
            document = _read(archive, "word/document.xml")
            levels = _style_levels(archive)
        except KeyError as error:
            raise NotRead("damaged", "not a Word document") from error
        except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
            raise NotRead("damaged", "damaged: its parts cannot be unpacked") from error
    try:
        root = etree.fromstring(document, _parser())
    except etree.XMLSyntaxError as error:
        raise NotRead("damaged", "damaged: its text is not well-formed") from error
    body = root.find(f"{_W}body")
    if body is None:
        raise NotRead("damaged", "not a Word document")
    for block in _blocks(body):
        if block.tag == f"{_W}p":
            level = _level(block, levels)
            for text in _LINE.split(_text(block)):
                yield Written(text, level)
        else:
            for row in block.iter(f"{_W}tr"):
                cells = (
                    "".join(_text(p) for p in cell.iter(f"{_W}p")) for cell in row.iterchildren(f"{_W}tc")
                )
                yield Written("\t".join(cells))


def _style_levels(archive: zipfile.ZipFile) -> dict[str, int]:
    """The outline level of each paragraph style, 1 to 9; styles take their base's."""
    try:
        root = etree.fromstring(_read(archive, "word/styles.xml"), _parser())
    except (KeyError, etree.XMLSyntaxError):
        return {}
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in root.iter(f"{_W}style"):
        id = style.get(f"{_W}styleId", "")
        level = style.find(f"{_W}pPr/{_W}outlineLvl")
        if level is not None:
            own[id] = _as_level(level)
        base = style.find(f"{_W}basedOn")
        if base is not None:
            based[id] = base.get(f"{_W}val", "")
    for id in based:
        ancestor, steps = id, 0
        while ancestor not in own and ancestor in based and steps < 12:
            ancestor, steps = based[ancestor], steps + 1
        if ancestor in own:
            own.setdefault(id, own[ancestor])
    return own


def _level(paragraph: Any, levels: dict[str, int]) -> int:
    direct = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    if direct is not None:
        return _as_level(direct)
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return levels.get(style.get(f"{_W}val", ""), 0) if style is not None else 0


def _as_level(element: Any) -> int:
    value = element.get(f"{_W}val", "9")
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part, read no further than it may be: what the archive says of its size is only a claim."""
    with archive.open(name) as part:
        read = part.read(UNPACKED_LIMIT + 1)
    if len(read) > UNPACKED_LIMIT:
        raise NotRead("too_big", "unpacks to more than it may")
    return read


def _blocks(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls too."""
    for child in body.iterchildren():
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag == f"{_W}sdt":
            inner = child.find(f"{_W}sdtContent")
            if inner is not None:
                yield from _blocks(inner)


def _text(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append("\t")
        else:
            parts.append("\n")
    return "".join(parts).rstrip()


def rows_of(filename: str, content: bytes) -> list[list[str]]:
    """The cells of the first sheet of an .xlsx, or of a .csv, as text, row by row. Raises `NotRead`."""
    if len(content) > FILE_LIMIT:
        raise NotRead("too_big", f"larger than {FILE_LIMIT // 2**20} MB")
    suffix = PurePath(filename).suffix.lower()
    if content.startswith(_OLD_OFFICE):
        raise NotRead("old_xls", "an old .xls, or encrypted; save it as .xlsx")
    if suffix in (".xlsm", ".xltm"):
        raise NotRead("macros", "holds macros; save it as .xlsx")
    rows = (
        list(_sheet(content)) if content.startswith(b"PK") or suffix == ".xlsx" else _comma_separated(content)
    )
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise NotRead("empty", "holds no text")
    return rows


def _sheet(content: bytes) -> Iterator[list[str]]:
    from openpyxl import (
        load_workbook,
    )  # a fifth of a second to import, and only those who send a sheet need it

    unpacked(content).close()
    try:
        book = load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=SHEET_ROWS, max_col=SHEET_COLUMNS, values_only=True):
            yield [_cell_text(cell) for cell in row]
    except NotRead:
        raise
    except (
        Exception
    ) as error:  # openpyxl lets through whatever a broken part makes the standard library raise
        raise NotRead("damaged", "damaged: not a whole .xlsx") from error


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def _comma_separated(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    sample = text[:4096]
    by = max("\t;,", key=sample.count)
    try:
        return [row[:SHEET_COLUMNS] for row in csv.reader(text.splitlines()[:SHEET_ROWS], delimiter=by)]
    except csv.Error as error:
        raise NotRead("damaged", "damaged: not a table of text") from error
