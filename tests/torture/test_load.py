"""Many people at once: nobody's answer is lost, nobody stands wrong. The times are printed, not judged."""

from __future__ import annotations

import itertools
import queue
import random
import re
import threading
import time
from pathlib import Path

from bot.conversation import Conversation
from bot.conversation.events import Press
from prompts.outline import Outline
from store import Store
from tests.conftest import TODAY, WORDING
from tests.torture import length
from tests.torture.straight import BEGIN, Script, asked_in, kept

ANSWERS = 4  # of each person
TEMPLATE = "console:甲"


def peopled(folder: Path, outline: Outline, count: int) -> list[Script]:
    """A data folder in which so many people have each begun a report: one is begun, the others are copies of it."""
    store = Store(folder)
    conversation = Conversation(store, {outline.id: outline}, WORDING, lambda: TODAY)
    conversation.handle(Press(person=TEMPLATE, id="0-0", data=BEGIN))
    (id,) = store.reports.ids()
    report = (store.reports.folder / f"{id}.json").read_text(encoding="utf-8")
    (path,) = store.people.folder.glob("*.json")
    person = path.read_text(encoding="utf-8")
    name = path.name
    store.close()
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    ids = ("".join(letter) for letter in itertools.product(letters, repeat=6))
    scripts = []
    for number in range(count):
        me, new = f"{TEMPLATE}{number:05}", next(ids)
        own = re.sub(f'{TEMPLATE}(?=")', me, report).replace(id, new)
        (folder / "reports" / f"{new}.json").write_text(own, encoding="utf-8")
        own = re.sub(f'{TEMPLATE}(?=")', me, person).replace(id, new)
        (folder / "people" / name.replace(".json", f"{number:05}.json")).write_text(own, encoding="utf-8")
        scripts.append(Script(me))
    return scripts


def answered_by(
    conversation: Conversation, scripts: list[Script], at_once: int, rng: random.Random
) -> list[float]:
    """Everyone sends their next answers, so many people at a time; how long each answer took."""
    turns: queue.SimpleQueue[Script] = queue.SimpleQueue()
    order = [script for script in scripts for _ in range(ANSWERS)]
    rng.shuffle(order)
    for script in order:
        turns.put(script)
    step = dict.fromkeys((script.person for script in scripts), 1)
    own = {
        script.person: threading.Lock() for script in scripts
    }  # one person's messages come one after another
    times: list[float] = []
    failed: list[str] = []

    def work() -> None:
        while not failed:
            try:
                script = turns.get_nowait()
            except queue.Empty:
                return
            with own[script.person]:
                number = step[script.person]
                began = time.perf_counter()
                replies = conversation.handle(script.event(number))
                times.append(time.perf_counter() - began)
                step[script.person] = number + 1
            if len(replies) != 1 or asked_in(replies[0].text) != script.after(number + 1).question:
                failed.append(f"{script.person}, answer {number}: {[reply.text for reply in replies]}")

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed[0]
    return times


def test_thousands_of_people_hundreds_at_once_lose_nothing(
    tmp_path: Path, straight: Outline, rng: random.Random
) -> None:
    people, at_once = length(200, 10_000), length(20, 200)
    scripts = peopled(tmp_path / "data", straight, people)
    store = Store(tmp_path / "data")
    conversation = Conversation(store, {straight.id: straight}, WORDING, lambda: TODAY)
    began = time.monotonic()
    times = sorted(answered_by(conversation, scripts, at_once, rng))
    took = time.monotonic() - began
    store.close()
    again = Store(tmp_path / "data")  # from the files alone
    for script in scripts:
        with again.people.using(script.person) as person:
            report = person.person.report
        assert kept(again.reports.get(report), script.person) == script.after(1 + ANSWERS)
    assert not again.reports.restored and not again.people.restored
    again.close()
    print(
        f"{people:,} people, {at_once} at once: {len(times):,} answers in {took:.1f} s, {len(times) / took:.0f} a second; "
        f"median {times[len(times) // 2] * 1000:.0f} ms, 99th percentile {times[len(times) * 99 // 100] * 1000:.0f} ms"
    )
