"""The order of updates: one person's one after another, different people's at once; and pastes put together again."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.conversation.events import Message

MOST_AT_ONCE = 256


class InOrder(BaseUpdateProcessor):
    """Hands one person's updates on one by one, in the order they came."""

    def __init__(self) -> None:
        super().__init__(MOST_AT_ONCE)
        self._locks: dict[str, asyncio.Lock] = {}

    def of(self, person: str) -> asyncio.Lock:
        """The lock that whoever acts for this person holds; those who wait get it in the order they asked."""
        if len(self._locks) > 10_000:
            self._locks = {key: lock for key, lock in self._locks.items() if lock.locked()}
        return self._locks.setdefault(person, asyncio.Lock())

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        user = update.effective_user if isinstance(update, Update) else None
        async with self.of(f"telegram:{user.id}" if user else ""):
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to clear away."""


@dataclasses.dataclass
class _Paste:
    event: Message
    chat: int
    bot: Any
    timer: asyncio.TimerHandle | None = None


class Pastes:
    """Puts together a long text that Telegram delivered in pieces of 4,096, so that it is one answer.

    A piece near the limit is held for a moment; what follows it from the same person belongs to it. It is not
    acknowledged meanwhile: should the process die in that moment, its sender has no reply and sends it again.
    """

    def __init__(self, seconds: float, take: Callable[[Message, int, Any], Awaitable[None]]) -> None:
        self._seconds = seconds
        self._take = take
        self._held: dict[str, _Paste] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def holds(self, event: Message, *, long: bool, chat: int, bot: Any) -> bool:
        """Take a text message: True when it is (part of) a paste and will be handed on later."""
        held = self._held.get(event.person)
        if held is None and not long:
            return False
        if held is None:
            held = self._held[event.person] = _Paste(event, chat, bot)
        else:
            held.event = dataclasses.replace(held.event, text=held.event.text + event.text, id=event.id)
        if held.timer is not None:
            held.timer.cancel()
        # The last piece is short: nothing more is waited for, but it must not be handled inside this update's turn.
        delay = self._seconds if long else 0
        held.timer = asyncio.get_running_loop().call_later(delay, self._due, event.person)
        return True

    def _due(self, person: str) -> None:
        held = self._held.pop(person, None)
        if held is not None:
            task = asyncio.ensure_future(self._take(held.event, held.chat, held.bot))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def flush(self, person: str, take: Callable[[Message, int, Any], Awaitable[None]]) -> None:
        """Hand on what is held of a person, before something else of theirs is handled in the same turn."""
        held = self._held.pop(person, None)
        if held is not None:
            if held.timer is not None:
                held.timer.cancel()
            await take(held.event, held.chat, held.bot)

    async def flush_all(self) -> None:
        """Hand on everything that is held: the process is about to stop."""
        for person in list(self._held):
            await self.flush(person, self._take)
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
