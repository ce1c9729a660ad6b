"""A power cut at any point of a change leaves the state before or after it, and the one after once the call is back."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from bot.channels.local import Remote
from store import DurableStorage, OpenReport, Place, Reports, Store
from store.people import People
from tests.torture.disk import Disk, State
from tests.torture.straight import Script
from tests.torture.test_kill import Served, config  # noqa: F401

AT = "2024-01-29T09:00:00+00:00"
ME = "test:one"


def laid_out(state: State, folder: Path) -> Path:
    """A folder as a power cut left it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in state.items():
        (folder / name).write_bytes(content)
    return folder


def report_in(folder: Path, id: str) -> object:
    """What the store finds of a report after a start; what it had to rescue is an error here."""
    reports = Reports(folder)
    found = reports.get(id)
    assert not reports.restored
    return found and msgspec.to_builtins(found)


def person_in(folder: Path, id: str) -> object:
    people = People(folder)
    with people.using(id) as opened:
        assert not people.restored
        return msgspec.to_builtins(opened.person)


def answer(value: str) -> Callable[[OpenReport], object]:
    def give(opened: OpenReport) -> object:
        edit = opened.edit("answers", "q", {"value": value})
        return opened.change([edit], by=ME, at=AT, message=value, place=Place("s", value))

    return give


CHANGES: list[Callable[[OpenReport], object]] = [
    answer("第一个回答"),
    answer("第二个回答，长得多" * 200),
    lambda opened: opened.undo(ME, at=AT, message="u"),
    lambda opened: opened.redo(ME, at=AT, message="r"),
    lambda opened: opened.move(ME, Place("s", "q9"), at=AT),
    lambda opened: opened.set_team(by=ME, names={ME: "一"}),
    lambda opened: opened.set_deleted(AT, by=ME),
    lambda opened: opened.set_deleted("", by=ME),
]


def old_or_new(
    disk: Disk, look: Callable[[Path], object], before: object, after: object, folder: Path
) -> int:
    """How many states were looked into; each is the one before or after, and after the last call it is after."""
    states = 0
    for made, state in disk.after_power_cuts():
        states += 1
        found = look(laid_out(state, folder))
        assert found in (before, after), f"after {disk.calls[:made]}"
        if made == len(disk.calls):
            assert found == after, f"acknowledged and lost: {list(state)}"
    return states


def every_change_survives(tmp_path: Path, forgets: frozenset[str] = frozenset()) -> int:
    folder = tmp_path / "reports"
    folder.mkdir()
    disk = Disk(folder, forgets)
    reports = Reports(folder)
    with disk.recording():
        id = reports.create("o", "1", owner=ME, at=AT).id
    states = old_or_new(disk, lambda f: report_in(f, id), None, report_in(folder, id), tmp_path / "cut")
    for change in CHANGES:
        before = report_in(folder, id)
        with disk.recording(), reports.using(id) as opened:
            change(opened)
        after = report_in(folder, id)
        assert before != after
        states += old_or_new(disk, lambda f: report_in(f, id), before, after, tmp_path / "cut")
    return states


def test_after_a_power_cut_a_report_is_as_before_or_after_the_change(tmp_path: Path) -> None:
    states = every_change_survives(tmp_path)
    print(f"\n{states} states of the disk after a power cut, each read back whole")
    assert states > 100


def test_after_a_power_cut_a_person_is_as_before_or_after_the_change(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    disk = Disk(folder)
    people = People(folder)
    for number in range(3):
        before = person_in(folder, ME)
        with disk.recording(), people.using(ME) as opened:
            opened.update(f"m{number}", report=f"r{number}", name="一" * number)
        after = person_in(folder, ME)
        old_or_new(disk, lambda f: person_in(f, ME), before, after, tmp_path / "cut")


@pytest.mark.parametrize("forgotten", ["flush", "flush folder"])
def test_the_check_sees_a_flush_that_is_forgotten(tmp_path: Path, forgotten: str) -> None:
    with pytest.raises(Exception, match=r"acknowledged and lost|damaged"):
        every_change_survives(tmp_path, frozenset({forgotten}))


def test_the_check_sees_a_file_rewritten_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_place(storage: DurableStorage, content: bytes) -> None:
        descriptor = os.open(storage.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, content)
        os.fsync(descriptor)
        os.close(descriptor)

    monkeypatch.setattr(DurableStorage, "_replace", in_place)
    with pytest.raises(Exception, match=r"damaged|acknowledged"):
        every_change_survives(tmp_path)


def damaged(tmp_path: Path) -> tuple[Path, str, object]:
    """A report whose file was destroyed, its id, and its state before the last change."""
    folder = tmp_path / "reports"
    folder.mkdir()
    reports = Reports(folder)
    id = reports.create("o", "1", owner=ME, at=AT).id
    previous = report_in(folder, id)
    with reports.using(id) as opened:
        answer("第一个回答")(opened)
    (folder / f"{id}.json").write_bytes(b'{"report": ')
    return folder, id, previous


def test_a_power_cut_during_the_rescue_of_a_damaged_file_loses_neither_state(tmp_path: Path) -> None:
    folder, id, previous = damaged(tmp_path)
    disk = Disk(folder)
    with disk.recording():
        Reports(folder).get(id)
    for made, state in disk.after_power_cuts():
        cut = laid_out(state, tmp_path / "cut")
        found = Reports(cut).get(id)
        assert found is not None and msgspec.to_builtins(found) == previous, disk.calls[:made]
        kept = [path.read_bytes() for path in cut.iterdir()]
        assert b'{"report": ' in kept  # the bad file is set aside, never deleted


def test_a_person_whose_rescue_was_cut_short_is_not_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    people = People(folder)
    with people.using(ME) as opened:
        opened.update("1", report="r1")
        opened.update("2", report="r2")
    path = next(folder.glob("*.json"))
    path.write_bytes(b"")
    disk = Disk(folder)
    with disk.recording():
        assert person_in_after_rescue(folder) == "r1"
    for made, state in disk.after_power_cuts():
        assert person_in_after_rescue(laid_out(state, tmp_path / "cut")) == "r1", disk.calls[:made]


def person_in_after_rescue(folder: Path) -> str:
    with People(folder).using(ME) as opened:
        return opened.person.report


# What the system is asked for, seen from outside


@dataclass(frozen=True)
class Called:
    """A system call that came back: its name, its arguments as printed (with the paths of descriptors), its result."""

    name: str
    arguments: str
    result: str


_CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)\)\s+= (\S+)")
_BEGUN = re.compile(r"^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+)\s+<\.\.\. \w+ resumed>(.*)$")


def calls_in(trace: str) -> Iterator[Called]:
    """The calls in the order in which they came back."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        if match := _BEGUN.match(line):
            begun[match[1]] = f"{match[1]} {match[2]}({match[3]}"
            continue
        if match := _RESUMED.match(line):
            line = begun.pop(match[1], "") + match[2]
        if match := _CALL.match(line):
            yield Called(match[2], match[3], match[4])


def is_in_order(calls: list[Called], name: str) -> bool:
    """Whether a report's file was written, flushed, put in place and its folder flushed before the reply went out."""

    def first(after: int, wanted: str, *parts: str) -> int:
        found = (
            number
            for number, call in enumerate(calls[after:], after)
            if re.fullmatch(wanted, call.name) and not call.result.startswith("-")
            if all(part in call.arguments for part in parts)
        )
        return next(found, len(calls))

    new = f"/{name}.new"
    opened = first(0, "openat", new, "O_TRUNC")
    flushed = first(opened, "fsync|fdatasync", f"{new}>")
    put = first(opened, "rename(at2?)?", f'{new}"', f'/{name}"')
    folder_flushed = first(put, "fsync", "/reports>")
    replied = first(opened, "sendto|sendmsg")
    written = [n for n, call in enumerate(calls) if call.name == "write" and f"{new}>" in call.arguments]
    return bool(written) and opened < written[-1] < flushed < put < folder_flushed < replied < len(calls)


def _strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed")
    tried = subprocess.run([found, "-f", "-y", "true"], capture_output=True, check=False, timeout=20)
    if tried.returncode != 0:
        pytest.skip("strace may not trace here")
    return found


@pytest.fixture
def served(config: Path) -> Iterator[Served]:  # noqa: F811
    service = Served(config, really=True)
    yield service
    service.close()


def test_the_reply_goes_out_after_the_file_and_its_folder_are_flushed(served: Served, tmp_path: Path) -> None:
    strace = _strace()
    served.start()
    remote = Remote(served.folder)
    script = Script("console:甲")
    for step in range(3):
        remote.handle(script.event(step))
    trace = tmp_path / "trace"
    traced = (
        "openat,write,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,sendto,sendmsg"
    )
    with subprocess.Popen(
        [strace, "-f", "-y", "-e", f"trace={traced}", "-o", str(trace), "-p", str(served.pid)],
        stderr=subprocess.PIPE, text=True,
    ) as tracer:  # fmt: skip
        assert tracer.stderr
        if "attached" not in tracer.stderr.readline():
            tracer.kill()
            pytest.skip("strace may not look into a running process here")
        time.sleep(0.2)
        (reply,) = remote.handle(script.event(3))
        time.sleep(0.2)
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=10)
    remote.close()
    served.kill()
    store = Store(served.folder)
    (id,) = store.reports.ids()
    store.close()
    calls = list(calls_in(trace.read_text(encoding="utf-8", errors="replace")))
    about = [(call.name, call.arguments[:110], call.result[:10]) for call in calls]
    assert is_in_order(calls, f"{id}.json"), about
    for number, call in enumerate(calls):  # and each of the steps is looked at
        if call.name in ("fsync", "rename") or (call.name == "write" and ".new>" in call.arguments):
            assert not is_in_order(calls[:number] + calls[number + 1 :], f"{id}.json"), call
    reply_first = [c for c in calls if c.name == "sendto"] + [c for c in calls if c.name != "sendto"]
    assert not is_in_order(reply_first, f"{id}.json")
    assert reply.text
