"""Files that are damaged, huge or made to do harm: a clear line, quickly; never anything else."""

from __future__ import annotations

import datetime
import io
import random
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from bot.conversation import Conversation
from bot.conversation.events import Upload
from bot.importing import best_outline, propose, read_report
from bot.incoming import NotRead, paragraphs_of, rows_of
from prompts.chat import Wording
from prompts.library import Library
from store import Store
from tests.importing.shapes import styled

TODAY = datetime.datetime(2024, 1, 29, 9, tzinfo=datetime.UTC)
SECONDS = 2.0
WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARAGRAPH = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>"
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(body: bytes, before: bytes = b"", **parts: bytes) -> bytes:
    document = before + b"<w:document xmlns:w='" + WORD + b"'><w:body>" + body + b"</w:body></w:document>"
    return zipped({"word/document.xml": document, **{f"word/{k}.xml": v for k, v in parts.items()}})


def claiming(content: bytes, size: int) -> bytes:
    """An archive whose entries say that they unpack to `size` bytes."""
    made = bytearray(content)
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        found = made.find(mark)
        while found >= 0:
            made[found + at : found + at + 4] = struct.pack("<I", size)
            found = made.find(mark, found + 4)
    return bytes(made)


def book(rows: bytes = b"", strings: bytes = b"") -> bytes:
    """A workbook of openpyxl's with another first sheet, or other strings."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for i in range(5):
        sheet.append([f"第{i}行", i, i * 2])
    out = io.BytesIO()
    workbook.save(out)
    parts = _parts(out.getvalue())
    if rows:
        parts["xl/worksheets/sheet1.xml"] = (
            b"<worksheet xmlns='" + SHEET + b"'><sheetData>" + rows + b"</sheetData></worksheet>"
        )
    if strings:
        parts["xl/sharedStrings.xml"] = b"<sst xmlns='" + SHEET + b"'>" + strings + b"</sst>"
    return zipped(parts)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def hostile() -> dict[str, tuple[str, bytes]]:
    bomb = zipped({"word/document.xml": b"0" * 90 * 2**20})
    styles = (
        b"<w:styles xmlns:w='"
        + WORD
        + b"'>"
        + b"<w:style w:styleId='a'><w:basedOn w:val='a'/></w:style>" * 200_000
    )
    return {
        "a hundred thousand lines": ("a.txt", "一行文字\n".encode() * 100_000),
        "twenty thousand headings": ("a.txt", "一、加强组织领导\n".encode() * 19_000),
        "twenty thousand dates": ("a.txt", "某镇人民政府2024年1月29日\n".encode() * 19_000),
        "one line of ten megabytes": ("a.txt", "字".encode() * 3_400_000),
        "one long line": ("a.txt", "全年开展活动12场，受教育群众300人次。".encode() * 24_000),
        "nothing but brackets": ("a.txt", b"(" * 490_000),
        "nothing but commas": ("a.txt", b"," * 490_000),
        "nothing but digits": ("a.txt", b"1" * 490_000),
        "nothing but blanks": ("a.txt", b"a" + b" " * 490_000 + b"b"),
        "a list without end": ("a.txt", f"四、2024年工作打算\n{'打算' * 15}：{'加强；' * 150_000}".encode()),
        "deep": ("a.docx", word(b"<w:sdt><w:sdtContent>" * 100_000)),
        "as deep as may be": ("a.docx", word(b"<w:sdt><w:sdtContent>" * 120 + PARAGRAPH + b"</w:sdtContent></w:sdt>" * 120)),
        "tables in tables": ("a.docx", word(b"<w:tbl><w:tr><w:tc>" * 80 + PARAGRAPH + b"</w:tc></w:tr></w:tbl>" * 80)),
        "a million paragraphs": ("a.docx", word(b"<w:p/>" * 990_000)),
        "one row of cells": ("a.docx", word(b"<w:tbl><w:tr>" + b"<w:tc/>" * 300_000 + b"</w:tr></w:tbl>")),
        "cells that cover all": ("a.docx", word(b"<w:tbl><w:tr>" + b"<w:tc><w:tcPr><w:gridSpan w:val='99999'/></w:tcPr></w:tc>" * 9000 + b"</w:tr></w:tbl>")),
        "a text of fifteen megabytes": ("a.docx", word(b"<w:p><w:r><w:t>" + b"x" * 15 * 2**20 + b"</w:t></w:r></w:p>")),
        "a bomb": ("a.docx", bomb),
        "a bomb that claims little": ("a.docx", claiming(bomb, 1000)),
        "a bomb that claims much": ("a.docx", claiming(bomb, 2**32 - 1)),
        "a bomb of styles": ("a.docx", word(PARAGRAPH, styles=styles + b"</w:styles>")),
        "entities": ("a.docx", word(b"<w:p><w:r><w:t>&j;x</w:t></w:r></w:p>", ENTITIES)),
        "entities in an attribute": ("a.docx", word(b"<w:p><w:pPr><w:pStyle w:val='&j;'/></w:pPr></w:p>", ENTITIES)),
        "a file of the machine": ("a.docx", word(b"<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')),
        "five thousand entries": ("a.docx", zipped({f"f{i}": b"" for i in range(5000)})),
        "macros": ("a.docx", zipped({"word/document.xml": b"<a/>", "word/vbaProject.bin": b"x"})),
        "macros by name": ("a.docm", styled()),
        "an old .doc": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
        "an old .doc in text": ("a.doc", b"{\\rtf1 old}"),
        "with a password": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"EncryptedPackage" * 40),
        "no document": ("a.docx", zipped({"other.xml": b"<a/>"})),
        "an archive": ("a.zip", zipped({"other.txt": b"text"})),
        "a picture": ("a.jpg", b"\xff\xd8\xff\xe0"),
        "no name": ("", b"\xff\xfe\x00"),
        "cells without end": ("a.xlsx", book(b"<row>" + b"<c><v>1</v></c>" * 350_000 + b"</row>")),
        "rows without end": ("a.xlsx", book(b"<row><c><v>1</v></c></row>" * 190_000)),
        "strings without end": ("a.xlsx", book(strings=b"<si><t>x</t></si>" * 300_000)),
        "a sheet of entities": ("a.xlsx", book(b"<row><c t='inlineStr'><is><t>&j;</t></is></c></row>")),
        "a bomb of a sheet": ("a.xlsx", zipped({"xl/workbook.xml": b"0" * 8 * 2**20})),
        "a sheet that claims little": ("a.xlsx", claiming(book(b"<row/>" * 500_000), 3000)),
        "a deep sheet": ("a.xlsx", book(b"<row>" * 200_000)),
        "a sheet with macros": ("a.xlsm", book()),
        "an old sheet": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
        "a line of cells": ("a.csv", b"a," * 4_900_000),
        "a quote without end": ("a.csv", b'"' + b"a" * 9_000_000),
    }  # fmt: skip


HOSTILE = hostile()


def looked_at(name: str, content: bytes, library: Library) -> str:
    """What becomes of a file; any other exception than `NotRead` is a failure."""
    try:
        if name.endswith((".xlsx", ".csv", ".xls", ".xlsm")):
            return f"{len(rows_of(name, content))} rows"
        report = read_report(paragraphs_of(name, content))
        propose(report, best_outline(report, library), TODAY.date()).kept(figures=True)
    except NotRead as refused:
        return refused.code
    return "read"


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_read_or_refused_quickly(library: Library, kind: str) -> None:
    name, content = HOSTILE[kind]
    begin = time.perf_counter()
    looked_at(name, content, library)
    assert time.perf_counter() - begin < SECONDS


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("a hundred thousand lines", "too_big"),
        ("one line of ten megabytes", "too_big"),
        ("a bomb", "too_big"),
        ("a bomb that claims little", "damaged"),
        ("deep", "damaged"),
        ("a million paragraphs", "too_big"),
        ("five thousand entries", "too_big"),
        ("macros", "macros"),
        ("macros by name", "macros"),
        ("an old .doc", "old_doc"),
        ("an old .doc in text", "old_doc"),
        ("with a password", "encrypted"),
        ("no document", "damaged"),
        ("an archive", "kind"),
        ("a picture", "kind"),
        ("a file of the machine", "empty"),
        ("a sheet with macros", "macros"),
        ("an old sheet", "old_xls"),
        ("a bomb of a sheet", "too_big"),
    ],
)
def test_the_reason_is_the_right_one(library: Library, kind: str, code: str) -> None:
    assert looked_at(*HOSTILE[kind], library) == code


def mutated(content: bytes, seed: int) -> Iterator[bytes]:
    """Cut, with flipped bits, with a hole, and with damage inside parts that unpack."""
    chance = random.Random(seed)
    yield content[: chance.randrange(len(content))]
    flipped = bytearray(content)
    for _ in range(chance.choice([1, 3, 20])):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    yield bytes(flipped)
    holed = bytearray(content)
    at = chance.randrange(len(holed))
    del holed[at : at + chance.randrange(1, 300)]
    yield bytes(holed)
    parts = {}
    for name, part in _parts(content).items():
        damaged = bytearray(part)
        for _ in range(chance.choice([0, 1, 8]) if part else 0):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        parts[name] = bytes(damaged)
    yield zipped(
        parts, chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    )


def _fuzz(library: Library, seeds: range) -> None:
    sources = {"a.docx": styled(numbers=True), "a.xlsx": book()}
    for seed in seeds:
        for name, content in sources.items():
            for damaged in mutated(content, seed):
                looked_at(name, damaged, library)
        chance = random.Random(seed)
        for name in ("a.docx", "a.txt", "", "a.xlsx", "a.csv"):
            looked_at(name, chance.randbytes(chance.randrange(2000)), library)
            looked_at(name, b"PK\x03\x04" + chance.randbytes(200), library)
        text = "".join(
            chr(
                chance.choice(
                    [
                        chance.randrange(0x20, 0x7F),
                        chance.randrange(0x4E00, 0x9FA5),
                        chance.randrange(0x10000),
                    ]
                )
            )
            for _ in range(300)
        )
        looked_at("a.txt", text.encode("utf-8", "ignore"), library)


def test_a_damaged_file_is_read_or_refused(library: Library) -> None:
    _fuzz(library, range(8))


@pytest.mark.slow
def test_a_thousand_damaged_files_are_read_or_refused(library: Library) -> None:
    _fuzz(library, range(100, 350))


SENT = (
    "a hundred thousand lines", "twenty thousand headings", "one long line", "a list without end", "deep", "a bomb", "entities",
    "macros", "an old .doc", "with a password", "no name", "an archive", "a sheet of entities", "a sheet with macros",
)  # fmt: skip


def test_the_chat_answers_every_file_with_one_reply(library: Library, tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    wording = Wording()
    conversation = Conversation(store, library, wording, lambda: TODAY)
    broken = {wording.phrase(name, notice="") for name in ("internal_error", "not_saved")}
    cut = [("a.docx", damaged) for seed in range(2) for damaged in mutated(styled(), seed)]
    for i, (name, content) in enumerate([*(HOSTILE[kind] for kind in SENT), *cut]):
        event = Upload(person="test:one", id=f"u{i}", filename=name, content=content, message=f"m{i}")
        begin = time.perf_counter()
        replies = conversation.handle(event)
        assert time.perf_counter() - begin < SECONDS
        assert len(replies) == 1
        assert replies[0].text.strip() and replies[0].text not in broken
        assert len(replies[0].text) < 5000
    store.close()


def test_control_characters_and_noncharacters_do_not_come_in(library: Library) -> None:
    text = (
        "某镇2023年度法治政府建设情况报告\n一、工作\ufdd0A\x01\x02开展\x0b（一）加强\u2028领导。做了。\x00\n"
    )
    with pytest.raises(NotRead):
        paragraphs_of("a.txt", text.encode())
    lines = paragraphs_of("a.txt", text.replace("\x00", "").encode())
    content = propose(read_report(lines), library["rule-of-law-township"], TODAY.date()).kept(figures=True)
    assert not set("\ufdd0\x01\x02\x0b\u2028") & set(repr(content).encode().decode("unicode_escape"))


def test_a_document_of_another_name_inside_is_found() -> None:
    document = docx.Document()
    document.add_paragraph("一、情况")
    out = io.BytesIO()
    document.save(out)
    parts = _parts(out.getvalue())
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    assert [line.text for line in paragraphs_of("a.docx", zipped(parts))] == ["一、情况"]


@pytest.mark.parametrize(("paragraphs", "seconds"), [(60, 0.3), (2000, 3.0)])
def test_an_import_takes_no_time(library: Library, paragraphs: int, seconds: float) -> None:
    lines = ["某县青石镇人民政府2023年度法治政府建设情况报告", "2023年，工作取得成效，现将情况报告如下："]
    for i in range(paragraphs):
        if i % 12 == 0:
            lines.append(f"{'一二三四五六七八九十'[i // 12 % 10]}、2023年第{i}方面工作情况")
        lines.append(
            f"（{'一二三四五六七八九十'[i % 12 % 10]}）加强第{i}项工作。排查纠纷{i}件，化解{i}件，发放资料{i}0余份，培训{i}人次。"
        )
    content = "\n".join(lines).encode()
    first = read_report(paragraphs_of("a.txt", content))
    propose(first, best_outline(first, library), TODAY.date())  # templates are compiled when first needed
    begin = time.perf_counter()
    report = read_report(paragraphs_of("a.txt", content))
    propose(report, best_outline(report, library), TODAY.date()).kept(figures=True)
    assert time.perf_counter() - begin < seconds
