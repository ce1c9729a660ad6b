"""Nobody until let in."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.channels.gate import Gate
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Event, Message, Press, Reply
from store.access import Access
from tests.conftest import OUTLINES, TODAY, WORDING

ids = itertools.count(1)


class Inside:
    """What is behind the gate: says that one is in."""

    def handle(self, event: Event) -> Sequence[Reply]:
        return [Reply("里面")]


class Clock:
    now = TODAY

    def __call__(self) -> datetime.datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now = self.now + datetime.timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(tmp_path: Path, clock: Clock) -> Gate:
    return Gate(Inside(), Access(tmp_path / "access.json"), WORDING, invite_hours=72, clock=clock)


def says(gate: Gate, person: str, text: str) -> list[str]:
    n = next(ids)
    event = Message(person=f"telegram:{person}", id=f"u{n}", name=f"名{person}", message=f"m{n}", text=text)
    return [reply.text for reply in gate.handle(event)]


def presses(gate: Gate, person: str, data: str) -> list[str]:
    return [
        reply.text for reply in gate.handle(Press(person=f"telegram:{person}", id=f"u{next(ids)}", data=data))
    ]


def opened(gate: Gate) -> Gate:
    says(gate, "1", f"/claim {gate.claim_code}")
    return gate


def invitation(gate: Gate) -> str:
    return says(gate, "1", "/invite")[0].split("/start ")[1].strip()


def test_a_stranger_gets_one_line_with_their_number_and_learns_nothing(gate: Gate, clock: Clock) -> None:
    said = says(opened(gate), "2", "你好")
    assert len(said) == 1 and "2" in said[0]
    assert "报告" not in said[0]
    assert says(gate, "2", "/resume") == []
    clock.passes(minutes=61)
    assert len(says(gate, "2", "/list")) == 1


def test_who_sends_the_code_becomes_administrator_and_the_code_is_spent(gate: Gate) -> None:
    code = gate.claim_code
    assert "管理员" in says(gate, "1", f"/claim {code.lower()}")[0]
    assert says(gate, "2", f"/claim {code}")[0] != "里面"
    assert not gate.access.admits("telegram:2")


def test_with_an_administrator_there_is_no_code_at_the_next_start(gate: Gate, tmp_path: Path) -> None:
    opened(gate)
    assert Gate(Inside(), Access(tmp_path / "access.json"), WORDING, invite_hours=1).claim_code == ""


def test_an_invitation_lets_in_one_person_once(gate: Gate) -> None:
    code = invitation(opened(gate))
    assert says(gate, "2", f"/start {code}") == ["里面"]
    assert says(gate, "2", "随便") == ["里面"]
    assert says(gate, "3", f"/start {code}") != ["里面"]


def test_an_invitation_ends_with_its_time(gate: Gate, clock: Clock) -> None:
    code = invitation(opened(gate))
    clock.passes(hours=73)
    assert says(gate, "2", f"/start {code}") != ["里面"]


def test_only_an_administrator_invites_and_removes(gate: Gate) -> None:
    says(gate, "2", "x")
    says(gate, "2", f"/start {invitation(opened(gate))}")
    assert says(gate, "2", "/invite") == ["里面"]
    assert presses(gate, "2", "@ok:telegram:1") == ["里面"]
    assert gate.access.admits("telegram:1")


def test_removing_ends_access_at_once(gate: Gate) -> None:
    says(gate, "2", f"/start {invitation(opened(gate))}")
    assert "名2" in says(gate, "1", "/people")[0]
    assert "要移除“名2”吗" in presses(gate, "1", "@rm:telegram:2")[0]
    assert "已移除" in presses(gate, "1", "@ok:telegram:2")[0]
    assert says(gate, "2", "/draft") != ["里面"]


def test_the_only_administrator_cannot_be_removed(gate: Gate) -> None:
    assert "没有移除" in presses(opened(gate), "1", "@ok:telegram:1")[0]


def test_guessing_codes_is_slowed_down_even_for_the_right_one_and_after_a_restart(
    gate: Gate, clock: Clock, tmp_path: Path
) -> None:
    code = invitation(opened(gate))
    for _ in range(5):
        says(gate, "2", "/start WRONGWRONG22")
    assert says(gate, "2", f"/start {code}") != ["里面"]
    again = Gate(Inside(), Access(tmp_path / "access.json"), WORDING, invite_hours=72, clock=clock)
    assert says(again, "2", f"/start {code}") != ["里面"]
    clock.passes(minutes=10)
    assert says(again, "2", f"/start {code}") == ["里面"]


def test_many_people_guessing_together_are_slowed_down_too(gate: Gate, clock: Clock) -> None:
    code = invitation(opened(gate))
    for person in range(100, 140):
        says(gate, str(person), "/start WRONGWRONG22")
    assert says(gate, "2", f"/start {code}") != ["里面"]
    clock.passes(hours=2)
    assert says(gate, "2", f"/start {code}") == ["里面"]


def test_codes_are_not_kept_in_the_clear(gate: Gate, tmp_path: Path) -> None:
    code = invitation(opened(gate))
    assert code not in (tmp_path / "access.json").read_text()


def test_the_reports_of_someone_who_is_removed_go_to_another(tmp_path: Path) -> None:
    from bot.service import Service
    from bot.settings import load

    config = tmp_path / "config.toml"
    config.write_text(f'[data]\nfolder = "data"\n[outlines]\nfolder = "{OUTLINES}"\n', encoding="utf-8")
    with Service(*load(config)) as service:
        access = Access(service.store.folder / "access.json")
        gate = Gate(service.conversation, access, WORDING, invite_hours=72, estate=service)
        says(gate, "1", f"/claim {gate.claim_code}")
        for person in ("2", "3"):
            code = access.invite("telegram:1", datetime.datetime.now().astimezone(), 72)
            says(gate, person, f"/start {code}")
        says(gate, "2", "/new")
        says(gate, "2", "测试用的小报告")
        begin = Action(Verb.BEGIN, "", "small").pack()
        assert "单位的全称" in presses(gate, "2", begin)[0]
        says(gate, "2", "某县龙门街道办事处")
        (id,) = service.store.reports.ids()
        presses(gate, "1", "@rm:telegram:2")
        assert "交给谁" in presses(gate, "1", "@ok:telegram:2")[0]
        assert says(gate, "2", "/draft") != []
        assert "已把1份报告交给" in presses(gate, "1", "@give:2>3")[0]
        report = service.store.reports.get(id)
        assert report is not None and report.owner == "telegram:3" and "telegram:2" not in report.members
        assert "某县龙门街道办事处" in says(gate, "3", "/list")[-1]
        # only for someone who is out, and to someone who is in
        presses(gate, "1", "@give:3>1")
        presses(gate, "1", "@give:2>99")
        again = service.store.reports.get(id)
        assert again is not None and again.owner == "telegram:3"
