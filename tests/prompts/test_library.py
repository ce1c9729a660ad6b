"""The outlines at hand, and what becomes of them while their files change."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest

from prompts.errors import OutlineError
from prompts.library import Library
from prompts.loading import BUILT_IN
from tests.conftest import OUTLINES

PUB = "small/10-work/10-pub.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(OUTLINES, tmp_path / "own")
    return tmp_path / "own"


_later = 0


def change(path: Path, old: str, new: str) -> None:
    """Change a file, at a time that no earlier change had."""
    global _later
    _later += 1
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    about = path.stat()
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns + _later * 10**9))


def ask(library: Library, key: str = "boards", id: str = "small") -> str:
    return library[id].questions[key].ask


def test_it_holds_the_outlines_of_its_folders_by_id(folder: Path) -> None:
    library = Library(BUILT_IN, folder)
    assert {"small", "yearly", "rule-of-law-township"} <= set(library)
    assert len(library) == len(list(library)) and library["small"].id == "small"


def test_an_own_outline_stands_in_for_a_built_in_one_and_goes_again(folder: Path) -> None:
    own = folder / "rule-of-law-township"
    shutil.copytree(OUTLINES / "small", own)
    library = Library(BUILT_IN, folder)
    assert library["rule-of-law-township"].name == "测试用的小报告"
    shutil.rmtree(own)
    library.refresh()
    assert library["rule-of-law-township"].name != "测试用的小报告"


def test_nothing_is_read_again_where_nothing_changed(folder: Path) -> None:
    library = Library(folder)
    before = dict(library)
    library.refresh()
    assert all(library[id] is outline for id, outline in before.items())


def test_only_what_changed_is_read_again(folder: Path) -> None:
    library = Library(folder)
    yearly, small = library["yearly"], library["small"]
    change(folder / PUB, "展板多少块？", "几块展板？")
    assert ask(library) == "展板多少块？"
    library.refresh()
    assert ask(library) == "几块展板？"
    assert library["yearly"] is yearly and library["small"] is not small
    assert library["small"].version != small.version


def test_a_file_more_and_an_outline_more_are_found(folder: Path) -> None:
    library = Library(folder)
    (folder / "small" / "30-更多.md").write_text('+++\nheading = "更多"\n+++\n没有了。\n', encoding="utf-8")
    shutil.copytree(folder / "yearly", folder / "防汛")
    library.refresh()
    assert library["small"].section("更多") is not None
    assert library["防汛"].id == "防汛"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ boards }}", "{{ bords }}"),
        ("{{ boards }}", "{{ boards.x.y }}"),
        ('key = "boards"', "key = boards"),
    ],
)
def test_a_broken_one_stays_as_it_was_and_the_others_are_read(
    folder: Path, caplog: pytest.LogCaptureFixture, old: str, new: str
) -> None:
    library = Library(folder)
    change(folder / PUB, old, new)
    change(folder / "yearly" / "20-plan.md", "明年有哪些打算", "下一年打算做什么")
    library.refresh()
    assert ask(library) == "展板多少块？"
    assert ask(library, "plans", "yearly").startswith("下一年打算做什么")
    assert str(folder / PUB) in caplog.text and len(caplog.records) == 1
    library.refresh()
    assert len(caplog.records) == 1  # said once, not at every report
    change(folder / PUB, new, old)
    change(folder / PUB, "展板多少块？", "几块？")
    library.refresh()
    assert ask(library) == "几块？"


@pytest.mark.parametrize(
    ("old", "new"), [("{{ boards }}", "{{ bords }}"), ("{{ boards }}", "{{ boards.x.y }}")]
)
def test_a_broken_one_is_refused_at_the_start(folder: Path, old: str, new: str) -> None:
    change(folder / PUB, old, new)
    with pytest.raises(OutlineError, match=r"10-pub\.md:31: "):
        Library(folder)


def test_a_new_one_that_is_broken_is_not_there_yet(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    library = Library(folder)
    shutil.copytree(folder / "small", folder / "new")
    change(folder / "new" / "outline.toml", "kind", "knd")
    library.refresh()
    assert "new" not in library and "unknown field `knd`" in caplog.text
    change(folder / "new" / "outline.toml", "knd", "kind")
    library.refresh()
    assert "new" in library


def test_a_folder_out_of_reach_takes_nothing_away(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    library = Library(BUILT_IN, folder)
    away = folder.rename(folder.with_name("away"))
    library.refresh()
    assert "small" in library and str(folder) in caplog.text
    away.rename(folder)
    change(folder / PUB, "展板多少块？", "几块？")
    library.refresh()
    assert ask(library) == "几块？"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutlineError, match="no such folder"):
        Library(tmp_path / "nosuch")


def test_several_at_once_read_it_once_and_see_whole_outlines(folder: Path) -> None:
    library = Library(folder)
    change(folder / PUB, "展板多少块？", "几块？")
    seen: list[str] = []

    def one() -> None:
        library.refresh()
        seen.append(ask(library))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["几块？"] * 8
