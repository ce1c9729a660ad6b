"""Whatever the lines of a report look like: none is lost, and they keep their order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prompts.library import Library
from prompts.loading import BUILT_IN
from tests.importing.comparing import again

LIBRARY = Library(BUILT_IN)
CHINESE = "加强组织领导宣传执法信访纠纷化解安全生产建设计划不足原因其他需要报告的情况年月日政府局镇"

words = st.text(CHINESE, min_size=1, max_size=20)
marks = st.sampled_from(
    [
        "，",
        "、",
        "；",
        "：",
        ",",
        ";",
        ":",
        "(",
        ")",
        "（",
        "）",
        "“",
        "”",
        "！",
        " ",
        "　",
        "2023",
        "12件",
        "3.5",
        "%",
        "\t",
    ]
)
sentence = st.lists(st.one_of(words, words, marks), min_size=1, max_size=12).map("".join)
paragraph = st.builds(
    lambda sentences, stop: "。".join(sentences) + stop,
    st.lists(sentence, min_size=1, max_size=4),
    st.sampled_from(["。", "", "；", "："]),
)
number = st.sampled_from([
    "一、", "二、", "三、", "十一、", "（一）", "（二）", "(三)", "(一)、", "1.", "2、", "3．", "（1）", "(2)", "2）", "第一部分 ", "第二部分：", "一.",
])  # fmt: skip
heading = st.builds(lambda n, w: f"{n}{w}", number, words)
run_in = st.builds(lambda h, p: f"{h}。{p}", heading, paragraph)
point = st.builds(lambda n, p: f"{n}{p}", number, paragraph)
title = st.sampled_from(
    [
        "某县青石镇人民政府2023年度法治政府建设情况报告",
        "某局2023年工作总结和2024年工作计划",
        "县委、县政府：",
        "——2024年1月10日在会上",
    ]
)
odd = st.sampled_from([
    "某县青石镇人民政府", "2024年1月29日", "二〇二四年一月二十九日", "某局　2024年1月29日", "（此件公开发布）", "抄送：县委办，县政府办。", "特此报告。",
    "各位代表：", "现将情况报告如下：", "附件：1.清单", "一是加强领导，二是严格执法。", "扫一扫在手机打开当前页", "- 3 -", "发布时间：2024-02-01", "张三", "a | b | 3",
])  # fmt: skip
line = st.one_of(heading, heading, run_in, run_in, paragraph, point, odd)


reports = (
    st.lists(title, max_size=2),
    st.lists(line, min_size=1, max_size=25),
    st.sampled_from([*LIBRARY, ""]),
)


def nothing_is_lost(titles: list[str], lines: list[str], outline: str) -> None:
    text = "\n".join([*titles, *lines])
    if text.strip():
        found = again("a.txt", text.encode(), LIBRARY, outline=outline, as_typed=True)
        assert list(found.lost()) == []
        assert found.in_order()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(*reports)
@example([], ["一、加强", "1.组织", "（一）领导。", "加强。", "一、加强"], "")
@example([], ["（一）加强", "一、组织", "加强。"], "rule-of-law-township")
@example([], ["一、2023年工作情况"], "rule-of-law-township")
@example([], ["第二部分：：加强。", "一、组织"], "")
def test_no_line_of_any_report_is_lost(titles: list[str], lines: list[str], outline: str) -> None:
    nothing_is_lost(titles, lines, outline)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(*reports)
def test_no_line_of_thousands_of_reports_is_lost(titles: list[str], lines: list[str], outline: str) -> None:
    nothing_is_lost(titles, lines, outline)
