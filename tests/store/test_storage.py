"""A file is whole, or as it was before."""

import json
import os
import stat
from pathlib import Path

import pytest
from tinydb import TinyDB

from store import DurableStorage, NotSaved
from store.errors import Damaged
from store.storage import read_tables


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    db = TinyDB(tmp_path / "a.json", storage=DurableStorage)
    db.table("t").insert({"名": "值"})
    again = TinyDB(tmp_path / "a.json", storage=DurableStorage)
    assert again.table("t").all() == [{"名": "值"}]


def test_only_its_owner_may_read_a_file(tmp_path: Path) -> None:
    TinyDB(tmp_path / "a.json", storage=DurableStorage).insert({"a": 1})
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600


def test_the_state_before_the_last_write_stays_beside_the_file(tmp_path: Path) -> None:
    db = TinyDB(tmp_path / "a.json", storage=DurableStorage)
    db.insert({"n": 1})
    db.insert({"n": 2})
    previous = read_tables(tmp_path / "a.json.previous")
    assert previous is not None and list(previous["_default"].values()) == [{"n": 1}]


def test_a_write_that_fails_leaves_file_and_memory_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = TinyDB(tmp_path / "a.json", storage=DurableStorage)
    db.insert({"n": 1})
    before = (tmp_path / "a.json").read_bytes()

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(NotSaved, match="No space left"):
            db.insert({"n": 2})
    assert (tmp_path / "a.json").read_bytes() == before
    assert db.all() == [{"n": 1}]
    assert not list(tmp_path.glob("*.new"))
    db.insert({"n": 3})
    assert db.all() == [{"n": 1}, {"n": 3}]


def test_a_step_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    db = TinyDB(tmp_path / "a.json", storage=DurableStorage)
    storage = db.storage
    assert isinstance(storage, DurableStorage)
    with pytest.raises(RuntimeError), storage.step():
        db.table("x").insert({"n": 1})
        db.table("y").insert({"n": 2})
        raise RuntimeError
    assert db.table("x").all() == []
    with storage.step():
        db.table("x").insert({"n": 1})
        assert not (tmp_path / "a.json").exists()
        db.table("y").insert({"n": 2})
    assert list(json.loads((tmp_path / "a.json").read_text())) == ["x", "y"]


def test_the_new_content_is_on_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        calls.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_fsync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        calls.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    TinyDB(tmp_path / "a.json", storage=DurableStorage).insert({"n": 1})
    assert calls == ["file", "rename", "folder"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"report": [}', b"\xff\xfe", b'{"report": {"1": {'])
def test_half_a_file_is_damaged_and_not_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(Damaged, match=r"a\.json"):
        read_tables(tmp_path / "a.json")
