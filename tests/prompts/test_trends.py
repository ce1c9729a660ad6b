"""A change against the year before: as people type it, as reports print it, and what is no change."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.answers import Figure, Refused, Trend, from_stored, parse, print_value, to_stored
from prompts.marks import unmarked
from prompts.outline import Question
from prompts.templates import Absent, change, compared
from prompts.templates import given as as_given
from tests.conftest import WORDING

DAY = datetime.date(2024, 1, 29)
INCOME = Question(key="income", ask="居民收入增减多少？", type="change", example="增长5.2%")


def typed(text: str) -> str:
    value = parse(INCOME, text, DAY).value
    assert isinstance(value, Trend)
    return print_value(INCOME, value)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("增长5.2%", "增长5.2%"),
        ("增长５．２％。", "增长5.2%"),
        ("增长了5.2 %", "增长5.2%"),
        ("同比增长5.2%", "增长5.2%"),
        ("比上年同期增长5.2%，", "增长5.2%"),
        ("与去年相比，增加5.2%", "增长5.2%"),
        ("5.2", "增长5.2%"),
        ("5.2%", "增长5.2%"),
        ("+5.2", "增长5.2%"),
        ("增幅5.2%", "增长5.2%"),
        ("增速为5.2%", "增长5.2%"),
        ("增长百分之五", "增长5%"),
        ("增长百分之五点二", "增长5.2%"),
        ("增长三成", "增长30%"),
        ("增长两倍", "增长200%"),
        ("翻一番", "增长100%"),
        ("增长1,200%", "增长1200%"),
        ("增长5.20%", "增长5.20%"),
        ("下降3", "下降3%"),
        ("-3.1", "下降3.1%"),
        ("－3.1%", "下降3.1%"),
        ("负增长3.1%", "下降3.1%"),
        ("同比-3.1%", "下降3.1%"),
        ("降幅3%", "下降3%"),
        ("减少了3%", "下降3%"),
        ("提高1.2个百分点", "提高1.2个百分点"),
        ("上升1.2百分点", "提高1.2个百分点"),
        ("回落0.3个百分点", "下降0.3个百分点"),
        ("提升5个点", "提高5个百分点"),
        ("持平", "与上年持平"),
        ("与上年基本持平", "与上年持平"),
        ("没有变化", "与上年持平"),
        ("零增长", "与上年持平"),
        ("0", "与上年持平"),
        ("下降0%", "与上年持平"),
        ("提高0个百分点", "与上年持平"),
    ],
)
def test_what_people_type_is_printed_as_a_report_says_it(text: str, printed: str) -> None:
    assert typed(text) == printed


@pytest.mark.parametrize(
    ("text", "code", "suggested", "said"),
    [
        ("略有增长", "vague", (), "没有具体数字"),
        ("大幅下降", "vague", (), "没有具体数字"),
        ("增长", "vague", (), "没有具体数字"),
        ("增长约5%", "about", ("增长5%",), "同比增减要写准确的数"),
        ("近5%", "about", ("增长5%",), "同比增减要写准确的数"),
        ("下降5%左右", "about", ("下降5%",), "同比增减要写准确的数"),
        ("增长5%以上", "about", ("增长5%",), "同比增减要写准确的数"),
        ("增长5.2%，高于全县", "extra", ("增长5.2%",), "“高于全县”没有读懂"),
        ("增长3%—5%", "change", (), "没有读懂"),
        ("由3%提高到5%", "change", (), "没有读懂"),
        ("增长20件", "change", (), "请写增减的百分比"),
        ("上升2位", "change", (), "请写增减的百分比"),
        ("下降一成半", "change", (), "没有读懂"),
        ("下降一倍", "change", (), "没有读懂"),
        ("下降-3%", "change", (), "没有读懂"),
        ("增长到120%", "change", (), "没有读懂"),
        ("5.2.3", "change", (), "没有读懂"),
        ("较上年", "change", (), "没有读懂"),
    ],
)
def test_what_is_no_change_is_refused_with_a_friendly_sentence(
    text: str, code: str, suggested: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        parse(INCOME, text, DAY)
    assert (refused.value.code, refused.value.suggestions) == (code, suggested)
    blank: dict[str, Any] = dict.fromkeys(("given", "extra", "unit", "row", "columns", "rows"), "")
    values = {**blank, "min": None, "max": None, "suggestions": (), **refused.value.details}
    sentence = WORDING.phrase("refused", code=code, example=INCOME.example, kept=True, **values)
    assert said in sentence and "增长5.2%" in sentence and "原来的回答没有变" in sentence


TRENDS = st.builds(
    Trend,
    st.decimals(-10000, 10000, places=2, allow_nan=False, allow_infinity=False),
    st.booleans(),
)


@given(TRENDS)
def test_what_is_printed_is_read_back_the_same(trend: Trend) -> None:
    again = parse(INCOME, trend.print(), DAY).value
    assert again == (trend if trend.by else Trend(Decimal(0)))
    assert from_stored(INCOME, to_stored(again)) == again


@given(st.text(max_size=30))
def test_any_text_is_a_change_or_refused(text: str) -> None:
    try:
        value = parse(INCOME, text, DAY).value
    except Refused as refused:
        for suggestion in refused.suggestions:
            parse(INCOME, suggestion, DAY)
    else:
        assert isinstance(value, Trend)


# Computed from two years


def count(amount: str, **how: str) -> Any:
    asked = Question(key="n", ask="？", type="count", unit="件", decimals=True)
    return as_given(asked, Figure(Decimal(amount), **how))


def percent(amount: str) -> Any:
    return as_given(Question(key="p", ask="？", type="percent"), Figure(Decimal(amount)))


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (count("3300"), count("3000"), "增长10%"),
        (count("2500"), count("3000"), "下降16.7%"),
        (count("3000"), count("3000"), "与上年持平"),
        (count("0"), count("0"), "与上年持平"),
        (count("1000001"), count("1000000"), "增长0.0001%"),
        (count("1.6", scale="万"), count("8000"), "增长100%"),
        (count("0"), count("5"), "下降100%"),
        (percent("98.5"), percent("97.3"), "提高1.2个百分点"),
        (percent("97.3"), percent("98.5"), "下降1.2个百分点"),
        (percent("97"), percent("97"), "与上年持平"),
        (count("5"), count("0"), ""),
        (count("30", after="余"), count("20"), ""),
        (count("30"), count("20", before="约"), ""),
        (count("30"), Absent(("n",)), ""),
        (Absent(("n",)), count("30"), ""),
        (Absent(("n",), "件数"), count("30"), ""),
        (Absent(("n",), "件数"), Absent(("n",)), ""),
    ],
)
def test_a_change_is_computed_where_both_are_known_exactly(now: Any, then: Any, said: str) -> None:
    found = change(now, then)
    assert bool(found) == bool(said)
    assert (unmarked(str(found)) if found else "") == said


def test_the_words_before_it_are_not_doubled() -> None:
    assert unmarked(compared(change(count("33"), count("30")))) == "较上年增长10%"
    assert unmarked(compared(change(count("33"), count("30")), "同比")) == "同比增长10%"
    assert unmarked(str(compared(change(count("30"), count("30"))))) == "与上年持平"
    assert unmarked(str(compared(as_given(INCOME, Trend(Decimal(-3)))))) == "较上年下降3%"
    assert not compared(change(count("30"), Absent(("n",))))
