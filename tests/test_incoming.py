"""Files that people send: read, or refused with a clear reason, quickly."""

from __future__ import annotations

import contextlib
import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming import NotRead, Written, lines_of, paragraphs_of


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


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def written(body: str, **parts: str) -> list[Written]:
    """The paragraphs of a document with this body, in WordprocessingML without its prefixes' declarations."""

    def part(name: str, inside: str) -> bytes:
        return f'<w:{name} xmlns:w="{W}" xmlns:mc="{MC}">{inside}</w:{name}>'.encode()

    made = {f"word__{name}_dot_xml": part(name, inside) for name, inside in parts.items()}
    return paragraphs_of(
        "a.docx", zipped(word__document_dot_xml=part("document", f"<w:body>{body}</w:body>"), **made)
    )


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def in_list(level: int, list_: str = "7") -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'


NUMBERING = (
    '<w:abstractNum w:abstractNumId="3">'
    + "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, form, text in (
            (0, "chineseCountingThousand", "%1、"), (1, "chineseCounting", "（%2）"), (2, "decimal", "%3."), (3, "bullet", "●"),
            (4, "decimal", "%1-%5"),
        )
    )
    + '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
)  # fmt: skip


def test_the_numbers_that_word_counts_itself_are_read() -> None:
    body = "".join(
        p(text, in_list(level))
        for text, level in (
            ("情况", 0),
            ("组织", 1),
            ("学法", 1),
            ("考试", 2),
            ("圆点", 3),
            ("打算", 0),
            ("宣传", 1),
        )
    )
    found = [
        line.text
        for line in written(body + p("没有编号") + p("不在表里", in_list(0, "9")), numbering=NUMBERING)
    ]
    assert found == [
        "一、情况",
        "（一）组织",
        "（二）学法",
        "1.考试",
        "圆点",
        "二、打算",
        "（一）宣传",
        "没有编号",
        "不在表里",
    ]


def test_numbers_and_levels_come_with_styles_and_their_bases() -> None:
    styles = (
        f'<w:style w:styleId="A"><w:pPr>{in_list(0)}<w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        '<w:style w:styleId="C"><w:basedOn w:val="C"/></w:style>'
    )
    body = (
        p("情况", '<w:pStyle w:val="B"/>')
        + p("打算", '<w:pStyle w:val="A"/>')
        + p("文字", '<w:pStyle w:val="C"/>')
    )
    assert written(body, styles=styles, numbering=NUMBERING) == [
        Written("一、情况", 1), Written("二、打算", 1), Written("文字"),
    ]  # fmt: skip


def test_merged_cells_leave_empty_ones_and_a_frame_is_no_table() -> None:
    def cell(text: str, span: int = 1) -> str:
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{p(text)}</w:tc>'

    rows = f"<w:tbl><w:tr>{cell('申请人', 2)}{cell('总计')}</w:tr><w:tr>{cell('自然人')}{cell('3')}{cell('3')}</w:tr></w:tbl>"
    assert written(rows) == [Written("申请人\t\t总计", row=True), Written("自然人\t3\t3", row=True)]
    assert written(f"<w:tbl><w:tr><w:tc>{p('一、情况')}{p('文字')}</w:tc></w:tr></w:tbl>") == [
        Written("一、情况"), Written("文字"),
    ]  # fmt: skip


def test_nothing_is_read_twice_and_nothing_that_was_moved_away() -> None:
    box = f"<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{p('框里')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{p('框里')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    body = (
        f"<w:p><w:r><w:t>正文</w:t></w:r>{box}</w:p>"
        "<w:p><w:moveFrom><w:r><w:t>移走的</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>加的</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>删的</w:delText></w:r></w:del></w:p>"
        f"<w:customXml><w:sdt><w:sdtContent>{p('控件里')}</w:sdtContent></w:sdt></w:customXml>"
    )
    assert [line.text for line in written(body)] == ["正文", "框里", "加的", "控件里"]
    inner = f"<w:tbl><w:tr><w:tc>{p('内')}</w:tc><w:tc>{p('层')}</w:tc></w:tr></w:tbl>"
    nested = f"<w:tbl><w:tr><w:tc>{p('外')}{inner}</w:tc><w:tc>{p('右')}</w:tc></w:tr></w:tbl>"
    assert [line.text for line in written(nested)] == ["外内层\t右"]
    boxes = "<w:p><w:txbxContent>" * 60 + p("最里") + "</w:txbxContent></w:p>" * 60
    assert [line.text for line in written(boxes) if line.text] == ["最里"]


def test_rows_of_a_text_are_told_from_paragraphs() -> None:
    lines = paragraphs_of("a.txt", "项目 | 数量\n一、\t情况\n甲\t1\t2\n".encode())
    assert [line.row for line in lines] == [True, False, True]


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
