"""A title is broken where its meaning parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.layout import width
from bot.documents.titles import PER_LINE, title_lines


@pytest.mark.parametrize(
    ("title", "unit", "lines"),
    [
        ("龙门街道办事处2023年法治政府建设年度报告", "龙门街道办事处", ["龙门街道办事处2023年法治政府建设年度报告"]),
        ("巫山县龙门街道办事处2023年法治政府建设年度报告", "巫山县龙门街道办事处",
         ["巫山县龙门街道办事处", "2023年法治政府建设年度报告"]),
        ("某某市某某区住房和城乡建设局2024年度法治政府建设工作情况报告", "某某市某某区住房和城乡建设局",
         ["某某市某某区住房和城乡建设局", "2024年度法治政府建设工作情况报告"]),
        ("某县人民政府办公室关于2024年度政府信息公开工作情况的报告", "某县人民政府办公室",
         ["某县人民政府办公室关于", "2024年度政府信息公开工作情况的报告"]),
    ],
)  # fmt: skip
def test_lines_end_where_the_meaning_parts(title: str, unit: str, lines: list[str]) -> None:
    assert title_lines(title, unit) == lines


def test_a_title_of_eighty_characters_is_set_in_lines_that_fit() -> None:
    title = (
        "某某省某某市某某区某某街道办事处关于2024年度推进法治政府建设工作和落实党政主要负责人第一责任人职责情况以及2025年度工作主要安排的报告"
        * 1
    )
    lines = title_lines(title + "（征求意见后修改稿第三稿）")
    assert "".join(lines) == title + "（征求意见后修改稿第三稿）"
    assert all(width(line) <= PER_LINE for line in lines)
    assert not any("2024" in line and not line.count("2024年") for line in lines)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120))
def test_no_character_is_lost_and_every_line_fits(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(width(line) <= PER_LINE for line in lines)
