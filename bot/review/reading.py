"""A text as the review reads it: lines with their folded form, where each belongs, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from prompts.draft import Draft, Role, Span
from prompts.normalise import fold

_NUMBER = re.compile(
    r"\s*(?:([一二三四五六七八九十]{1,3})、|（([一二三四五六七八九十]{1,3})）|(\d{1,2})[.．](?!\d)|（(\d{1,2})）)"
)
_RUN = re.compile(r"\d{25,}|[A-Za-z]{60,}|(\S)\1{24,}")
_MASK = "\ufffd"
_SENTENCE = re.compile(r"[^。！？；]+[。！？；]?")


@dataclass(frozen=True)
class ReadLine:
    """One paragraph. `level` is that of the heading it is or begins with (0: none), `number` its number.

    `heading` is the heading's text, with what follows left out. `top` is the heading of the part that it is in.
    """

    index: int
    text: str
    folded: str
    section: str = ""
    role: Role = Role.BODY
    level: int = 0
    number: int = 0
    heading: str = ""
    top: str = ""
    spans: tuple[Span, ...] = ()

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Each sentence of the folded text with where it begins."""
        for match in _SENTENCE.finditer(self.folded):
            yield match.start(), match.group()


@dataclass(frozen=True)
class Reading:
    """A whole text. `year` is the year reported on, where that can be told; `draft` where it came from one."""

    lines: tuple[ReadLine, ...]
    title: str = ""
    year: int | None = None
    draft: Draft | None = field(default=None, repr=False)

    @cached_property
    def whole(self) -> str:
        return "\n".join(line.folded for line in self.lines)

    @property
    def body(self) -> Iterator[ReadLine]:
        return (line for line in self.lines if line.role in (Role.BODY, Role.HEADING))


def _readable(text: str) -> str:
    """Folded, and with runs of one kind of character masked: no words, and patterns would search them without end."""
    return _RUN.sub(lambda match: _MASK * len(match.group()), fold(text))


def read_draft(draft: Draft) -> Reading:
    """A draft: one line for each that is printed, in the same order."""
    lines = []
    top = ""
    for index, line in enumerate(draft.lines()):
        text = line.text
        lead = "".join(span.text for span in line.paragraph.spans[: line.lead])
        folded = _readable(text)
        level, number = _numbered(folded) if line.lead else (0, 0)
        if line.lead and (level or line.level) == 1:
            top = fold(lead)
        lines.append(
            ReadLine(
                index, text, folded, line.section, line.role, line.level if line.lead else 0, number, fold(lead), top,
                line.paragraph.spans,
            )
        )  # fmt: skip
    return Reading(tuple(lines), draft.title.text, draft.year, draft)


def read_lines(given: Sequence[str]) -> Reading:
    """Any text, a paragraph a line; what each is, is told from how it looks."""
    lines: list[ReadLine] = []
    top = ""
    first = next((index for index, text in enumerate(given) if text.strip()), 0)
    last_text = max(
        (i for i, text in enumerate(given) if re.search(r"[。；]", text) or _NUMBER.match(fold(text))),
        default=0,
    )
    for index, text in enumerate(given):
        folded = _readable(text)
        level, number = _numbered(folded)
        heading = _heading(folded) if level else ""
        role = Role.BODY
        if index == first and not level and _is_title(folded):
            role = Role.TITLE
        elif re.fullmatch(r"\s*\d{4}年\d{1,2}月\d{1,2}日\s*", folded):
            role = Role.DATE
        elif index > last_text and text.strip() and not re.search(r"[，。；：]", folded):
            role = Role.SIGNATURE
        elif re.fullmatch(r"\s*[\u4e00-\u9fff、（）]{2,30}：\s*", folded) and index <= first + 3:
            role = Role.ADDRESSEE
        elif level and heading == folded.strip():
            role = Role.HEADING
        if level == 1:
            top = heading
        lines.append(ReadLine(index, text, folded, "", role, level, number, heading, top))
    title = next((line.text.strip() for line in lines if line.role is Role.TITLE), "")
    return Reading(tuple(lines), title, _year(title, lines))


def _numbered(folded: str) -> tuple[int, int]:
    match = _NUMBER.match(folded)
    if not match:
        return 0, 0
    for level in (1, 2, 3, 4):
        if found := match[level]:
            return level, int(found) if found.isdigit() else _chinese(found)
    return 0, 0


def _chinese(text: str) -> int:
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")}
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (digits.get(tens, 1) if tens else 1) * 10 + (digits.get(ones, 0) if ones else 0)
    return digits.get(text, 0)


def _heading(folded: str) -> str:
    text = folded.strip()
    end = text.find("。")
    if end < 0:
        return text if len(text) <= 40 else ""
    return text[: end + 1] if end <= 40 else ""


def _is_title(folded: str) -> bool:
    text = folded.strip()
    return 4 <= len(text) <= 80 and not re.search(r"[，。；：]", text)


def _year(title: str, lines: Sequence[ReadLine]) -> int | None:
    """From the title, else from the opening or the first heading that names a year."""
    candidates = [fold(title)] if title else []
    candidates += [line.folded[:40] for line in lines[:3]] + [
        line.folded for line in lines if line.level == 1
    ][:1]
    for text in candidates:
        if match := re.search(r"((?:19|20)\d{2})年", text):
            return int(match[1])
    return None
