"""Marks inside rendered text that say where each stretch came from.

A template renders to one string; to know afterwards which characters were an answer, a computation or a gap, each
such value is printed between Unicode noncharacters, which no one can type (`prompts.answers.clean` drops them) and
no document holds. `paragraphs` reads them back into spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prompts.draft import Paragraph, Source, Span

OPEN, KEYS, CLOSE, ABSENT, ZERO = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"

_SIGNS = str.maketrans("", "", ABSENT + ZERO)  # signs to the blocks of a template; nothing to print

BLOCK = "B"  # a table of these keys, which stands for itself: `blocks` says where
BLOCK_SIGN = "▦"  # what is seen of it where only text can be

_CODES = {
    "B": Source.TEMPLATE,
    "A": Source.ANSWER,
    "C": Source.COMPUTED,
    "G": Source.GAP,
    "T": Source.TEMPLATE,
}
_BY_SOURCE = {source: code for code, source in _CODES.items() if code != BLOCK}
_MARKED = re.compile(f"{OPEN}([ABCGT])([^{KEYS}]*){KEYS}([^{CLOSE}]*){CLOSE}")


def marked(text: str, source: Source, keys: Iterable[str]) -> str:
    """`text` as a template prints it, with its source and keys."""
    return f"{OPEN}{_BY_SOURCE[source]}{','.join(keys)}{KEYS}{text}{CLOSE}"


def block(keys: Iterable[str]) -> str:
    """Where a template wants the tables of these keys, as one."""
    return f"{OPEN}{BLOCK}{','.join(keys)}{KEYS}{BLOCK_SIGN}{CLOSE}"


def pieces(rendered: str) -> Iterator[str | tuple[str, ...]]:
    """The text between tables, and each table's keys, in order."""
    position = 0
    for match in _MARKED.finditer(rendered):
        if match[1] == BLOCK:
            yield rendered[position : match.start()]
            yield tuple(match[2].split(","))
            position = match.end()
    yield rendered[position:]


def unmarked(text: str) -> str:
    """Plain text: the marks taken out."""
    return _MARKED.sub(r"\3", text).translate(_SIGNS)


def spans(rendered: str) -> Iterator[Span]:
    """The stretches of a rendered text, in order."""
    position = 0
    rendered = rendered.translate(_SIGNS)
    for match in _MARKED.finditer(rendered):
        if match.start() > position:
            yield Span(rendered[position : match.start()])
        code, keys, text = match.groups()
        if text:
            yield Span(text, _CODES[code], tuple(key for key in keys.split(",") if key))
        position = match.end()
    if position < len(rendered):
        yield Span(rendered[position:])


def paragraphs(rendered: str) -> tuple[Paragraph, ...]:
    """Rendered text as paragraphs: a blank line parts them; a single line break is only how the file was wrapped."""
    done: list[Paragraph] = []
    current: list[Span] = []
    breaks = 0
    for span in spans(rendered):
        for i, piece in enumerate(span.text.split("\n")):
            breaks += 1 if i else 0
            text = piece.strip(" \t\u3000") if breaks or not current else piece
            if not text.strip():
                if text and not breaks and current:
                    current.append(Span(text, span.source, span.keys))
                continue
            if breaks >= 2 and current:
                done.append(_tidy(current))
                current = []
            breaks = 0
            current.append(Span(text, span.source, span.keys))
    if current:
        done.append(_tidy(current))
    return tuple(paragraph for paragraph in done if paragraph.text.strip())


def line(rendered: str) -> Paragraph:
    """Rendered text as one line."""
    return Paragraph(tuple(s for p in paragraphs(rendered) for s in p.spans))


def _tidy(pieces: list[Span]) -> Paragraph:
    """Join spans of one source. Inside a paragraph the outline sets the stops, so an answer's own last 。 goes."""
    tidy: list[Span] = []
    for piece in pieces:
        if tidy and tidy[-1].source is Source.ANSWER and tidy[-1].text[-1] in "。；":
            before = tidy.pop()
            if text := before.text.rstrip("。；"):
                tidy.append(Span(text, before.source, before.keys))
        text = piece.text
        if tidy and tidy[-1].source is Source.ANSWER and tidy[-1].text[-1] in "！？" and text[0] == "。":
            text = text[1:]
        if tidy and (tidy[-1].source, tidy[-1].keys) == (piece.source, piece.keys) and not piece.keys:
            tidy[-1] = Span(tidy[-1].text + text, piece.source)
        elif text:
            tidy.append(Span(text, piece.source, piece.keys))
    return Paragraph(tuple(tidy))
