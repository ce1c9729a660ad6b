"""An office writes its own outline: a starter, what is wrong with it, how it will look, and changing it while people write."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import authoring
from bot.conversation import Conversation
from bot.settings import SettingsError
from prompts.errors import OutlineError
from prompts.library import Library
from store import Store
from tests.conftest import OUTLINES, TODAY, WORDING, Person
from tests.test_command_line import run

PUB, CASES, HEAD, SAMPLE = "10-work/10-publicity.md", "10-work/30-cases.md", "outline.toml", "sample.toml"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of an office's own outlines."""
    return tmp_path / "我们的提纲"


@pytest.fixture
def begun(own: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """An outline as it was begun."""
    authoring.begin("flood-control", None, own)
    capsys.readouterr()
    return own / "flood-control"


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# new


@pytest.mark.parametrize("id", ["flood-control", "防汛工作报告", "x2"])
def test_a_starter_is_right_as_it_stands(own: Path, capsys: pytest.CaptureFixture[str], id: str) -> None:
    authoring.begin(id, None, own)
    assert f"outlines check {id}\n" in capsys.readouterr().out
    assert authoring.check("", own) == 0
    said = capsys.readouterr()
    assert said.out == f"{id}\t年度工作报告（示例）\t6 sections, 11 questions\tok\n"
    assert said.err == ""


def test_a_starter_elsewhere_is_named_by_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    authoring.begin("x", tmp_path / "a b", None)
    assert f'outlines check "{tmp_path / "a b" / "x"}"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("", "give it an id"),
        ("a b", "letters, figures, - and _"),
        ("../x", "letters, figures, - and _"),
        ("名" * 14, "13 Chinese characters at most"),
        ("flood-control", "is there already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(begun: Path, id: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        authoring.begin(id, None, begun.parent)


def test_without_a_folder_it_says_how_to_name_one() -> None:
    with pytest.raises(SettingsError, match=r"--to FOLDER.*outlines\.folder"):
        authoring.begin("x", None, None)


# check


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        (PUB, 'label = "展板"', 'label = "展板', 16, 'a " is missing at the end of the text'),
        (PUB, 'label = "展板"', "label = “展板”", 16, "write straight quotes"),
        (PUB, 'label = "展板"', 'label ＝ "展板"', 16, "＝ is the full-width sign"),
        (PUB, 'label = "展板"', 'lable = "展板"', 16, "unknown field `lable`; did you mean 'label'?"),
        (PUB, 'label = "展板"', 'label = "展板"\nlabel = "板"', 17, "it stands there twice"),
        (PUB, 'label = "展板"', 'label = "展板"\nrequired = "是"', 17, "required: expected true or false"),
        (PUB, 'label = "展板"', 'label = "展板"\noptions = "甲"', 17, "options: expected a list"),
        (PUB, 'ask = "制作展板多少块？"', 'ask = ""', 15, "`ask` is empty"),
        (PUB, 'example = "6"', 'example = "6"\nmin = 5\nmax = 1', 20, "min is larger than max"),
        (PUB, 'example = "6"', 'example = "若干"', 14, "its own example '若干' is no answer to it"),
        (PUB, 'example = "6"', 'example = "6"\nwhen = "leaflets = 3"', 20, "write == to compare"),
        (PUB, 'example = "6"', 'example = "6"\nwhen = "leaflets ＞ 3"', 20, "write half-width signs"),
        (PUB, 'example = "6"', 'example = "6"\nwhen = "leaflets.a.b"', 20, "an answer has no attribute 'a'"),
        (PUB, "boards <= leaflets", "boards <= leaflet", 3, "did you mean 'leaflets'?"),
        (PUB, 'type = "count"', 'type = "cuont"', 9, "no type 'cuont'; did you mean 'count'?"),
        (PUB, "{{ boards }}", "｛｛ boards ｝｝", 31, "｛｛ is full-width; write {{ }} and {% %}"),
        (PUB, "{{ boards }}", "{{ boards.foo.bar }}", 31, "an answer has no attribute 'foo'"),
        (PUB, "{{ boards }}", "{{ boards / 2 }}", 31, "figures can be added, subtracted and compared"),
        (
            PUB,
            "{{ boards }}",
            "{{ last.bords }}",
            31,
            "last.bords: there is no question 'bords'; did you mean 'boards'?",
        ),
        (PUB, "as_points", "as_point", 35, "No filter named 'as_point'; did you mean 'as_points'?"),
        (PUB, "{% endsentence %}", "", 35, "'endsentence'"),
        (
            CASES,
            "{{ cases }}",
            '{{ cases }}\n\n{{ cases.at("办結", "合计") }}',
            19,
            "no row or column '办結'",
        ),
        (CASES, '"小计" = ', '"小記" = ', 6, "no row or column is called '小記'"),
        (HEAD, '"year + 1"', '"year + unit + 1"', 10, "figures can be added"),
        (HEAD, '"03-01"', '"02-30"', 5, "a month and a day"),
        (HEAD, "{{ unit }}{{ year }}", "{{ danwei }}{{ year }}", 6, "no question or let defines 'danwei'"),
        (SAMPLE, 'boards = "6"', 'bords = "6"', 11, "no such question; did you mean 'boards'?"),
        (
            SAMPLE,
            'boards = "6"',
            'boards = "很多"',
            11,
            "no answer to “制作展板多少块？”: there is no figure in it",
        ),
        (SAMPLE, 'boards = "6"', 'boards = "6', 11, 'a " is missing'),
        (SAMPLE, "source", "sorce", 2, "unknown field `sorce`; did you mean 'source'?"),
        (SAMPLE, "today = 2026-01-29", 'today = "昨天"', 3, "today: "),
    ],
)
def test_a_slip_of_the_hand_is_named_with_its_line_and_how_to_mend_it(
    begun: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, line: int, said: str
) -> None:
    change(begun, file, old, new)
    assert authoring.check("flood-control", begun.parent) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{begun / file}:{line}: "), error
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (PUB, "10-work/publicity.md", "is named like 10-work.md or 20-工作.md"),
        (PUB, "10-work/10-publicity.txt", "is named like 10-work.md"),
        (PUB, "10-work/10-publicity - 副本.md", "is named like 10-work.md"),
        (PUB, f"10-work/10-{'长' * 14}.md", "13 Chinese characters at most"),
        ("10-work", "work", "folder of sections is named like 10-work or 20-工作"),
        ("10-work/section.md", "10-work/abschnitt.txt", "section"),
        (HEAD, "outline.txt", "holds no outline"),
    ],
)
def test_a_file_that_would_be_left_out_unseen_is_named(
    begun: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    (begun / old).rename(begun / new)
    try:
        assert authoring.check("flood-control", begun.parent) == 1
        error = capsys.readouterr().err
    except OutlineError as raised:
        error = str(raised)
    assert said in error


def test_two_sections_of_one_name_are_told_apart(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(begun / PUB, begun / "10-work" / "90-publicity.md")
    assert authoring.check("", begun.parent) == 1
    assert "90-publicity.md: there is 10-publicity.md of the same name" in capsys.readouterr().err


def test_what_is_asked_and_used_nowhere_is_remarked(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(begun, PUB, "{{ ways | as_points }}", "")
    assert authoring.check("", begun.parent) == 0
    said = capsys.readouterr().err
    assert said == f"{begun / PUB}:22: note: question 'ways' is asked, and its answer is used nowhere\n"


def test_all_outlines_of_a_folder_are_checked_though_one_is_wrong(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    authoring.begin("second", None, begun.parent)
    capsys.readouterr()
    change(begun, PUB, "{{ boards }}", "{{ bords }}")
    change(begun.parent / "second", HEAD, "kind", "knd")
    assert authoring.check("", begun.parent) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    shutil.rmtree(begun)
    change(begun.parent / "second", HEAD, "knd", "kind")
    assert authoring.check("", begun.parent) == 0


def test_the_built_in_outlines_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert authoring.check("prompts/outlines", None) == 0
    assert capsys.readouterr().err == ""


def test_nothing_to_check_is_said() -> None:
    with pytest.raises(SettingsError, match="name a folder"):
        authoring.check("", None)
    with pytest.raises(OutlineError, match="no such folder"):
        authoring.check("nosuch", OUTLINES)


def test_files_as_windows_leaves_them_and_names_in_chinese(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in begun.rglob("*"):
        if path.is_file():
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    (begun / PUB).rename(begun / "10-work" / "10-宣传_2.md")
    (begun / "10-work").rename(begun / "10-工作情况")
    (begun / "说明.md").write_text("不是章节。", encoding="utf-8")
    (begun / ".DS_Store").write_bytes(b"\0")
    folder = begun.rename(begun.parent / "防汛工作")
    assert authoring.check("", begun.parent) == 0
    assert "防汛工作\t年度工作报告（示例）\t6 sections" in capsys.readouterr().out
    authoring.preview("防汛工作", [begun.parent])
    said = capsys.readouterr().out
    assert "制作展板6块，较上年增长20%。" in said
    assert "\r" not in said
    change(folder, "10-工作情况/10-宣传_2.md", "{{ boards }}", "{{ bords }}")
    assert authoring.check("", begun.parent) == 1
    assert f"{folder / '10-工作情况' / '10-宣传_2.md'}:31: " in capsys.readouterr().err


def test_text_in_another_encoding_is_said(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (begun / PUB).read_text(encoding="utf-8")
    for encoding in ("gb18030", "utf-16"):
        (begun / PUB).write_bytes(text.encode(encoding))
        assert authoring.check("", begun.parent) == 1
        assert "save it as UTF-8" in capsys.readouterr().err


# preview


def test_the_questions_and_the_draft_with_the_sample(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    authoring.preview("flood-control", [begun.parent])
    said = capsys.readouterr().out
    assert "asked first\n  1. 贵单位的全称是？  [required]" in said
    assert "  8. 去年提出：{{ about }}。今年完成得怎么样？  [for each of last year's plans]" in said
    assert "加强学习：全年组织集中学习12次。" in said
    assert "　　二、2026年工作打算\n　　（一）加强学习" in said
    assert "〔待填" not in said


def test_without_a_sample_the_questions_examples_stand_for_answers(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (begun / SAMPLE).unlink()
    authoring.preview(str(begun), [])
    said = capsys.readouterr().out
    assert "There is no sample.toml" in said
    assert "发放宣传材料3000余份，制作展板6块，与上年持平。" in said
    assert "（去年安排1）" in said and "〔待填" not in said


def test_another_broken_outline_does_not_stand_in_the_way(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(OUTLINES / "small", begun.parent / "small")
    change(begun, HEAD, "kind", "knd")
    authoring.preview("small", [begun.parent])
    assert "测试用的小报告" in capsys.readouterr().out


def test_an_unknown_outline_is_answered_with_those_there_are(begun: Path) -> None:
    with pytest.raises(SettingsError, match="there is no outline 'x'; there are flood-control"):
        authoring.preview("x", [begun.parent])
    with pytest.raises(SettingsError, match="name an outline; there are flood-control"):
        authoring.preview("", [begun.parent])


# Changed while people write


@pytest.fixture
def person(begun: Path, store: Store) -> Person:
    return Person(Conversation(store, Library(begun.parent), WORDING, lambda: TODAY))


def touched(folder: Path) -> None:
    """Wait until a file that is written now has another time than before."""
    time.sleep(0.02)


def test_a_change_is_picked_up_at_the_next_report_and_a_begun_one_goes_on(
    begun: Path, person: Person
) -> None:
    person.begins("某县某局", "2023")
    person.sends("县委", "某思想", "下一节", "3000余")
    first = person.report.id
    assert "制作展板多少块" in person.last.text
    touched(begun)
    change(begun, PUB, "制作展板多少块？", "竖起展板多少块？")
    assert "制作展板多少块" in person.sends("/resume")
    person.sends("/new")
    person.presses("从头开始")
    person.sends("某县新局", "2023", "县委", "某思想", "下一节", "3000余")
    assert "竖起展板多少块" in person.last.text
    person.sends("/list")
    person.presses("某县某局")
    assert person.report.id == first and "竖起展板多少块" in person.last.text


def test_a_renamed_question_is_asked_again_and_the_old_answer_stays_in_view(
    begun: Path, person: Person
) -> None:
    person.begins("某县某局", "2023")
    person.sends("县委", "某思想", "下一节", "3000余", "6")
    touched(begun)
    text = (begun / PUB).read_text(encoding="utf-8")
    (begun / PUB).write_text(text.replace("boards", "panels"), encoding="utf-8")
    change(begun, SAMPLE, 'boards = "6"', 'panels = "6"')
    change(begun, SAMPLE, 'boards = "5"', 'panels = "5"')
    person.sends("/new")
    person.sends("/list")
    person.presses("某县某局")
    draft = person.sends("/draft")
    assert "未归位" in draft and "· 6" in draft and "3000余份" in draft
    assert "制作展板多少块" in person.sends("/resume") + person.sends("/outline") + person.presses(
        "加大", "填写"
    )
    person.sends("7")
    assert "制作展板7块" in person.sends("/draft") and "· 6" in person.last.text


def test_a_section_that_was_taken_out_takes_no_text_of_the_staff_with_it(begun: Path, person: Person) -> None:
    person.begins("某县某局", "2023")
    person.sends("县委", "某思想", "下一节", "3000余", "6", "做法一")
    person.presses("完成")
    person.sends("改正文", "我们自己写的一段。")
    touched(begun)
    (begun / PUB).unlink()
    (begun / SAMPLE).unlink()
    person.sends("/new", "/list")
    person.presses("某县某局")
    draft = person.sends("/draft")
    assert "未归位：提纲已调整，以下4条内容" in draft
    for text in ("· 3000余", "· 6", "· 做法一", "· 我们自己写的一段。"):
        assert text in draft
    assert "未归位" in person.sends("/outline")


def test_a_question_of_another_type_now_is_asked_again(begun: Path, person: Person) -> None:
    person.begins("某县某局", "2023")
    person.sends("县委", "某思想", "下一节", "3000余", "6")
    touched(begun)
    change(begun, PUB, 'type = "count"\nunit = "块"\nexample = "6"', 'type = "date"\nexample = "今天"')
    change(begun, PUB, 'checks = ["boards <= leaflets"]', "")
    change(begun, SAMPLE, 'boards = "6"', 'boards = "今天"')
    change(begun, SAMPLE, 'boards = "5"', 'boards = "昨天"')
    person.sends("/new", "/list")
    person.presses("某县某局")
    assert "未归位" in person.sends("/draft") and "· 6" in person.last.text


def test_a_broken_change_is_logged_and_nobody_notices(
    begun: Path, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    person.begins("某县某局", "2023")
    touched(begun)
    change(begun, PUB, "{{ boards }}", "{{ boards.foo.bar }}")
    assert "贵单位的全称" in person.sends("/new")
    assert f"{begun / PUB}:31: template: an answer has no attribute 'foo'" in caplog.text
    touched(begun)
    change(begun, PUB, "{{ boards.foo.bar }}", "{{ boards }}（块）")
    person.sends("/new")
    person.sends("/list")
    person.presses("某县某局")
    person.sends("县委", "某思想", "下一节", "3000余", "6")
    assert "制作展板6块（块）" in person.sends("/draft")


def test_an_office_from_new_to_chat_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[outlines]\nfolder = "提纲"\n[data]\nfolder = "data"\n', encoding="utf-8"
    )
    config = ["--config", str(tmp_path / "config.toml")]
    assert run("outlines", "new", "防汛", *config).returncode == 0
    folder = tmp_path / "提纲" / "防汛"
    change(folder, HEAD, "年度工作报告（示例）", "防汛工作报告")
    change(folder, PUB, "{{ boards }}", "{{ bords }}")
    broken = run("outlines", "check", *config)
    assert broken.returncode == 2 and f"{folder / PUB}:31:" in broken.stderr
    change(folder, PUB, "{{ bords }}", "{{ boards }}")
    arguments = [sys.executable, "-u", "-m", "bot", "chat", *config]
    with subprocess.Popen(
        arguments, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout

        def says(line: str, until: str) -> str:
            assert process.stdin and process.stdout
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            seen = b""
            deadline = time.monotonic() + 30
            while until.encode() not in seen and time.monotonic() < deadline:
                seen += process.stdout.read1()  # type: ignore[attr-defined]
            return seen.decode()

        assert "贵单位的全称" in says("/new\n防汛工作报告", "贵单位的全称")
        change(folder, HEAD, "贵单位的全称是？", "你们叫什么？")
        assert "你们叫什么" in says("/new\n防汛工作报告", "你们叫什么")
        process.stdin.close()
        process.stdout.read()
