"""Deliveries as networks make them: twice, ten times, late, from several devices, from ten people at one report."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.conversation import Conversation
from bot.conversation.events import Event, Message, Press, Reply
from bot.conversation.reports import BLANK
from prompts.outline import Outline
from store import Report, Reports, Store
from tests.conftest import TODAY, WORDING, Person
from tests.torture import FULL, length
from tests.torture.straight import BEGIN, QUESTIONS, Script, asked_in, kept, kind

BROKEN = {WORDING.phrase(name, notice="") for name in ("internal_error", "not_saved")}


def at_once(*work: Callable[[], object]) -> None:
    """Do all of it in threads of their own; what any of them raises is raised here; waiting forever is a failure."""
    failed: list[BaseException] = []

    def kept_watch(one: Callable[[], object]) -> None:
        try:
            one()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=kept_watch, args=(one,), daemon=True) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20 if not FULL else 120)
        assert not thread.is_alive(), "threads wait for each other"
    if failed:
        raise failed[0]


class Desk:
    """A conversation that can be ended and started again on the same folder."""

    def __init__(self, folder: Path, *outlines: Outline) -> None:
        self._folder, self._outlines = folder, {outline.id: outline for outline in outlines}
        self.store = Store(folder)
        self.conversation = self._conversation()

    def _conversation(self) -> Conversation:
        return Conversation(self.store, self._outlines, WORDING, lambda: TODAY)

    def restart(self) -> None:
        self.store.close()
        self.store = Store(self._folder)
        self.conversation = self._conversation()


@pytest.fixture
def desk(tmp_path: Path, straight: Outline, small: Outline) -> Iterator[Desk]:
    opened = Desk(tmp_path / "data", straight, small)
    yield opened
    opened.store.close()


@pytest.fixture
def office(desk: Desk) -> Conversation:
    return desk.conversation


def report_of(conversation: Conversation, person: str) -> Report:
    with conversation.store.people.using(person) as known:
        found = conversation.store.reports.get(known.person.report)
    assert found is not None
    return found


def sent(conversation: Conversation, event: Event) -> Reply:
    replies: Sequence[Reply] = conversation.handle(event)
    assert replies[-1].text not in BROKEN
    return replies[-1]


@pytest.mark.parametrize("restarts", [False, True])
def test_what_is_delivered_again_and_late_is_taken_once(
    desk: Desk, rng: random.Random, restarts: bool
) -> None:
    for number in range(length(2, 50)):
        script = Script(f"test:{number}")
        for step in range(len(script)):
            event = script.event(step)
            expected = script.after(step + 1).question
            assert asked_in(sent(desk.conversation, event).text) == expected
            for _ in range(rng.choice([0, 1, 1, 1, 9])):
                assert asked_in(sent(desk.conversation, event).text) == expected
            while rng.random() < 0.4:  # one of those before, late
                late = script.event(rng.randrange(max(0, step - 20), step + 1))
                assert asked_in(sent(desk.conversation, late).text) == expected
            if restarts and rng.random() < 0.05:
                desk.restart()
        report = report_of(desk.conversation, script.person)
        assert kept(report, script.person) == script.after(len(script))
        with desk.store.people.using(script.person) as person:
            assert len(person.person.reports) == 1


@pytest.mark.parametrize("restart", [False, True], ids=["at once", "after a restart"])
@pytest.mark.parametrize("text", ["很多", "完成", "跳过", "上一问", "目录", "/undo", "/redo", "/outline"])
def test_what_changed_nothing_changes_nothing_when_it_comes_again_late(
    desk: Desk, text: str, restart: bool
) -> None:
    person = Person(desk.conversation)
    person.sends_data("bg::small")
    texts = ["某县龙门街道办事处", "2023", text, "30余", "6", "入户讲解", "院坝会"]
    events = [Message(person=person.id, id=f"x{n}", message=f"x{n}", text=t) for n, t in enumerate(texts)]
    for event in events:
        sent(desk.conversation, event)

    def stands() -> object:
        report = report_of(desk.conversation, person.id)
        place = report.place(person.id)
        return report.content, place.section, place.question, place.mode, place.back

    before = stands()
    if restart:
        desk.restart()
    for late in (events[2], events[2], *events):
        sent(desk.conversation, late)
        assert stands() == before


def test_a_person_at_two_devices_at_once_loses_nothing(office: Conversation, rng: random.Random) -> None:
    for number in range(length(3, 40)):
        me = f"test:{number}"
        sent(office, Press(person=me, id="begin", data=BEGIN))
        for n in range(3):  # to the first list
            sent(office, Message(person=me, id=f"t{n}", message=f"t{n}", text=f"回答{n}"))
        said = [[f"{device}{n}" for n in range(12)] for device in ("手机", "电脑")]

        def types(lines: list[str], me: str = me) -> None:
            for line in lines:
                for _ in range(rng.choice([1, 2])):
                    sent(office, Message(person=me, id=line, message=line, text=line))

        at_once(*(lambda lines=lines: types(lines) for lines in said))
        value = report_of(office, me).content["answers"]["q3"]["value"]
        assert sorted(value) == sorted(said[0] + said[1])
        for lines in said:  # and in the order in which each device sent them
            assert [line for line in value if line in lines] == lines


def test_a_person_who_begins_reports_at_two_devices_has_them_all(office: Conversation) -> None:
    me, count = "test:一", length(8, 60)

    def begins(device: str) -> None:
        for n in range(count):
            for _ in range(2):  # each is delivered twice
                sent(office, Press(person=me, id=f"{device}{n}", data=f"{BEGIN}:{BLANK}"))
            for _ in range(2):
                sent(office, Message(person=me, id=f"{device}t{n}", text=f"{device}{n}"))

    at_once(lambda: begins("手机"), lambda: begins("电脑"))
    with office.store.people.using(me) as person:
        mine = person.person.reports
    assert sorted(mine) == sorted(office.store.reports.ids())
    reports = [office.store.reports.get(id) for id in mine]
    said = [a["value"] for report in reports if report for a in report.content.get("answers", {}).values()]
    flat = [text for value in said for text in (value if isinstance(value, list) else [value])]
    assert sorted(flat) == sorted(f"{device}{n}" for device in ("手机", "电脑") for n in range(count))


def test_ten_people_at_one_report_lose_nothing(office: Conversation, rng: random.Random) -> None:
    for number in range(length(1, 12)):
        drafter = Person(office, f"test:起草人{number}")
        drafter.sends_data(BEGIN)
        drafter.sends("回答0")
        people = [Person(office, f"test:同事{number}-{n}") for n in range(9)]
        links = []
        for _ in people:
            drafter.sends("/share", "全部")
            links.append(re.findall(r"/start s-\S+", drafter.last.text)[-1])
        at_once(*(lambda p=p, link=link: p.sends(link) for p, link in zip(people, links, strict=True)))
        assert len(drafter.report.members) == 9

        def lists(p: Person) -> None:  # everyone adds to each list; lists grow, nothing is overwritten
            for n in range(3, QUESTIONS, 4):
                go = f"g:{p.report.id}:q{n}"
                p.sends_data(go)
                p.sends(*(f"{p.id}做法{n}{part}" for part in "甲乙"))

        at_once(*(lambda p=p: lists(p) for p in (drafter, *people)))
        answers = drafter.report.content["answers"]
        for n in range(3, QUESTIONS, 4):
            expected = [f"{p.id}做法{n}{part}" for p in (drafter, *people) for part in "甲乙"]
            assert sorted(answers[f"q{n}"]["value"]) == sorted(expected)
        texts = [n for n in range(1, QUESTIONS) if kind(n) == "text"]

        def meets(
            p: Person, n: int, barrier: threading.Barrier
        ) -> None:  # all at one question: one answer stands, the others are proposed
            p.sends_data(f"g:{p.report.id}:q{n}")
            barrier.wait(20)
            p.sends(f"{p.id}的{n}")

        for n in rng.sample(texts, 2):
            barrier = threading.Barrier(10)
            at_once(*(lambda p=p, n=n, b=barrier: meets(p, n, b) for p in (drafter, *people)))
            content = drafter.report.content
            there = [content["answers"][f"q{n}"]["value"]]
            there += [one["value"] for one in content.get("proposed", {}).get(f"q{n}", ())]
            assert sorted(there) == sorted(f"{p.id}的{n}" for p in (drafter, *people))


def test_people_at_two_common_reports_never_wait_for_each_other(office: Conversation) -> None:
    first, second = Person(office, "test:甲"), Person(office, "test:乙")
    ids = []
    for owner, other in ((first, second), (second, first)):
        owner.sends_data(f"{BEGIN}:{BLANK}")
        owner.sends("回答0", "/share", "全部")
        link = re.findall(r"/start s-\S+", owner.last.text)[-1]
        other.sends(link)
        ids.append(owner.report.id)
    a, b = ids
    assert a != b

    together = threading.Barrier(2)

    def to_and_fro(p: Person, mine: str, other: str) -> None:
        for number in range(length(10, 300)):
            p.sends_data(f"re:{mine if number % 2 else other}")
            together.wait(30)
            p.edits(f"unknown{number}", "改过的话")  # which is looked for in both reports
            p.sends("/list")

    get = Reports.get

    def slowly(reports: Reports, id: str) -> Report | None:
        time.sleep(0.002)  # as from a disk that takes its time
        return get(reports, id)

    with patch.object(Reports, "get", slowly):
        at_once(lambda: to_and_fro(first, a, b), lambda: to_and_fro(second, b, a))


def test_a_button_that_brings_back_a_report_long_after_it_is_gone_leads_on(office: Conversation) -> None:
    person = Person(office)
    person.sends_data(BEGIN)
    person.sends("回答0")
    id = person.report.id
    person.sends("/delete")
    person.presses(person.labels[0])
    office.store.reports.remove(id)
    reply = sent(office, Press(person=person.id, id="late", data=f"bb:{id}"))
    assert reply.buttons


def test_a_link_that_two_people_open_at_once_lets_one_in(office: Conversation) -> None:
    drafter = Person(office, "test:起草人")
    drafter.sends_data(BEGIN)
    drafter.sends("回答0")
    for number in range(length(5, 50)):
        drafter.sends("/share", "全部")
        link = re.findall(r"/start s-\S+", drafter.last.text)[-1]
        two = [Person(office, f"test:{number}-{n}") for n in range(2)]
        at_once(*(lambda p=p, link=link: p.sends(link) for p in two))
        assert len([p for p in two if p.id in drafter.report.members]) == 1
