"""What is wrong with an outline is said with file and line, before anyone is greeted."""

import shutil
from pathlib import Path

import pytest

from prompts.errors import OutlineError
from prompts.library import Library
from prompts.loading import BUILT_IN, load_outline
from tests.conftest import OUTLINES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(OUTLINES / "small", tmp_path / "small")
    return tmp_path / "small"


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


PUB, HEAD = "10-work/10-pub.md", "outline.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        (PUB, 'unit = "条"', 'units = "条"', 10, "unknown field `units`"),
        (PUB, 'type = "items"', 'type = "itmes"', 25, "no type 'itmes'"),
        (PUB, 'key = "boards"', 'key = "banners"', 14, "asked already"),
        (PUB, "{{ boards }}", "{{ bords }}", 31, "did you mean 'boards'"),
        (PUB, "{% endsentence %}", "", 33, "template"),
        (PUB, "as_points", "as_pionts", 33, "No filter named"),
        (PUB, 'ask = "展板多少块？"\n', "", 13, "missing required field `ask`"),
        (PUB, 'heading = "', "heading = ", 2, "not valid TOML"),
        (HEAD, '"year + 1"', '"yaer + 1"', 8, "'yaer'"),
        (HEAD, 'due = "03-01"', 'due = "3月1日"', 4, "month and a day"),
        (HEAD, 'options = ["街道", "镇", "乡"]', 'options = ["街道"]', 19, "two options"),
        (HEAD, 'name = "测试用的小报告"', 'nam = "测试用的小报告"', 1, "unknown field `nam`"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(
    folder: Path, file: str, old: str, new: str, line: int, said: str
) -> None:
    change(folder, file, old, new)
    with pytest.raises(OutlineError) as error:
        load_outline(folder)
    assert str(error.value).startswith(f"{folder / file}:{line}:"), str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_without_front_matter_is_refused(folder: Path) -> None:
    (folder / "30-more.md").write_text("只有文字", encoding="utf-8")
    with pytest.raises(OutlineError, match=r"30-more\.md:1: begins with its front matter"):
        load_outline(folder)


def test_a_folder_of_sections_needs_its_heading(folder: Path) -> None:
    (folder / "10-work" / "section.md").unlink()
    with pytest.raises(OutlineError, match=r"needs a section\.md"):
        load_outline(folder)


def test_the_files_order_is_the_outlines_order(folder: Path) -> None:
    (folder / "10-work" / "10-pub.md").rename(folder / "10-work" / "90-pub.md")
    ids = [section.id for section in load_outline(folder).sections]
    assert ids == ["opening", "work", "work/disputes", "work/pub", "plan"]


def test_the_version_changes_with_any_file(folder: Path) -> None:
    before = load_outline(folder).version
    change(folder, PUB, "展板", "宣传展板")
    assert load_outline(folder).version != before


def test_an_offices_own_outline_replaces_the_built_in_one_of_the_same_id(folder: Path) -> None:
    found = Library(OUTLINES, folder.parent)
    assert found["small"].folder == folder


def test_the_built_in_outlines_load() -> None:
    assert Library(BUILT_IN)


def test_a_template_cannot_reach_beyond_its_answers(folder: Path) -> None:
    change(folder, PUB, "{{ practice | as_points }}", "{{ practice.__class__.__mro__ }}")
    outline = load_outline(folder)
    from prompts.content import Content
    from prompts.plan import Plan
    from tests.conftest import TODAY

    section = outline.section("work/pub")
    assert section
    with pytest.raises(Exception, match=r"unsafe|undefined|attribute"):
        section.template.render(Plan(outline, Content(), TODAY.date()).context)
