"""Answers per second in one process, from a thousand people at the same time.

Ours answer from sixteen threads, as the Telegram channel has them, and once more through that channel itself, so that
the comparison is fair to a bot whose updates pass through python-telegram-bot.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bot.channels.settings import TelegramSettings
from bot.channels.telegram import Telegram
from tests.bench.material import Material, realistic
from tests.bench.measuring import Effort, Row, Samples, Unit, compared
from tests.bench.office import Office, Staff, check, take
from tests.bench.pickled import TOKEN, AnyApplication, Offline, PickledBot, Updates

THREADS = 16
INTERVAL = 60  # PTB's own
TURNS = 5
SHARE = 4  # this part of all people answers in one turn: the next ones in the next, so nobody's report is in memory
DURABLE = 2  # answers of the bot that writes everything for each of them


def rows(folder: Path, effort: Effort) -> Iterator[Row]:
    material = realistic(folder / "sample")
    office = Office(folder / "office", material, effort.people)
    try:
        found, flush = asyncio.run(_measured(folder, effort, material, office))
    finally:
        office.close()
    people = f"answers per second, {effort.people:,} people"
    durable = "PTB, PicklePersistence written for each answer (never fsynced)"
    loose = "PTB, PicklePersistence in memory, between two of its flushes"
    # Everybody has answered again when its minute is over, so each minute of answers is followed by a whole flush.
    share = (INTERVAL + flush) / INTERVAL
    sustained = Samples(tuple((each[0] * share,) for each in found["loose"].turns), Unit.RATE)
    flushed = (
        f"PTB, PicklePersistence as it comes: every {INTERVAL} s, a flush of about {Unit.SECONDS.show(flush)}"
    )
    many, half = "at least 10 times as many", "at least half as many"
    yield compared(f"{people}, {THREADS} threads", found["ours"], durable, found["durable"], 0.1, many)
    yield compared("the same", found["ours"], flushed, sustained, 2, half)
    yield compared("the same", found["ours"], loose, found["loose"], 2, half)
    through = f"{people}, through the Telegram channel, offline"
    yield compared(through, found["channel"], flushed, sustained, 2, half)
    yield compared("the same", found["channel"], loose, found["loose"], 2, half)


async def _measured(
    folder: Path, effort: Effort, material: Material, office: Office
) -> tuple[dict[str, Samples], float]:
    staff = _rounds(office.staff(effort.people))
    users = list(range(1, effort.people + 1))
    loose = PickledBot(folder / "loose.pickle", material, on_flush=False)
    durable = PickledBot(folder / "durable.pickle", material, on_flush=True)
    for bot in (loose, durable):
        await bot.application.initialize()
        bot.know(users)
    await durable.application.update_persistence()
    request = Offline()
    channel = await _channel(office, request)
    updates = Updates(channel.bot)  # one for all turns: an update's number is never used twice
    threads = ThreadPoolExecutor(THREADS)
    gc.collect()
    gc.freeze()  # a thousand people's data of the other bots would be searched for garbage in our turns too
    turns: dict[str, Callable[[], Coroutine[Any, Any, float]]] = {
        "ours": lambda: _ours(threads, office, next(staff)),
        "channel": lambda: _through(channel, request, updates, next(staff)),
        "loose": lambda: _pickled(loose, loose.take, users),
        "durable": lambda: _pickled(durable, durable.take_durably, users[:DURABLE]),
    }
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in turns}
    for _ in range(TURNS if effort.rounds > TURNS else 1):
        for name, turn in turns.items():
            found[name].append((await turn(),))
    flush = await _flush(loose, users)
    gc.unfreeze()
    threads.shutdown()
    await channel.shutdown()
    return {name: Samples(tuple(each), Unit.RATE) for name, each in found.items()}, flush


def _rounds(staff: list[Staff]) -> Iterator[list[Staff]]:
    """Everybody in groups, round and round."""
    size = max(1, len(staff) // SHARE)
    return itertools.cycle([staff[i : i + size] for i in range(0, len(staff), size)])


async def _ours(threads: ThreadPoolExecutor, office: Office, staff: list[Staff]) -> float:
    """One answer from each; the seconds for one."""
    steps = [who.next() for who in staff]
    before = time.perf_counter()
    list(threads.map(lambda step: take(office.conversation, step), steps))
    seconds = time.perf_counter() - before
    for who in staff:
        who.given()
    return seconds / len(steps)


async def _channel(office: Office, request: Offline) -> AnyApplication:
    """Our channel as it is, but for Telegram at its other end and the pace that Telegram asks of bots."""
    talks = office.conversation
    application = Telegram(talks, office.material.wording, TelegramSettings(), talks.commands()).build(TOKEN)
    application.bot._request = (request, request)
    application.bot._rate_limiter = None
    await application.initialize()
    return application


async def _through(
    application: AnyApplication, request: Offline, updates: Updates, staff: list[Staff]
) -> float:
    steps = [who.next() for who in staff]
    sent = [updates.text(_user(step.event.person), step.event.text) for step in steps]  # type: ignore[attr-defined]
    processor = application.update_processor
    before = time.perf_counter()
    await asyncio.gather(
        *(processor.process_update(update, application.process_update(update)) for update in sent)
    )
    seconds = time.perf_counter() - before
    for who, step in zip(staff, steps, strict=True):
        check(step, request.sent[_user(step.event.person)])
        who.given()
    return seconds / len(steps)


async def _pickled(
    bot: PickledBot, take: Callable[[Any], Coroutine[Any, Any, None]], users: list[int]
) -> float:
    updates = Updates(bot.application.bot)
    sent = [updates.text(user, "326") for user in users]
    bot.request.sent.clear()
    before = time.perf_counter()
    for update in sent:
        await take(update)
    seconds = time.perf_counter() - before
    if len(bot.request.sent) < len(users):
        raise RuntimeError("the bot to compare with did not answer everybody")
    return seconds / len(sent)


async def _flush(bot: PickledBot, users: list[int]) -> float:
    """How long PTB's flush takes when everybody has answered: it writes the whole file for each of them.

    Measured for a few people, because it takes minutes for all.
    """
    persistence, few = bot.persistence, users[:DURABLE]
    everybody = {user: dict(bot.application.user_data[user]) for user in users}
    persistence.user_data = everybody
    before = time.perf_counter()
    for user in few:
        await persistence.update_user_data(user, {**everybody[user], "flushed": True})
    return (time.perf_counter() - before) / len(few) * len(users)


def _user(person: str) -> int:
    return int(person.partition(":")[2])
