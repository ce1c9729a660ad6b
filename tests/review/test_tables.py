"""Tables in the review: what does not balance is wrong, what is not as last year's report has it is doubtful."""

from __future__ import annotations

import dataclasses
import datetime

import msgspec
import pytest

from bot.review import Finding, Review
from prompts.content import Answer, Content, State, Wording
from prompts.loading import load_outline
from prompts.outline import Outline
from prompts.plan import Plan
from prompts.rules import COMPUTED, Level
from tests.conftest import OUTLINES

DAY = datetime.date(2024, 1, 29)
ONLY_TABLES = ("check", "table-years", "carried-over")


@pytest.fixture(scope="module")
def yearly() -> Outline:
    return load_outline(OUTLINES / "yearly")


def table(*rows: str) -> Answer:
    return Answer(value={"rows": [[None if c == "-" else c for c in row.split()] for row in rows]})


EVEN = table("3 1 0 -", "0 0 0 -", "2 1 0 -", "1 0 0 -", "- - - -", "0 0 0 -")
UNEVEN = table("3 1 0 -", "0 0 0 -", "1 0 0 -", "1 0 0 -", "- - - -", "0 0 0 -")


def found(
    outline: Outline, last: Content | None = None, section: str = "", **answers: Answer
) -> list[Finding]:
    plan = Plan(outline, Content(answers=answers), DAY, last)
    review = Review()
    findings = review.section(plan, section) if section else review.report(plan)
    return [one for one in findings if one.rule in ONLY_TABLES]


def test_what_balances_is_left_alone(yearly: Outline) -> None:
    assert found(yearly, requests=EVEN) == []
    assert found(yearly, requests=table(*["- - - -"] * 6)) == []


def test_what_does_not_balance_is_wrong_with_its_places(yearly: Outline) -> None:
    (one,) = found(yearly, requests=UNEVEN)
    assert (one.rule, one.level, one.section, one.key) == ("check", Level.MUST, "work/requests", "requests")
    assert (
        "自然人左边3、右边2；法人或其他组织 → 企业左边1、右边0" in one.reason and "总计左边" not in one.reason
    )
    assert found(yearly, section="work/requests", requests=UNEVEN)
    assert not found(yearly, section="plan", requests=UNEVEN)


def test_last_years_report_gives_doubts(yearly: Outline) -> None:
    last = Content(answers={"requests": table("2 0 0 -", "0 0 0 -", "1 0 0 -", "0 0 0 -", "- - - -", "1 0 0 -"),
                            "rules": table("2 1 9")})  # fmt: skip
    carried = table("3 1 0 -", "0 0 0 -", "2 1 0 -", "1 0 0 -", "- - - -", "0 0 0 -")
    one, other = found(yearly, last, requests=carried, rules=table("1 0 9"))
    assert {one.rule, other.rule} == {"carried-over", "table-years"}
    assert one.level is other.level is Level.DOUBT
    assert {"自然人，填0，上年1" in f.reason for f in (one, other)} == {True, False}
    assert found(yearly, last, requests=carried, rules=table("1 0 10"))[0].rule == "carried-over"


def test_a_table_that_is_not_in_the_text_is_not_judged(yearly: Outline) -> None:
    answers = {"requests": UNEVEN}
    for content in (
        Content(answers=answers, dropped={"work/requests": True}),
        Content(answers=answers, wordings={"work/requests": Wording("自己写的。")}),
        Content(answers={"requests": not_applicable()}),
    ):
        findings = Review().report(Plan(yearly, content, DAY))
        assert not [one for one in findings if one.rule in ONLY_TABLES]


def not_applicable() -> Answer:
    return Answer(State.NONE, UNEVEN.value)


def test_two_balances_of_one_section_are_two_findings_to_be_let_be_one_by_one(yearly: Outline) -> None:
    def more(section: object) -> object:
        assert dataclasses.is_dataclass(section)
        questions = [
            msgspec.structs.replace(q, balances=(*q.balances, "一、新收 = 四、结转下年"))
            if q.key == "requests"
            else q
            for q in section.questions  # type: ignore[attr-defined]
        ]
        return dataclasses.replace(section, questions=tuple(questions))  # type: ignore[type-var]

    outline = dataclasses.replace(yearly, sections=tuple(map(more, yearly.sections)))  # type: ignore[arg-type]
    one, other = found(outline, requests=UNEVEN)
    assert one.rule == other.rule == "check" and one.id != other.id


def test_they_can_be_switched_off(yearly: Outline) -> None:
    assert set(ONLY_TABLES) <= COMPUTED
    plan = Plan(yearly, Content(answers={"requests": UNEVEN}), DAY)
    assert not [one for one in Review(off=("check",)).report(plan) if one.rule == "check"]
