"""Several terminals on one machine: real processes, one of which holds the data folder."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.local import Gone, Remote
from bot.conversation.events import Message
from tests.conftest import OUTLINES
from tests.test_command_line import ROOT, run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f'[data]\nfolder = "data"\n[outlines]\nfolder = "{OUTLINES}"\n', encoding="utf-8")
    return path


class Holder:
    """The process that holds the data folder."""

    def __init__(self, config: Path, *arguments: str) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "TELEGRAM_BOT_TOKEN"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *(arguments or ("serve",)), "--config", str(config)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self.process.stdout
        assert self.process.stdout.readline()

    def ends(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.fixture
def holder(config: Path) -> Iterator[Holder]:
    process = Holder(config)
    yield process
    if process.process.poll() is None:
        process.ends(signal.SIGKILL)


def says(config: Path, name: str, *lines: str) -> str:
    """One sitting of someone at a terminal."""
    done = run("chat", "--as", name, "--config", str(config), stdin="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_four_terminals_write_one_report(config: Path, holder: Holder) -> None:
    def link(said: str) -> str:
        return re.findall(r"/start s-\S+", said)[-1]

    says(config, "张三", "/new", "测试用的小报告", "某县龙门街道办事处", "2023")
    links = [link(says(config, "张三", "/share", sections)) for sections in ("2", "2", "3")]
    for name, text in zip(("李四", "王五", "赵六"), links, strict=True):
        assert "请您填写" in says(config, name, text)
    assert "✓ 标语条数：30余条" in says(config, "李四", "/resume", "30余")
    met = says(config, "王五", "28")
    assert "由起草人选定" in met  # asked before 李四 answered: nothing is overwritten
    said = says(config, "张三", "/outline", "（一）加大宣传力度，营造良好…", "重填", "用王五填的")
    assert "两个不同的回答" in said and "现在：28条" in said
    assert "已交稿" not in says(config, "赵六", "/resume", "126", "125", "/outline")
    third = says(config, "赵六", "/outline")
    button = re.search(r"\[#?\d+ (（二）[^\]]*)\]", third)
    assert button
    says(config, "赵六", "/outline", button[1], "交稿")
    returned = says(config, "张三", "/outline", button[1], "退回", "化解数请核对")
    assert "赵六交了" in returned and "已退回" in returned
    assert "化解数请核对" in says(config, "赵六", "/outline", button[1], "交稿")
    assert "已定稿" in says(config, "张三", "/outline", button[1], "定稿")
    assert "已经定稿" in says(config, "赵六", "/outline", button[1], "重填", "99")
    text = says(config, "张三", "/draft")
    assert "标语28条" in text and "126件" in text
    assert "126" not in says(config, "李四", "/draft")
    assert holder.ends() == 0


def test_when_the_holder_is_killed_another_terminal_goes_on(config: Path) -> None:
    holder = Holder(config)
    environment = {k: v for k, v in os.environ.items() if k != "TELEGRAM_BOT_TOKEN"} | {
        "PYTHONUNBUFFERED": "1"
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--as", "李四", "--config", str(config)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
    ) as terminal:  # fmt: skip
        assert terminal.stdin and terminal.stdout
        for line in ("/new", "测试用的小报告", "某县龙门街道办事处", "2023"):
            terminal.stdin.write(f"{line}\n".encode())
        terminal.stdin.flush()
        _until(terminal, "悬挂宣传标语")
        holder.ends(signal.SIGKILL)
        terminal.stdin.write("30余\n".encode())
        terminal.stdin.flush()
        _until(terminal, "展板多少块")
        terminal.stdin.close()
    assert "某县龙门街道办事处" in run("reports", "--config", str(config)).stdout


def _until(process: subprocess.Popen[bytes], words: str) -> None:
    assert process.stdout
    seen, deadline = b"", time.monotonic() + 30
    while words.encode() not in seen and time.monotonic() < deadline:
        seen += process.stdout.read1()  # type: ignore[attr-defined]
    assert words in seen.decode()


def test_only_terminals_people_speak_through_the_socket(config: Path, holder: Holder) -> None:
    folder = config.parent / "data"
    assert stat.S_IMODE((folder / "socket").stat().st_mode) == 0o600
    remote = Remote(folder)
    assert remote.handle(Message(person="telegram:42", id="1", text="/start")) == []
    (reply,) = remote.handle(Message(person="console:甲", id="1", text="/start"))
    assert "报告助手" in reply.text
    for junk in (b"nonsense\n", b'{"kind": "Nosuch"}\n', b"[]\n"):
        remote._socket.sendall(junk)
        assert remote._lines.readline() == b"[]\n"
    holder.ends(signal.SIGKILL)
    with pytest.raises(Gone):
        for _ in range(3):
            remote.handle(Message(person="console:甲", id="2", text="/start"))
