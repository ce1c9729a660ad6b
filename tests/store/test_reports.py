"""Reports on a real disk: changes, undo, history, damage, and who may work on a folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from store import Changed, Damaged, InUse, NotFound, NotSaved, OpenReport, Place, Report, Store

AT = "2024-01-29T09:00:00+08:00"


def begun(store: Store) -> Report:
    return store.reports.create("small", "v1", owner="a", at=AT)


def give(opened: OpenReport, key: str, value: object, by: str = "a", message: str = "") -> None:
    opened.change([opened.edit("answers", key, value)], by=by, at=AT, message=message)


def test_a_change_its_place_and_its_message_are_one_write(store: Store) -> None:
    report = begun(store)
    with store.reports.using(report.id) as opened:
        edit = opened.edit("answers", "k", {"value": 1})
        opened.change([edit], by="a", at=AT, message="m1", place=Place("s", "next"))
    kept = OpenReport(store.folder / "reports" / f"{report.id}.json").report
    assert kept.content == {"answers": {"k": {"value": 1}}}
    assert kept.place("a") == Place("s", "next")
    assert kept.knows("a", "m1") and not kept.knows("b", "m1")


def test_changes_are_taken_back_one_by_one_and_put_back(store: Store) -> None:
    report = begun(store)
    with store.reports.using(report.id) as opened:
        for value in (1, 2, 3):
            give(opened, "k", value)
        assert [opened.undo("a", at=AT) is not None for _ in range(4)] == [True, True, True, False]
        assert opened.report.content["answers"] == {}
        assert [opened.redo("a", at=AT) is not None for _ in range(4)] == [True, True, True, False]
        assert opened.report.content["answers"] == {"k": 3}


def test_a_new_change_ends_what_could_be_put_back(store: Store) -> None:
    report = begun(store)
    with store.reports.using(report.id) as opened:
        give(opened, "k", 1)
        opened.undo("a", at=AT)
        give(opened, "j", 1)
        assert opened.redo("a", at=AT) is None


def test_each_takes_back_only_their_own_changes_and_never_over_anothers(store: Store) -> None:
    report = begun(store)
    with store.reports.using(report.id) as opened:
        give(opened, "k", 1, by="a")
        give(opened, "j", 1, by="b")
        opened.undo("a", at=AT)
        assert opened.report.content["answers"] == {"j": 1}
        give(opened, "k", 1, by="a")
        give(opened, "k", 2, by="b")
        with pytest.raises(Changed):
            opened.undo("a", at=AT)
        assert opened.report.content["answers"]["k"] == 2


def test_the_history_of_one_question_says_who_and_what(store: Store) -> None:
    report = begun(store)
    with store.reports.using(report.id) as opened:
        give(opened, "k", 1, by="a")
        give(opened, "other", 1, by="a")
        give(opened, "k", 2, by="b")
        opened.undo("b", at=AT)
        told = [
            (change.by, change.edits[0].before, change.edits[0].after)
            for change in opened.history("answers", "k")
        ]
    assert told == [("a", None, 1), ("b", 1, 2), ("b", 2, 1)]


def test_all_is_there_after_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "d")
    report = begun(store)
    with store.reports.using(report.id) as opened:
        give(opened, "k", 1)
    store.close()
    again = Store(tmp_path / "d")
    with again.reports.using(report.id) as opened:
        assert opened.report.content["answers"] == {"k": 1}
        assert opened.undo("a", at=AT) is not None
    again.close()


def test_a_damaged_file_is_set_aside_and_the_state_before_takes_its_place(tmp_path: Path) -> None:
    store = Store(tmp_path / "d")
    report, other = begun(store), begun(store)
    with store.reports.using(report.id) as opened:
        give(opened, "k", 1)
        give(opened, "k", 2)
    store.close()
    file = tmp_path / "d" / "reports" / f"{report.id}.json"
    file.write_bytes(file.read_bytes()[:50])
    again = Store(tmp_path / "d")
    found = again.reports.get(report.id)
    assert found and found.content["answers"] == {"k": 1}
    assert [damaged.path for damaged in again.reports.restored] == [file]
    assert file.with_name(file.name + ".damaged-1").read_bytes()
    assert again.reports.get(other.id)
    again.close()


def test_a_file_damaged_beyond_help_is_named_and_nothing_is_deleted(tmp_path: Path) -> None:
    store = Store(tmp_path / "d")
    report, other = begun(store), begun(store)
    store.close()
    file = tmp_path / "d" / "reports" / f"{report.id}.json"
    file.write_bytes(b"half")
    again = Store(tmp_path / "d")
    with pytest.raises(Damaged, match=file.name):
        again.reports.get(report.id)
    assert file.with_name(file.name + ".damaged-1").read_bytes() == b"half"
    assert again.reports.get(other.id)
    again.close()


@pytest.mark.parametrize("id", ["", "../people/x", "nosuch", "AAAAAA", "a/b"])
def test_an_id_that_is_none_of_ours_names_nothing(store: Store, id: str) -> None:
    assert store.reports.get(id) is None
    with pytest.raises(NotFound), store.reports.using(id):
        pass


def test_a_second_process_is_told_who_holds_the_folder(store: Store) -> None:
    program = f"from store import Store; from pathlib import Path; Store(Path({str(store.folder)!r}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "already in use by process" in done.stderr
    with pytest.raises(InUse):
        Store(store.folder)


def test_the_lock_goes_with_the_process(tmp_path: Path) -> None:
    Store(tmp_path / "d").close()
    Store(tmp_path / "d").close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSaved, match="file"):
        Store(tmp_path / "file" / "d")


def test_more_reports_than_are_kept_in_memory(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.reports.OPEN_KEPT", 3)
    reports = [begun(store) for _ in range(6)]
    for n, report in enumerate(reports * 2):
        with store.reports.using(report.id) as opened:
            give(opened, f"k{n}", n)
    for n, report in enumerate(reports):
        found = store.reports.get(report.id)
        assert found and found.content["answers"] == {f"k{n}": n, f"k{n + 6}": n + 6}
