"""Who is let in: stands between a channel and the conversation, and speaks only of access.

A stranger learns nothing, not even that there are reports: one polite line with their own number, once an hour.
"""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.conversation.events import Button, Event, Message, Press, Reply
from prompts.chat import Wording
from store import local_time
from store.access import Access, digest, new_code

STRANGER_EVERY = datetime.timedelta(hours=1)
MOST_STRANGERS = 10_000

_START = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9]{4,32})")
_CLAIM = re.compile(r"/claim(?:@\w+)?(?:\s+(\S{0,64}))?")
_COMMAND = re.compile(r"/(invite|people)(?:@\w+)?")
_REMOVE, _CONFIRM, _LIST, _GIVE = "@rm:", "@ok:", "@people", "@give:"

Clock = Callable[[], datetime.datetime]


class Talks(Protocol):
    """The conversation, as a channel sees it."""

    def handle(self, event: Event) -> Sequence[Reply]: ...


class Estate(Protocol):
    """The reports of whoever is removed: nothing of the office's hangs on one person's account."""

    def owned(self, person: str) -> int: ...

    def hand_over_all(self, person: str, to: str) -> int: ...


class Gate:
    """The conversation for those let in; for everybody else, a closed door."""

    def __init__(
        self,
        talks: Talks,
        access: Access,
        wording: Wording,
        *,
        invite_hours: int,
        clock: Clock | None = None,
        estate: Estate | None = None,
    ) -> None:
        self.access = access
        self.claim_code = "" if access.has_admin else new_code()
        self.link: Callable[[str], str] = lambda code: f"/start {code}"  # the channel knows better
        self._talks = talks
        self._wording = wording
        self._hours = invite_hours
        self._clock = clock or local_time
        self._estate = estate
        self._told: dict[str, datetime.datetime] = {}

    def commands(self) -> list[tuple[str, str]]:
        """The administrators' commands, for the menu."""
        return [(name, self._wording.phrase(f"admin.{name}")) for name in ("invite", "people")]

    def handle(self, event: Event) -> Sequence[Reply]:
        """What the person is told; nothing at all for a stranger who was told already."""
        text = event.text.strip() if isinstance(event, Message) else ""
        if match := _CLAIM.fullmatch(text):
            return self._claim(event, match[1] or "")
        if not self.access.admits(event.person):
            match = _START.fullmatch(text)
            return self._redeem(event, match[1]) if match else self._stranger(event)
        if match := _START.fullmatch(text):  # an invitation for someone who is in already
            return self._talks.handle(_plain_start(event))
        if self.access.is_admin(event.person):
            if match := _COMMAND.fullmatch(text):
                return [self._invite(event) if match[1] == "invite" else self._people("")]
            if isinstance(event, Press) and event.data.startswith("@"):
                return [self._pressed(event)]
        return self._talks.handle(event)

    def _claim(self, event: Event, code: str) -> Sequence[Reply]:
        now = self._clock()
        if not self.claim_code:
            return self._talks.handle(event) if self.access.admits(event.person) else self._stranger(event)
        if not code or self.access.must_wait(event.person, now):
            return self._stranger(event)
        if not secrets.compare_digest(digest(code), digest(self.claim_code)):
            self.access.guessed_wrong(event.person, now)
            return self._stranger(event)
        self.access.admit(event.person, event.name, admin=True, at=now)
        self.claim_code = ""
        return [self._say("gate_claimed"), *self._talks.handle(_plain_start(event))]

    def _redeem(self, event: Event, code: str) -> Sequence[Reply]:
        now = self._clock()
        if self.access.must_wait(event.person, now):
            return self._stranger(event)
        if not self.access.redeem(code, event.person, event.name, now):
            self.access.guessed_wrong(event.person, now)
            return self._stranger(event)
        return self._talks.handle(_plain_start(event))

    def _stranger(self, event: Event) -> Sequence[Reply]:
        now = self._clock()
        told = self._told.get(event.person)
        if told is not None and now - told < STRANGER_EVERY:
            return []
        if len(self._told) >= MOST_STRANGERS:
            self._told.clear()
        self._told[event.person] = now
        return [self._say("gate_stranger", number=event.person.partition(":")[2])]

    def _invite(self, event: Event) -> Reply:
        code = self.access.invite(event.person, self._clock(), self._hours)
        return self._say("gate_invited", link=self.link(code), hours=self._hours)

    def _people(self, notice: str) -> Reply:
        people = self.access.people
        buttons = [
            (Button(self._wording.phrase("gate.remove", name=found.name or id), f"{_REMOVE}{id}"),)
            for id, found in list(people.items())[:90]
        ]
        rows = [
            {"name": found.name or id, "id": id, "admin": found.admin, "since": found.since[:10]}
            for id, found in people.items()
        ]
        return self._say("gate_people", tuple(buttons), people=rows, notice=notice)

    def _pressed(self, event: Press) -> Reply:
        if event.data.startswith(_REMOVE):
            id = event.data.removeprefix(_REMOVE)
            found = self.access.people.get(id)
            if found is None:
                return self._people(self._wording.phrase("gate.gone"))
            yes = Button(self._wording.phrase("gate.confirm"), f"{_CONFIRM}{id}")
            no = Button(self._wording.phrase("gate.keep"), _LIST)
            return self._say("gate_confirm", ((yes, no),), name=found.name or id)
        if event.data.startswith(_CONFIRM):
            person = event.data.removeprefix(_CONFIRM)
            if not self.access.remove(person):
                return self._people(self._wording.phrase("gate.not_removed"))
            return self._heirs(person) or self._people(self._wording.phrase("gate.removed"))
        if event.data.startswith(_GIVE):
            person, _, to = event.data.removeprefix(_GIVE).partition(">")
            return self._given(f"telegram:{person}", f"telegram:{to}")
        return self._people("")

    def _heirs(self, person: str) -> Reply | None:
        """To whom the reports go of which someone who was removed is the drafter; None where there are none."""
        owned = self._estate.owned(person) if self._estate else 0
        if not owned:
            return None
        number = person.partition(":")[2]
        buttons = [
            (
                Button(
                    self._wording.phrase("gate.give", name=found.name or id),
                    f"{_GIVE}{number}>{id.partition(':')[2]}",
                ),
            )
            for id, found in list(self.access.people.items())[:80]
            if id.startswith("telegram:")
        ]
        return self._say(
            "gate_heirs", (*buttons, (Button(self._wording.phrase("gate.later"), _LIST),)), count=owned
        )

    def _given(self, person: str, to: str) -> Reply:
        if self._estate is None or not self.access.admits(to) or self.access.admits(person):
            return self._people(self._wording.phrase("gate.gone"))
        count = self._estate.hand_over_all(person, to)
        name = self.access.people[to].name or to
        return self._people(self._wording.phrase("gate.given", count=count, name=name))

    def _say(self, name: str, buttons: tuple[tuple[Button, ...], ...] = (), /, **values: object) -> Reply:
        return Reply(self._wording.phrase(name, **values), buttons)


def _plain_start(event: Event) -> Message:
    """The greeting, without the code: codes are nobody's business behind the door."""
    return Message(person=event.person, id=event.id, name=event.name, text="/start")
