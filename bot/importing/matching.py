"""Which section of an outline a part of a report is, by the words of both.

No model and no list of synonyms: pairs of characters, weighted by how few of the outline's sections have them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.importing.structure import WrittenPart, beginning
from prompts.outline import Outline, Section

ENOUGH = 0.16  # likeness from which a part is taken for a section
HEADING_WEIGHT = 4  # a word of the heading counts as so many of the text
TEXT_READ = 1200  # characters of a part's text that are looked at
UNKNOWN = 0.3  # what a word weighs that no section of the outline has

_TEMPLATE_CODE = re.compile(r"\{[{%#].*?[}%#]\}", re.S)
_OFFICE_BEFORE = re.compile(r"^.*?(?=(?:19|20)\d{2}年|关于)")
_THIS_YEAR = re.compile(r"\{\{\s*year\s*\}\}年")
_NEXT_YEAR = re.compile(r"\{\{\s*next_year\s*\}\}年")
_AHEAD = r"(下一?步|下一?年度?|今后|明年)"
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_EMPTY_WORDS = re.compile(
    r"进一步|工作|情况|加强|建设|开展|推进|方面|以及|本单位|多少|哪些|每条|发一次|例如|主要|\d+年"
)


@dataclass(frozen=True)
class Matched:
    """A part and the section it is; `likeness` from 0, of parts with parts to 2, of others to 1."""

    part: WrittenPart
    section: str
    likeness: float


def match(
    parts: Sequence[WrittenPart],
    sections: Sequence[Section],
    outline: Outline,
    year: int | None,
    headings: Mapping[str, str] | None = None,
) -> list[Matched]:
    """The likeliest pairs, each part and each section once, the surest first.

    `year` is the one reported on. `headings` are those of the sections as they read in this report, if that is known.
    """
    if not parts or not sections:
        return []
    headings = headings or {}
    heads = [_of_section_heading(section, headings.get(section.id, "")) for section in sections]
    known = [head + _of_section(outline, section.id) for head, section in zip(heads, sections, strict=True)]
    rarity = _rarity(known)
    theirs = [_weighed(_of_part(part, year), rarity) for part in parts]
    ours = [_weighed(words, rarity) for words in known]

    def likeness(i: int, j: int) -> float:
        if parts[i].heading == headings.get(sections[j].id):
            return 1.0
        found = _likeness(theirs[i], ours[j])
        below = [section for section in outline.sections if section.parent == sections[j].id]
        if not below:
            return found
        inner = parts[i].parts
        if not inner:  # one point of many may have all the words of the section that the points belong to
            return _likeness(_weighed(_of_heading(parts[i], year), rarity), _weighed(heads[j], rarity))
        return found + sum(one.likeness for one in match(inner, below, outline, year)) / len(inner)

    pairs = [
        (likeness(i, j), -abs(i / len(parts) - j / len(sections)), i, j)
        for i in range(len(parts))
        for j in range(len(sections))
    ]
    found: list[Matched] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for score, _, i, j in sorted(pairs, reverse=True):
        if score < ENOUGH:
            break
        if i not in used[0] and j not in used[1]:
            found.append(Matched(parts[i], sections[j].id, score))
            used[0].add(i)
            used[1].add(j)
    return found


def kin(title: str, outlines: Sequence[Outline]) -> list[float]:
    """How much a report's title is like what each outline is for, from 0 to 1. Whose report it is says nothing."""
    named = [_pairs(outline.kind) + _pairs(outline.name) for outline in outlines]
    rarity = _rarity(named)
    words = _weighed(_pairs(_OFFICE_BEFORE.sub("", title)), rarity)
    return [_likeness(words, _weighed(names, rarity)) for names in named]


def _of_section_heading(section: Section, heading: str) -> Counter[str]:
    words = _weighted(heading or _TEMPLATE_CODE.sub("", section.heading_text))
    return words + _when(_NEXT_YEAR.sub("来年", _THIS_YEAR.sub("本年", section.heading_text)))


@lru_cache(maxsize=512)
def _of_section(outline: Outline, id: str) -> Counter[str]:
    """The words of a section's text and questions, and of the headings below it."""
    section = outline.section(id)
    assert section is not None
    words = _pairs(_EMPTY_WORDS.sub("", _TEMPLATE_CODE.sub("，", section.body)))
    for question in section.questions:
        words += _pairs(_EMPTY_WORDS.sub("", question.name))
        for option in question.options:
            words += _pairs(option if isinstance(option, str) else option.label)
    for below in outline.sections:
        if below.parent == id:
            words += _pairs(_EMPTY_WORDS.sub("", _TEMPLATE_CODE.sub("，", below.heading_text)))
    return words


def _of_heading(part: WrittenPart, year: int | None) -> Counter[str]:
    when = part.heading
    if year:
        when = when.replace(f"{year}年", "本年").replace(f"{year + 1}年", "来年")
    return _weighted(part.heading) + _when(when)


def _of_part(part: WrittenPart, year: int | None) -> Counter[str]:
    text = "\n".join(beginning(part.lines(), TEXT_READ))  # a long part says at its beginning what it is about
    return _of_heading(part, year) + _pairs(_EMPTY_WORDS.sub("", text))


def _when(heading: str) -> Counter[str]:
    """Whether a heading is about the year reported on or about the next: a word of its own, however it is written."""
    found = re.search("本年|(来年)|" + _AHEAD, heading)
    return Counter({"来年" if found[1] or found[2] else "本年": HEADING_WEIGHT}) if found else Counter()


def _weighted(heading: str) -> Counter[str]:
    pairs = _pairs(_EMPTY_WORDS.sub("", heading))
    return Counter({pair: count * HEADING_WEIGHT for pair, count in pairs.items()})


def _pairs(text: str) -> Counter[str]:
    return Counter(run[i : i + 2] for run in _CHINESE.findall(text) for i in range(len(run) - 1))


def _rarity(known: Iterable[Counter[str]]) -> dict[str, float]:
    every = list(known)
    seen = Counter(pair for words in every for pair in words)
    return {pair: math.log(1 + len(every) / count) for pair, count in seen.items()}


def _weighed(words: Counter[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """The words as a vector of length 1."""
    weights = {pair: math.sqrt(count) * rarity.get(pair, UNKNOWN) for pair, count in words.items()}
    size = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {pair: weight / size for pair, weight in weights.items()} if size else {}


def _likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    small, large = sorted((one, other), key=len)
    return sum(weight * large[pair] for pair, weight in small.items() if pair in large)
