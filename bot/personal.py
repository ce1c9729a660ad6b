"""`python -m bot person`: everything that is kept about one person, handed out or erased.

What someone answered belongs to the office and stays when they are erased; that it was they who answered goes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from bot.settings import SettingsError
from store import Store
from store.access import Access
from store.storage import DurableStorage

ERASED = "erased:"


def everything(store: Store, person: str) -> bytes:
    """All that is kept about a person, as JSON: their file, their access, and every place in a report that names them."""
    access = Access(store.folder / "access.json")
    found: dict[str, Any] = {"person": person, "file": None, "access": None, "reports": {}}
    if _file(store, person).exists():
        with store.people.using(person) as opened:
            found["file"] = msgspec.to_builtins(opened.person)
    if person in access.people:
        found["access"] = msgspec.to_builtins(access.people[person])
    for id in store.reports.ids():
        tables = DurableStorage(store.reports.folder / f"{id}.json").read() or {}
        if places := dict(_places(tables, person, "")):
            found["reports"][id] = places
    if found["file"] is None and found["access"] is None and not found["reports"]:
        raise SettingsError(
            f"person: nothing is kept about {person!r}; ids look like telegram:12345 or console:name"
        )
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def erase(store: Store, person: str) -> int:
    """Take a person out of everything that is kept; their answers stay, by nobody. How many reports named them.

    Raises `SettingsError` where they are the drafter of a report: that must be handed over first.
    """
    owned = [id for id in store.reports.ids() if (report := store.reports.get(id)) and report.owner == person]
    if owned:
        raise SettingsError(
            f"person: {person} is the drafter of {', '.join(owned[:5])}; hand them over first:  python -m bot give REPORT --to ID"
        )
    nobody = ERASED + hashlib.sha256(secrets.token_bytes(16)).hexdigest()[:8]
    changed = 0
    for id in list(store.reports.ids()):
        storage = DurableStorage(store.reports.folder / f"{id}.json")
        tables = storage.read() or {}
        if not any(_places(tables, person, "")):
            continue
        storage.write(_without(tables, person, nobody))
        storage.previous.unlink(missing_ok=True)
        changed += 1
    Access(store.folder / "access.json").forget(person)
    (store.folder / "access.json.previous").unlink(missing_ok=True)
    for path in (
        _file(store, person),
        _file(store, person).with_name(_file(store, person).name + ".previous"),
    ):
        path.unlink(missing_ok=True)
    return changed


def _file(store: Store, person: str) -> Path:
    return store.people.folder / f"{quote(person, safe='')}.json"


def _places(value: Any, person: str, path: str) -> Iterator[tuple[str, Any]]:
    """Every place that names the person, with what stands there."""
    match value:
        case dict():
            named = [key for key, inner in value.items() if key == person or inner == person]
            if any(key != person for key in named):
                yield path or "/", value
                return
            for key, inner in value.items():
                if key == person:
                    yield f"{path}/{key}", inner
                else:
                    yield from _places(inner, person, f"{path}/{key}")
        case list():
            if person in value:
                yield path, value
                return
            for number, inner in enumerate(value):
                yield from _places(inner, person, f"{path}/{number}")


def _without(tables: Any, person: str, nobody: str) -> Any:
    """The same with the person's id as nobody's, and their name, place and remembered messages gone."""
    match tables:
        case dict():
            kept = {}
            for key, value in tables.items():
                if key in ("members", "names", "places", "seen") and isinstance(value, dict):
                    value = {id: inner for id, inner in value.items() if id != person}
                kept[nobody if key == person else key] = _without(value, person, nobody)
            return kept
        case list():
            return [_without(value, person, nobody) for value in tables]
        case str():
            return nobody if tables == person else tables
        case _:
            return tables
