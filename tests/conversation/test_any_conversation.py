"""Whatever people send, in whatever order: one reply each time, nothing breaks, nothing is lost."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path

import docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.conversation import COMMANDS, Conversation
from bot.conversation.actions import Verb
from bot.conversation.events import Edited, Message, Press, Unsupported, Upload
from bot.documents.sheets import write_form
from prompts.grid import Grid
from prompts.loading import load_outline
from prompts.outline import Outline
from store import Store
from tests.conftest import OUTLINES, TODAY, WORDING, Person

OUTLINE_IDS = ("small", "yearly")


@cache
def outlines() -> dict[str, Outline]:
    return {id: load_outline(OUTLINES / id) for id in OUTLINE_IDS}


@cache
def files() -> tuple[tuple[str, bytes], ...]:
    """What people send: a filled form, a part of one, reports, and what only looks like it."""
    form = write_form(Grid(outlines()["yearly"].questions["requests"], None))
    book, filled = load_workbook(io.BytesIO(form)), io.BytesIO()
    for row in (3, 4, 5, 6, 8):
        for column in (3, 4, 5):
            book.worksheets[0].cell(row, column).value = row * column
    book.save(filled)
    document, written = docx.Document(), io.BytesIO()
    for text in ("某县甲街道办事处2022年度法治政府建设情况报告", "一、2022年工作开展情况",
                 "（一）加大宣传力度。全年悬挂标语30余条。", "二、2023年工作打算", "继续努力。"):  # fmt: skip
        document.add_paragraph(text)
    document.save(written)
    part = "情形,,自然人,企业,其他\n一、新收,,3,1,0\n二、上年结转,,0,0,若干\n".encode("gb18030")
    return (
        ("表.xlsx", form), ("表.xlsx", filled.getvalue()), ("表.csv", part), ("名单.csv", "甲,1\n乙,2\n".encode()),
        ("报告.docx", written.getvalue()), ("报告.txt", "一、工作开展情况\n宣传标语30条。\n".encode()), ("a.docx", form),
        ("a.xlsx", written.getvalue()), ("a.xlsx", b"PK\x03\x04"), ("a.csv", b"\xff\xfe\x00"), ("a.exe", b"MZ"), ("", b""),
    )  # fmt: skip


TEXTS = st.one_of(
    st.sampled_from(["30余", "445余", "很多", "126", "2023", "某县甲街道办事处", "第一\n第二", "1 2", "是", "今天", "完成", "跳过",
                     "不涉及", "清空", "上一问", "目录", "撤销", "下一节", "重填", "改正文", "3 1 0", "予以公开 2 - 0", "其余全为0",
                     "0", "一、新收\t3\t1\t0\n二、上年结转\t0\t0\t0", "持平", "增长约5%", "看上年", "看表格", "从头开始", "1"]),
    st.sampled_from([f"/{name}" for name in COMMANDS]),
    st.text(max_size=20),
)  # fmt: skip
STEP = st.one_of(
    st.tuples(st.just("text"), TEXTS),
    st.tuples(st.just("press"), st.integers(0, 30)),
    st.tuples(st.just("press"), st.integers(0, 30)),
    st.tuples(st.just("old"), st.integers(0, 400)),
    st.tuples(st.just("forged"), st.tuples(st.sampled_from(list(Verb)), st.sampled_from(
        ["", "banners", "work/pub", "work", "own1", "^", "$", "nosuch", "requests", "results_1", "results_9", "yearly"]),
        st.sampled_from(["", "0", "1", "9", "x", "第2行 全0"]))),
    st.tuples(st.just("file"), st.integers(0, 11)),
    st.tuples(st.just("edit"), st.tuples(st.integers(0, 40), TEXTS)),
    st.tuples(st.just("again"), st.none()),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("odd"), st.none()),
)  # fmt: skip
BROKEN = WORDING.phrase("internal_error")
UNSAVED = WORDING.phrase("not_saved")


class Model:
    """A person at a conversation, and the checks that hold after every step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder)
        self.person = Person(Conversation(self.store, outlines(), WORDING, lambda: TODAY))
        self.seen: list[str] = []
        self.events: list[Message | Press | Edited | Upload] = []
        self.number = 0

    def begins(self, *, of_last_year: bool) -> None:
        """A report with tables, of last year's or of nothing."""
        for text in ("/new", "2", "某县某局", "2022", "某县人民政府"):
            self.step("text", text)
        if of_last_year:
            for text in (
                "其余全为0",
                "完成",
                "跳过",
                "下一节",
                "3000",
                "跳过",
                "下一节",
                "加强培训\n整治停车",
                "完成",
            ):
                self.step("text", text)
            for text in ("/new", "2", "1", "2023"):
                self.step("text", text)

    def step(self, kind: str, value: object) -> None:
        self.number += 1
        id = f"h{self.number}"
        me = self.person.id
        match kind, value:
            case "text", str(text):
                self.take(Message(person=me, id=id, message=f"m{self.number}", text=text))
            case "press", int(index):
                buttons = [b.data for row in self.person.last.buttons for b in row]
                if buttons:
                    self.take(Press(person=me, id=id, data=buttons[index % len(buttons)]))
            case "old", int(index):
                if self.seen:
                    self.take(Press(person=me, id=id, data=self.seen[index % len(self.seen)]))
            case "forged", (verb, target, argument):
                with self.store.people.using(me) as person:
                    report = person.person.report
                self.take(Press(person=me, id=id, data=f"{verb}:{report}:{target}:{argument}"))
            case "edit", (int(message), str(text)):
                self.take(Edited(person=me, id=id, message=f"m{message}", text=text))
            case "again", _:
                if self.events:
                    before = self.kept()
                    self.take(self.events[-1], again=True)
                    assert self.kept() == before
            case "restart", _:
                before = self.kept()
                self.store.close()
                self.store = Store(self.folder)
                self.person.conversation = Conversation(self.store, outlines(), WORDING, lambda: TODAY)
                assert self.kept() == before
            case "file", int(index):
                name, content = files()[index % len(files())]
                self.take(Upload(person=me, id=id, message=f"m{self.number}", filename=name, content=content))
            case _:
                self.person.takes(Unsupported(person=me, id=id, kind="photo"))

    def take(self, event: Message | Press | Edited | Upload, *, again: bool = False) -> None:
        said = self.person.takes(event)
        assert said not in (BROKEN, UNSAVED)
        assert self.person.labels or "/" in said, f"no way on: {said}"
        if not again:
            self.events.append(event)
        self.seen += [b.data for row in self.person.last.buttons for b in row]

    def kept(self) -> object:
        with self.store.people.using(self.person.id) as person:
            ids = list(person.person.reports)
        return {
            id: report and (report.content, report.deleted)
            for id in ids
            for report in [self.store.reports.get(id)]
        }


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    start=st.sampled_from(["small", "yearly", "of last year"]), steps=st.lists(STEP, min_size=5, max_size=60)
)
def test_any_sequence_of_events_is_answered_and_kept(start: str, steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Model(Path(folder))
        try:
            if start == "small":
                model.step("text", "/new")
                model.step("text", "1")
            else:
                model.begins(of_last_year=start == "of last year")
            for kind, value in steps:
                model.step(kind, value)
        finally:
            model.store.close()
