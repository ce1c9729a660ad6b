"""Which lines of a report are headings, and which of them stand above which: by their numbers, or by their styles.

一、 （一） 1. （1） stand in this order whatever the report begins with; 第一部分 stands above them all, and so do styles
of lines without a number, unless lines of the same style have numbers. Where a report has neither, short lines alone
in front of long ones are its headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.incoming import Written
from prompts.normalise import fold, widened

LONGEST = {0: 45, 1: 45, 2: 45, 3: 30, 4: 30}  # characters of a heading, by the kind of its number
LONGEST_OF_ALL = 100  # what a heading can have in a row of others
PLAIN = 30  # characters of a heading that has neither number nor style
READ = 160  # characters of a line that tell whether it begins with a heading
PARAGRAPH = 40  # characters from which a line is the text below one

_C = r"[一二三四五六七八九十]{1,3}"
_NUMBER = re.compile(
    rf"(?:第({_C}|\d)(?:部分|章)[、：:]?|({_C})[、.]|[（(]\s*({_C})\s*[）)][、.]?|(\d{{1,2}})[.、](?=(?:19|20)\d\d年|\D)"
    r"|(?:[（(]\s*)?(\d{1,2})[）)][、.]?)\s*"
)
_WIDE_BLANK = re.compile(r"[ \u3000\xa0]{2,}|\t+|\u3000")
_PLAIN = -1.0  # the rank of headings without number and style


@dataclass(frozen=True)
class Heading:
    """A line that looks like a heading. The lower its `rank`, the higher it stands.

    `rest` is the text that follows on the line; `stopped` says that the heading ends with 。. `good` is whether it
    reads like a heading; one that does not may still be one in a row of others, unless it is `too_long`.
    """

    rank: float
    number: str
    text: str
    rest: str = ""
    stopped: bool = False
    good: bool = True
    too_long: bool = False


def starts_numbered(folded: str) -> bool:
    """Whether a folded line begins with a heading's number."""
    return _NUMBER.match(folded) is not None


def headings_of(lines: Sequence[Written]) -> list[Heading | None]:
    """Of each line the heading that it begins with, or None."""
    folded = [fold(line.text[:READ]) for line in lines]  # long texts take long
    kinds = [_kind(line, text) for line, text in zip(lines, folded, strict=True)]
    styled = _style_ranks(lines, kinds)
    plain = set() if any(kind is not None for kind in kinds) or styled else _plain(lines, folded)
    found: list[Heading | None] = []
    for i, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind is not None:
            found.append(_read(line.text, folded[i], float(kind)))
        elif line.level and not line.row:
            found.append(_read(line.text, folded[i], styled[line.level]))
        else:
            found.append(Heading(_PLAIN, "", widened(line.text)) if i in plain else None)
    return found


def _kind(line: Written, folded: str) -> int | None:
    """Which kind of number a line begins with: 0 for 第一部分, 1 to 4 for 一、 （一） 1. （1）."""
    match = None if line.row else _NUMBER.match(folded)
    if match is None or match.end() == len(folded):
        return None
    return next(kind for kind in range(5) if match[kind + 1])


def _style_ranks(lines: Sequence[Written], kinds: Sequence[int | None]) -> dict[int, float]:
    """The rank of each style: that of the numbers that its lines have, else above all numbers."""
    levels = {
        line.level
        for line, kind in zip(lines, kinds, strict=True)
        if line.level and kind is None and not line.row
    }
    numbered: dict[int, int] = {}
    for line, kind in zip(lines, kinds, strict=True):
        if line.level and kind is not None:
            numbered[line.level] = min(kind, numbered.get(line.level, 9))
    ranks = {}
    for level in levels:
        above = [other for other in numbered if other <= level]
        nearest = max(above, default=None)
        ranks[level] = float(level - 20) if nearest is None else numbered[nearest] + (level - nearest) / 10
    return ranks


def _read(text: str, folded: str, rank: float) -> Heading:
    match = _NUMBER.match(folded)
    begin = match.end() if match and rank >= 0 else 0
    number = widened(text[:begin].strip())
    longest = LONGEST.get(int(rank), LONGEST[1]) if rank >= 0 else LONGEST[1]
    stop = text.find("。", begin)
    end = stop if stop >= 0 else len(text)
    rest = text[end + 1 :].strip() if stop >= 0 else ""
    blank = _WIDE_BLANK.search(folded, begin)
    spaced = (
        blank is not None and begin < blank.start() < min(end, begin + longest) and len(folded) > PARAGRAPH
    )
    if spaced and blank is not None and not re.search(r"[；：]", folded[begin : blank.start()]):
        return Heading(rank, number, widened(text[begin : blank.start()]), text[blank.end() :].strip())
    if end - begin > READ:
        return Heading(rank, number, "", good=False, too_long=True)
    heading = widened(text[begin:end]).strip()
    good = 0 < len(heading) <= longest and not re.search(r"[；！？]|：$", heading)
    return Heading(rank, number, heading, rest, stop >= 0, good, not 0 < len(heading) <= LONGEST_OF_ALL)


def _plain(lines: Sequence[Written], folded: Sequence[str]) -> set[int]:
    """Lines that stand like headings: short, without a stop, alone in front of text; at least two of them."""

    def short(i: int) -> bool:
        return (
            2 < len(folded[i]) <= PLAIN
            and not lines[i].row
            and not re.search(r"[。；：！？]|[，、]$|^\W", folded[i])
        )

    found = {
        i for i in range(len(lines) - 1)
        if short(i) and len(folded[i + 1]) >= PARAGRAPH and "。" in lines[i + 1].text
    }  # fmt: skip
    return found if len(found) > 1 else set()
