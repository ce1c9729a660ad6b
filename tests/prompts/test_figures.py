"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.answers import Figure, Refused, from_stored, parse, print_value, to_stored
from prompts.answers.numerals import read_number
from prompts.numbering import chinese
from prompts.outline import Question
from tests.conftest import TODAY

COUNT = Question(key="n", ask="多少条？", type="count", unit="条")
MONEY = Question(key="n", ask="多少钱？", type="money", unit="万元")
PERCENT = Question(key="n", ask="多少？", type="percent")
DAY = TODAY.date()


def figure(typed: str, question: Question = COUNT) -> Figure:
    value = parse(question, typed, DAY).value
    assert isinstance(value, Figure)
    return value


@pytest.mark.parametrize(
    ("typed", "printed", "amount"),
    [
        ("30余条", "30余条", 30),
        ("30 余", "30余条", 30),
        ("３０", "30条", 30),
        ("三十余", "30余条", 30),
        ("三十多条。", "30余条", 30),
        ("2万余", "2万余条", 20000),
        ("1.6万", "1.6万条", 16000),
        ("约50", "约50条", 50),
        ("50条左右", "约50条", 50),
        ("没有", "0条", 0),
        ("0", "0条", 0),
        ("1,048", "1048条", 1048),
        ("3千余", "3000余条", 3000),
        ("两千多", "2000余条", 2000),
        ("百余", "100余条", 100),
        ("10万8千", "108000条", 108000),
        ("约30余", "30余条", 30),
        ("20条以上", "20条以上", 20),
        ("超过100", "超过100条", 100),
        ("一共三百二十五条", "325条", 325),
        ("一百五", "150条", 150),
        ("十五", "15条", 15),
    ],
)
def test_a_count_is_understood_and_printed_formally(typed: str, printed: str, amount: int) -> None:
    found = figure(typed)
    assert print_value(COUNT, found) == printed
    assert found.amount == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("很多", "vague"), ("十几条", "vague"), ("数百", "vague"), ("三四条", "range"), ("3-5", "range"),
        ("30场", "unit"), ("1.5", "whole"), ("abc", "number"), ("   ", "empty"), ("30条彩旗", "extra"),
    ],
)  # fmt: skip
def test_what_is_no_count_is_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(COUNT, typed, DAY)
    assert refused.value.code == code


def test_another_unit_offers_the_figure_in_the_right_one() -> None:
    with pytest.raises(Refused) as refused:
        parse(COUNT, "30余场", DAY)
    assert refused.value.suggestions == ("30余条",)


def test_more_or_less_after_an_exact_figure_is_taken_and_questioned() -> None:
    parsed = parse(COUNT, "445余", DAY)
    assert isinstance(parsed.value, Figure)
    assert parsed.value.amount == 445
    assert parsed.doubt is not None
    assert parsed.doubt.suggestions == ("445", "440余")


@pytest.mark.parametrize("typed", ["30余", "1100余", "2万余", "1.6万余"])
def test_more_or_less_after_a_round_figure_is_in_order(typed: str) -> None:
    assert parse(COUNT, typed, DAY).doubt is None


@pytest.mark.parametrize(
    ("typed", "printed", "amount"),
    [("12.5", "12.5万元", 125000), ("12.5万元", "12.5万元", 125000), ("3000元", "3000元", 3000), ("1.2亿", "1.2亿元", 120000000)],
)  # fmt: skip
def test_money_counts_in_the_questions_unit_unless_another_is_typed(
    typed: str, printed: str, amount: int
) -> None:
    found = figure(typed, MONEY)
    assert print_value(MONEY, found) == printed
    assert found.amount == amount


@pytest.mark.parametrize(
    ("typed", "printed"), [("98.5%", "98.5%"), ("98.5", "98.5%"), ("百分之九十八", "98%"), ("九成", "90%")]
)
def test_percentages(typed: str, printed: str) -> None:
    assert print_value(PERCENT, figure(typed, PERCENT)) == printed


def test_limits_of_the_question_hold() -> None:
    question = Question(key="n", ask="？", type="percent", max=100)
    with pytest.raises(Refused, match="limits"):
        parse(question, "120%", DAY)


@given(st.integers(1, 99))
def test_chinese_numerals_read_back_as_the_number_they_were_written_for(number: int) -> None:
    assert read_number(chinese(number)) == (Decimal(number), "")


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["", "万", "亿"]), st.sampled_from(["", "约", "近", "超过"]),
       st.sampled_from(["", "余", "以上"]))  # fmt: skip
def test_what_is_printed_is_understood_again(number: Decimal, scale: str, before: str, after: str) -> None:
    question = Question(key="n", ask="？", type="count", unit="件", decimals=True)
    value = Figure(number.normalize() + 0, scale, before, after)
    printed = print_value(question, value)
    again = parse(question, printed, DAY).value
    assert isinstance(again, Figure)
    assert again.amount == value.amount
    if not (before == "约" and after):
        assert print_value(question, again) == printed


@given(st.text(max_size=30))
def test_anything_typed_is_understood_or_refused(typed: str) -> None:
    for question in (COUNT, MONEY, PERCENT):
        try:
            parsed = parse(question, typed, DAY)
        except Refused:
            continue
        assert from_stored(question, to_stored(parsed.value)) == parsed.value
