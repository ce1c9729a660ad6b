"""What a text lacks, or has twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Rules = Callable[..., set[str]]

REPORT = [
    "某街道办事处2024年法治政府建设年度报告",
    "某县委、某县政府：",
    "2024年，某街道深入学习贯彻习近平法治思想。现将有关情况报告如下。",
    "一、2024年主要举措和成效",
    "（一）加强领导。召开专题会议4次。",
    "（二）依法决策。审查合同12件。",
    "二、第一责任人履职情况",
    "主要负责人听取汇报3次。",
    "三、存在的不足和原因",
    "学习不够深入，主要原因是重视不够。",
    "四、2025年工作安排",
    "继续推进。",
    "某街道办事处",
    "2025年1月29日",
]


def test_a_sound_report_raises_no_doubt(rules_of: Rules) -> None:
    assert rules_of(*REPORT) == set()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (REPORT[0], "", "no-title"),
        (REPORT[1], "", "no-addressee"),
        ("（二）依法", "（四）依法", "numbering"),
        ("三、存在", "二、存在", "numbering"),
        ("一、2024年", "一、2023年", "report-year"),
        ("四、2025年", "四、2024年", "report-year"),
        ("2025年1月29日", "2024年1月29日", "closing-date"),
        ("主要原因是重视不够", "系统性不强", "no-causes"),
        ("习近平法治思想", "法律法规", "guiding-thought"),
        ("审查合同12件", "审查合同（12件", "brackets"),
        ("听取汇报3次", "多次听取汇报", "no-facts"),
        ("四、2025年工作安排", "四、结语", "five-contents"),
        ("召开专题会议4次", "以“6.26国际禁毒日宣传周”为契机", "day-names"),
    ],
)
def test_what_is_amiss_is_found(rules_of: Rules, old: str, new: str, rule: str) -> None:
    text = [line.replace(old, new) for line in REPORT]
    assert rule in rules_of(*[line for line in text if line])


def test_one_group_with_two_leaders(rules_of: Rules) -> None:
    one = "成立由办事处主任任组长的法治政府建设工作领导小组。"
    two = "完善法治政府建设工作领导小组，党工委书记任组长。"
    assert "two-leaders" in rules_of(one, "其他。", two)
    assert "two-leaders" not in rules_of(one, "其他。", "法治政府建设工作领导小组由办事处主任任组长。")


def test_a_sentence_that_stands_twice(rules_of: Rules) -> None:
    sentence = "切实增强党员干部的学法意识和依法办事的能力。"
    assert "repeated-sentence" in rules_of(sentence, "其他内容。", sentence)


def test_half_width_punctuation_is_said_once(rules_of: Rules) -> None:
    assert "half-width" in rules_of("加强领导,健全机构,落实责任,明确分工。")
    assert "half-width" not in rules_of("共1,048条，比例3:1，使用Word(2019)。")
