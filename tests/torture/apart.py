"""A conversation in a process of its own, whose limits and user can be changed under its feet.

Lines of JSON in, lines of JSON out: {"text": ...} is a message, {"data": ...} a press, answered by the reply's text;
{"limit": NAME, "to": N} and {"forget": true} (a start, on the same folder) are answered by null.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.conversation import Conversation
from bot.conversation.events import Event, Message, Press
from prompts.chat import Wording
from prompts.loading import load_outline
from prompts.outline import Outline
from store import Store

ROOT = Path(__file__).parents[2]


class Apart:
    """The other process, as a test talks with it. Use it as a context manager."""

    def __init__(self, folder: Path, outline: Path, user: int | None = None) -> None:
        as_user = [] if user is None else [str(user)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.apart", str(folder), str(outline), *as_user],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def says(self, text: str) -> str:
        return self._do(text=text)

    def presses(self, data: str) -> str:
        return self._do(data=data)

    def limits(self, name: str, to: int | None) -> None:
        """Lower a soft limit, or (None) put it back. For RLIMIT_NOFILE, `to` is how many more may be opened."""
        self._do(limit=name, to=to)

    def forgets(self) -> None:
        """Everything that it has in memory, as if it were started now."""
        self._do(forget=True)

    def _do(self, **what: object) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def obey(folder: Path, outline: Outline) -> None:
    numbers = itertools.count(1)
    wording = Wording()

    def opened() -> tuple[Store, Conversation]:
        store = Store(folder)
        return store, Conversation(store, {outline.id: outline}, wording)

    def event(what: dict[str, Any]) -> Event:
        n = next(numbers)
        if "text" in what:
            return Message(person="test:one", id=f"e{n}", message=f"m{n}", text=what["text"])
        return Press(person="test:one", id=f"e{n}", data=what["data"])

    store, conversation = opened()
    for line in sys.stdin:
        what = json.loads(line)
        result = None
        if "limit" in what:
            _limit(getattr(resource, what["limit"]), what["to"])
        elif "forget" in what:
            store.close()
            store, conversation = opened()
        else:
            (reply,) = conversation.handle(event(what))
            result = reply.text
        print(json.dumps(result), flush=True)


def warm_up(folder: Path, outline: Outline) -> None:
    """A short conversation that nobody sees."""
    conversation = Conversation(Store(folder), {outline.id: outline}, Wording())
    for n, text in enumerate(["/new", "第一个", "第二个", "/undo", "/resume"]):
        conversation.handle(Message(person="test:warm", id=str(n), text=text))


def _limit(which: int, to: int | None) -> None:
    _, hard = resource.getrlimit(which)
    if to is not None and which == resource.RLIMIT_NOFILE:
        free = os.open(os.devnull, os.O_RDONLY)
        os.close(free)
        to += free
    resource.setrlimit(which, (hard if to is None else to, hard))


if __name__ == "__main__":
    logging.disable()
    the_outline = load_outline(Path(sys.argv[2]))
    for user in sys.argv[3:]:
        with (
            tempfile.TemporaryDirectory() as folder
        ):  # what is imported late may lie where that user cannot read
            warm_up(Path(folder), the_outline)
        os.seteuid(int(user))
    obey(Path(sys.argv[1]), the_outline)
