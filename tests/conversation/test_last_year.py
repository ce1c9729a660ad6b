"""Last year's report as the start of this year's: what stays, what is shown, what is asked about, what never comes over."""

from __future__ import annotations

import dataclasses

import pytest

from bot.conversation import Conversation
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Message, Upload
from prompts.outline import Outline
from store import Store
from tests.conftest import TODAY, WORDING, Person

PLANS = ("加强培训。每月一次", "整治乱停车", "建设政务大厅。")


def first_year(person: Person, *plans: str, year: str = "2023") -> str:
    """A whole report; its id."""
    person.begins("某县某局", year)
    person.sends("某县人民政府")
    fill(person, leaflets="3000", plans=plans or PLANS)
    return person.report.id


def fill(person: Person, *, leaflets: str, plans: tuple[str, ...]) -> None:
    """From the first table on to the last question."""
    person.sends("不涉及", "不涉及", "下一节", leaflets, "增长5.2%", "下一节")
    if "去年计划" in person.last.text:
        person.sends("/outline")
        person.presses("下一年打算", "填写")
    person.sends(*plans)
    person.presses("完成")


def next_year(person: Person, *, of: str = "2023", year: str = "2024") -> str:
    person.sends("/new")
    said = person.presses(f"以《某县某局{of}年度工作报告》为基础")
    person.sends(year)
    return said


def to_plans(person: Person) -> None:
    person.sends("/outline")
    person.presses("去年安排", "填写")


# The offer


def test_it_is_offered_with_what_it_means_and_an_empty_start_beside_it(writer: Person) -> None:
    first_year(writer)
    said = writer.sends("/new")
    assert "您已有《某县某局2023年度工作报告》，要以它为基础吗" in said
    assert "上年的安排逐条问完成情况；不会有任何数字悄悄带过来" in said
    assert writer.labels == ["以《某县某局2023年度工作报告》为基础", "从头开始"]
    said = writer.presses("从头开始")
    assert "贵单位的全称" in said and "沿用" not in said
    assert writer.report.last == "" and writer.report.content.get("answers", {}) == {}
    assert "：\n" not in writer.sends("/draft")  # 主送机关 is not known: its colon does not stand alone


def test_a_report_with_nothing_but_its_name_is_no_start(writer: Person) -> None:
    writer.begins("某县某局", "2023")
    assert "贵单位的全称" in writer.sends("/new")


def test_several_are_offered_the_latest_year_first_whichever_was_written_last(writer: Person) -> None:
    for year in ("2021", "2024", "2022", "2023"):
        first_year(writer, year=year)
    writer.sends("/new")
    assert [label[6:10] for label in writer.labels[:3]] == ["2024", "2023", "2022"]
    writer.sends("2")
    assert writer.report.last and "2023" in writer.sends("/settings") + str(
        writer.conversation.store.reports.get(writer.report.last)
    )


def test_a_text_while_the_choice_is_shown_is_filed_nowhere_and_the_choice_stays(writer: Person) -> None:
    id = first_year(writer)
    before = writer.report.content
    writer.sends("/new")
    said = writer.sends("30余条")
    assert "您刚才发的没有记到任何地方" in said and "要以它为基础吗" in said
    assert "以《某县某局2023年度工作报告》为基础" in writer.labels
    file = Upload(person=writer.id, id="f1", filename="表.csv", content="甲,1".encode())
    assert "要以它为基础吗" in writer.takes(file)
    assert writer.conversation.store.reports.get(id).content == before  # type: ignore[union-attr]
    assert "写哪一年" in writer.sends("1")
    assert writer.report.last == id


def test_the_choice_may_be_typed_and_left(writer: Person) -> None:
    id = first_year(writer)
    writer.sends("/new")
    assert "贵单位的全称" in writer.sends("从头开始")
    writer.sends("/new", "/resume")
    writer.sends("/list")
    writer.presses("某县某局2023")
    assert writer.report.id == id
    writer.sends("某些文字")
    assert writer.report.id == id


def test_a_kind_may_be_chosen_by_its_number(store: Store, yearly: Outline, small: Outline) -> None:
    person = Person(Conversation(store, {o.id: o for o in (small, yearly)}, WORDING, lambda: TODAY))
    person.sends("/new")
    assert "请先选一个" in person.sends("30")
    assert "开始一份新的测试用的年度报告" in person.sends("2")
    person.sends("/new")
    assert "开始一份新的测试用的小报告" in person.sends("小报告。") or "请先选一个" in person.last.text


def test_a_button_pressed_twice_begins_one_report(writer: Person) -> None:
    first_year(writer)
    writer.sends("/new")
    button = writer.last.buttons[0][0]
    writer.sends_data(button.data)
    id = writer.report.id
    assert "写哪一年" in writer.sends_data(button.data)
    assert writer.report.id == id
    writer.sends("2024")
    writer.sends_data(button.data)  # begun and written in: whoever presses it now wants another one
    assert writer.report.id != id


def test_a_report_that_is_gone_since_it_was_offered_is_said(writer: Person) -> None:
    id = first_year(writer)
    writer.sends("/new")
    button = writer.last.buttons[0][0]
    writer.sends_data(Action(Verb.CONFIRM_DELETE, id).pack())
    said = writer.sends_data(button.data)
    assert "选的那份报告已经不在了" in said and "贵单位的全称" in said
    assert writer.report.last == ""


# What stays, what is shown


def test_what_is_the_same_every_year_is_taken_over_and_said_to_be(writer: Person) -> None:
    first_year(writer)
    said = next_year(writer)
    assert "沿用了固定不变的2项（单位全称、主送机关），到目录里都可以改" in said
    assert "去年的安排会逐条问完成情况" in said
    assert writer.report.content["answers"].keys() == {"unit", "addressee", "year"}
    writer.sends("/outline")
    writer.presses("基本情况", "重填")
    assert "现在：某县某局（沿用自上一份报告）" in writer.last.text
    writer.sends("某县新局")
    assert "某县新局2024年度" in writer.sends("/draft")


def test_figures_are_shown_beside_the_question_and_never_taken(writer: Person) -> None:
    first_year(writer)
    next_year(writer)
    writer.sends("/outline")
    assert "上年：3000份" in writer.presses("加大宣传", "填写")
    assert "3000" not in writer.sends("/draft")


def test_a_comparison_is_made_where_both_years_are_known_exactly(writer: Person) -> None:
    first_year(writer)
    next_year(writer)
    writer.sends("/outline")
    writer.presses("加大宣传", "填写")
    writer.sends("3300")
    assert "全年发放宣传材料3300份，较上年增长10%。" in writer.sends("/preview")
    for typed, said in {
        "3000": "3000份，与上年持平。",
        "2500": "2500份，较上年下降16.7%。",
        "3000余": "3000余份。",
    }.items():
        writer.sends("/outline")
        writer.presses("加大宣传", "重填")
        writer.sends(typed)
        assert f"全年发放宣传材料{said}" in writer.sends("/preview")


def test_how_it_was_arranged_comes_over_and_own_texts_do_not(writer: Person) -> None:
    first_year(writer)
    writer.sends("/outline")
    writer.presses("加大宣传", "改标题")
    writer.sends("抓好普法")
    writer.sends("/outline")
    writer.presses("抓好普法", "改正文")
    writer.sends("去年自己写的一段话。")
    writer.sends("/outline")
    writer.presses("下一年打算", "改标题")
    writer.sends("2024年打算")
    next_year(writer)
    draft = writer.sends("/draft")
    assert "抓好普法" in draft and "去年自己写的" not in draft
    assert "2024年打算" not in draft and "下一年打算" in draft


# Last year's plans


def test_each_plan_is_asked_about_answered_skipped_or_not_applicable(writer: Person) -> None:
    first_year(writer)
    next_year(writer)
    to_plans(writer)
    assert "去年计划：加强培训。每月一次。完成情况？" in writer.last.text
    assert "✓ 去年安排1：已完成，培训12次" in writer.sends("已完成，培训12次")
    assert "去年计划：整治乱停车。完成情况？" in writer.last.text
    writer.presses("跳过")
    assert "去年计划：建设政务大厅。完成情况？" in writer.last.text
    said = writer.presses("不涉及")
    assert "去年安排的完成情况（2/3）" in said
    assert "加强培训。每月一次，已完成，培训12次。" in said
    assert "停车" not in said and "大厅" not in said


def test_an_answer_about_a_plan_is_edited_and_taken_back(writer: Person) -> None:
    first_year(writer)
    next_year(writer)
    to_plans(writer)
    writer.takes(Message(person=writer.id, id="e1", message="first", text="完成"))  # a word, no answer
    writer.sends("/outline")
    writer.presses("去年安排", "填写")
    writer.takes(Message(person=writer.id, id="e2", message="one", text="已完成"))
    first = next(k for k, a in writer.report.content["answers"].items() if a["value"] == "已完成")
    assert "已完成 → 提前完成" in writer.edits("one", "提前完成")
    assert writer.answer(first) == "提前完成"
    writer.sends("/undo")
    assert writer.answer(first) == "已完成"
    assert "去年计划" in writer.sends("/undo")
    assert writer.answer(first) is None
    writer.sends("/redo")
    assert writer.answer(first) == "已完成"


def test_without_last_years_report_no_plan_is_asked_about_and_its_section_is_not_there(
    writer: Person,
) -> None:
    first_year(writer)
    assert "去年" not in writer.sends("/draft")
    writer.sends("/missing")
    assert "去年" not in writer.last.text


def test_three_years_in_a_row(writer: Person) -> None:
    first_year(writer)
    next_year(writer)
    to_plans(writer)
    writer.sends("第一年的事办了", "第二件事办了", "第三件事办了")
    fill_from = writer.sends("/outline")
    assert "去年安排的完成情况 · 已齐" in fill_from
    writer.presses("加大宣传", "填写")
    writer.sends("3300", "持平")
    writer.sends("/outline")
    writer.presses("下一年打算", "填写")
    writer.sends("新的打算")
    writer.presses("完成")
    next_year(writer, of="2024", year="2025")
    assert writer.report.content["about"] == {"results": ["新的打算"]}
    to_plans(writer)
    said = writer.last.text
    assert "去年计划：新的打算。完成情况？" in said
    assert "第一年的事办了" not in said  # last year's answer under this key was about another plan
    writer.sends("新的打算实现了")
    writer.sends("/outline")
    assert "上年：3300份" in writer.presses("加大宣传", "填写")
    writer.sends("3960")
    draft = writer.sends("/draft")
    assert "较上年增长20%" in draft and "新的打算，新的打算实现了。" in draft
    assert "加强培训" not in draft


def test_answers_stay_with_their_plans_when_last_years_report_is_changed_or_deleted(
    writer: Person, store: Store
) -> None:
    last = first_year(writer)
    next_year(writer)
    now = writer.report.id
    to_plans(writer)
    writer.sends("培训办了", "停车治了", "大厅建了")
    writer.sends_data(Action(Verb.RESUME, last).pack())
    writer.sends("/outline")
    writer.presses("下一年打算", "重填", "清空")
    writer.sends("后来换的打算")
    writer.sends_data(Action(Verb.RESUME, now).pack())
    expected = ("加强培训。每月一次，培训办了。", "整治乱停车，停车治了。", "建设政务大厅，大厅建了。")
    assert all(line in writer.sends("/draft") for line in expected)
    writer.sends_data(Action(Verb.CONFIRM_DELETE, last).pack())
    writer.sends_data(Action(Verb.RESUME, now).pack())
    assert all(line in writer.sends("/draft") for line in expected)
    store.reports.remove(last)
    again = Person(Conversation(store, writer.conversation.outlines, WORDING, lambda: TODAY))
    draft = again.sends("/resume", "/draft")
    assert all(line in draft for line in expected)
    assert "未归位" not in draft
    again.sends("/outline")
    assert "上年：" not in again.presses("加大宣传", "填写")
    again.sends("3300")
    assert "发放宣传材料3300份。" in again.sends("/draft")
    assert (
        "不是以上年报告为基础的，或上年的报告已经不在了" in again.sends("看上年") or "没有" in again.last.text
    )


def test_answers_about_plans_stay_visible_when_the_outline_asks_no_more(
    writer: Person, store: Store, yearly: Outline
) -> None:
    first_year(writer)
    next_year(writer)
    to_plans(writer)
    writer.sends("培训办了")
    asks = next(s for s in yearly.sections if s.id == "work/results")
    without = dataclasses.replace(
        yearly, sections=tuple(s for s in yearly.sections if s is not asks), each={}
    )
    again = Person(Conversation(store, {yearly.id: without}, WORDING, lambda: TODAY))
    assert "未归位" in again.sends("/draft") and "培训办了" in again.last.text


# 看上年


def test_last_years_text_of_a_section_is_a_press_away(writer: Person) -> None:
    first_year(writer)
    assert "看上年" not in str(writer.labels)
    next_year(writer)
    writer.sends("/outline")
    writer.presses("加大宣传")
    said = writer.presses("看上年")
    assert "上年这一节：（二）加大宣传力度" in said
    assert "全年发放宣传材料3000份。" in said and "居民收入同比增长5.2%" in said
    assert "出自《某县某局2023年度工作报告》。只供对照" in said
    writer.sends("/outline")
    writer.presses("加大宣传", "填写")
    assert "上年这一节" in writer.presses("看上年")
    assert "发放宣传材料多少份" in writer.presses("返回")
    writer.sends("3300", "持平")
    assert "看上年" in writer.labels
    assert "上年这一节" in writer.sends("看上年")


def test_a_section_that_last_year_did_not_have_says_so(writer: Person) -> None:
    first_year(writer)
    next_year(writer)
    to_plans(writer)
    assert "《某县某局2023年度工作报告》里没有写" in writer.presses("看上年")


@pytest.mark.parametrize("target", ["", "nosuch", "^", "$", "work"])
def test_a_forged_look_at_last_year_is_answered(writer: Person, target: str) -> None:
    first_year(writer)
    next_year(writer)
    before = writer.report.content
    assert writer.sends_data(writer.button(Verb.LAST_YEAR, target))
    assert writer.report.content == before
