"""Mends of typing that are safe, in the draft only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.draft import Paragraph, Source, Span
from prompts.normalise import fold, normalised


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("加强领导,落实责任.", "加强领导，落实责任."),
        ("村(社区)支部", "村（社区）支部"),
        ("工作如下:一是学习;二是落实", "工作如下：一是学习；二是落实"),
        ("完成，，整改。。", "完成，整改。"),
        ("开展 法治 宣传", "开展法治宣传"),
        ("共1,048条", "共1,048条"),
        ("比例为3:1", "比例为3:1"),
        ("使用Word (2019) 编写", "使用Word (2019) 编写"),
        ("等等……。", "等等……。"),
        ("https://a.b/c,d", "https://a.b/c,d"),
    ],
)
def test_typing_is_mended(typed: str, mended: str) -> None:
    assert normalised(Paragraph.of(typed, Source.OWN))[0].text == mended


def test_the_outline_s_own_wording_is_left_alone() -> None:
    paragraph = Paragraph((Span("工作,"), Span("学习,落实", Source.ANSWER, ("a",))))
    mended, count = normalised(paragraph)
    assert (mended.text, count) == ("工作,学习，落实", 1)
    assert mended.spans[1].keys == ("a",)


@given(st.text(alphabet="一二三,.:;?!()，。；： ab12\t", max_size=60))
def test_folding_keeps_every_place_and_mending_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    once, _ = normalised(Paragraph.of(text, Source.OWN))
    twice, _ = normalised(once)
    assert sum(c not in "，；：、。 \t" for c in once.text) >= sum(c.isalnum() for c in text)
    assert len(twice.text) <= len(once.text)
