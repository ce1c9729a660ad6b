"""A report that is sent in the chat: what goes where is shown, and nothing is kept before a yes."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.conversation.actions import MAX_BYTES, Action, Verb
from bot.conversation.events import Upload
from bot.importing import propose, read_report
from bot.incoming import Written
from prompts.chat import Wording
from prompts.library import Library
from prompts.outline import MAX_SECTION_ID
from store import Store
from tests.conftest import OUTLINES, Person
from tests.importing.shapes import OFFICE, TITLE, numbered, report, text

TODAY = datetime.datetime(2024, 1, 29, 9, tzinfo=datetime.UTC)
LONGMEN = Path(__file__).parents[1] / "data" / "longmen-2023.txt"
WHOLE = report(numbered())
OTHER = report(numbered(order=(1, 0, 2, 3)))
WORDING = Wording()
_count = itertools.count(1)


@pytest.fixture
def talking(store: Store, library: Library) -> Person:
    return Person(Conversation(store, library, WORDING, lambda: TODAY))


def send(person: Person, content: bytes, name: str = "去年的报告.txt") -> str:
    n = next(_count)
    return person.takes(Upload(person=person.id, id=f"f{n}", message=f"f{n}", filename=name, content=content))


def files(store: Store) -> dict[str, bytes]:
    """The reports on disk."""
    return {path.name: path.read_bytes() for path in (store.folder / "reports").glob("*.json")}


def test_what_goes_where_is_shown_and_nothing_is_kept_before_a_yes(talking: Person, store: Store) -> None:
    said = send(talking, LONGMEN.read_bytes())
    assert "还没有保存" in said
    assert "（一）加强组织领导，健全组织机构（204字） → 加强组织领导，健全组织机构" in said
    assert "二维码便可将本文分享至朋友圈。" in said
    assert "悬挂标语：30余条 ←“全年悬挂标语30余条”" in said
    assert talking.labels[:2] == ["导入文字和数字", "只导入文字"]
    assert talking.labels[-1] == "不导入"
    assert files(store) == {}


def test_a_yes_makes_a_report_that_reads_the_same(talking: Person, store: Store) -> None:
    send(talking, WHOLE)
    said = talking.presses("导入文字和数字")
    assert f"✓ 已导入《{TITLE}》" in said
    assert len(files(store)) == 1
    assert talking.answer("banners") == {"number": "40", "after": "余"}
    drafted = talking.sends("/draft")
    for line in WHOLE.decode().split("\n"):
        assert line in drafted
    assert "〔待填" not in drafted


def test_only_the_text_comes_without_answers(talking: Person) -> None:
    send(talking, WHOLE)
    talking.presses("只导入文字")
    assert talking.answer("banners") is None
    assert "悬挂标语40余条" in talking.sends("/draft")


def test_what_the_draft_still_lacks_is_asked_first(talking: Person) -> None:
    send(talking, report(numbered(), tail=(OFFICE,)))
    assert "成文日期" in talking.presses("导入文字和数字")


def test_it_can_be_imported_as_another_kind(talking: Person, store: Store) -> None:
    send(talking, WHOLE)
    said = talking.presses("按“年度工作总结")
    assert "按“年度工作总结" in said and files(store) == {}
    talking.presses("导入文字")
    assert talking.report.outline == "department-annual-summary"


def test_a_no_keeps_nothing(talking: Person, store: Store) -> None:
    send(talking, WHOLE)
    buttons = [button.data for row in talking.last.buttons for button in row]
    assert "什么都没有保存" in talking.presses("不导入")
    for data in buttons:
        assert "已经失效" in talking.sends_data(data)
    assert files(store) == {}


def test_pressing_twice_makes_one_report(talking: Person, store: Store) -> None:
    send(talking, WHOLE)
    data = talking.last.buttons[0][0].data
    talking.sends_data(data)
    assert "已经失效" in talking.sends_data(data)
    assert len(files(store)) == 1


def test_the_buttons_of_an_earlier_file_do_nothing(talking: Person, store: Store) -> None:
    send(talking, WHOLE)
    old = [button.data for row in talking.last.buttons for button in row]
    send(talking, OTHER)
    new = talking.last.buttons[0][0].data
    for data in old:
        assert "请把文件再发一次" in talking.sends_data(data)
    assert files(store) == {}
    assert "已导入" in talking.sends_data(new)  # a no to the old one was none to the new one
    assert len(files(store)) == 1


def test_after_a_restart_the_file_must_be_sent_again(talking: Person, store: Store, library: Library) -> None:
    send(talking, WHOLE)
    talking.conversation = Conversation(store, library, WORDING, lambda: TODAY)
    for row in talking.last.buttons:
        for button in row:
            assert "请把文件再发一次" in talking.sends_data(button.data)
    assert files(store) == {}


def test_two_people_do_not_get_each_others_files(talking: Person, store: Store) -> None:
    other = Person(talking.conversation, "test:two")
    send(talking, WHOLE)
    assert "请把文件再发一次" in other.sends_data(talking.last.buttons[0][0].data)
    assert files(store) == {}


def test_what_was_being_asked_goes_on_after_a_file(talking: Person) -> None:
    talking.sends("/new")
    talking.presses("法治政府建设年度报告（乡镇、街道）")
    asked = talking.sends("某县龙门街道办事处")
    before = talking.report
    send(talking, WHOLE)
    assert asked.rsplit("\n", 1)[-1] in talking.presses("不导入")
    assert talking.report.content == before.content


@pytest.mark.parametrize("mark", ["机密★10年", "秘密★1年", "绝密★长期"])
def test_a_classified_mark_is_refused(talking: Person, store: Store, mark: str) -> None:
    said = send(talking, text(mark, TITLE, *numbered()))
    assert "没有保存" in said
    assert "导入" not in "".join(talking.labels)
    assert files(store) == {}


def test_a_long_report_is_offered_in_few_words(talking: Person) -> None:
    parts = [
        f"{n}、加强第{i}项工作，压实责任，落实到人，提高质效" for i, n in enumerate("一二三四五六七八九十")
    ]
    below = [f"（{n}）开展专项整治{n * 20}。检查企业120家次，整改隐患35处。" for n in "一二三四五六七八"]
    left_out = [f"发布时间：2024-02-{i:02} 来源：某镇" for i in range(1, 15)]
    said = send(
        talking, report([line for part in parts for line in (part, *below)], head=(*left_out, TITLE * 2))
    )
    assert len(said) < 4000
    assert "还有" in said


def test_buttons_of_every_outline_fit(talking: Person, library: Library) -> None:
    send(talking, WHOLE)
    for outline in library.values():
        digest = propose(read_report([Written("一、工作")]), outline, TODAY.date()).digest
        for what in ("all", "text", "no"):
            Action(Verb.IMPORT, "", outline.id, f"{what}:{digest}").pack()
        Action(Verb.IMPORT_AS, "", "", f"{outline.id}:{digest}").pack()
    for row in talking.last.buttons:
        for button in row:
            assert len(button.data.encode()) <= MAX_BYTES


def test_an_outline_with_the_longest_name_can_be_chosen(store: Store, tmp_path: Path) -> None:
    long = "a" * MAX_SECTION_ID
    for name in (long, "b" * MAX_SECTION_ID):
        (tmp_path / "outlines" / name).mkdir(parents=True)
        for path in (OUTLINES / "small").rglob("*"):
            to = tmp_path / "outlines" / name / path.relative_to(OUTLINES / "small")
            if path.is_dir():
                to.mkdir(exist_ok=True)
            else:
                to.parent.mkdir(exist_ok=True)
                to.write_bytes(path.read_bytes())
    outlines = Library(tmp_path / "outlines")
    person = Person(Conversation(store, outlines, WORDING, lambda: TODAY))
    send(person, WHOLE)
    person.presses("按“")
    assert "已导入" in person.presses("导入文字")


def test_a_sheet_where_no_table_is_asked_is_no_report(talking: Person, store: Store) -> None:
    assert "不是表格题" in send(talking, "甲,1\n乙,2".encode(), "表.csv")
    assert files(store) == {}


def test_next_year_begins_from_an_imported_report(talking: Person) -> None:
    send(talking, WHOLE)
    talking.presses("导入文字和数字")
    talking.sends("/new")
    talking.presses("法治政府建设年度报告（乡镇、街道）")
    assert "为基础" in "".join(talking.labels)
    talking.presses(f"以《{TITLE}》")
    assert talking.answer("unit") == OFFICE
