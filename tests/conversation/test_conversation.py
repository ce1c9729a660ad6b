"""Whole conversations: what staff type, what they see, what is kept."""

from __future__ import annotations

import pytest

from bot.conversation import COMMANDS, Conversation
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Message, Press, Unsupported
from prompts.outline import Outline
from store import Store
from tests.conftest import TODAY, WORDING, Person


def given(person: Person) -> dict[str, object]:
    return {kind: kept for kind, kept in person.report.content.items() if kept}


def test_a_report_from_the_first_question_to_the_text(person: Person) -> None:
    assert "请只填写非涉密" in person.sends("/start")
    assert "贵单位的全称" in person.sends("/new")
    assert "✓ 单位全称：某县龙门街道办事处" in person.sends("某县龙门街道办事处")
    assert "【2/5】（一）加大宣传力度，营造良好氛围 · 1/3" in person.sends("2023年")
    assert "✓ 标语条数：30余条" in person.sends("三十多条")
    person.sends("跳过", "在学校举办反邪教宣传2场", "2. 入户讲解\n3. 院坝会")
    assert person.answer("practice") == ["在学校举办反邪教宣传2场", "入户讲解", "院坝会"]
    assert "全年悬挂标语30余条。一是在学校举办反邪教宣传2场；二是入户讲解；三是院坝会。" in person.presses(
        "完成"
    )
    assert "受理矛盾纠纷多少件" in person.presses("下一节")
    assert "化解率99.2%" in person.sends("126", "125", "1", "没有")
    assert "明年有哪些打算" in person.presses("下一节")
    person.sends("继续努力。")
    assert "成文日期" in person.presses("下一节")
    assert "全部问完了" in person.sends("今天")
    draft = person.sends("/draft")
    assert "特此报告。\n某县龙门街道办事处\n2024年1月29日" in draft
    assert "没有待填" in draft


def test_after_a_restart_one_stands_at_the_very_question(
    person: Person, store: Store, small: Outline
) -> None:
    person.begins()
    asked = person.sends("30余")
    again = Person(Conversation(store, {small.id: small}, WORDING, lambda: TODAY))
    assert asked.split("\n\n", 1)[1] in again.sends("/resume")


def test_what_is_refused_says_why_with_an_example_and_changes_nothing(person: Person) -> None:
    person.begins()
    said = person.sends("很多")
    assert "没有具体数字" in said and "30余" in said and "全年悬挂宣传标语多少条" in said
    assert person.answer("banners") is None
    person.sends("30", "/back", "许多许多")
    assert "原来的回答没有变" in person.last.text
    assert person.answer("banners") == {"number": "30"}


def test_another_units_figure_is_offered_in_the_right_one(person: Person) -> None:
    person.begins()
    assert "按“条”计" in person.sends("30场")
    person.presses("用“30条”")
    assert person.answer("banners") == {"number": "30"}


def test_more_or_less_after_an_exact_figure_is_kept_and_questioned(person: Person) -> None:
    person.begins()
    assert "已记下" in person.sends("445余")
    assert person.answer("banners") == {"number": "445", "after": "余"}
    assert "展板" in person.presses("440余")
    assert person.answer("banners") == {"number": "440", "after": "余"}


def test_skipping_and_not_applicable_never_erase_and_only_clearing_does(person: Person) -> None:
    person.begins()
    person.sends("30", "/back", "/skip")
    assert person.answer("banners") == {"number": "30"}
    person.sends("/back", "不涉及")
    assert person.answer("banners") == {"number": "30"}
    assert "悬挂标语" not in person.sends("/preview")
    person.sends("返回", "/back")
    assert "现在：不涉及" in person.last.text
    assert "恢复原来的回答：30条" in person.presses("恢复原答")
    person.presses("清空")
    assert person.answer("banners") is None
    assert "恢复为“30条”" in person.sends("/undo")
    assert person.answer("banners") == {"number": "30"}


def test_going_back_keeps_what_comes_after(person: Person) -> None:
    person.begins()
    person.sends("30", "6", "/back", "/back", "31")
    assert person.answer("boards") == {"number": "6"}
    assert "还有哪些做法" in person.last.text


def test_an_answer_that_follows_is_not_asked_but_asked_where_it_does_not(person: Person) -> None:
    person.sends("/new")
    assert "写哪一年" in person.sends("某县龙门街道办事处")
    person.sends("/new")
    assert "是街道、镇还是乡" in person.sends("某某管委会")
    assert "写哪一年" in person.presses("镇")


def test_a_question_that_depends_on_another_is_asked_only_where_it_applies(person: Person) -> None:
    person.begins()
    person.sends("跳过", "跳过", "跳过", "下一节")
    assert "受理矛盾纠纷" in person.last.text
    assert "用了哪些办法" in person.sends("0")


def test_the_sensible_year_is_offered(person: Person) -> None:
    person.sends("/new", "某县龙门街道办事处")
    person.presses("用“2023”")
    assert person.answer("year") == 2023


def test_ticks_are_kept_at_once_and_read_as_the_outline_words_them(person: Person) -> None:
    person.begins()
    person.sends("跳过", "跳过", "跳过", "下一节", "126", "125")
    person.presses("☐ 领导接访", "☐ 人民调解")
    assert person.answer("ways") == ["人民调解", "领导接访"]
    person.presses("☑ 人民调解")
    assert person.answer("ways") == ["领导接访"]
    assert "落实领导干部定期接访制度" in person.sends("/preview")


def test_missing_leads_straight_to_each_gap_and_back_again(person: Person) -> None:
    person.begins(year="2023")
    person.sends("30")
    assert "展板多少块" in person.last.text
    said = person.sends("/missing")
    assert "还缺 3 处" in said or "还缺 2 处" in said
    person.presses("受理件数")
    said = person.sends("126")
    assert "回到刚才的题目" in said and "展板多少块" in said


def test_the_table_of_contents_shows_how_far_each_section_is(person: Person) -> None:
    person.begins()
    person.sends("30")
    said = person.sends("/outline")
    assert "加大宣传力度，营造良好氛围 · 1/3" in said
    assert "应调尽调 · 未开始 · 缺1项必填" in said
    assert "基本情况 · 已齐" in said


def test_staff_change_headings_order_and_sections_of_their_own_report(person: Person) -> None:
    person.begins()
    person.sends("/outline")
    person.presses("加大宣传", "改标题")
    person.sends("抓好普法宣传")
    person.presses("在此后加一节")
    person.sends("创新基层治理", "建成指挥中心。\n投入使用。")
    person.sends("/outline")
    person.presses("创新基层治理", "上移")
    person.sends("/outline")
    person.presses("排查矛盾", "不写本节")
    draft = person.sends("/draft")
    assert "（一）创新基层治理。建成指挥中心。\n　　投入使用。\n　　（二）抓好普法宣传。" in draft
    assert "排查矛盾" not in draft
    person.sends("/outline")
    person.presses("排查矛盾", "恢复本节")
    assert "（三）排查矛盾纠纷" in person.sends("/draft")


def test_own_wording_stands_and_is_said_to_be_old_when_an_answer_changes(person: Person) -> None:
    person.begins()
    person.sends("30", "6", "跳过", "改正文")
    assert "自拟" in person.sends("全年悬挂标语30条。")
    assert "全年悬挂标语30条。" in person.sends("/draft")
    person.sends("/outline")
    person.presses("加大宣传", "重填")
    person.sends("31", "下一问", "下一问")
    assert "可能已经不是最新" in person.last.text
    person.presses("恢复原文")
    assert "悬挂标语31条" in person.last.text


def test_every_kind_of_change_can_be_taken_back_and_put_back(person: Person) -> None:
    person.begins()
    before = given(person)
    person.sends("30", "跳过", "第一", "完成", "改正文", "自拟。")
    person.sends("/outline")
    person.presses("加大宣传", "改标题")
    person.sends("新标题")
    person.sends("/outline")
    person.presses("新标题", "下移")
    person.sends("/outline")
    person.presses("新标题", "不写本节")
    person.sends("/settings")
    person.presses("不写入文稿")
    person.sends("/rename", "自己的标题")
    after = given(person)
    steps = 0
    while given(person) != before:
        steps += 1
        assert "已撤销" in person.sends("/undo")
    assert steps == 9
    for _ in range(steps):
        assert "已重做" in person.sends("/redo")
    assert given(person) == after


def test_two_reports_at_once_and_a_choice_on_return(person: Person) -> None:
    person.begins("甲县甲街道办事处")
    person.sends("30")
    person.begins("乙县乙街道办事处")
    person.sends("40")
    said = person.sends("/resume")
    assert "继续哪一份" in said
    assert "展板多少块" in person.presses("甲县甲街道")
    person.sends("6")
    assert person.answer("boards") == {"number": "6"}
    assert person.answer("banners") == {"number": "30"}


def test_an_old_button_of_another_question_changes_nothing(person: Person) -> None:
    person.begins()
    old = person.button(Verb.NONE, "banners")
    person.sends("30")
    said = person.sends_data(old)
    assert "之前的按钮" in said and "展板多少块" in said
    assert person.answer("banners") == {"number": "30"}


def test_an_old_button_of_another_report_leads_there_and_files_nothing_wrongly(person: Person) -> None:
    person.begins("甲县甲街道办事处")
    old = person.button(Verb.OUTLINE)
    person.begins("乙县乙街道办事处")
    said = person.sends_data(old)
    assert "已切换到《甲县甲街道办事处" in said


@pytest.mark.parametrize(
    "data",
    ["", "zz", "k", "k:nosuch:banners", "g:../../x:y", "m:zzzzzz:work", ":::", "k:" + "a" * 60, "bg::nosuch"],
)
def test_a_forged_button_changes_nothing_and_leads_on(person: Person, data: str) -> None:
    person.begins()
    before = person.report.content
    assert person.sends_data(data)
    assert person.report.content == before
    assert person.labels


def test_someone_elses_report_is_as_if_it_were_not_there(conversation: Conversation, person: Person) -> None:
    person.begins()
    data = person.button(Verb.OUTLINE)
    stranger = Person(conversation, "test:other")
    said = stranger.sends_data(data)
    assert "龙门" not in said
    forged = Action(Verb.BRING_BACK, person.report.id).pack()
    assert "龙门" not in stranger.sends_data(forged)


def test_a_message_delivered_twice_is_taken_once(person: Person) -> None:
    person.begins()
    person.sends("跳过", "跳过")
    message = Message(person=person.id, id="same", message="m", text="第一条做法")
    first = person.takes(message)
    again = person.takes(message)
    assert person.answer("practice") == ["第一条做法"]
    assert "已记下1条" in first and "已记下1条" in again


def test_a_message_delivered_again_after_another_report_was_begun_is_not_misfiled(person: Person) -> None:
    person.begins("甲县甲街道办事处")
    message = Message(person=person.id, id="same", message="m", text="30")
    person.takes(message)
    person.begins("乙县乙街道办事处")
    person.takes(message)
    assert person.answer("banners") is None


def test_new_delivered_twice_begins_one_report(person: Person) -> None:
    message = Message(person=person.id, id="same", message="m", text="/new")
    person.takes(message)
    person.takes(message)
    with person.conversation.store.people.using(person.id) as opened:
        assert len(opened.person.reports) == 1


def test_an_edited_message_changes_the_answer_it_gave(person: Person) -> None:
    person.begins()
    person.takes(Message(person=person.id, id="e1", message="first", text="30"))
    said = person.edits("first", "31余")
    assert "30条 → 31余条" in said and "展板多少块" in said
    assert person.answer("banners") == {"number": "31", "after": "余"}
    assert "原来的回答没有变" in person.edits("first", "很多")
    assert person.answer("banners") == {"number": "31", "after": "余"}
    assert "没有变化" in person.edits("first", "31余")
    assert "没有改动任何内容" in person.edits("unknown", "5")


def test_an_edited_message_changes_one_item_of_a_list(person: Person) -> None:
    person.begins()
    person.sends("跳过", "跳过", "第一")
    person.takes(Message(person=person.id, id="e2", message="second", text="第二"))
    person.sends("第三")
    person.edits("second", "改过的第二")
    assert person.answer("practice") == ["第一", "改过的第二", "第三"]


@pytest.mark.parametrize("text", ["/nosuch", "/foo@bot"])
def test_an_unknown_command_gets_a_helpful_line(person: Person, text: str) -> None:
    person.begins()
    assert "没有" in person.sends(text) and "/help" in person.last.text
    assert person.report.content.get("answers", {}).keys() == {"unit", "year"}


def test_text_with_no_question_open_is_filed_nowhere(person: Person) -> None:
    assert "没有记到任何地方" in person.sends("30余条")
    person.begins()
    person.sends("30", "6", "跳过")
    before = person.report.content
    assert "没有记到任何地方" in person.sends("随便说一句")
    assert person.report.content == before


def test_a_path_is_text_and_no_command(person: Person) -> None:
    person.begins()
    person.sends("跳过", "跳过", "/usr/local/报告.txt")
    assert person.answer("practice") == ["/usr/local/报告.txt"]


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "contact", "poll"])
def test_what_is_not_text_gets_a_helpful_line(person: Person, kind: str) -> None:
    person.begins()
    assert "文字" in person.takes(Unsupported(person=person.id, id=f"u-{kind}", kind=kind))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_with_and_without_a_report(person: Person, command: str) -> None:
    assert person.sends(f"/{command}")
    person.begins()
    assert person.sends(f"/{command}")
    assert person.sends("/resume")


def test_deleting_asks_and_can_be_taken_back(person: Person) -> None:
    person.begins()
    person.sends("30", "/delete")
    id = person.report.id
    person.presses("不删除")
    person.sends("/delete")
    assert "可以恢复" in person.presses("确认删除")
    assert "没有在写的报告" in person.sends("/draft")
    person.sends("/list")
    assert "已删除" in person.last.text
    assert "展板多少块" in person.sends_data(Action(Verb.BRING_BACK, id).pack())
    assert person.answer("banners") == {"number": "30"}


def test_pausing_says_how_to_come_back(person: Person) -> None:
    person.begins()
    assert "/resume" in person.sends("/cancel")
    person.sends("/rename")
    assert "已取消" in person.sends("/cancel") and "/resume" in person.last.text


def test_a_command_while_a_heading_is_asked_for_is_not_taken_for_the_heading(person: Person) -> None:
    person.begins()
    person.sends("/outline")
    person.presses("加大宣传", "改标题")
    person.sends("/draft")
    person.sends("/resume", "30")
    assert person.answer("banners") == {"number": "30"}
    assert not person.report.content.get("headings")


@pytest.mark.parametrize(
    "text", ["{{ 7*7 }}", "<b>粗</b>", "*_`[", "C:\\x", "长" * 100_000, "😀", "a\x00\x07b"]
)
def test_what_is_typed_comes_out_as_typed(person: Person, text: str) -> None:
    person.begins()
    person.sends("跳过", "跳过", text, "完成")
    kept = text.replace("\x00", "").replace("\x07", "")
    assert person.answer("practice") == [kept]
    assert kept in person.sends("/draft")


def test_the_next_years_report_offers_what_stays_and_shows_what_was(person: Person) -> None:
    person.begins()
    person.sends("30余")
    assert "您已有《某县龙门街道办事处2023年度法治政府建设情况报告》，要以它为基础吗" in person.sends("/new")
    said = person.presses("以《某县龙门街道办事处2023年度")
    assert "沿用了固定不变的1项（单位全称）" in said and "数字显示在题目旁供对照，不会自动填入" in said
    assert person.answer("unit") == "某县龙门街道办事处"
    said = person.sends("2024")
    assert "上年：30余条" in said
    assert person.answer("banners") is None


def test_a_full_disk_is_said_and_the_answer_can_be_given_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.begins()
    person.sends("30")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("store.storage.os.write", full)
        assert "没有存上" in person.sends("6")
    assert person.answer("boards") is None
    assert person.answer("banners") == {"number": "30"}
    person.sends("6")
    assert person.answer("boards") == {"number": "6"}


def test_a_damaged_report_is_named_and_everything_else_works(person: Person, store: Store) -> None:
    person.begins("甲县甲街道办事处")
    broken = person.report.id
    person.begins("乙县乙街道办事处")
    person.sends("/start")
    for path in (store.folder / "reports").glob(f"{broken}.json*"):
        path.write_bytes(b"half")
    store.reports._open.clear()
    assert f"文件损坏（{broken}.json）" in person.sends("/list")
    said = person.sends_data(Action(Verb.RESUME, broken).pack())
    assert f"{broken}.json" in said
    person.sends("/list")
    assert "悬挂宣传标语" in person.presses("乙县乙街道")


def test_what_breaks_inside_is_said_kindly_and_logged_without_what_was_typed(
    person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person.begins()

    secret = "身份证号110101199003074258"

    def broken(*_: object, **__: object) -> None:
        raise ValueError(secret)

    monkeypatch.setattr("bot.conversation.answering.parse", broken)
    assert "不是您的操作有误" in person.sends("秘密的内容")
    assert "ValueError" in caplog.text and "answering.py" in caplog.text
    assert secret not in caplog.text.replace(f'secret = "{secret}"', "") and "秘密的内容" not in caplog.text


def test_pressed_buttons_fit_what_a_chat_can_carry(person: Person) -> None:
    person.begins()
    for text in ("/outline", "/missing", "/draft", "/settings", "/list"):
        person.sends(text)
        assert all(1 <= len(b.data.encode()) <= 64 for row in person.last.buttons for b in row)
        assert all(len(row) <= 8 for row in person.last.buttons)


def test_events_of_no_known_person_greet(conversation: Conversation) -> None:
    replies = conversation.handle(Press(person="test:new", id="x", data="re"))
    assert "/new" in replies[0].text
