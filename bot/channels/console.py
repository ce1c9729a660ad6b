"""The terminal as a channel: for one person at the machine, and for whole sessions piped through.

A button is pressed by `#` and its number, or by its label; a bare number will do where it cannot be an answer.
`/file PATH` sends a file.
"""

from __future__ import annotations

import itertools
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from bot.channels.gate import Talks
from bot.conversation.events import Attachment, Button, Emphasis, Event, Message, Press, Reply, Upload
from prompts.chat import Wording

log = logging.getLogger(__name__)

_PRESS = re.compile(r"\s*[#＃]\s*(\d{1,3})\s*")
_NUMBER = re.compile(r"\s*(\d{1,3})\s*")
_FILE = re.compile(r"\s*/file\s+(.+?)\s*")
_BOLD, _PLAIN, _DIM = "\x1b[1m", "\x1b[0m", "\x1b[2m"


class Console:
    """One person's conversation in a terminal, or in a pipe (`script`)."""

    def __init__(
        self, talks: Talks, wording: Wording, name: str, out: TextIO, folder: Path, *, script: bool
    ) -> None:
        self._talks = talks
        self._wording = wording
        self._person = f"console:{name}"
        self._name = name
        self._out = out
        self._folder = folder
        self._script = script
        self._buttons: tuple[Button, ...] = ()
        self._takes_number = False
        self._count = itertools.count(1)
        self._started = time.time_ns()

    def run(self, lines: Iterable[str]) -> None:
        """Greet, then take each line as a message or a press until they end."""
        self._handle("/start")
        for line in lines:
            if self._script:
                self._write(f"\n> {line}\n\n")
            if line.strip() in {"/quit", "/exit", "退出"}:
                break
            if sent := _FILE.fullmatch(line):
                self._upload(Path(sent[1].strip().strip("'\"")))
            elif line.strip():
                self._handle(line)
        self._write(f"\n{self._wording.phrase('farewell')}\n")

    def _handle(self, line: str) -> None:
        id = f"c{self._started}-{next(self._count)}"
        pressed = self._pressed(line)
        event: Event
        if pressed is not None:
            event = Press(person=self._person, name=self._name, id=id, data=pressed.data)
        else:
            event = Message(person=self._person, name=self._name, id=id, message=id, text=line)
        for reply in self._talks.handle(event):
            self._show(reply)

    def _upload(self, path: Path) -> None:
        """A file from this machine, as if it had been sent."""
        try:
            content = path.expanduser().read_bytes()
        except OSError as error:
            log.info("%s: %s", path, error.strerror)
            self._write(self._wording.phrase("console_no_file", path=path) + "\n")
            return
        id = f"c{self._started}-{next(self._count)}"
        event = Upload(
            person=self._person, name=self._name, id=id, message=id, filename=path.name, content=content
        )
        for reply in self._talks.handle(event):
            self._show(reply)

    def _pressed(self, line: str) -> Button | None:
        number = _PRESS.fullmatch(line) or (None if self._takes_number else _NUMBER.fullmatch(line))
        if number and 1 <= int(number[1]) <= len(self._buttons):
            return self._buttons[int(number[1]) - 1]
        return next((button for button in self._buttons if _same(button.label, line)), None)

    def _show(self, reply: Reply) -> None:
        self._buttons = tuple(button for row in reply.buttons for button in row)
        self._takes_number = reply.takes_number
        self._write(("" if self._script else "\n") + self._emphasised(reply) + "\n")
        for attachment in reply.attachments:
            self._write(self._put(attachment) + "\n")
        number = itertools.count(1)
        sign = "#" if reply.takes_number else ""
        for row in reply.buttons:
            labels = "  ".join(f"[{sign}{next(number)} {button.label}]" for button in row)
            self._write(labels + "\n" if self._script else f"{_DIM}{labels}{_PLAIN}\n")
        if self._script:
            self._out.flush()

    def _put(self, attachment: Attachment) -> str:
        """Write a file that was handed out; one that is there already may have been worked on, so it stays."""
        path = self._folder / attachment.filename
        stem, suffix = path.stem, path.suffix
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for number in itertools.count(2):
                if not path.exists():
                    break
                path = self._folder / f"{stem}（{number}）{suffix}"
            path.write_bytes(attachment.content)
        except OSError as error:
            log.error("%s: cannot be written: %s", self._folder, error.strerror)
            return self._wording.phrase("attachment", name=attachment.filename, path="")
        return self._wording.phrase("attachment", name=attachment.filename, path=path)

    def _emphasised(self, reply: Reply) -> str:
        if self._script:
            return reply.text
        text = reply.text
        for mark in sorted(reply.marks, key=lambda mark: -mark.start):
            if mark.emphasis is Emphasis.STRONG:
                text = f"{text[: mark.start]}{_BOLD}{text[mark.start : mark.end]}{_PLAIN}{text[mark.end :]}"
        return text

    def _write(self, text: str) -> None:
        self._out.write(text)


def _same(label: str, line: str) -> bool:
    strip = " ☑☐\t"
    return label.strip(strip) == line.strip(strip) != ""


def piped(stream: TextIO) -> Iterator[str]:
    """Lines of a pipe as messages; a line that ends with a backslash goes on in the next."""
    parts: list[str] = []
    for line in stream:
        text = line.rstrip("\r\n")
        if text.endswith("\\"):
            parts.append(text[:-1])
            continue
        yield "\n".join([*parts, text])
        parts = []
    if parts:
        yield "\n".join(parts)


def typed(prompt: str) -> Iterator[str]:
    """Lines as someone types them; a paste of several lines is one message. Ends at Ctrl-D or Ctrl-C."""
    from prompt_toolkit import PromptSession  # 0.1 s to import, and only a terminal needs it

    session: PromptSession[str] = PromptSession()
    while True:
        try:
            yield session.prompt(prompt)
        except (EOFError, KeyboardInterrupt):
            return


def chat(
    talks: Talks,
    wording: Wording,
    name: str,
    folder: Path,
    read: Callable[[], Iterable[str]] | None = None,
) -> None:
    """Talk at the terminal, or through standard input where that is no terminal."""
    script = not sys.stdin.isatty()
    if script and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    lines = read() if read else (piped(sys.stdin) if script else typed("› "))
    Console(talks, wording, name, sys.stdout, folder, script=script).run(lines)
