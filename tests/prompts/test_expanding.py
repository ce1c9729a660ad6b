"""Questions that are asked once for every item of last year's report."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.content import Answer, Content, State
from prompts.errors import OutlineError
from prompts.expanding import MOST, SHOWN, about, base, expanded, items
from prompts.loading import load_outline
from prompts.outline import Outline
from prompts.plan import Plan
from prompts.render import draft
from tests.conftest import OUTLINES

DAY = datetime.date(2025, 1, 10)


@pytest.fixture(scope="module")
def yearly() -> Outline:
    return load_outline(OUTLINES / "yearly")


def said(**answers: object) -> Content:
    return Content(answers={key: Answer(value=value) for key, value in answers.items()})


LAST = said(plans=["加强培训。每月一次", "整治乱停车", "建设政务大厅。"])


def test_each_item_becomes_a_question_in_its_place(yearly: Outline) -> None:
    whole = expanded(yearly, LAST)
    keys = list(whole.questions)
    at = keys.index("results_1")
    assert keys[at : at + 3] == ["results_1", "results_2", "results_3"] and "results" not in keys
    assert whole.questions["results_2"].ask == "去年计划：整治乱停车。完成情况？"
    assert whole.questions["results_3"].ask == "去年计划：建设政务大厅。完成情况？"
    assert whole.questions["results_2"].name == "去年安排2"
    assert whole.section_of["results_3"] == "work/results"
    assert list(about(whole, "results"))[1] == ("results_2", "整治乱停车")
    assert base("results_2", whole) == "results" and base("leaflets", whole) == "leaflets"


@pytest.mark.parametrize("last", [None, Content(), said(plans="一段文字"), said(plans=[])])
def test_without_items_nothing_is_asked(yearly: Outline, last: Content | None) -> None:
    whole = expanded(yearly, last)
    assert not any(key.startswith("results") for key in whole.questions)


def test_plans_that_did_not_apply_are_not_asked_about(yearly: Outline) -> None:
    last = Content(answers={"plans": Answer(State.NONE, ["不写了"])})
    assert items(yearly, "results", last) == ()


def test_what_was_noted_when_the_report_was_begun_comes_first(yearly: Outline) -> None:
    whole = expanded(yearly, said(plans=["后来改的"]), {"results": ("当时的",)})
    assert whole.each == {"results": ("当时的",)}
    assert expanded(yearly, None, {"results": ("当时的",)}).each == {"results": ("当时的",)}
    assert expanded(yearly, said(plans=["有的"]), {}).each == {"results": ("有的",)}


def test_the_same_items_give_the_same_outline(yearly: Outline) -> None:
    assert expanded(yearly, LAST) is expanded(
        yearly, said(plans=["加强培训。每月一次", "整治乱停车", "建设政务大厅。"])
    )


def test_an_outline_without_such_questions_is_itself(small: Outline) -> None:
    assert expanded(small, LAST) is small


def test_many_and_long_items_are_kept_within_bounds(yearly: Outline) -> None:
    last = said(plans=["长" * 500, *(f"第{n}件" for n in range(50))])
    whole = expanded(yearly, last)
    asked = [key for key in whole.questions if key.startswith("results_")]
    assert len(asked) == MOST
    assert len(whole.questions["results_1"].ask) < SHOWN + 30
    plan = Plan(yearly, said(results_1="办了"), DAY, last)
    assert "长" * 500 in plan.context["results"].items[0].about


@given(st.text(max_size=40))
def test_an_item_is_text_and_never_a_template(item: str) -> None:
    outline = load_outline(OUTLINES / "yearly")
    whole = expanded(outline, said(plans=[item]))
    asked = whole.questions["results_1"].ask
    assert asked.startswith("去年计划：") and asked.endswith("。完成情况？")
    braces = expanded(outline, said(plans=["{{ 7*7 }}\\1{% if %}"])).questions["results_1"].ask
    assert "{{ 7*7 }}\\1{% if %}" in braces


def body(plan: Plan, id: str) -> str:
    section = draft(plan).section(id)
    return "".join(block.text for block in section.blocks if hasattr(block, "text")) if section else ""


def test_only_what_was_answered_is_in_the_text_each_with_its_item(yearly: Outline) -> None:
    plan = Plan(yearly, said(results_1="办了。", results_3="没办"), DAY, LAST)
    assert body(plan, "work/results") == "加强培训。每月一次，办了。建设政务大厅，没办。"
    declined = Content(answers={"results_1": Answer(State.NONE), "results_2": Answer(value="办了")})
    assert body(Plan(yearly, declined, DAY, LAST), "work/results") == "整治乱停车，办了。"


def test_a_section_of_nothing_else_is_there_only_with_last_years_report(yearly: Outline) -> None:
    without = Plan(yearly, Content(), DAY)
    planned = without.section("work/results")
    assert planned is not None and not planned.shown and planned.number == ""
    assert draft(without).section("work/results") is None
    own = Content.of({"wordings": {"work/results": {"text": "自己写的。"}}})
    assert body(Plan(yearly, own, DAY), "work/results") == "自己写的。"
    assert Plan(yearly, Content(), DAY, LAST).section("work/results").shown  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('each = "plans"', 'each = "plan"', "'plan'"),
        ('each = "plans"', 'each = "leaflets"', "items"),
        ("{{ about }}", "{{ abut }}", "{{ about }}"),
        ('each = "plans"', 'each = "plans"\ntype = "count"', "text"),
    ],
)
def test_what_is_wrong_with_such_a_question_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "yearly"
    shutil.copytree(OUTLINES / "yearly", folder)
    file = folder / "10-work" / "30-results.md"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(OutlineError, match=r"30-results\.md:\d+: question 'results'") as error:
        load_outline(folder)
    assert said in str(error.value)


def test_the_place_of_the_item_may_be_written_without_blanks(tmp_path: Path) -> None:
    folder = tmp_path / "yearly"
    shutil.copytree(OUTLINES / "yearly", folder)
    file = folder / "10-work" / "30-results.md"
    file.write_text(file.read_text(encoding="utf-8").replace("{{ about }}", "{{about}}"), encoding="utf-8")
    assert (
        expanded(load_outline(folder), LAST).questions["results_2"].ask == "去年计划：整治乱停车。完成情况？"
    )
