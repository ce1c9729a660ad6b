"""What is kept about one person can be handed out and erased; what they answered stays the office's."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from bot import personal
from bot.settings import SettingsError
from store import Store
from store.access import Access
from tests.conftest import Person
from tests.conversation.test_sharing import shared

NOW = datetime.datetime(2024, 1, 29, tzinfo=datetime.UTC)


def test_everything_that_names_someone_is_handed_out(person: Person, store: Store) -> None:
    person.begins()
    colleague = shared(person, "test:li", "2")
    colleague.sends("/resume", "30余")
    Access(store.folder / "access.json").admit("test:li", "李四", admin=False, at=NOW)
    found = json.loads(personal.everything(store, "test:li"))
    assert found["file"]["reports"] == [person.report.id]
    assert found["access"]["name"] == "李四"
    assert "30余" in json.dumps(found["reports"][person.report.id], ensure_ascii=False)
    with pytest.raises(SettingsError, match="nothing is kept"):
        personal.everything(store, "test:nobody")


def test_erased_nothing_names_them_and_their_answers_stay(person: Person, store: Store) -> None:
    person.begins()
    colleague = shared(person, "test:li", "2")
    colleague.sends("/resume", "30余")
    Access(store.folder / "access.json").admit("test:li", "李四", admin=False, at=NOW)
    with pytest.raises(SettingsError, match="hand them over first"):
        personal.erase(store, person.id)
    assert personal.erase(store, "test:li") == 1
    for path in Path(store.folder).rglob("*"):
        assert "test:li" not in path.name and "test%3Ali" not in path.name
        if path.is_file():
            assert "test:li" not in path.read_text(encoding="utf-8"), path
    again = Store.__new__(Store)
    again.reports = type(store.reports)(store.reports.folder)
    report = again.reports.get(person.report.id)
    assert report is not None
    assert report.content["answers"]["banners"]["value"] == {"number": "30", "after": "余"}
    assert report.content["answers"]["banners"]["by"].startswith("erased:")
