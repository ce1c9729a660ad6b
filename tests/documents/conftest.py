"""Drafts to write: the sample report, and one with every element there is."""

from __future__ import annotations

import pytest

from bot.documents import DocumentError
from bot.documents.fonts import installed
from bot.documents.layout import Face
from bot.documents.settings import FontSettings
from prompts.draft import Cell, Draft, DraftSection, Paragraph, Source, Span, Table
from prompts.loading import BUILT_IN, load_outline
from prompts.plan import Plan
from prompts.render import draft
from prompts.sample import content_of, read_sample


@pytest.fixture(scope="session")
def families() -> dict[Face, tuple[str, ...]]:
    """The fonts of this machine; without Typst or without a Chinese font whatever needs them is skipped."""
    pytest.importorskip("typst", reason="the extra [pdf] is not installed")
    try:
        return installed(FontSettings()).families
    except DocumentError:
        pytest.skip("no Chinese font is installed: nothing is set and measured")


@pytest.fixture(scope="session")
def sample() -> Draft:
    """The first outline's sample report."""
    outline = load_outline(BUILT_IN / "rule-of-law-township")
    model = read_sample(outline)
    return draft(Plan(outline, content_of(model, outline), model.today))


def a_table(rows: int = 4) -> Table:
    head = (
        (Cell("项目", rowspan=2), Cell("数量", colspan=2), Cell("合计", rowspan=2)),
        (Cell("上年"), Cell("本年")),
    )
    body = tuple(
        (Cell(f"第{i}项"), Cell(str(i)), Cell(str(2 * i)), Cell(str(3 * i))) for i in range(1, rows + 1)
    )
    return Table((*head, *body), header_rows=2, caption="工作情况表")


@pytest.fixture
def everything() -> Draft:
    """A draft with every role of line."""
    gap = Paragraph((Span("已办结"), Span("〔待填：件数〕", Source.GAP), Span("。")))
    return Draft(
        title=Paragraph.of("某县某街道办事处2024年法治政府建设年度报告"),
        addressee=Paragraph.of("中共某县委、某县人民政府："),
        subtitle=(Paragraph.of("——2025年1月10日"),),
        sections=(
            DraftSection("a", blocks=(Paragraph.of("现将有关情况报告如下。"),)),
            DraftSection("b", 1, "一、", Paragraph.of("主要举措和成效"), blocks=(a_table(),)),
            DraftSection("c", 2, "（一）", Paragraph.of("办件"), run_in=True, blocks=(gap,)),
            DraftSection("d", 3, "1.", Paragraph.of("窗口"), blocks=(Paragraph.of("“一窗通办”——已实现……"),)),
            DraftSection("e", 4, "（1）", Paragraph.of("时间"), run_in=True, blocks=(Paragraph.of("全年。"),)),
        ),
        closing=(Paragraph.of("特此报告。"),),
        attachments=("统计表", "清单"),
        signature=Paragraph.of("某县某街道办事处"),
        date=Paragraph.of("2025年1月29日"),
        note="此件公开发布",
        unit="某县某街道办事处",
        year=2024,
        kind="法治政府建设年度报告",
    )  # fmt: skip
