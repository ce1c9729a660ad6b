"""Which section of an outline a part of a report is, by the words of both.

No model and no list of synonyms: pairs of characters, weighted by how few of the outline's sections have them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.importing.structure import WrittenPart
from prompts.outline import Outline, Section

ENOUGH = 0.16  # likeness from which a part is taken for a section
HEADING_WEIGHT = 4  # a word of the heading counts as so many of the text
TEXT_READ = 1200  # characters of a part's text that are looked at

_TEMPLATE_CODE = re.compile(r"\{[{%#].*?[}%#]\}", re.S)
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_EMPTY_WORDS = re.compile(
    r"进一步|工作|情况|加强|建设|开展|推进|方面|以及|本单位|多少|哪些|每条|发一次|例如|主要|\d+年"
)


@dataclass(frozen=True)
class Matched:
    """A part and the section it is; `likeness` from 0 to 1."""

    part: WrittenPart
    section: str
    likeness: float


def match(parts: Sequence[WrittenPart], sections: Sequence[Section]) -> list[Matched]:
    """The likeliest pairs, each part and each section once, the surest first."""
    if not parts or not sections:
        return []
    known = [_of_section(section) for section in sections]
    rarity = _rarity(known)
    pairs = [
        (_likeness(_of_part(part), words, rarity), -abs(i / len(parts) - j / len(sections)), i, j)
        for i, part in enumerate(parts)
        for j, words in enumerate(known)
    ]
    found: list[Matched] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for likeness, _, i, j in sorted(pairs, reverse=True):
        if likeness < ENOUGH:
            break
        if i not in used[0] and j not in used[1]:
            found.append(Matched(parts[i], sections[j].id, likeness))
            used[0].add(i)
            used[1].add(j)
    return found


def kin(title: str, outline: Outline) -> float:
    """How much a report's title is like what an outline is for."""
    words = _pairs(_EMPTY_WORDS.sub("", title))
    names = _pairs(_EMPTY_WORDS.sub("", outline.kind + outline.name))
    return sum((words & names).values()) / max(1, sum(names.values()))


def _of_section(section: Section) -> Counter[str]:
    words = _weighted(_TEMPLATE_CODE.sub("", section.heading_text))
    for question in section.questions:
        words += _pairs(_EMPTY_WORDS.sub("", question.name))
        for option in question.options:
            words += _pairs(option if isinstance(option, str) else option.label)
    body = _TEMPLATE_CODE.sub("，", section.body)
    return words + _pairs(_EMPTY_WORDS.sub("", body))


def _of_part(part: WrittenPart) -> Counter[str]:
    return _weighted(part.heading) + _pairs(_EMPTY_WORDS.sub("", part.text[:TEXT_READ]))


def _weighted(heading: str) -> Counter[str]:
    pairs = _pairs(_EMPTY_WORDS.sub("", heading))
    return Counter({pair: count * HEADING_WEIGHT for pair, count in pairs.items()})


def _pairs(text: str) -> Counter[str]:
    return Counter(run[i : i + 2] for run in _CHINESE.findall(text) for i in range(len(run) - 1))


def _rarity(known: Iterable[Counter[str]]) -> dict[str, float]:
    every = list(known)
    seen = Counter(pair for words in every for pair in words)
    return {pair: math.log(1 + len(every) / count) for pair, count in seen.items()}


def _likeness(one: Counter[str], other: Counter[str], rarity: dict[str, float]) -> float:
    def weight(words: Counter[str], pair: str) -> float:
        return math.sqrt(words[pair]) * rarity.get(pair, 0.3)

    shared = sum(weight(one, pair) * weight(other, pair) for pair in one if pair in other)
    sizes = [math.sqrt(sum(weight(words, pair) ** 2 for pair in words)) for words in (one, other)]
    return shared / (sizes[0] * sizes[1]) if all(sizes) else 0.0
