"""Files that people send: read, or refused with a clear reason, quickly."""

from __future__ import annotations

import contextlib
import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming import NotRead, lines_of


def word(*paragraphs: str, table: bool = False) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        made = document.add_table(1, 2)
        made.cell(0, 0).text, made.cell(0, 1).text = "项目", "数量"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def test_a_word_document_gives_its_paragraphs_and_rows() -> None:
    assert lines_of("a.docx", word("一、情况", "第一段\n换行", table=True)) == [
        "一、情况",
        "第一段",
        "换行",
        "项目\t数量",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert lines_of("a.txt", "第一行\r\n第二行\n\n".encode(encoding)) == ["第一行", "第二行"]


BOMB = zipped(word__document_dot_xml=b"0" * 90 * 2**20)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>&j;"
    b"</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old_doc"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "encrypted"),
        ("a.docx", b"no zip at all", "damaged"),
        ("a.docx", word("一")[:400], "damaged"),
        ("a.docx", zipped(other=b"x"), "damaged"),
        ("a.docx", zipped(word__document_dot_xml=b"<w:document"), "damaged"),
        ("a.docx", zipped(word__document_dot_xml=b"<a/>", word__vbaProject_dot_bin=b"x"), "macros"),
        ("a.docm", word("一"), "macros"),
        ("a.docx", BOMB, "too_big"),
        ("a.txt", b"x" * (11 * 2**20), "too_big"),
        ("a.txt", b"\x00\x01\x02\xff", "not_text"),
        ("a.pdf", b"%PDF-1.7", "kind"),
        ("a.txt", b"  \n \n", "empty"),
        ("a.docx", word(), "empty"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, code: str) -> None:
    with pytest.raises(NotRead) as refused:
        lines_of(name, content)
    assert refused.value.code == code


def test_entities_that_expand_without_end_do_not() -> None:
    try:
        assert len("".join(lines_of("a.docx", zipped(word__document_dot_xml=ENTITIES)))) < 1000
    except NotRead as refused:
        assert refused.code in ("damaged", "empty")


@given(st.binary(max_size=2000), st.sampled_from(["a.docx", "a.txt", "a"]))
def test_whatever_is_sent_is_read_or_refused(content: bytes, name: str) -> None:
    with contextlib.suppress(NotRead):
        assert lines_of(name, content)
