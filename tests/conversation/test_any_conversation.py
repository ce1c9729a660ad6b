"""Whatever people send, in whatever order: one reply each time, nothing breaks, nothing is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import COMMANDS, Conversation
from bot.conversation.actions import Verb
from bot.conversation.events import Edited, Message, Press, Unsupported, Upload
from prompts.outline import Outline
from store import Store
from tests.conftest import TODAY, WORDING, Person

TEXTS = st.one_of(
    st.sampled_from(["30余", "445余", "很多", "126", "2023", "某县甲街道办事处", "第一\n第二", "1 2", "是", "今天", "完成", "跳过",
                     "不涉及", "清空", "上一问", "目录", "撤销", "下一节", "重填", "改正文"]),
    st.sampled_from([f"/{name}" for name in COMMANDS]),
    st.text(max_size=20),
)  # fmt: skip
STEP = st.one_of(
    st.tuples(st.just("text"), TEXTS),
    st.tuples(st.just("press"), st.integers(0, 30)),
    st.tuples(st.just("press"), st.integers(0, 30)),
    st.tuples(st.just("old"), st.integers(0, 400)),
    st.tuples(st.just("forged"), st.tuples(st.sampled_from(list(Verb)), st.sampled_from(
        ["", "banners", "work/pub", "work", "own1", "^", "$", "nosuch"]), st.sampled_from(["", "0", "1", "9", "x"]))),
    st.tuples(st.just("edit"), st.tuples(st.integers(0, 40), TEXTS)),
    st.tuples(st.just("again"), st.none()),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("odd"), st.none()),
)  # fmt: skip
BROKEN = WORDING.phrase("internal_error")
UNSAVED = WORDING.phrase("not_saved")


class Model:
    """A person at a conversation, and the checks that hold after every step."""

    def __init__(self, folder: Path, outline: Outline) -> None:
        self.folder, self.outline = folder, outline
        self.store = Store(folder)
        self.person = Person(Conversation(self.store, {outline.id: outline}, WORDING, lambda: TODAY))
        self.seen: list[str] = []
        self.events: list[Message | Press | Edited] = []
        self.number = 0

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
                self.person.conversation = Conversation(
                    self.store, {self.outline.id: self.outline}, WORDING, lambda: TODAY
                )
                assert self.kept() == before
            case _:
                self.person.takes(Unsupported(person=me, id=id, kind="photo"))
                self.person.takes(Upload(person=me, id=id + "f", filename="a.xlsx", content=b"x"))

    def take(self, event: Message | Press | Edited, *, again: bool = False) -> None:
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
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=5, max_size=60))
def test_any_sequence_of_events_is_answered_and_kept(small: Outline, steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Model(Path(folder), small)
        try:
            model.step("text", "/new")
            for kind, value in steps:
                model.step(kind, value)
        finally:
            model.store.close()
