"""The command line as its user types it: a real process, a real folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import OUTLINES

ROOT = Path(__file__).parents[1]


def run(
    *arguments: str, cwd: Path = ROOT, stdin: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = (
        {k: v for k, v in os.environ.items() if k != "TELEGRAM_BOT_TOKEN"}
        | {"PYTHONPATH": str(ROOT)}
        | (env or {})
    )
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=cwd, input=stdin, env=environment, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings with the small outline as an office's own."""
    path = tmp_path / "config.toml"
    path.write_text(f'[data]\nfolder = "data"\n[outlines]\nfolder = "{OUTLINES}"\n', encoding="utf-8")
    return path


SESSION = "/new\n{small}\n某县龙门街道办事处\n2023\n30余\n6\n入户讲解 \\\n院坝会\n完成\n"


def session(config: Path) -> str:
    """A session up to the end of the first section; the outline is chosen by its name."""
    return SESSION.format(small="测试用的小报告")


def test_with_nothing_to_say_it_greets_and_ends_cleanly(config: Path) -> None:
    done = run("--config", str(config))
    assert done.returncode == 0
    assert "您好" in done.stdout and "再见" in done.stdout
    assert done.stderr == ""


def test_a_session_is_piped_in_read_back_and_gone_on_with(config: Path) -> None:
    first = run("chat", "--as", "张三", "--config", str(config), stdin=session(config))
    assert first.returncode == 0, first.stderr
    assert "✓ 标语条数：30余条" in first.stdout
    second = run("chat", "--as", "张三", "--config", str(config), stdin="/resume\n126\n")
    assert "✓ 受理件数：126件" in second.stdout
    listed = run("reports", "--config", str(config))
    id, title, far, _ = listed.stdout.strip().split("\t")
    assert title == "某县龙门街道办事处2023年度法治政府建设情况报告"
    assert far == "6/11"
    text = run("draft", id, "--config", str(config))
    assert "一是入户讲解；二是院坝会。" in text.stdout
    to = config.parent / "报告.txt"
    assert run("draft", id, "--to", str(to), "--config", str(config)).returncode == 0
    assert to.read_text(encoding="utf-8") == text.stdout


def test_a_bare_number_is_an_answer_where_a_number_is_asked_and_a_button_elsewhere(config: Path) -> None:
    done = run(
        "chat",
        "--config",
        str(config),
        stdin="/new\n测试用的小报告\n某县龙门街道办事处\n2023\n1\n6\n跳过\n1\n",
    )
    assert "✓ 标语条数：1条" in done.stdout
    assert "受理矛盾纠纷多少件" in done.stdout  # 1 pressed 下一节


def test_two_names_are_two_people(config: Path) -> None:
    run("chat", "--as", "张三", "--config", str(config), stdin=session(config))
    other = run("chat", "--as", "李四", "--config", str(config), stdin="/list\n")
    assert "还没有报告" in other.stdout


def test_killed_in_the_middle_it_goes_on_at_the_right_question(config: Path) -> None:
    arguments = [sys.executable, "-u", "-m", "bot", "chat", "--as", "张三", "--config", str(config)]
    environment = {k: v for k, v in os.environ.items() if k != "TELEGRAM_BOT_TOKEN"}
    with subprocess.Popen(
        arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write("/new\n测试用的小报告\n某县龙门街道办事处\n2023\n30余\n".encode())
        process.stdin.flush()
        seen = b""
        deadline = time.monotonic() + 30
        while "展板多少块".encode() not in seen and time.monotonic() < deadline:
            seen += process.stdout.read1()  # type: ignore[attr-defined]
        process.send_signal(signal.SIGKILL)
    again = run("chat", "--as", "张三", "--config", str(config), stdin="/resume\n/preview\n")
    assert "展板多少块" in again.stdout
    assert "悬挂标语30余条" in again.stdout


def test_a_second_process_on_the_same_folder_says_why_it_does_not_start(config: Path) -> None:
    arguments = [sys.executable, "-m", "bot", "chat", "--config", str(config)]
    environment = {k: v for k, v in os.environ.items() if k != "TELEGRAM_BOT_TOKEN"}
    with subprocess.Popen(
        arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout and process.stdin
        assert "您好" in process.stdout.readline().decode()
        second = run("reports", "--config", str(config))
        process.stdin.close()
        process.stdout.read()
    assert second.returncode == 2
    assert "already in use by process" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[data]\nfoldr = "x"', "data.foldr: there is no such setting"),
        ("[data]\nfolder = 3", "data.folder: expected `str`, got `int`"),
        ("[nosuch]", "nosuch: there is no such setting"),
        ("[data", "not valid TOML"),
        ('[log]\nlevel = "loud"', "log.level: must be one of"),
        ('[outlines]\nfolder = "nosuch"', "outlines.folder"),
    ],
)
def test_a_wrong_setting_is_one_line_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    done = run("outlines", "--config", str(tmp_path / "config.toml"))
    assert done.returncode == 2
    assert said in done.stderr and "config.toml" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_outlines_are_listed_and_checked(tmp_path: Path, config: Path) -> None:
    assert "small\t测试用的小报告" in run("outlines", "--config", str(config)).stdout
    assert run("outlines", "check", str(OUTLINES / "small")).returncode == 0
    assert run("outlines", "check", str(OUTLINES)).returncode == 0
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "outline.toml").write_text("name = 3", encoding="utf-8")
    done = run("outlines", "check", str(broken))
    assert done.returncode == 2
    assert f"{broken / 'outline.toml'}:1:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_that_is_not_there_is_said(config: Path) -> None:
    done = run("draft", "zzzzzz", "--config", str(config))
    assert done.returncode == 2
    assert "no report 'zzzzzz'" in done.stderr


def test_help_helps() -> None:
    said = run("--help").stdout
    for word in ("chat", "demo", "outlines", "reports", "draft", "--data", "--config", "TELEGRAM_BOT_TOKEN"):
        assert word in said


def test_a_report_is_exported_by_the_suffix_and_the_chat_puts_files_in_a_folder(
    tmp_path: Path, config: Path
) -> None:
    typed = session(config) + "/export\nWord\n/export\nWord\n"
    said = run("chat", "--config", str(config), stdin=typed).stdout
    named = "某县龙门街道办事处2023年小报告"
    for name in (f"{named}.docx", f"{named}（2）.docx"):  # what is there may have been worked on: it stays
        assert name in said
        assert (tmp_path / "exports" / name).read_bytes().startswith(b"PK")
    id = run("reports", "--config", str(config)).stdout.split()[0]
    for suffix, begins in ((".docx", b"PK"), (".txt", b"\xef\xbb\xbf"), (".md", b"# ")):
        file = tmp_path / f"a{suffix}"
        assert run("export", id, "--to", str(file), "--config", str(config)).returncode == 0
        assert file.read_bytes().startswith(begins)
    refused = run("export", id, "--to", str(tmp_path / "a.odt"), "--config", str(config))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert ".docx, .pdf, .txt, .md" in refused.stderr


def test_any_text_is_reviewed_with_line_numbers_and_an_exit_status(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("标题\n建立工作台帐。\n", encoding="utf-8")
    done = run("check", str(file))
    assert done.returncode == 1
    assert "2: 必错 错别字 “工作台帐”" in done.stdout
    objects = json.loads(run("check", str(file), "--json").stdout)
    assert {"line": 2, "text": "工作台帐", "level": "必错"}.items() <= objects[0].items()
    assert set(objects[0]) == {"line", "text", "level", "kind", "reason", "mend", "rule"}
    file.write_text("标题\n建立工作台账。\n", encoding="utf-8")
    assert run("check", str(file)).returncode == 0
    refused = run("check", str(tmp_path / "none.docx"))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_a_letterhead_that_cannot_be_used_stops_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.docx").write_text("no document")
    path = tmp_path / "config.toml"
    path.write_text('[document]\nletterhead = "broken.docx"\n')
    refused = run("chat", "--config", str(path))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "document.letterhead" in refused.stderr
