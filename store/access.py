"""Who may use the assistant: people let in, invitations, and wrong guesses, in one TinyDB file.

Codes are kept as their SHA-256: they are random and long, and whoever reads the file must not be able to use them.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
import threading
from pathlib import Path
from typing import cast

import msgspec
from tinydb import TinyDB
from tinydb.table import Document

from store.errors import Damaged
from store.rescue import rescue
from store.storage import DurableStorage

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 12  # 60 bits: not to be guessed in a lifetime at any speed that the slow-down allows
FREE_GUESSES = 3
LONGEST_WAIT = datetime.timedelta(days=1)
GUESSES_AN_HOUR = 30  # wrong codes from everybody together before all codes rest for an hour


class Admitted(msgspec.Struct, frozen=True):
    """Someone who may use the assistant."""

    name: str = ""
    admin: bool = False
    since: str = ""
    by: str = ""


class Invitation(msgspec.Struct, frozen=True):
    """A way in for one person, until `expires` (ISO 8601)."""

    by: str
    expires: str


class Guesses(msgspec.Struct, frozen=True):
    """Wrong codes of one person, and until when they must wait."""

    wrong: int = 0
    until: str = ""


class _Kept(msgspec.Struct, frozen=True):
    people: dict[str, Admitted] = {}
    invitations: dict[str, Invitation] = {}
    guesses: dict[str, Guesses] = {}
    hour: list[str] = []  # when the latest wrong codes came, from whomever


class Access:
    """The register. Every change is on disk when its method returns. Raises `NotSaved`, `Damaged`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._db, self._kept = rescue(path, self._open, lambda damaged: None)

    def _open(self) -> tuple[TinyDB, _Kept]:
        db = TinyDB(self._path, storage=DurableStorage)
        document = db.table("access").get(doc_id=1)
        try:
            return db, msgspec.convert(document, _Kept) if document is not None else _Kept()
        except msgspec.ValidationError as error:
            raise Damaged(self._path, str(error)) from error

    def _keep(self, **fields: object) -> None:
        kept = msgspec.structs.replace(self._kept, **fields)
        self._db.table("access").upsert(
            Document(cast("dict[str, object]", msgspec.to_builtins(kept)), doc_id=1)
        )
        self._kept = kept

    @property
    def people(self) -> dict[str, Admitted]:
        """Everyone let in, by id."""
        return dict(self._kept.people)

    def admits(self, person: str) -> bool:
        return person in self._kept.people

    def is_admin(self, person: str) -> bool:
        found = self._kept.people.get(person)
        return found is not None and found.admin

    @property
    def has_admin(self) -> bool:
        return any(found.admin for found in self._kept.people.values())

    def admit(self, person: str, name: str, *, admin: bool, at: datetime.datetime, by: str = "") -> None:
        """Let someone in."""
        with self._lock:
            people = {
                **self._kept.people,
                person: Admitted(name, admin, at.isoformat(timespec="seconds"), by),
            }
            guesses = {key: value for key, value in self._kept.guesses.items() if key != person}
            self._keep(people=people, guesses=guesses)

    def remove(self, person: str) -> bool:
        """End someone's access at once; False where they had none, or are the only administrator."""
        with self._lock:
            admins = [id for id, found in self._kept.people.items() if found.admin]
            if person not in self._kept.people or admins == [person]:
                return False
            self._keep(people={id: found for id, found in self._kept.people.items() if id != person})
            return True

    def forget(self, person: str) -> None:
        """Take out everything that names someone, for good; also an administrator, and their invitations."""
        with self._lock:
            people = {
                id: msgspec.structs.replace(found, by="" if found.by == person else found.by)
                for id, found in self._kept.people.items()
                if id != person
            }
            invitations = {key: one for key, one in self._kept.invitations.items() if one.by != person}
            guesses = {id: found for id, found in self._kept.guesses.items() if id != person}
            if (people, invitations, guesses) != (
                self._kept.people,
                self._kept.invitations,
                self._kept.guesses,
            ):
                self._keep(people=people, invitations=invitations, guesses=guesses)

    def invite(self, by: str, now: datetime.datetime, hours: int) -> str:
        """A new code that lets in one person within `hours`."""
        with self._lock:
            code = new_code()
            valid = {
                digest: invitation
                for digest, invitation in self._kept.invitations.items()
                if datetime.datetime.fromisoformat(invitation.expires) > now
            }
            expires = (now + datetime.timedelta(hours=hours)).isoformat(timespec="seconds")
            self._keep(invitations={**valid, digest(code): Invitation(by, expires)})
            return code

    def redeem(self, code: str, person: str, name: str, now: datetime.datetime) -> bool:
        """Let someone in by a code, and spend it. False where it is not, or no longer, valid."""
        with self._lock:
            key = digest(code)
            found = next((k for k in self._kept.invitations if secrets.compare_digest(k, key)), "")
            if not found:
                return False
            invitation = self._kept.invitations[found]
            rest = {k: v for k, v in self._kept.invitations.items() if k != found}
            if datetime.datetime.fromisoformat(invitation.expires) <= now:
                self._keep(invitations=rest)
                return False
            people = {**self._kept.people}
            people.setdefault(person, Admitted(name, False, now.isoformat(timespec="seconds"), invitation.by))
            self._keep(invitations=rest, people=people)
            return True

    def must_wait(self, person: str, now: datetime.datetime) -> bool:
        """Whether a code from this person is not even looked at now."""
        until = self._kept.guesses.get(person, Guesses()).until
        # What lies further ahead than any wait was noted before the clock was set back, and is over.
        if until and now < datetime.datetime.fromisoformat(until) <= now + LONGEST_WAIT:
            return True
        hour = datetime.timedelta(hours=1)
        guessed = (datetime.datetime.fromisoformat(at) for at in self._kept.hour)
        return sum(now - hour < at <= now + hour for at in guessed) >= GUESSES_AN_HOUR

    def guessed_wrong(self, person: str, now: datetime.datetime) -> None:
        """Note a wrong code: each one after the first few doubles the wait, up to a day."""
        with self._lock:
            wrong = self._kept.guesses.get(person, Guesses()).wrong + 1
            longest = LONGEST_WAIT // datetime.timedelta(minutes=1)
            minutes = 0 if wrong < FREE_GUESSES else min(2 ** (wrong - FREE_GUESSES), longest)
            until = (
                (now + datetime.timedelta(minutes=minutes)).isoformat(timespec="seconds") if minutes else ""
            )
            hour = [*self._kept.hour, now.isoformat(timespec="seconds")][-GUESSES_AN_HOUR:]
            guesses = dict(list({**self._kept.guesses, person: Guesses(wrong, until)}.items())[-1000:])
            self._keep(guesses=guesses, hour=hour)


def new_code() -> str:
    """A code nobody can guess, of letters and digits that cannot be misread."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def digest(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
