"""Fixtures for everyone: a small outline, a conversation on a real data folder, and someone who talks with it."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Edited, Event, Message, Press, Reply
from prompts.chat import Wording
from prompts.loading import load_outline
from prompts.outline import Outline
from store import Report, Store

OUTLINES = Path(__file__).parent / "data" / "outlines"
TODAY = datetime.datetime(2024, 1, 29, 9, tzinfo=datetime.UTC)
WORDING = Wording()


@pytest.fixture(scope="session")
def small() -> Outline:
    return load_outline(OUTLINES / "small")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def conversation(store: Store, small: Outline) -> Conversation:
    return Conversation(store, {small.id: small}, WORDING, lambda: TODAY)


class Person:
    """Someone at the other end: sends texts, presses buttons by their label, sees the replies."""

    _deliveries = itertools.count(1)

    def __init__(self, conversation: Conversation, id: str = "test:one") -> None:
        self.conversation = conversation
        self.id = id
        self.last = Reply("")
        self.news = ""

    def sends(self, *texts: str) -> str:
        """Send messages; what comes back to the last one."""
        for text in texts:
            n = next(self._deliveries)
            self._take(Message(person=self.id, id=f"d{n}", message=f"m{n}", text=text))
        return self.last.text

    def presses(self, *labels: str) -> str:
        """Press buttons of the last reply, by label."""
        for label in labels:
            found = [b for row in self.last.buttons for b in row if label in b.label]
            assert found, f"no button {label!r} below:\n{self.last.text}\n{self.labels}"
            self.sends_data(found[0].data)
        return self.last.text

    def sends_data(self, data: str) -> str:
        return self._take(Press(person=self.id, id=f"d{next(self._deliveries)}", data=data))

    def edits(self, message: str, text: str) -> str:
        return self._take(Edited(person=self.id, id=f"d{next(self._deliveries)}", message=message, text=text))

    def takes(self, event: Event) -> str:
        return self._take(event)

    def begins(self, unit: str = "某县龙门街道办事处", year: str = "2023") -> str:
        """A new report, past the questions that are asked first."""
        self.sends("/new")
        if "从头开始" in self.labels:
            self.presses("从头开始")
        return self.sends(unit, year)

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.last.buttons for button in row]

    @property
    def report(self) -> Report:
        with self.conversation.store.people.using(self.id) as person:
            id = person.person.report
        report = self.conversation.store.reports.get(id)
        assert report is not None
        return report

    def answer(self, key: str) -> object:
        answer = self.report.content.get("answers", {}).get(key)
        return answer and answer.get("value")

    def button(self, verb: Verb, target: str = "") -> str:
        """The data of a button about this person's report, as if it stood on an old message."""
        return Action(verb, self.report.id, target).pack()

    def _take(self, event: Event) -> str:
        *before, self.last = self.conversation.handle(event)
        assert len(before) <= 1  # what the person had not been told yet
        self.news = before[0].text if before else ""
        assert self.last.text.strip()
        return self.last.text


@pytest.fixture
def person(conversation: Conversation) -> Person:
    return Person(conversation)
