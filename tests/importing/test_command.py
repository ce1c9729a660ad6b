"""`python -m bot import`: says what would go where, keeps it after a yes, and prints the new report's id."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.importing.comparing import folded
from tests.importing.shapes import OFFICE, TITLE, numbered, report, text
from tests.test_command_line import ROOT, run

REPORT = report(numbered())


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('[data]\nfolder = "data"\n', encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "去年的报告.txt"
    path.write_bytes(REPORT)
    return path


def kept(config: Path) -> list[Path]:
    return sorted((config.parent / "data" / "reports").glob("*.json"))


def test_with_yes_it_prints_the_id_and_nothing_else(config: Path, file: Path) -> None:
    done = run("import", str(file), "--yes", "--as", "张三", "--config", str(config))
    assert done.returncode == 0, done.stderr
    id = done.stdout.strip()
    assert [path.stem for path in kept(config)] == [id]
    assert f"{TITLE} -> rule-of-law-township" in done.stderr
    assert "（三）加大宣传力度，营造法治氛围 (68) -> work/publicity" in done.stderr
    assert "悬挂标语: 40余条 <- 悬挂标语40余条" in done.stderr
    drafted = run("draft", id, "--config", str(config))
    assert folded(drafted.stdout) == folded(REPORT.decode())
    mine = run("chat", "--as", "张三", "--config", str(config), stdin="/list\n")
    assert TITLE in mine.stdout


def test_without_a_terminal_and_without_yes_nothing_is_kept(config: Path, file: Path) -> None:
    done = run("import", str(file), "--config", str(config), stdin="y\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "say --yes to keep it" in done.stderr and "nothing was kept" in done.stderr
    assert kept(config) == []


@pytest.mark.parametrize(("answer", "status", "count"), [("y", 0, 1), ("", 1, 0)])
def test_in_a_terminal_it_asks(config: Path, file: Path, answer: str, status: int, count: int) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "import", str(file), "--config", str(config)],
        cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        os.write(ours, f"{answer}\n".encode())
        out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert "Keep it? [y/N]" in err
    assert process.returncode == status
    assert len(kept(config)) == count == len(out.split())


def test_what_cannot_be_imported_is_one_line_and_keeps_nothing(config: Path, file: Path) -> None:
    bad = file.with_name("旧.doc")
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    secret = file.with_name("密.txt")
    secret.write_bytes(text("机密★10年", TITLE, *numbered(), OFFICE))
    for arguments, said in (
        ((str(bad),), "an old .doc; save it as .docx"),
        ((str(secret),), "carries a mark of secrecy"),
        ((str(file), "--outline", "nosuch"), "there is no outline 'nosuch'"),
    ):
        done = run("import", *arguments, "--yes", "--config", str(config))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
        assert said in done.stderr
    assert kept(config) == []


def test_the_outline_can_be_named(config: Path, file: Path) -> None:
    done = run("import", str(file), "--outline", "rule-of-law-department", "--yes", "--config", str(config))
    assert done.returncode == 0
    assert "-> rule-of-law-department" in done.stderr
    assert "rule-of-law-department" in kept(config)[0].read_text(encoding="utf-8")
