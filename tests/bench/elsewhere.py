"""Other places to keep the same reports: one TinyDB file as TinyDB itself writes it, and SQLite."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.table import Document

from tests.bench.material import Material


class OneFile:
    """Every report a document of one TinyDB file, kept by TinyDB's JSONStorage (which flushes, but in place)."""

    def __init__(self, path: Path, material: Material, size: int) -> None:
        report = msgspec.json.decode(material.content)
        # Written at once: TinyDB would write the file anew for each.
        path.write_bytes(msgspec.json.encode({"reports": {str(i + 1): report for i in range(size)}}))
        self._db = TinyDB(path)
        self._answers = 0

    def answer(self) -> float:
        """Change one report."""
        self._answers += 1
        before = time.perf_counter()
        self._db.table("reports").upsert(Document({"touched": str(self._answers)}, doc_id=1))
        return time.perf_counter() - before

    def close(self) -> None:
        self._db.close()


class Sqlite:
    """Every report a row with its JSON, in SQLite as it is when nothing may be lost: WAL, synchronous=FULL."""

    def __init__(self, path: Path, material: Material, size: int) -> None:
        self._tables: dict[str, Any] = msgspec.json.decode(material.content)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE reports (id INTEGER PRIMARY KEY, content BLOB)")
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO reports VALUES (?, ?)", _copies(material.content, size))
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._size = size
        self._answers = 0

    def answer(self) -> float:
        """Keep one report that is in memory; which one goes round."""
        self._answers += 1
        id = self._answers * 48_271 % self._size
        # Something must have changed: SQLite does not write what is there already.
        self._tables["report"]["1"]["touched"] = str(self._answers)
        before = time.perf_counter()
        self._db.execute(
            "UPDATE reports SET content = ? WHERE id = ?", (msgspec.json.encode(self._tables), id)
        )
        return time.perf_counter() - before

    def close(self) -> None:
        self._db.close()


def _copies(content: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    return ((i, content) for i in range(size))
