"""Files that people send: their text, a paragraph a line, or a clear reason why it cannot be had.

What comes from outside may be damaged, huge, or made to do harm; nothing in it is run, and it is looked at before it is
unpacked.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple, TypeVar

from lxml import etree

from prompts.numbering import chinese

FILE_LIMIT = 10 * 2**20  # a report of a thousand pages is smaller
UNPACKED_LIMIT = 80 * 2**20
XML_LIMIT = 16 * 2**20  # of one part
TAGS_LIMIT, STYLE_TAGS_LIMIT, SHEET_TAGS_LIMIT = 10**6, 2 * 10**5, 5 * 10**5  # reading takes as long as these
ENTRIES_LIMIT = 3000
LINES_LIMIT = 20000
TEXT_LIMIT = 500_000  # characters: three hundred pages
SHEET_ROWS, SHEET_COLUMNS = 500, 60  # of a sheet; no form has more
SHEET_LIMIT = 6 * 2**20  # unpacked: openpyxl reads all strings before the first row

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TABLE, _ROW, _CELL, _BODY = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "body"))
_BOX = f"{_W}txbxContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same text once more
_TEXT = {f"{_W}{name}": text for name, text in
         {"t": "", "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.items()}  # fmt: skip
_NOT_UNPACKED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


class NotRead(Exception):
    """A file that cannot be read; `code` says why, in the words of `prompts/chat/phrases.toml` [file]."""

    def __init__(self, code: str, english: str) -> None:
        super().__init__(english)
        self.code = code


class Written(NamedTuple):
    """A paragraph of a file, and the level that its style gives it in Word's navigation pane (0: none).

    `row` says that it is a row of a table, its cells parted by tabs.
    """

    text: str
    level: int = 0
    row: bool = False


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
        written = _paragraphs(content, word=suffix in (".docx", ".dotx"))
    elif suffix in ("", ".txt", ".md", ".text"):
        written = (Written(text, row=_is_row(text)) for text in _LINE.split(_decoded(content)))
    elif suffix in (".doc", ".dot", ".rtf", ".wps"):
        raise NotRead("old_doc", f"{suffix}; save it as .docx")
    else:
        raise NotRead("kind", f"{suffix}: only .docx and .txt can be read")
    found = list(_within_limits(written))
    while found and not found[-1].text.strip():
        found.pop()
    if not found:
        raise NotRead("empty", "holds no text")
    return found


def _is_row(line: str) -> bool:
    """Whether a line of a text is a row of a table: pasted from a sheet, or written by `bot.documents.text`."""
    return " | " in line or line.strip().count("\t") > 1


def _within_limits(written: Iterable[Written]) -> Iterator[Written]:
    lines = characters = 0
    for line in written:
        lines, characters = lines + 1, characters + len(line.text)
        if lines > LINES_LIMIT or characters > TEXT_LIMIT:
            raise NotRead("too_big", f"more than {LINES_LIMIT} paragraphs or {TEXT_LIMIT} characters")
        yield line


def unpacked(content: bytes, limit: int = UNPACKED_LIMIT) -> zipfile.ZipFile:
    """A zip archive that is safe to unpack: it holds `limit` bytes at most. Raises `NotRead`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except _NOT_UNPACKED as error:
        raise NotRead("damaged", "damaged: not a whole file") from error
    if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > limit:
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


def _paragraphs(content: bytes, *, word: bool) -> Iterator[Written]:
    """The paragraphs of a Word document, with the numbers that Word counts itself. `word`: it says that it is one."""
    with unpacked(content) as archive:
        try:
            document = _root(_read(archive, _main_part(archive)))
        except KeyError as error:
            if word:
                raise NotRead("damaged", "not a Word document") from error
            raise NotRead("kind", "no Word document; only .docx and .txt can be read") from error
        styles, lists = (_part_of(archive, f"word/{name}.xml") for name in ("styles", "numbering"))
    body = document.find(f"{_W}body") if document is not None else None
    if body is None:
        raise NotRead("damaged", "damaged: its text is not well-formed")
    etree.strip_elements(body, _FALLBACK, f"{_W}moveFrom", with_tail=False)
    yield from _lines(body, _Styles.of(styles), _Numbers(lists))


def _main_part(archive: zipfile.ZipFile) -> str:
    """Where the text is: some programs count their documents."""
    names = (name for name in archive.namelist() if re.fullmatch(r"word/document\d*\.xml", name))
    return min(names, default="word/document.xml")


def _read(archive: zipfile.ZipFile, name: str, tags: int = TAGS_LIMIT) -> bytes:
    """A part, read no further than it may be: what the archive says of its size is only a claim. Raises `KeyError`."""
    try:
        with archive.open(name) as part:
            read = part.read(XML_LIMIT + 1)
    except _NOT_UNPACKED as error:
        raise NotRead("damaged", "damaged: its parts cannot be unpacked") from error
    if len(read) > XML_LIMIT or read.count(b"<") > tags:
        raise NotRead("too_big", "unpacks to more than it may")
    return read


def _root(xml: bytes) -> Any:
    """The root of a part, or None where it is not well-formed. Entities stay as they are, and nothing is fetched."""
    try:
        return etree.fromstring(
            xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except (etree.XMLSyntaxError, ValueError):
        return None


def _part_of(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of a part that a document may do without."""
    try:
        return _root(_read(archive, name, STYLE_TAGS_LIMIT))
    except KeyError:
        return None


def _lines(container: Any, styles: _Styles, numbers: _Numbers) -> Iterator[Written]:
    """The paragraphs and rows in a body, a text box or a cell, those inside content controls too."""
    for block in container.iterdescendants(_P, _TABLE):
        if next(block.iterancestors(_P, _TABLE, _BOX, _CELL, _BODY), None) is not container:
            continue
        if block.tag == _TABLE:
            yield from _rows(block, styles, numbers)
            continue
        level, counted = styles.level(block), numbers.of(*styles.list_of(block))
        text = _text(block)
        for i, line in enumerate(_LINE.split(f"{counted}{text}" if text.strip() else text)):
            yield Written(line, 0 if i and counted else level)
        for box in block.iterdescendants(_BOX):
            if next(box.iterancestors(_P)) is block:
                yield from _lines(box, styles, numbers)


def _rows(table: Any, styles: _Styles, numbers: _Numbers) -> Iterator[Written]:
    """A table's rows. A cell that covers several columns is followed by empty ones, as spreadsheets copy it."""
    for row in table.iterdescendants(_ROW):
        if next(row.iterancestors(_TABLE)) is not table:
            continue
        cells = [cell for cell in row.iterdescendants(_CELL) if next(cell.iterancestors(_ROW)) is row]
        if len(cells) == 1:  # a frame around text
            yield from _lines(cells[0], styles, numbers)
            continue
        texts: list[str] = []
        for cell in cells:
            text = "".join(_text(paragraph) for paragraph in cell.iterdescendants(_P))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            covered = _value(span, 1) - 1 if span is not None else 0
            texts += [" ".join(text.split()), *[""] * min(covered, SHEET_COLUMNS)]
        yield Written("\t".join(texts), row=True)


def _text(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iterdescendants(*_TEXT):
        if next(node.iterancestors(_P)) is not paragraph:
            continue  # in a text box
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        else:
            parts.append(_TEXT[node.tag])
    return "".join(parts).rstrip()


def _value(element: Any, default: int) -> int:
    value = element.get(f"{_W}val", "") if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else default


class _Styles:
    """What a paragraph's style says of it; styles take from their base what they do not say themselves."""

    def __init__(self, outline: dict[str, int], lists: dict[str, tuple[str, int]]) -> None:
        self._outline, self._lists = outline, lists

    @classmethod
    def of(cls, root: Any) -> _Styles:
        outline: dict[str, int] = {}
        lists: dict[str, tuple[str, int]] = {}
        based: dict[str, str] = {}
        for style in root.iter(f"{_W}style") if root is not None else ():
            id = style.get(f"{_W}styleId", "")
            if (level := style.find(f"{_W}pPr/{_W}outlineLvl")) is not None:
                outline[id] = _as_level(level)
            if (found := _list_in(style)) is not None:
                lists[id] = found
            if (base := style.find(f"{_W}basedOn")) is not None:
                based[id] = base.get(f"{_W}val", "")
        for id in based:
            _inherit(outline, id, based)
            _inherit(lists, id, based)
        return cls(outline, lists)

    def level(self, paragraph: Any) -> int:
        """The level in the navigation pane, 1 to 9; 0 for text."""
        direct = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        return _as_level(direct) if direct is not None else self._outline.get(_style_of(paragraph), 0)

    def list_of(self, paragraph: Any) -> tuple[str, int]:
        """The list that numbers a paragraph, and the level in it; "" for none."""
        return _list_in(paragraph) or self._lists.get(_style_of(paragraph), ("", 0))


T = TypeVar("T")


def _inherit(known: dict[str, T], id: str, based: Mapping[str, str]) -> None:
    ancestor, steps = id, 0
    while ancestor not in known and ancestor in based and steps < 12:
        ancestor, steps = based[ancestor], steps + 1
    if ancestor in known:
        known.setdefault(id, known[ancestor])


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val", "") if style is not None else ""


def _as_level(element: Any) -> int:
    value = _value(element, 9)
    return value + 1 if value < 9 else 0


def _list_in(element: Any) -> tuple[str, int] | None:
    properties = element.find(f"{_W}pPr/{_W}numPr")
    if properties is None:
        return None
    id, level = properties.find(f"{_W}numId"), properties.find(f"{_W}ilvl")
    return (id.get(f"{_W}val", "") if id is not None else ""), _value(level, 0)


class _Numbers:
    """The numbers that Word puts in front of paragraphs by itself, counted as it does."""

    def __init__(self, root: Any) -> None:
        self._shapes: dict[str, dict[int, tuple[int, str, str]]] = {}  # list -> level -> start, format, text
        self._list: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for shape in root.iter(f"{_W}abstractNum") if root is not None else ():
            levels = {_level_of(level): _shape(level) for level in shape.iterchildren(f"{_W}lvl")}
            self._shapes[shape.get(f"{_W}abstractNumId", "")] = levels
        for number in root.iter(f"{_W}num") if root is not None else ():
            link = number.find(f"{_W}abstractNumId")
            if link is not None:
                self._list[number.get(f"{_W}numId", "")] = link.get(f"{_W}val", "")

    def of(self, list_: str, level: int) -> str:
        """The number of the next paragraph of this list at this level; "" for a mere bullet."""
        name = self._list.get(list_, "")
        levels = self._shapes.get(name, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(name, {})
        counts[level] = counts.get(level, levels[level][0] - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if levels[level][1] in ("bullet", "none"):
            return ""

        def counted(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            start, form, _ = levels.get(at, (1, "decimal", ""))
            return _printed(counts.get(at, start), form)

        return re.sub(r"%([1-9])", counted, levels[level][2])


def _level_of(level: Any) -> int:
    value = level.get(f"{_W}ilvl", "0")
    return int(value) if value.isascii() and value.isdigit() else 0


def _shape(level: Any) -> tuple[int, str, str]:
    form, text = level.find(f"{_W}numFmt"), level.find(f"{_W}lvlText")
    return (
        _value(level.find(f"{_W}start"), 1),
        form.get(f"{_W}val", "decimal") if form is not None else "decimal",
        text.get(f"{_W}val", "") if text is not None else "",
    )


def _printed(number: int, form: str) -> str:
    words = form.startswith(("chinese", "japanese", "taiwanese", "ideographDigital"))
    return chinese(number) if words and 1 <= number <= 99 else str(number)


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
    # A fifth of a second to import, and only those who send a sheet need it.
    from openpyxl import load_workbook

    with unpacked(content, SHEET_LIMIT) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                _read(archive, name, SHEET_TAGS_LIMIT)
    try:
        book = load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=SHEET_ROWS, max_col=SHEET_COLUMNS, values_only=True):
            yield [_cell_text(cell) for cell in row]
    except NotRead:
        raise
    # openpyxl lets through whatever a broken part makes the standard library raise.
    except Exception as error:
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
