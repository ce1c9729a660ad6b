"""Cutting a long reply into messages that Telegram takes: at paragraphs, then sentences, never inside a character.

Lengths are in UTF-16 code units, as Telegram counts them (https://core.telegram.org/api/entities#entity-length).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.conversation.events import Mark

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024

_JOINER, _KEYCAP = "\u200d", "\u20e3"
_SENTENCE = re.compile(r"(?<=[。！？；!?])")


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def split(
    text: str, marks: Sequence[Mark] = (), limit: int = MESSAGE_LIMIT
) -> list[tuple[str, tuple[Mark, ...]]]:
    """`text` in pieces of at most `limit` units, each with its share of the marks; blank pieces are left out."""
    pieces = []
    start = 0
    while start < len(text):
        end = _end(text, start, limit)
        piece = text[start:end]
        if piece.strip():
            left = len(piece) - len(piece.lstrip("\n"))
            kept = piece.strip("\n")
            pieces.append((kept, _clipped(marks, start + left, start + left + len(kept))))
        start = end
    return pieces


def _end(text: str, start: int, limit: int) -> int:
    """Where the piece that begins at `start` ends."""
    end = start
    size = 0
    while end < len(text) and (size := size + (2 if ord(text[end]) > 0xFFFF else 1)) <= limit:
        end += 1
    if end == len(text):
        return end
    window = text[start:end]
    for cut in (window.rfind("\n\n") + 1, window.rfind("\n") + 1, _last_sentence(window)):
        if cut > len(window) // 4:  # a cut that leaves a tiny piece reads worse than one inside a paragraph
            return start + cut
    while end > start + 1 and _inside_character(text, end):
        end -= 1
    return end


def _last_sentence(window: str) -> int:
    return max((match.start() for match in _SENTENCE.finditer(window)), default=0)


def _inside_character(text: str, at: int) -> bool:
    """Whether a cut at `at` would part what people see as one character."""
    after, before = text[at], text[at - 1]
    joined = after in (_JOINER, _KEYCAP) or before == _JOINER or 0x1F3FB <= ord(after) <= 0x1F3FF
    flags = 0x1F1E6 <= ord(after) <= 0x1F1FF and 0x1F1E6 <= ord(before) <= 0x1F1FF
    return joined or flags or unicodedata.category(after) in {"Mn", "Me", "Mc"}


def _clipped(marks: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    return tuple(
        Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.emphasis)
        for mark in marks
        if mark.start < end and mark.end > start
    )
