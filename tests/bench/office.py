"""A data folder with as many reports as wanted, and the people who go on with theirs."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

from bot.conversation import Conversation
from store import Store
from store.reports import ID_ALPHABET
from tests.bench.material import Files, Material, Step

FILLED = 1_100  # more than a process keeps in memory


class Office:
    """Its reports are copies of one; each has someone who stands where that one's writer stood.

    The copies are written without flushing, all of them at once, and then given to the disk.
    """

    def __init__(self, folder: Path, material: Material, size: int) -> None:
        self.folder = folder
        self.material = material
        self.size = size
        self._next = itertools.count(size)
        self.store = Store(folder)
        for number in range(size):
            put(folder, material.copied(report_id(number), person_id(number)))
        os.sync()
        self.conversation = material.conversation(self.store)

    def close(self) -> None:
        self.store.close()

    def forget(self) -> None:
        """What is in memory goes, as if the process had just begun."""
        self.store.close()
        self.store = Store(self.folder)
        self.conversation = self.material.conversation(self.store)

    def fill_memory(self) -> None:
        """Have as many reports and people in memory as after a long day."""
        for number in range(0, self.size, max(1, self.size // FILLED)):
            self._hold(number)

    def _hold(self, number: int) -> None:
        with self.store.people.using(person_id(number)), self.store.reports.using(report_id(number)):
            pass

    def staff(self, count: int) -> list[Staff]:
        """Some of those who write, spread over all of them."""
        count = min(count, self.size)
        return [Staff(self, self.size * i // count) for i in range(count)]

    def scattered(self, count: int) -> list[Staff]:
        """The same, each at another step, so that a turn of all of them takes every kind of answer."""
        staff = self.staff(count)
        for position, who in enumerate(staff):
            who.go_on(self.material.answers * position // len(staff))
        return staff

    def newcomer(self) -> int:
        """One more with a half-filled report, which is in memory."""
        number = next(self._next)
        put(self.folder, self.material.copied(report_id(number), person_id(number)))
        self._hold(number)
        return number

    def remove(self, number: int) -> None:
        """Someone's files go."""
        for name in self.material.copied(report_id(number), person_id(number)):
            for path in (self.folder / name, self.folder / f"{name}.previous"):
                path.unlink(missing_ok=True)


class Staff:
    """Someone who answers question after question."""

    def __init__(self, office: Office, number: int) -> None:
        self._office = office
        self._number = number
        self._at = 0

    @property
    def report(self) -> str:
        return report_id(self._number)

    @property
    def path(self) -> Path:
        return self._office.folder / "reports" / f"{self.report}.json"

    def next(self) -> Step:
        """The next answer to give. What lies before it, such as going on to the next section, is done here."""
        while True:
            if self._at == len(self._office.material.steps):
                self._office.remove(
                    self._number
                )  # full; so that the number of reports stays, another takes its place
                self._number, self._at = self._office.newcomer(), 0
            step = self._office.material.step(self._at, self.report, person_id(self._number))
            if step.answers:
                return step
            take(self._office.conversation, step)
            self._at += 1

    def go_on(self, answers: int) -> None:
        """Give some answers that are not measured."""
        for _ in range(answers):
            self.answer()

    def given(self) -> None:
        """The answer that was next has been given."""
        self._at += 1

    def answer(self, *, forgotten: bool = False) -> float:
        """Give the next answer; how many seconds it took, from the event to the reply."""
        step = self.next()
        if forgotten:
            self._office.forget()
        seconds = take(self._office.conversation, step)
        self.given()
        return seconds


def take(conversation: Conversation, step: Step) -> float:
    """Do a step; how many seconds it took. Raises `RuntimeError` if it did not go as it did when it was recorded.

    A conversation never raises, and an apology is fast.
    """
    before = time.perf_counter()
    replies = conversation.handle(step.event)
    seconds = time.perf_counter() - before
    check(step, replies[0].text)
    return seconds


def check(step: Step, reply: str) -> None:
    """Raises `RuntimeError` where the reply is not the one that was recorded."""
    if reply != step.reply:
        raise RuntimeError(f"expected:\n{step.reply}\n\ngot:\n{reply}")


def put(folder: Path, files: Files) -> None:
    """Write files without flushing them."""
    for name, content in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, content)
        os.close(descriptor)


def report_id(number: int) -> str:
    """A valid id; those of neighbouring numbers do not sort together, as random ones would not."""
    mixed = (number + 1) * 48_271 % len(ID_ALPHABET) ** 6
    return "".join(_digits(mixed, 6))


def _digits(number: int, count: int) -> Iterator[str]:
    for _ in range(count):
        number, digit = divmod(number, len(ID_ALPHABET))
        yield ID_ALPHABET[digit]


def person_id(number: int) -> str:
    return f"telegram:{1_000_000_000 + number}"
