"""Files that people send: their text, a paragraph a line, or a clear reason why it cannot be had.

What comes from outside may be damaged, huge, or made to do harm; nothing in it is run, and it is looked at before it is
unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from lxml import etree

FILE_LIMIT = 10 * 2**20  # a report of a thousand pages is smaller
UNPACKED_LIMIT = 80 * 2**20
ENTRIES_LIMIT = 3000
LINES_LIMIT = 20000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINE = re.compile(r"\r\n|\n|\r")


class NotRead(Exception):
    """A file that cannot be read; `code` says why, in the words of `prompts/chat/phrases.toml` [file]."""

    def __init__(self, code: str, english: str) -> None:
        super().__init__(english)
        self.code = code


def lines_of(filename: str, content: bytes) -> list[str]:
    """The paragraphs of a .docx, or the lines of a text file. Raises `NotRead`."""
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
        found = _LINE.split(_decoded(content))
    else:
        raise NotRead("kind", f"{suffix}: only .docx and .txt can be read")
    while found and not found[-1].strip():
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


def _paragraphs(content: bytes) -> Iterator[str]:
    with unpacked(content) as archive:
        try:
            document = _read(archive, "word/document.xml")
        except KeyError as error:
            raise NotRead("damaged", "not a Word document") from error
        except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
            raise NotRead("damaged", "damaged: its parts cannot be unpacked") from error
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise NotRead("damaged", "damaged: its text is not well-formed") from error
    body = root.find(f"{_W}body")
    if body is None:
        raise NotRead("damaged", "not a Word document")
    for block in _blocks(body):
        if block.tag == f"{_W}p":
            yield from _LINE.split(_text(block))
        else:
            for row in block.iter(f"{_W}tr"):
                cells = (
                    "".join(_text(p) for p in cell.iter(f"{_W}p")) for cell in row.iterchildren(f"{_W}tc")
                )
                yield "\t".join(cells)


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
