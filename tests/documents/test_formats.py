"""Text, Markdown, file names."""

from __future__ import annotations

import pytest

from bot.documents import FORMATS, DocumentError, DocumentSettings, Format, by_suffix, filename
from bot.documents.settings import FontSettings
from prompts.draft import Draft, DraftSection, Paragraph, Source, Span


def test_a_file_name_says_office_year_and_kind(everything: Draft) -> None:
    assert filename(everything, ".docx") == "某县某街道办事处2024年法治政府建设年度报告.docx"


def test_a_file_name_holds_nothing_that_a_system_forbids() -> None:
    draft = Draft(title=Paragraph.of('a/b\\c:d*e?f"g<h>i|j\n' + "很长" * 200), sections=())
    name = filename(draft, ".docx")
    assert not set(name) & set('/\\:*?"<>|\n')
    assert len(name.encode()) <= 200


def test_a_title_with_gaps_names_no_file() -> None:
    title = Paragraph((Span("〔待填：单位全称〕", Source.GAP), Span("年度报告")))
    assert filename(Draft(title=title, sections=(), kind="年度报告"), ".pdf") == "年度报告.pdf"


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_every_format_writes_every_draft(
    format: Format, everything: Draft, request: pytest.FixtureRequest
) -> None:
    if format.name == "pdf":
        request.getfixturevalue("families")
    assert len(format.write(everything, DocumentSettings(fonts=FontSettings()))) > 100
    assert by_suffix(format.suffix.upper()) is format


def test_an_unknown_suffix_names_the_known_ones() -> None:
    with pytest.raises(DocumentError, match=r"\.odt.*\.docx, \.pdf"):
        by_suffix(".odt")


def test_the_text_file_opens_in_a_windows_editor(everything: Draft) -> None:
    text = by_suffix(".txt").write(everything, DocumentSettings())
    assert text.startswith(b"\xef\xbb\xbf")
    lines = text.decode("utf-8-sig").splitlines()
    assert "　　一、主要举措和成效" in lines
    assert "　　（此件公开发布）" in lines


def test_markdown_keeps_headings_tables_and_what_was_typed() -> None:
    draft = Draft(
        title=Paragraph.of("报告"),
        sections=(DraftSection("a", 1, "一、", Paragraph.of("情况"), blocks=(
            Paragraph.of("- 不是列表 *不是强调* <b>不是标签</b> # 也不是标题"),)),
            DraftSection("b", 2, "（一）", Paragraph.of("段首"), run_in=True, blocks=(Paragraph.of("正文。"),)),),
    )  # fmt: skip
    text = by_suffix(".md").write(draft, DocumentSettings()).decode()
    assert "# 报告\n\n## 一、情况\n\n" in text
    assert "\\- 不是列表 \\*不是强调\\* \\<b\\>不是标签\\</b\\> \\# 也不是标题" in text
    assert "**（一）段首。**正文。" in text


def test_a_merged_cell_is_an_empty_cell_in_markdown(everything: Draft) -> None:
    text = by_suffix(".md").write(everything, DocumentSettings()).decode()
    assert "| 项目 | 数量 |  | 合计 |\n| --- | --- | --- | --- |\n|  | 上年 | 本年 |  |" in text
