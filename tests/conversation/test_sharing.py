"""One report, many hands: who sees what, who may change what, and what everybody is told."""

from __future__ import annotations

import datetime
import io
import re

import docx
import pytest

from bot.conversation import Conversation
from bot.conversation.actions import Verb
from bot.conversation.events import Edited
from bot.conversation.session import short
from prompts.outline import Outline
from store import Store
from tests.conftest import TODAY, WORDING, Person


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> datetime.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def conversation(store: Store, small: Outline, clock: Clock) -> Conversation:
    return Conversation(store, {small.id: small}, WORDING, clock)


@pytest.fixture
def drafter(conversation: Conversation) -> Person:
    person = Person(conversation, "test:zhang")
    person.begins()
    return person


def link(person: Person) -> str:
    found = re.search(r"/start s-\S+", person.last.text)
    assert found, person.last.text
    return found[0]


def shared(drafter: Person, id: str, sections: str, *, fills: bool = True) -> Person:
    """Someone whom the drafter has given these sections."""
    drafter.sends("/share")
    if not fills:
        drafter.presses("只查看")
    drafter.sends(sections)
    colleague = Person(drafter.conversation, id)
    colleague.sends(link(drafter))
    return colleague


@pytest.fixture
def publicist(drafter: Person) -> Person:
    """A colleague with （一）加大宣传力度 alone."""
    return shared(drafter, "test:li", "2")


def test_whoever_opens_a_link_is_asked_the_questions_of_their_sections_and_nothing_else(
    drafter: Person, publicist: Person
) -> None:
    drafter.sends("/outline")
    drafter.presses("矛盾", "填写")
    drafter.sends("126")
    assert "全年悬挂宣传标语多少条" in publicist.sends("/resume")
    assert "受理" not in publicist.sends("/outline")
    assert "加大宣传力度" in publicist.last.text
    publicist.sends("/resume", "30余", "6", "入户讲解")
    publicist.presses("完成")
    text = publicist.sends("/draft")
    assert "悬挂标语30余条" in text and "126" not in text and "年度法治政府建设情况报告" in text
    assert publicist.sends("/missing").count("待填") == 0
    assert drafter.answer("banners") == {"number": "30", "after": "余"}
    assert "126" in drafter.sends("/draft") and "30余条" in drafter.last.text


FORGED = [
    (Verb.GO, "received", ""), (Verb.FILL, "work/disputes", ""), (Verb.PREVIEW, "work/disputes", ""), (Verb.MENU, "work/disputes", ""),
    (Verb.VALUE, "received", "9"), (Verb.HISTORY, "received", ""), (Verb.HISTORY, "work/disputes", ""), (Verb.PUT_BACK, "received", "1"),
    (Verb.CLEAR, "received", ""), (Verb.DROP, "work/disputes", ""), (Verb.DROP, "work/pub", ""), (Verb.OWN_TEXT, "work/disputes", ""),
    (Verb.CONFIRM_DELETE, "", ""), (Verb.TITLE_RESET, "", ""), (Verb.SETTING, "empty", "drop"), (Verb.APPROVE, "*", ""),
    (Verb.APPROVE, "work/pub", ""), (Verb.REOPEN, "*", ""), (Verb.SHARE, "work/disputes", "f"), (Verb.SHARE, "*", "f"),
    (Verb.SHARE_ROLE, "", "f"), (Verb.RETURN_IT, "work/pub", ""), (Verb.REMIND, "", ""), (Verb.HAND_OVER_SURE, "", short("test:li")),
    (Verb.TAKE_BACK_SURE, "", short("test:wang")), (Verb.CHOOSE_PROPOSED, "received", ""), (Verb.FINISH, "work/disputes", ""),
    (Verb.RENAME_SECTION, "work/pub", ""), (Verb.ADD, "work/pub", ""), (Verb.UP, "work/pub", ""), (Verb.RESTORE, "work/disputes", ""),
    (Verb.NEXT_SECTION, "work/disputes", ""), (Verb.REFILL, "work/disputes", ""), (Verb.EXPORT, "text", ""), (Verb.REMARKS, "", ""),
    (Verb.SAMPLE, "", ""), (Verb.FIX, "x", "0"), (Verb.SEE, "x", ""), (Verb.MISSING, "", ""), (Verb.CHECK, "", "0"), (Verb.DRAFT, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "target", "argument"), FORGED)
def test_no_forged_button_reaches_another_section(
    drafter: Person, publicist: Person, verb: Verb, target: str, argument: str
) -> None:
    drafter.sends("/outline")
    drafter.presses("矛盾", "填写")
    drafter.sends("126", "125", "7")
    shared(drafter, "test:wang", "3")
    before = drafter.report
    data = f"{verb}:{before.id}:{target}:{argument}".rstrip(":")
    publicist.sends_data(data)
    publicist.sends("9777")  # whatever a text means now, it must not land there
    after = drafter.report
    seen = publicist.last.text + "".join(
        a.content.decode("utf-8", "replace") for a in publicist.last.attachments
    )
    assert "126件" not in seen and "125件" not in seen
    for key in ("received", "resolved"):
        assert after.content["answers"][key] == before.content["answers"][key]
    mine = {"answers": {"banners", "boards", "practice"}, "wordings": {"work/pub"}, "finished": {"work/pub"}}
    for kind in set(before.content) | set(after.content):
        old, new = before.content.get(kind, {}), after.content.get(kind, {})
        changed = {id for id in set(old) | set(new) if old.get(id) != new.get(id)}
        assert changed <= mine.get(kind, set()) | ({"banners"} if kind == "skipped" else set()), (
            kind,
            changed,
        )
    assert (after.owner, after.members.keys(), after.deleted) == (before.owner, before.members.keys(), "")


def test_a_document_has_only_what_its_reader_may_see(drafter: Person, publicist: Person) -> None:
    drafter.sends("/outline")
    drafter.presses("矛盾", "填写")
    drafter.sends("126", "125", "7")
    publicist.sends("/resume", "30余", "/export")
    publicist.presses("Word")
    (file,) = publicist.last.attachments
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(file.content)).paragraphs)
    assert "30余条" in text and "126" not in text and "125" not in text


def test_an_edited_message_reaches_only_ones_own_sections(drafter: Person, publicist: Person) -> None:
    drafter.sends("/outline")
    drafter.presses("矛盾", "填写")
    drafter.sends("126")
    message = drafter.report.content["answers"]["received"]["parts"][0]["message"]
    publicist.takes(Edited(person=publicist.id, id="e1", message=message, text="999"))
    assert drafter.answer("received") == {"number": "126"}


def test_a_link_lets_in_one_person_once_and_a_guess_learns_nothing(drafter: Person, clock: Clock) -> None:
    drafter.sends("/share", "2")
    payload = link(drafter)
    first, second = Person(drafter.conversation, "test:a"), Person(drafter.conversation, "test:b")
    first.sends(payload)
    assert "悬挂宣传标语" in first.last.text
    refused = second.sends(payload)
    id = drafter.report.id
    for guess in (
        f"/start s-{id}-AAAAAAAAAAAA",
        "/start s-zzzzzz-AAAAAAAAAAAA",
        f"/start s-{id}-{payload[-12:].lower()[::-1]}",
    ):
        assert second.sends(guess) == refused
    with drafter.conversation.store.people.using("test:b") as person:
        assert person.person.reports == []
    drafter.sends("/share", "2")
    late = link(drafter)
    clock.now += datetime.timedelta(days=8)
    assert second.sends(late) == refused


def test_looking_is_not_filling(drafter: Person) -> None:
    reader = shared(drafter, "test:reader", "全部", fills=False)
    reader.sends("/resume")
    assert "不能修改" in reader.sends("30余")
    assert drafter.answer("banners") is None
    assert "年度法治政府建设情况报告" in reader.sends("/draft")


def test_taken_back_ends_at_once_and_answers_stay(drafter: Person, publicist: Person) -> None:
    publicist.sends("/resume", "30余")
    old_button = publicist.last.buttons[0][0].data
    drafter.sends("/team")
    drafter.presses("收回", "确认收回")
    assert "没有在写的报告" in publicist.sends("/draft")
    assert "没有要" not in publicist.sends_data(old_button)
    assert "悬挂" not in publicist.last.text
    assert "还没有报告" in publicist.sends("/list")
    assert drafter.answer("banners") == {"number": "30", "after": "余"}


def test_the_drafter_is_told_gathered_when_sections_are_done(
    drafter: Person, publicist: Person, clock: Clock
) -> None:
    publicist.sends("/resume", "30余", "6", "入户")
    publicist.presses("完成")
    drafter.presses("返回")
    assert "接了" in drafter.news and "“（一）加大宣传力度，营造良好氛围”" in drafter.news
    drafter.sends("/outline")
    assert "已交稿" in drafter.last.text and drafter.news == ""


def test_news_is_pushed_after_it_was_gathered(drafter: Person, publicist: Person, clock: Clock) -> None:
    publicist.sends("/resume", "30余", "6", "入户")
    publicist.presses("完成")
    notices = drafter.conversation.notices
    assert list(notices.due()) == []
    clock.now += datetime.timedelta(minutes=6)
    ((person, reply),) = list(notices.due())
    assert person == drafter.id and "交了" in reply.text and "接了" in reply.text
    assert list(notices.due()) == []


def test_a_section_is_returned_with_a_remark_and_handed_in_again(drafter: Person, publicist: Person) -> None:
    publicist.sends("/resume", "30余", "6", "入户")
    publicist.presses("完成")
    drafter.sends("/outline")
    drafter.presses("（一）", "退回")
    drafter.sends("标语数请核对")
    assert "标语数请核对" in (publicist.sends("/outline"), publicist.news)[1]
    assert "已退回" in publicist.last.text
    publicist.presses("（一）", "重填")
    assert "已退回：标语数请核对" in publicist.last.text
    publicist.sends("31")
    assert "已交稿" not in publicist.sends("/outline")
    publicist.presses("（一）", "交稿")
    assert "returned" not in {k for k, v in drafter.report.content.items() if v.get("work/pub")}


def test_what_is_approved_stays_until_it_is_reopened(drafter: Person, publicist: Person) -> None:
    publicist.sends("/resume", "30余", "6", "入户")
    publicist.presses("完成")
    drafter.sends("/outline")
    drafter.presses("（一）", "定稿")
    assert "已定稿" in drafter.last.text
    publicist.sends("/outline")
    publicist.presses("（一）", "重填")
    assert "已经定稿" in publicist.sends("99")
    assert drafter.answer("banners") == {"number": "30", "after": "余"}
    assert "已经定稿" in publicist.sends("/undo", "/undo")
    assert drafter.answer("banners") == {"number": "30", "after": "余"}
    drafter.sends("/outline")
    drafter.presses("（一）", "重开")
    publicist.sends("/outline")
    publicist.presses("（一）", "重填")
    publicist.sends("99")
    assert drafter.answer("banners") == {"number": "99"}


def test_approving_with_gaps_needs_a_reason_that_is_kept(drafter: Person) -> None:
    assert "还不能直接定稿" in drafter.sends("/approve")
    drafter.sends("等县里的数字")
    assert drafter.report.content["approved"]["*"]["text"] == "等县里的数字"
    drafter.sends("/resume")
    assert "已经定稿" in drafter.sends("30")


def test_two_people_at_one_question_overwrite_nothing_unseen(drafter: Person, publicist: Person) -> None:
    drafter.sends("/outline")
    drafter.presses("（一）", "填写")  # both are asked for the banners
    publicist.sends("/resume", "30余")
    said = drafter.sends("28")
    assert "30余条" in said and "28条" in said and "请选一个" in said
    assert drafter.answer("banners") == {"number": "30", "after": "余"}
    drafter.presses("用您填的")
    assert drafter.answer("banners") == {"number": "28"}
    assert not drafter.report.content["proposed"]
    drafter.sends("/undo")
    assert drafter.answer("banners") == {"number": "30", "after": "余"}


def test_a_colleagues_second_answer_waits_for_the_drafter(drafter: Person, publicist: Person) -> None:
    second = shared(drafter, "test:zhao", "2")
    publicist.sends("/resume")
    second.sends("/resume")
    publicist.sends("30余")
    assert "由起草人选定" in second.sends("28")
    assert not [label for label in second.labels if "用" in label and "填的" in label]
    drafter.sends("/outline")
    assert "两个不同的回答" in drafter.news
    drafter.presses("（一）", "重填")
    assert "另有：28条" in drafter.last.text
    drafter.presses("保留现在的")
    assert drafter.answer("banners") == {"number": "30", "after": "余"}


def test_two_people_can_add_to_one_list(drafter: Person, publicist: Person) -> None:
    publicist.sends("/resume", "1", "2")
    drafter.sends("/outline")
    drafter.presses("（一）", "填写")
    publicist.sends("入户讲解")
    drafter.sends("院坝会")
    assert drafter.answer("practice") == ["入户讲解", "院坝会"]


def test_history_says_who_and_when_and_puts_back(drafter: Person, publicist: Person) -> None:
    publicist.sends("/resume", "30余")
    drafter.sends("/outline")
    drafter.presses("（一）", "重填")
    assert "填）" in drafter.last.text  # who gave the answer that stands
    drafter.sends("28")
    drafter.sends("/back", "/history")
    assert re.search(
        r"1\. 1月29日 .*您：标语条数 30余条 → 28条\n2\. .*li：标语条数 — → 30余条", drafter.last.text
    )
    drafter.presses("恢复改动1之前的")
    assert drafter.answer("banners") == {"number": "30", "after": "余"}


def test_the_reviewed_copy_says_who_reported_each_figure_and_when(drafter: Person, publicist: Person) -> None:
    publicist.sends("/resume", "30余")
    drafter.sends("/check")
    drafter.presses("核对稿")
    (file,) = drafter.last.attachments
    comments = "".join(c.text for c in docx.Document(io.BytesIO(file.content)).comments)
    assert "标语条数：30余条" in comments and "li" in comments and "2024年1月29日" in comments


def test_reminders_are_polite_and_not_twice_a_day(drafter: Person, publicist: Person, clock: Clock) -> None:
    assert "已提醒" in drafter.sends("/remind")
    assert "没有要提醒" in drafter.sends("/remind")
    publicist.sends("/resume")
    assert "还没填完（0/3" in publicist.news
    clock.now += datetime.timedelta(days=1)
    assert "已提醒" in drafter.sends("/remind")


def test_due_dates_remind_in_working_hours_once_a_day_and_can_be_silenced(
    drafter: Person, publicist: Person, clock: Clock
) -> None:
    drafter.sends("/due", "2 2月1日")
    assert drafter.report.content["due"] == {"work/pub": "2024-02-01"}
    notices = drafter.conversation.notices
    clock.now = datetime.datetime(2024, 1, 31, 8, tzinfo=datetime.UTC)
    assert list(notices.due()) == []
    clock.now = datetime.datetime(2024, 1, 31, 10, tzinfo=datetime.UTC)
    told = dict(notices.due())
    assert "还有1天" in told[publicist.id].text
    assert dict(notices.due()) == {}
    publicist.sends("/quiet")
    clock.now = datetime.datetime(2024, 2, 1, 10, tzinfo=datetime.UTC)
    assert publicist.id not in dict(notices.due())


def test_a_report_is_handed_over_and_nothing_hangs_on_one_account(drafter: Person, publicist: Person) -> None:
    drafter.sends("/team")
    drafter.presses("移交", "确认移交")
    assert drafter.report.owner == publicist.id
    publicist.sends("/team")
    assert "您现在是起草人" in publicist.news
    assert "起草人：您" in publicist.last.text
    assert "只有起草人" in drafter.sends("/delete")
    drafter.sends("/resume")
    assert "确认删除" in "".join((publicist.sends("/delete"), *publicist.labels))


def test_deleting_tells_the_team_and_can_be_taken_back(drafter: Person, publicist: Person) -> None:
    drafter.sends("/delete")
    drafter.presses("确认删除")
    assert "没有在写的报告" in publicist.sends("/draft")
    assert "已由起草人删除" in publicist.news
    drafter.sends("/list")
    drafter.presses("1. ")
    assert "悬挂宣传标语" in publicist.sends("/resume") or publicist.sends("/list")


def test_last_years_report_of_others_is_not_a_start_for_ones_own(drafter: Person, publicist: Person) -> None:
    publicist.sends("/resume", "30余", "/new")
    assert "为基础" not in "".join(publicist.labels)


def test_numbering_is_the_whole_reports(drafter: Person) -> None:
    colleague = shared(drafter, "test:c", "3")
    colleague.sends("/resume", "5", "5", "1")
    assert "（二）" in colleague.sends("/draft")
