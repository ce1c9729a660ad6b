"""What a channel hands to the conversation, and what it gets back.

A channel (Telegram, the terminal) maps its own world to these values and knows nothing of reports; the
conversation knows nothing of channels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something a person did.

    `person` is the channel's name and its own stable id for them (`telegram:12345`). `id` is the identity of the
    delivery, the same when the same thing is delivered again, so that it is taken once.
    """

    person: str
    id: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Message(Event):
    """A text that was sent. `message` identifies it in its chat, so that a later edit finds its answer."""

    text: str
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Edited(Event):
    """An earlier message that its sender has changed to read `text`."""

    text: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Press(Event):
    """A button was pressed; `data` is what the button carried, possibly long ago, possibly forged."""

    data: str


@dataclass(frozen=True, kw_only=True)
class Upload(Event):
    """A file that was sent, already read into memory within the channel's size limit."""

    filename: str
    content: bytes = field(repr=False)
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Unsupported(Event):
    """Something the assistant cannot take: `kind` is photo, voice, sticker, location, contact, poll or other."""

    kind: str


class Emphasis(StrEnum):
    STRONG = "strong"
    FIXED = "fixed"  # monospaced: tables, codes


@dataclass(frozen=True, slots=True)
class Mark:
    """Emphasis on `text[start:end]` of a reply, in characters (code points)."""

    start: int
    end: int
    emphasis: Emphasis


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a reply. `data` is at most 64 bytes of UTF-8 and means the same thing forever."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to hand out; `filename` is Chinese and safe on every system. Images are shown, not filed."""

    filename: str
    content: bytes = field(repr=False)
    image: bool = False


@dataclass(frozen=True)
class Reply:
    """One message from the assistant: plain text, never markup, so nothing a person typed can break it.

    `in_place` asks the channel to change the message whose button was pressed instead of sending a new one,
    where it can. Buttons are rows from top to bottom. `takes_number` says that a bare number is an answer here,
    so that a channel which numbers its buttons must not take it for one of them.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    marks: tuple[Mark, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    in_place: bool = False
    takes_number: bool = False
