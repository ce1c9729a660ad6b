"""The question types other than figures."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.answers import TYPES, Refused, TableCells, clean, from_stored, parse, print_value, to_stored
from prompts.outline import Option, Question
from tests.conftest import TODAY

DAY = TODAY.date()


def question(type: str, **fields: object) -> Question:
    return Question(key="q", ask="？", type=type, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024年1月29日", (2024, 1, 29)), ("2024-1-29", (2024, 1, 29)), ("2024.01.29", (2024, 1, 29)),
        ("1月29日", (2024, 1, 29)), ("20240129", (2024, 1, 29)), ("今天", (2024, 1, 29)), ("昨天", (2024, 1, 28)),
        ("二〇二四年一月二十九日", (2024, 1, 29)), ("２０２４／１／２９", (2024, 1, 29)), ("24年1月29号", (2024, 1, 29)),
    ],
)  # fmt: skip
def test_dates_as_people_type_them(typed: str, day: tuple[int, int, int]) -> None:
    assert parse(question("date"), typed, DAY).value == datetime.date(*day)


def test_a_date_is_printed_without_leading_zeros() -> None:
    assert print_value(question("date"), datetime.date(2024, 1, 9)) == "2024年1月9日"


@pytest.mark.parametrize(
    ("typed", "code"), [("2月30日", "no_such_day"), ("年底", "date"), ("2024年", "date")]
)
def test_what_is_no_date_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(question("date"), typed, DAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "year"),
    [("2023", 2023), ("2023年度", 2023), ("去年", 2023), ("二〇二三年", 2023), ("23年", 2023)],
)
def test_years(typed: str, year: int) -> None:
    assert parse(question("year"), typed, DAY).value == year


@pytest.mark.parametrize(
    "typed",
    [
        "1. 第一\n2、第二\n（三）第三",
        "第一\n第二\n第三",
        "① 第一\n② 第二\n③ 第三",
        "- 第一\n- 第二\n\n- 第三",
    ],
)
def test_lines_are_items_and_lose_their_numbers(typed: str) -> None:
    assert parse(question("items"), typed, DAY).value == ("第一", "第二", "第三")


def test_items_gather_over_messages() -> None:
    first = parse(question("items"), "第一", DAY).value
    assert parse(question("items"), "第二", DAY, first).value == ("第一", "第二")


def test_an_item_that_begins_with_a_figure_keeps_it() -> None:
    assert parse(question("items"), "3.5万人参加", DAY).value == ("3.5万人参加",)


CHOICE = {"options": ("街道", "镇", Option("乡", "民族乡"))}


@pytest.mark.parametrize("typed", ["2", "镇", "是镇"])
def test_a_choice_by_number_or_words(typed: str) -> None:
    assert parse(question("choice", **CHOICE), typed, DAY).value == "镇"


@pytest.mark.parametrize("typed", ["1 3", "1、3", "13", "街道，乡", "乡 街道"])
def test_several_choices_in_the_outlines_order(typed: str) -> None:
    assert parse(question("choices", **CHOICE), typed, DAY).value == ("街道", "乡")


def test_an_option_reads_in_the_document_as_the_outline_words_it() -> None:
    assert print_value(question("choice", **CHOICE), "乡") == "民族乡"


@pytest.mark.parametrize(("typed", "value"), [("是", True), ("有的", True), ("没有", False), ("否。", False)])
def test_yes_and_no(typed: str, value: bool) -> None:
    assert parse(question("yesno"), typed, DAY).value is value


TABLE = question("table", rows=("许可", "处罚"), columns=("本年", "上年"))


def test_a_table_is_filled_row_by_row_or_pasted_at_once() -> None:
    first = parse(TABLE, "许可 1 2", DAY).value
    both = parse(TABLE, "3\t4", DAY, first).value
    assert both == parse(TABLE, "许可\t1\t2\n处罚\t3\t4", DAY).value
    assert isinstance(both, TableCells)
    assert [[int(cell or 0) for cell in row] for row in both.rows] == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("许可 1 2 3", "columns"),
        ("许可 甲 乙", "cell"),
        ("收费 1 2", "row"),
        ("1 1\n2 2\n3 3", "too_many_rows"),
    ],
)
def test_what_does_not_fit_a_table_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(TABLE, typed, DAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed",
    ["{{ 7*7 }}", "<b>粗</b>", "*星*", r"C:\报告\1.docx", "😀👨‍👩‍👧", "㙍𠮷", "a" * 100_000, "{% raw %}"],
)
def test_text_goes_in_and_comes_out_as_typed(typed: str) -> None:
    assert print_value(question("text"), parse(question("text"), typed, DAY).value) == typed


def test_control_characters_and_noncharacters_are_dropped() -> None:
    assert clean("甲\x00\x07乙\ufdd0丙\u2028\r\n丁\x1b[0m") == "甲乙丙\n丁[0m"


@pytest.mark.parametrize("type", sorted(TYPES))
@given(typed=st.text(max_size=40))
def test_whatever_is_typed_is_kept_exactly_or_refused(type: str, typed: str) -> None:
    asked = question(type, unit="件", options=("甲", "乙", "丙"), rows=("一", "二"), columns=("a", "b"))
    try:
        value = parse(asked, typed, DAY).value
    except Refused as refused:
        assert refused.code
        return
    assert from_stored(asked, to_stored(value)) == value
    assert isinstance(print_value(asked, value), str)
