"""The .docx: what Word finds in it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from bot.documents import DocumentError, DocumentSettings
from bot.documents.layout import STYLES
from bot.documents.settings import FontSettings, HeadSettings, ImprintSettings
from bot.documents.word import Remark, write_word
from prompts.draft import Cell, Draft, DraftSection, Paragraph, Table
from tests.documents.conftest import a_table


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def texts(document: docx.document.Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_the_text_is_the_draft_s(everything: Draft) -> None:
    written = texts(opened(write_word(everything, DocumentSettings())))
    assert written[0].replace("\n", "") == everything.title.text
    assert "（一）办件。已办结〔待填：件数〕。" in written
    assert written[-1] == "（此件公开发布）"


def test_every_paragraph_has_a_style_with_a_chinese_name_and_fonts_for_every_script(
    everything: Draft,
) -> None:
    document = opened(write_word(everything, DocumentSettings()))
    names = {style.name for style in STYLES}
    for paragraph in document.paragraphs:
        assert paragraph.style is not None
        assert paragraph.style.name in names
        fonts = paragraph.style.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} != {None}
        assert len({fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")}) == 1
    assert (
        "Theme="
        not in zipfile.ZipFile(io.BytesIO(write_word(everything, DocumentSettings())))
        .read("word/document.xml")
        .decode()
    )


def test_a_change_of_one_style_changes_the_document_because_no_run_names_a_font_itself(
    everything: Draft,
) -> None:
    document = opened(write_word(everything, DocumentSettings()))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            fonts = run._r.rPr.rFonts
            assert fonts.get(qn("w:eastAsia")) is None
            assert fonts.get(qn("w:hint")) == "eastAsia"


def test_the_headings_have_levels_for_the_navigation_pane(everything: Draft) -> None:
    document = opened(write_word(everything, DocumentSettings()))
    levels = {}
    for paragraph in document.paragraphs:
        assert paragraph.style is not None
        level = paragraph.style.element.pPr.find(qn("w:outlineLvl"))
        if level is not None:
            levels[paragraph.text[:3]] = int(level.get(qn("w:val")))
    assert levels == {"一、主": 0, "（一）": 1, "1.窗": 2, "（1）": 3}


def test_gaps_are_highlighted_and_nothing_else(everything: Draft) -> None:
    document = opened(write_word(everything, DocumentSettings()))
    marked = [run.text for p in document.paragraphs for run in p.runs if run.font.highlight_color]
    assert marked == ["〔待填：件数〕"]


def test_tables_repeat_their_header_rows_and_tear_no_row(everything: Draft) -> None:
    table = opened(write_word(everything, DocumentSettings())).tables[0]
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, True, False, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [cell.text for cell in table.rows[1].cells] == ["项目", "上年", "本年", "合计"]


def test_the_properties_say_whose_report_it_is(everything: Draft) -> None:
    properties = opened(write_word(everything, DocumentSettings())).core_properties
    assert properties.title == everything.title.text
    assert properties.author == everything.unit
    assert "2024" in properties.keywords


def test_remarks_are_comments_at_their_words(everything: Draft) -> None:
    lines = list(everything.lines())
    index = next(i for i, line in enumerate(lines) if "已办结" in line.text)
    start = lines[index].text.index("办结")
    content = write_word(everything, DocumentSettings(), [Remark(index, start, start + 2, "几件？", "校核")])
    comment = next(iter(opened(content).comments))
    assert (comment.text, comment.author) == ("几件？", "校核")
    body = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    between = body.split("<w:commentRangeStart")[1].split("<w:commentRangeEnd")[0]
    assert "办结" in between
    assert "已办结" not in between


def test_a_red_head_and_an_imprint_from_the_settings(everything: Draft) -> None:
    settings = DocumentSettings(
        head=HeadSettings("某街道办事处文件", "某街办〔2025〕1号", "张三"),
        imprint=ImprintSettings("县委办公室", "某街道党政办公室", "2025年1月30日"),
    )
    document = opened(write_word(everything, settings))
    assert texts(document)[0] == "某街道办事处文件"
    assert texts(document)[1] == "\t某街办〔2025〕1号\t签发人：张三"
    assert [cell.text for row in document.tables[-1].rows for cell in row.cells] == [
        "抄送：县委办公室。", "某街道党政办公室\t2025年1月30日印发"]  # fmt: skip


@pytest.fixture
def letterhead(tmp_path: Path) -> Path:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "某县某街道办事处"
    document.sections[0].footer.paragraphs[0].text = "地址：某路1号"
    document.add_paragraph("说明：此处为信笺的正文")
    path = tmp_path / "letterhead.docx"
    document.save(str(path))
    return path


def test_a_letterhead_keeps_its_header_footer_and_styles(everything: Draft, letterhead: Path) -> None:
    document = opened(write_word(everything, DocumentSettings(letterhead=str(letterhead))))
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "某县某街道办事处"
    assert section.footer.paragraphs[0].text == "地址：某路1号"
    assert texts(document)[0].replace("\n", "") == everything.title.text
    assert "说明：此处为信笺的正文" not in texts(document)


def test_a_letterhead_can_say_where_the_text_goes(everything: Draft, letterhead: Path) -> None:
    document = docx.Document(str(letterhead))
    document.add_paragraph("〔正文〕")
    document.add_paragraph("联系人：办公室")
    document.save(str(letterhead))
    written = texts(opened(write_word(everything, DocumentSettings(letterhead=str(letterhead)))))
    assert (written[0], written[-1]) == ("说明：此处为信笺的正文", "联系人：办公室")
    assert "〔正文〕" not in written


def test_a_letterhead_s_own_style_of_the_same_name_stands(everything: Draft, letterhead: Path) -> None:
    document = docx.Document(str(letterhead))
    own = document.styles.add_style("公文正文", 1)
    own.font.size = 177800  # 14 pt
    document.save(str(letterhead))
    written = opened(write_word(everything, DocumentSettings(letterhead=str(letterhead))))
    body = next(p for p in written.paragraphs if p.text == "特此报告。")
    assert body.style is not None
    assert body.style.font.size == 177800


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_damaged_letterhead_is_one_clear_line(everything: Draft, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letterhead.docx"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"config\.toml: document\.letterhead: .*letterhead\.docx"):
        write_word(everything, DocumentSettings(letterhead=str(path)))


def test_a_missing_letterhead_is_one_clear_line(everything: Draft, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"document\.letterhead"):
        write_word(everything, DocumentSettings(letterhead=str(tmp_path / "none.docx")))


@pytest.mark.parametrize(
    "draft",
    [
        Draft(title=Paragraph.of(""), sections=()),
        Draft(title=Paragraph.of("很长的标题" * 16), sections=()),
        Draft(title=Paragraph.of("报告"), sections=(DraftSection("a", blocks=(Paragraph.of("很长。" * 1700),)),)),
        Draft(title=Paragraph.of("㙍𠀀𪚥😀"), sections=(DraftSection("a", blocks=(Paragraph.of("㙍𠀀𪚥😀"),)),)),
        Draft(title=Paragraph.of("表"), sections=(DraftSection("a", blocks=(
            Table((tuple(Cell(f"列{i}") for i in range(40)),)), a_table(200)),),)),
    ],
    ids=["empty", "long title", "long paragraph", "rare characters", "wide and long tables"],
)  # fmt: skip
def test_whatever_a_draft_holds_the_file_is_sound(draft: Draft) -> None:
    document = opened(write_word(draft, DocumentSettings()))
    assert "".join(texts(document)).replace("\n", "").startswith(draft.title.text)


def test_the_office_s_own_fonts_are_named(everything: Draft) -> None:
    settings = DocumentSettings(fonts=FontSettings(fangsong="方正仿宋_GBK"))
    styles = zipfile.ZipFile(io.BytesIO(write_word(everything, settings))).read("word/styles.xml").decode()
    assert "方正仿宋_GBK" in styles
    assert "仿宋_GB2312" not in styles
