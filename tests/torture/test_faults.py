"""Faults of the machine: it is said that the answer was not saved, earlier ones stand, and afterwards it goes on."""

from __future__ import annotations

import datetime
import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.conversation import Conversation
from prompts.outline import Outline
from store import Reports, Store, storage
from tests.conftest import TODAY, WORDING, Person
from tests.torture.apart import Apart
from tests.torture.straight import BEGIN, asked_in

NOT_SAVED = WORDING.phrase("not_saved", notice="")
NOBODY = 65534


def answers_on_disk(folder: Path) -> dict[str, object]:
    """What the one report's file holds, whatever anybody has in memory."""
    reports = Reports(folder / "reports")
    (id,) = reports.ids()
    report = reports.get(id)
    assert report is not None and not reports.restored
    return {key: answer["value"] for key, answer in report.content.get("answers", {}).items()}


class Office:
    """A conversation on a folder, begun and with one answer in it."""

    def __init__(self, folder: Path, straight: Outline) -> None:
        self.folder = folder
        self.store = Store(folder)
        self.conversation = Conversation(self.store, {straight.id: straight}, WORDING, lambda: TODAY)
        self.person = Person(self.conversation)
        self.person.sends_data(BEGIN)
        self.person.sends("第一个")

    def bears(self, fault: Callable[[], object], end: Callable[[], object]) -> None:
        """While the fault lasts nothing is saved and that is said; before and after it everything is."""
        fault()
        for _ in range(3):
            assert self.person.sends("第二个") == NOT_SAVED
        assert self.person.sends("/undo") == NOT_SAVED
        assert answers_on_disk(self.folder) == {"q0": "第一个"}
        assert self.person.answer("q0") == "第一个" and self.person.answer("q1") is None
        end()
        assert asked_in(self.person.sends("/resume")) == "q1"
        assert asked_in(self.person.sends("第二个")) == "q2"
        assert answers_on_disk(self.folder) == {"q0": "第一个", "q1": "第二个"}
        assert len(self.person.report.content["answers"]) == 2
        self.person.sends("/undo")
        assert answers_on_disk(self.folder) == {"q0": "第一个"}


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """A small file system of its own; skips where this user may not mount one."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "torture", str(folder)], capture_output=True, check=False
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip("mounting a file system needs more rights than this user has")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remounted(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def test_a_full_disk_is_borne(tmp_path: Path, straight: Outline) -> None:
    with mounted(tmp_path / "disk", "400k") as disk, ExitStack() as opened:
        office = Office(disk / "data", straight)
        opened.callback(office.store.close)
        ballast = disk / "ballast"

        def fill() -> None:
            with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
                while True:
                    file.write(b"x" * 4096)

        office.bears(fill, ballast.unlink)


def test_a_disk_that_becomes_read_only_is_borne(tmp_path: Path, straight: Outline) -> None:
    with mounted(tmp_path / "disk", "4m") as disk, ExitStack() as opened:
        office = Office(disk / "data", straight)
        opened.callback(office.store.close)
        office.store.close()  # a file open for writing would keep it from becoming read-only
        office.store._lock = os.open(os.devnull, os.O_RDONLY)
        office.bears(lambda: remounted(disk, "ro"), lambda: remounted(disk, "rw"))


def bears_apart(apart: Apart, folder: Path, fault: Callable[[], object], end: Callable[[], object]) -> None:
    """The same for a conversation in another process."""
    apart.presses(BEGIN)
    assert asked_in(apart.says("第一个")) == "q1"
    fault()
    for _ in range(3):
        assert apart.says("第二个") == NOT_SAVED
    assert answers_on_disk(folder) == {"q0": "第一个"}
    end()
    assert asked_in(apart.says("/resume")) == "q1"
    assert asked_in(apart.says("第二个")) == "q2"
    assert answers_on_disk(folder) == {"q0": "第一个", "q1": "第二个"}


def test_a_quota_is_borne(tmp_path: Path, outlines: Path) -> None:
    with Apart(tmp_path / "data", outlines / "straight") as apart:
        bears_apart(apart, tmp_path / "data", lambda: apart.limits("RLIMIT_FSIZE", 100),
                    lambda: apart.limits("RLIMIT_FSIZE", None))  # fmt: skip


@pytest.mark.parametrize("left", [0, 1])
def test_no_more_file_handles_are_borne(tmp_path: Path, outlines: Path, left: int) -> None:
    with Apart(tmp_path / "data", outlines / "straight") as apart:
        bears_apart(apart, tmp_path / "data", lambda: apart.limits("RLIMIT_NOFILE", left),
                    lambda: apart.limits("RLIMIT_NOFILE", None))  # fmt: skip


@pytest.fixture
def nobodys(tmp_path: Path, outlines: Path) -> Iterator[tuple[Apart, Path]]:
    """A conversation of a user who is not root, and their data folder."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user, for whom permissions mean something")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    for above in folder.parents:
        if above == Path("/tmp"):
            break
        above.chmod(0o755)
    with Apart(folder, outlines / "straight", NOBODY) as apart:
        yield apart, folder


@pytest.mark.parametrize("mode", [0o500, 0], ids=["not written", "not even entered"])
def test_folders_that_may_not_be_used_are_borne(nobodys: tuple[Apart, Path], mode: int) -> None:
    apart, folder = nobodys

    def may(mode: int) -> None:
        for part in (folder / "reports", folder / "people"):
            part.chmod(mode)

    bears_apart(apart, folder, lambda: may(mode), lambda: may(0o700))


@pytest.mark.parametrize("whose", ["reports", "people"])
def test_files_that_may_not_be_read_are_said_and_not_touched(nobodys: tuple[Apart, Path], whose: str) -> None:
    apart, folder = nobodys
    apart.presses(BEGIN)
    apart.says("第一个")
    (path,) = (folder / whose).glob("*.json")
    content = path.read_bytes()
    path.chmod(0)
    apart.forgets()
    for text in ("第二个", "/undo"):
        said = apart.says(text)
        assert path.name in said or "没有在写的报告" in said, said
    assert path.read_bytes() == content and not list(path.parent.glob("*damaged*"))
    path.chmod(0o600)
    assert asked_in(apart.says("/resume")) == "q1"
    assert asked_in(apart.says("第二个")) == "q2"
    assert answers_on_disk(folder) == {"q0": "第一个", "q1": "第二个"}


# A fault between two writes of one event


class FailsAt:
    """The nth thing that is to be made durable from now on fails, and every one after it."""

    def __init__(self, number: int, what: str) -> None:
        self.left = number
        self.what = what

    def __call__(self, *arguments: object) -> object:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.real(*arguments)

    @contextmanager
    def on(self) -> Iterator[None]:
        if self.what == "file":
            self.real: Callable[..., object] = storage._write_flushed
            with patch.object(storage, "_write_flushed", self):
                yield
        else:
            self.real = os.fsync
            with patch.object(os, "fsync", self):
                yield


Step = Callable[[Person], object]
BEFORE: list[Step] = [
    lambda p: p.begins(),
    lambda p: p.sends("30余", "6", "入户讲解"),
]
EVENTS: dict[str, Step] = {
    "an item": lambda p: p.sends("院坝会"),
    "items to which there is no more": lambda p: p.sends("完成"),
    "not applicable": lambda p: p.sends("不涉及"),
    "clearing": lambda p: p.sends("清空"),
    "undo": lambda p: p.sends("/undo"),
    "an edited message": lambda p: p.edits(
        p.report.content["answers"]["banners"]["parts"][0]["message"], "40余"
    ),
    "going back": lambda p: p.sends("上一问"),
    "a new report": lambda p: p.sends("/new"),
    "a title": lambda p: (p.sends("/rename"), p.sends("某某报告")),
    "a link": lambda p: p.sends("/share"),
    "deleting": lambda p: (p.sends("/delete"), p.presses("删除") if "删除" in str(p.labels) else None),
    "nothing new": lambda p: p.sends("/outline"),
}


@pytest.mark.parametrize("what", ["file", "any flush"])
@pytest.mark.parametrize("name", EVENTS)
def test_whoever_is_told_that_nothing_was_saved_finds_nothing_changed(
    tmp_path: Path, small: Outline, name: str, what: str
) -> None:
    told = []
    for number in range(14):
        folder = tmp_path / str(number)
        store = Store(folder)
        person = Person(Conversation(store, {small.id: small}, WORDING, lambda: TODAY))
        for step in BEFORE:
            step(person)
        before = answers_on_disk(folder)
        fault = FailsAt(number, what)
        with fault.on():
            EVENTS[name](person)
        told.append(person.last.text == NOT_SAVED)
        if told[-1]:
            assert answers_on_disk(folder) == before, f"not saved at write {number}, but changed"
        with store.people.using(person.id) as known:
            id = known.person.report or known.person.reports[-1]
        memory = store.reports.get(id)
        again = Reports(folder / "reports").get(id)
        assert memory and again
        assert (memory.content, memory.seen, memory.done) == (again.content, again.seen, again.done)
        said = person.sends("/resume")
        assert said != NOT_SAVED and person.labels
        store.close()
        if fault.left >= 0:  # nothing more was written
            break
    assert told[-1] is False
    if name not in ("a new report", "nothing new"):
        assert told[0], "the fault was not met"


def test_a_folder_flush_that_fails_where_there_are_no_hard_links_destroys_nothing(
    tmp_path: Path, straight: Outline
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    with patch.object(os, "link", no_links):
        office = Office(tmp_path / "data", straight)
        with FailsAt(1, "any flush").on():
            assert office.person.sends("第二个") == NOT_SAVED
        found = answers_on_disk(office.folder)
        assert found["q0"] == "第一个"
        office.store.close()


def test_news_are_told_even_if_the_event_that_brought_them_up_was_not_saved(
    tmp_path: Path, straight: Outline
) -> None:
    office = Office(tmp_path / "data", straight)
    office.conversation.notices.tell([(office.person.id, "李四交了第一节")])
    with FailsAt(1, "file").on():
        assert office.person.sends("第二个") == NOT_SAVED
    heard = office.person.news
    office.person.sends("第二个")
    assert "李四" in heard + office.person.news
    office.store.close()


# The clock


def test_a_clock_that_jumps_back_a_year_changes_nothing(tmp_path: Path, small: Outline) -> None:
    now = [TODAY]
    store = Store(tmp_path / "data")
    conversation = Conversation(store, {small.id: small}, WORDING, lambda: now[0])
    person = Person(conversation)
    person.begins()
    person.sends("30余")
    conversation.notices.tell([(person.id, "一条消息")])
    now[0] -= datetime.timedelta(days=365)
    told = [reply.text for who, reply in conversation.notices.due() if who == person.id]
    assert any("一条消息" in text for text in told), "news wait for the clock to come round again"
    assert "展板" in person.sends("/resume")
    person.sends("6", "入户讲解", "完成")
    assert person.answer("banners") and person.answer("boards") and person.answer("practice")
    assert "标语" in person.sends("/draft")
    assert "撤销" in person.sends("/undo") or person.answer("practice") is None
    person.sends("/share")
    person.presses("1.")
    link = next(line for line in person.last.text.splitlines() if line.startswith("/start s-"))
    colleague = Person(conversation, "test:two")
    assert "请您填写" in colleague.sends(link)
    store.close()
    store = Store(tmp_path / "data")
    person.conversation = Conversation(store, {small.id: small}, WORDING, lambda: now[0])
    person.sends("/resume")
    assert person.report.content["answers"]["banners"]["by"] == person.id
    store.close()


def test_a_clock_that_jumps_back_does_not_lock_anybody_out(tmp_path: Path) -> None:
    from store.access import Access

    access = Access(tmp_path / "access.json")
    for number in range(40):
        access.guessed_wrong(f"telegram:{number % 3}", TODAY)
    assert access.must_wait("telegram:0", TODAY) and access.must_wait("telegram:9", TODAY)
    earlier = TODAY - datetime.timedelta(days=365)
    assert not access.must_wait("telegram:0", earlier) and not access.must_wait("telegram:9", earlier)
    code = access.invite("telegram:1", earlier, 24)
    assert access.redeem(code, "telegram:0", "甲", earlier)
