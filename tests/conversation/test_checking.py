"""The review in the chat: findings with what can be done about them."""

from __future__ import annotations

import io

import docx

from bot.conversation.actions import Verb
from prompts.outline import Outline
from store import Store
from tests.conftest import TODAY, WORDING, Person


def wrong(person: Person) -> None:
    """A report with two misspellings and a contradiction."""
    person.begins()
    person.sends("30余", "6", "开展普法座谈会，建立工作台帐", "截止目前开展宣传10场")
    person.presses("完成")


def test_a_finished_section_says_in_one_line_that_there_are_doubts(person: Person) -> None:
    wrong(person)
    assert "校核：本节有" in person.last.text
    assert "发送 /check 查看" in person.last.text


def test_the_gravest_first_with_place_words_reason_and_mend(person: Person) -> None:
    wrong(person)
    text = person.sends("/check")
    assert text.index("【必错】") < text.index("【疑似】")
    assert "“工作台帐”" in text
    assert "→ 工作台账" in text
    assert "（一）加大宣传力度" in text


def test_a_mend_is_put_into_the_answer_and_can_be_undone(person: Person) -> None:
    wrong(person)
    person.sends("/check")
    assert "✓ 已改：“工作台帐” → “工作台账”" in person.presses(_fix(person, "工作台帐"))
    assert "建立工作台账" in str(person.answer("practice"))
    person.sends("/undo")
    assert "建立工作台帐" in str(person.answer("practice"))


def _fix(person: Person, words: str) -> str:
    """The label of the button that mends these words."""
    block = next(b for b in person.last.text.split("\n\n") if words in b and "【" in b)
    return "改" + block.strip().split(".")[0]


def test_what_is_ignored_stays_ignored_in_this_report(person: Person) -> None:
    wrong(person)
    person.sends("/check")
    before = person.last.text.count("【")
    number = _fix(person, "工作台帐")[1:]
    person.presses(f"略{number}")
    assert "工作台帐" not in person.last.text.replace("已忽略", "")
    assert person.sends("/check").count("【") <= before
    assert "工作台帐" not in person.last.text
    person.sends("/undo")
    assert "工作台帐" in person.sends("/check")


def test_looking_goes_to_the_answer_and_comes_back(person: Person) -> None:
    wrong(person)
    person.sends("/check")
    number = _fix(person, "工作台帐")[1:]
    assert "还有哪些做法" in person.presses(f"看{number}")


def test_a_mend_in_the_staff_s_own_wording(person: Person) -> None:
    person.begins()
    person.sends("/outline")
    person.presses("（一）加大宣传力度")
    person.presses("改正文")
    person.sends("建立工作台帐，落实责任。")
    person.sends("/check")
    person.presses(_fix(person, "工作台帐"))
    assert "建立工作台账，落实责任。" in person.sends("/draft")


def test_a_button_of_a_finding_that_is_gone_changes_nothing(person: Person) -> None:
    wrong(person)
    before = person.report.content
    assert "已经不在了" in person.sends_data(f"{Verb.FIX}:{person.report.id}:nothing-123456:0")
    assert "已经不在了" in person.sends_data(f"{Verb.IGNORE}:{person.report.id}:nothing-123456:zz")
    assert person.report.content == before


def test_the_checked_copy_has_every_finding_as_a_comment(person: Person) -> None:
    wrong(person)
    person.sends("/check")
    assert "Word 批注" in person.presses("核对稿")
    (file,) = person.last.attachments
    assert "核对稿" in file.filename
    comments = [comment.text for comment in docx.Document(io.BytesIO(file.content)).comments]
    assert any("工作台账" in text for text in comments)


def test_what_is_private_is_warned_of_at_once_and_kept(person: Person) -> None:
    person.begins()
    person.sends("30余", "6")
    text = person.sends("走访群众张三，电话13800138000")
    assert "⚠ 这里好像有手机号" in text
    assert "13800138000" in str(person.answer("practice"))


def test_what_is_classified_is_not_kept(person: Person) -> None:
    person.begins()
    person.sends("30余", "6")
    assert "没有保存" in person.sends("以下内容机密★5年")
    assert person.answer("practice") is None


def test_typing_is_mended_in_the_draft_only_and_that_can_be_switched_off(person: Person) -> None:
    person.begins()
    person.sends("30余", "6", "入户讲解,院坝会", "完成")
    assert "入户讲解，院坝会" in person.sends("/draft")
    assert "已自动规范了1处标点" in person.last.text
    assert person.answer("practice") == ["入户讲解,院坝会"]
    person.sends("/settings")
    person.presses("标点：照我输入的写")
    assert "入户讲解,院坝会" in person.sends("/draft")


def test_nothing_found_is_said_with_its_limits(small: Outline, store: Store) -> None:
    from bot.conversation import Conversation
    from bot.review import Review
    from prompts.rules import COMPUTED

    quiet = Conversation(store, {small.id: small}, WORDING, lambda: TODAY, review=Review((), tuple(COMPUTED)))
    person = Person(quiet)
    person.begins()
    assert "没有发现疑问" in person.sends("/check")
    assert "再通读一遍" in person.last.text
