"""A realistic report to measure with: the sample of the township outline, half filled by someone who typed it.

What is measured must be what staff do, so the report comes out of the conversation itself, with its history, and so do
the answers that follow: the sample's own.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from bot.conversation import Conversation
from bot.conversation.events import Event, Message, Press, Reply
from bot.demo import FIRST, PERSON, Player
from prompts.chat import Wording
from prompts.loading import BUILT_IN, load_outline
from prompts.outline import Outline
from prompts.sample import Sample, read_sample
from store import Store

STEPS = 40  # how far someone goes on from there, before the report would no longer be half filled

Files = dict[str, bytes]


@dataclass(frozen=True)
class Step:
    """Something that someone does, and what comes back."""

    event: Event
    reply: str

    @property
    def answers(self) -> bool:
        """Whether it is an answer; pressing 下一节 is not."""
        return isinstance(self.event, Message)


@dataclass(frozen=True)
class Material:
    """A half-filled report as files below a data folder, and what its writer does next."""

    outline: Outline
    sample: Sample
    wording: Wording
    report: str
    files: Files
    steps: tuple[Step, ...]

    @property
    def answers(self) -> int:
        """How many of the steps are answers."""
        return sum(step.answers for step in self.steps)

    @property
    def content(self) -> bytes:
        """The report's own file: what a durable write of an answer has to write."""
        return self.files[f"reports/{self.report}.json"]

    def conversation(self, store: Store) -> Conversation:
        return Conversation(store, {self.outline.id: self.outline}, self.wording, lambda: _now(self.sample))

    def copied(self, report: str, person: str) -> Files:
        """The same report with another id, and its writer with another: their files."""
        renamed = ((self.report, report), (quote(PERSON, safe=""), quote(person, safe="")))
        inside = ((f'"{self.report}"', f'"{report}"'), (f'"{PERSON}"', f'"{person}"'))
        return {_replaced(name, renamed): _swapped(content, inside) for name, content in self.files.items()}

    def step(self, number: int, report: str, person: str) -> Step:
        """The step with this number, as the other writer takes it."""
        step = self.steps[number]
        event = replace(step.event, person=person)
        if isinstance(event, Press):
            event = replace(event, data=event.data.replace(self.report, report))
        return Step(event, step.reply)


def realistic(folder: Path) -> Material:
    """Play the sample in an empty folder, and keep the state halfway."""
    outline = load_outline(BUILT_IN / FIRST)
    sample = read_sample(outline)
    store = Store(folder)
    try:
        wording = Wording()
        recorder = _Recorder(
            store, {outline.id: outline}, wording, lambda: _now(sample), half=len(sample.answers) // 2
        )
        Player(recorder, store, outline, sample).play()
    finally:
        store.close()
    steps = tuple(recorder.steps[:STEPS])
    return Material(outline, sample, wording, recorder.report, recorder.files, steps)


class _Recorder(Conversation):
    """A conversation that notes its files once half of the answers are given, and what is done from then on."""

    half: int

    def __init__(self, *arguments: object, half: int) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.half = half
        self.report = ""
        self.files: Files = {}
        self.steps: list[Step] = []

    def handle(self, event: Event) -> Sequence[Reply]:
        replies = super().handle(event)
        if self.files:
            self.steps.append(Step(event, replies[0].text))
        else:
            self._look(replies)
        return replies

    def _look(self, replies: Sequence[Reply]) -> None:
        self.report = next(iter(self.store.reports.ids()), "")
        report = self.store.reports.get(self.report) if self.report else None
        answered = len(report.content.get("answers", ())) if report else 0
        # Between two questions, so that the first thing done from here on is an answer.
        if answered >= self.half and replies[0].takes_number:
            self.files = {
                path.relative_to(self.store.folder).as_posix(): path.read_bytes()
                for kind in ("reports", "people")
                for path in (self.store.folder / kind).iterdir()
                if path.suffix != ".previous"
            }


def _now(sample: Sample) -> datetime.datetime:
    return datetime.datetime.combine(sample.today, datetime.time(9), datetime.UTC)


def _replaced(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def _swapped(content: bytes, pairs: Sequence[tuple[str, str]]) -> bytes:
    for old, new in pairs:
        content = content.replace(old.encode(), new.encode())
    return content
