"""SIGKILL at random moments: what was acknowledged is there, at most the one answer on its way is missing."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bot.channels.local import Gone, Remote
from bot.conversation.events import Message
from store import Store
from tests.test_command_line import ROOT
from tests.torture import length
from tests.torture.straight import Expected, Script, asked_in, kept

PEOPLE = 4  # who answer at the same time in a burst


class Served:
    """The service on a folder, started again after each kill."""

    def __init__(self, config: Path, *, really: bool) -> None:
        self.folder = config.parent / "data"
        command = ["-m", "bot", "serve", "--config"] if really else ["-m", "tests.torture.serving"]
        self._really = really
        self._command = [sys.executable, *command, str(config)]
        self._process: subprocess.Popen[str] | None = None
        self.pid = 0

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "TELEGRAM_BOT_TOKEN"}
        if self._process is None or self._really:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env=environment | {"PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        if self._really:
            self.pid = self._process.pid
        else:
            self._process.stdin.write("start\n")
            self._process.stdin.flush()
            self.pid = int(self._process.stdout.readline())
        assert "terminals can join" in self._process.stdout.readline()

    def kill(self) -> None:
        """End it as the kernel does when memory runs out; back when it is gone."""
        assert self._process is not None and self._process.stdout
        os.kill(self.pid, signal.SIGKILL)
        if self._really:
            self._process.wait()
        else:
            assert self._process.stdout.readline() == "ended\n"

    def close(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._process.kill()
            self._process.communicate()


class Typist:
    """Someone who sends their script, and knows what of it was acknowledged."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.acknowledged = 0
        self.failed: BaseException | None = None
        self._next()

    def _next(self) -> None:
        self.number += PEOPLE
        self.script = Script(f"console:甲{self.number}")
        self.done = 0  # steps that were acknowledged, or found kept after a kill
        self.on_its_way = False  # whether one more was sent that nobody has acknowledged
        self.times = 0

    def send(self, remote: Remote) -> None:
        """One more step; raises `Gone` where no reply came."""
        if self.done == len(self.script):
            self._next()
        self.on_its_way = True
        (reply,) = remote.handle(self.script.event(self.done, self.times))
        self.on_its_way = False
        self.done += 1
        self.acknowledged += 1
        assert asked_in(reply.text) == self.script.after(self.done).question, reply.text

    def types_until_gone(self, folder: Path, most: int) -> None:
        """What a thread does while the service is killed under its hands."""
        with contextlib.suppress(Gone):
            remote = Remote(folder)
            try:
                for _ in range(most):
                    self.send(remote)
            except Gone:
                raise
            except BaseException as error:
                self.failed = error
            finally:
                remote.close()

    def check(self, store: Store) -> bool:
        """Hold the files against the script; whether an unacknowledged step turned out to be kept."""
        me = self.script.person
        with store.people.using(me) as person:
            report = person.person.report
            assert len(person.person.reports) <= 1, "begun twice"
        found = kept(store.reports.get(report) if report else None, me)
        before, after = self.script.after(self.done), self.script.after(self.done + 1)
        if not self.on_its_way:
            assert found == before
            return False
        begun = (
            Expected({}, "") if self.done == 0 else after
        )  # begun and not yet walked to the first question
        assert found in (before, begun, after), f"{found} is neither {before} nor {after}"
        return found != before

    def goes_on(self, remote: Remote, came_through: bool, *, again: bool) -> None:
        """After a restart: the delivery that got no reply comes again, or not; /resume stands at the right question."""
        again = again and self.on_its_way
        if again:
            (reply,) = remote.handle(self.script.event(self.done, self.times))
        self.done += came_through or again
        self.on_its_way = False
        self.times += 1
        expected = self.script.after(self.done).question
        if again:
            assert asked_in(reply.text) == expected, reply.text
        ask = Message(person=self.script.person, id=f"resume-{self.done}-{self.times}", text="/resume")
        (reply,) = remote.handle(ask)
        assert asked_in(reply.text) == expected, reply.text


def no_file_is_damaged(folder: Path) -> None:
    for path in [*folder.rglob("*.json"), *folder.rglob("*.json.previous")]:
        msgspec.json.decode(path.read_bytes())
    assert not list(folder.rglob("*.damaged-*"))


@pytest.fixture
def config(tmp_path: Path, outlines: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f'[data]\nfolder = "data"\n[outlines]\nfolder = "{outlines}"\n', encoding="utf-8")
    return path


@pytest.fixture
def served(config: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    service = Served(config, really=getattr(request, "param", False))
    yield service
    service.close()


def killed_and_checked(served: Served, rounds: int, rng: random.Random) -> str:
    """So many rounds of typing, kill, check and restart; what happened, in a line."""
    typists = [Typist(number) for number in range(PEOPLE)]
    lost = came_through = 0
    served.start()
    for _ in range(rounds):
        busy = typists if rng.random() < 0.6 else [rng.choice(typists)]
        threads = [
            threading.Thread(target=typist.types_until_gone, args=(served.folder, rng.choice([1, 2, 400])))
            for typist in busy
        ]
        for thread in threads:
            thread.start()
        time.sleep(rng.choice([rng.uniform(0, 0.01), rng.uniform(0, 0.1)]))
        served.kill()
        for thread in threads:
            thread.join()
        for typist in busy:
            assert typist.failed is None, typist.failed
        no_file_is_damaged(served.folder)
        store = Store(served.folder)
        try:
            through = [typist.check(store) for typist in typists]
            assert not store.reports.restored and not store.people.restored
        finally:
            store.close()
        came_through += sum(through)
        lost += sum(typist.on_its_way for typist in typists) - sum(through)
        served.start()
        remote = Remote(served.folder)
        for typist, kept_whole in zip(typists, through, strict=True):
            if typist.done or typist.on_its_way:
                typist.goes_on(remote, kept_whole, again=rng.random() < 0.5)
        remote.close()
    return (
        f"{rounds} kills: {sum(typist.acknowledged for typist in typists)} answers acknowledged before a kill, "
        f"all kept; of those not acknowledged {came_through} were kept whole, {lost} were not"
    )


def test_after_a_kill_every_acknowledged_answer_is_there_and_everyone_stands_right(
    served: Served, rng: random.Random
) -> None:
    print(killed_and_checked(served, length(5, 200), rng))


@pytest.mark.parametrize("served", [True], indirect=True, ids=["python -m bot serve"])
def test_the_same_holds_for_the_service_as_it_is_started_by_hand(served: Served, rng: random.Random) -> None:
    print(killed_and_checked(served, length(1, 15), rng))


def test_the_check_sees_an_answer_that_was_not_kept(served: Served) -> None:
    typist = Typist(0)
    served.start()
    remote = Remote(served.folder)
    for _ in range(4):
        typist.send(remote)
    remote.close()
    served.kill()
    store = Store(served.folder)
    try:
        assert typist.check(store) is False
        typist.done += 1  # as if one more had been acknowledged
        with pytest.raises(AssertionError):
            typist.check(store)
        path = store.reports.folder / f"{next(store.reports.ids())}.json"
        path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(msgspec.DecodeError):
            no_file_is_damaged(served.folder)
    finally:
        store.close()
