"""What a finished report consists of, told from how its lines look: title, addressee, numbered parts, signature, date.

Nothing is thrown away: every line of the file is in one of the fields of `WrittenReport`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.importing.headings import Heading, headings_of, starts_numbered
from bot.importing.residue import without_residue
from bot.incoming import Written
from prompts.answers import Refused
from prompts.answers.dates import parse_date
from prompts.normalise import fold, widened

LONGEST_TITLE = 60
HEAD = 12  # lines from the beginning in which title and addressee are looked for
TAIL = 14  # lines from the end in which signature and date are looked for
MOST_SIBLINGS = 60  # headings in a row; 99 can be numbered

_YEAR = r"(?:(?:19|20)\d{2}|[二〇零○OoО0一三四五六七八九]{4})"
_SMALL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DATE = re.compile(
    rf"{_YEAR}\s*年\s*{_SMALL}\s*月\s*{_SMALL}\s*日|(?:19|20)\d{{2}}([-./])\d{{1,2}}\1\d{{1,2}}"
)
_ROUND = str.maketrans("零○OoО0", "〇〇〇〇〇〇")
_OFFICE = re.compile(
    r"(?:政府|办事处|委员会|工委|党委|党组|局|委|办|办公室|厅|部|处|科|室|院|所|站|队|支队|中心|公司|学校|大学|学院|中学|小学|银行|协会|联合会|团|社|馆|组|村|社区|班子)"
    r"(?:（[\u4e00-\u9fff]{1,12}）)?$"
)
_ADDRESSEE = re.compile(r"[\u4e00-\u9fff、，（）《》“”·\d]{2,80}：")
_NO_ADDRESSEE = re.compile(r"^(?:现|根据|按照)|如下：$|报告：$|汇报：$|总结：$")
_NOTE = re.compile(r"（[^（）]{2,40}）")
_IMPRINT = re.compile(r"(?:抄送|主送|分送|抄报)：|.{2,30}(?:19|20)\d{2}年\d{1,2}月\d{1,2}日印发")
_DOCUMENT_NUMBER = re.compile(r".{1,12}[〔\[（]\d{4}[〕\]）]第?\d+号")
_KIND = r"(?:报告|总结|计划|情况|要点|汇报|方案|安排)"


def beginning(lines: Iterable[str], size: int) -> list[str]:
    """The lines that hold the first `size` characters, the last of them cut there."""
    found: list[str] = []
    for line in lines:
        if size <= 0:
            break
        found.append(line[:size])
        size -= len(line)
    return found


@dataclass
class WrittenPart:
    """A heading and what stands below it. `number` is the heading's, as written.

    `first` is its line as written. `joined` says that the first paragraph stands on that line too, `run_in` that it
    follows the heading there after a 。.
    """

    number: str
    heading: str
    first: str
    joined: bool = False
    run_in: bool = False
    paragraphs: list[str] = field(default_factory=list)
    parts: list[WrittenPart] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Everything below the heading, as it was written."""
        yield from self.paragraphs
        for part in self.parts:
            yield from part.whole()

    def whole(self) -> Iterator[str]:
        """The heading's line too."""
        yield self.first
        yield from self.paragraphs[1:] if self.joined else self.paragraphs
        for part in self.parts:
            yield from part.whole()

    @property
    def text(self) -> str:
        return "\n".join(self.lines())


@dataclass(frozen=True)
class WrittenReport:
    """A report as its file has it. `signed` are the lines that hold signature and date, as they were written.

    `left_out` are lines that belong to the web page it was copied from.
    """

    title: str = ""
    subtitle: tuple[str, ...] = ()
    addressee: str = ""
    opening: tuple[str, ...] = ()
    parts: tuple[WrittenPart, ...] = ()
    signature: str = ""
    date: datetime.date | None = None
    signed: tuple[str, ...] = ()
    note: str = ""
    trailing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year reported on: from the title, else from the headings (the plan's year comes last), else the text."""
        texts = [
            self.title,
            *(part.heading for part in self.parts),
            *(text[:40] for text in self.opening[:2]),
        ]
        for text in texts:
            if match := re.search(r"((?:19|20)\d{2})年", fold(text)):
                return int(match[1])
        return self.date.year - 1 if self.date else None

    @property
    def text(self) -> str:
        """Everything between addressee and signature."""
        return "\n".join([*self.opening, *(line for part in self.parts for line in part.whole())])

    def last_lines(self) -> list[str]:
        """The paragraphs at the very end of the text, below the last heading."""
        if not self.parts:
            return list(self.opening)
        last = self.parts[-1]
        while last.parts:
            last = last.parts[-1]
        return last.paragraphs[1:] if last.joined else list(last.paragraphs)

    def without_last(self, count: int) -> WrittenReport:
        """The report less as many of `last_lines`."""
        if not self.parts:
            return replace(self, opening=self.opening[:-count])
        return replace(self, parts=(*self.parts[:-1], _without_last(self.parts[-1], count)))


def _without_last(part: WrittenPart, count: int) -> WrittenPart:
    if part.parts:
        return replace(part, parts=[*part.parts[:-1], _without_last(part.parts[-1], count)])
    return replace(part, paragraphs=part.paragraphs[:-count])


def is_office(text: str) -> bool:
    """Whether a text ends as the names of offices do."""
    return _OFFICE.search(text) is not None


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing else."""
    return _DATE.fullmatch(fold(text).strip()) is not None


def read_report(lines: Sequence[Written]) -> WrittenReport:
    """What each line is."""
    kept, left_out = without_residue(lines)
    kept, end = _ending(kept)
    begin = _beginning(kept)
    opening, parts = _body(kept[begin.lines :])
    return WrittenReport(
        title=begin.title,
        subtitle=tuple(begin.subtitle),
        addressee=begin.addressee,
        opening=tuple(opening),
        parts=tuple(parts),
        signature=end.signature,
        date=end.date,
        signed=end.signed,
        note=end.note,
        trailing=tuple(end.trailing),
        left_out=tuple(left_out),
    )


# the end


@dataclass
class _Ending:
    signature: str = ""
    date: datetime.date | None = None
    signed: tuple[str, ...] = ()
    note: str = ""
    trailing: list[str] = field(default_factory=list)


def _ending(lines: list[Written]) -> tuple[list[Written], _Ending]:
    """Signature, date and what follows them, taken off the end."""
    folded = [fold(line.text[: 2 * LONGEST_TITLE]) for line in lines]
    at = _date_line(lines, folded)
    if at is None:
        return _signature_alone(lines, folded)
    match = _DATE.search(folded[at])
    assert match
    start, end = at, at + 1
    names = [lines[at].text[: match.start()].strip(" \t\u3000")]
    if not names[0]:
        while start > 1 and at - start < 3 and _is_office(lines[start - 1], folded[start - 1]):
            start -= 1
        if start == at and start > 1 and _is_person(lines[start - 1], folded[start - 1]):
            start -= 1
        if start == at and end < len(lines) and _is_office(lines[end], folded[end]):
            end += 1  # some put the date first
        names = [line.text for line in (*lines[start:at], *lines[at + 1 : end])]
    found = _Ending(
        "、".join(filter(None, names)), _day(match.group()), tuple(line.text for line in lines[start:end])
    )
    for line in lines[end:]:
        text = widened(line.text)
        if not found.note and _NOTE.fullmatch(text):
            found.note = text[1:-1]
        else:
            found.trailing.append(line.text)
    return lines[:start], found


def _date_line(lines: Sequence[Written], folded: Sequence[str]) -> int | None:
    """The line with the date: near the end, or before an annex, where an office stands above it."""
    for i in range(len(lines) - 1, 1, -1):
        near = i >= len(lines) - TAIL
        if (match := _dated(lines[i], folded[i])) is None:
            continue
        signed = bool(_OFFICE.search(folded[i][: match.start()].strip())) or _is_office(
            lines[i - 1], folded[i - 1]
        )
        if signed or (near and match[1] is None):
            return i
    return None


def _dated(line: Written, folded: str) -> re.Match[str] | None:
    """The date of a line that is nothing but a name and a date."""
    if len(folded) > 60 or line.row or starts_numbered(folded):
        return None
    match = _DATE.search(folded)
    if match is None or match.end() != len(folded) or re.search(r"[，。；：]", folded):
        return None
    before = folded[: match.start()].strip()
    return match if not before or _OFFICE.search(before) or len(before) <= 4 else None


def _signature_alone(lines: list[Written], folded: Sequence[str]) -> tuple[list[Written], _Ending]:
    """An office below the text, and no date."""
    if (
        len(lines) > 2
        and len(folded[-1]) > 4
        and _is_office(lines[-1], folded[-1])
        and lines[-2].text.endswith("。")
    ):
        return lines[:-1], _Ending(lines[-1].text, None, (lines[-1].text,))
    return lines, _Ending()


def _is_office(line: Written, folded: str) -> bool:
    return (
        len(folded) <= 40
        and not (line.row or line.level or starts_numbered(folded))
        and not re.search(r"[，。；：！？]", folded)
        and _OFFICE.search(folded) is not None
    )


def _is_person(line: Written, folded: str) -> bool:
    return (
        not (line.row or line.level)
        and re.fullmatch(r"(?!附件)[\u4e00-\u9fff·]{1,4}(?:\s[\u4e00-\u9fff])?", folded) is not None
    )


def _day(text: str) -> datetime.date | None:
    year, mark, rest = re.sub(r"\s", "", text).partition("年")
    if mark and not year.isdigit():
        year = year.translate(_ROUND)
    try:
        value = parse_date(f"{year}{mark}{rest}", datetime.date(2000, 1, 1)).value
    except Refused:
        return None
    return value if isinstance(value, datetime.date) else None


# the beginning


@dataclass
class _Beginning:
    """`lines` are those that it takes up."""

    title: str = ""
    subtitle: list[str] = field(default_factory=list)
    addressee: str = ""
    lines: int = 0


def _beginning(lines: Sequence[Written]) -> _Beginning:
    """Title, what stands below it in the middle of the line, and addressee."""
    found = _Beginning()
    title: list[str] = []
    before: list[str] = []
    for i, line in enumerate(lines[:HEAD]):
        text = fold(line.text[: 2 * LONGEST_TITLE])
        if _ADDRESSEE.fullmatch(text) and not _NO_ADDRESSEE.search(text) and not starts_numbered(text):
            found.addressee = line.text[:-1]
            found.lines = i + 1
            break
        if not title and (_DOCUMENT_NUMBER.fullmatch(text) or _IMPRINT.match(text)):
            before.append(line.text)
        elif title and _belongs_below(line, text, found.subtitle):
            found.subtitle.append(line.text)
        elif not found.subtitle and _could_be_title(line, text, title, lines[i + 1 :]):
            title.append(line.text)
        else:
            break
        found.lines = i + 1
    found.title = widened("".join(title)).rstrip("。")
    found.subtitle = [*before, *found.subtitle]
    return found


def _could_be_title(line: Written, folded: str, so_far: Sequence[str], rest: Sequence[Written]) -> bool:
    whole = so_far and re.search(rf"{_KIND}$", fold(so_far[-1])) and not re.fullmatch(rf"的?{_KIND}", folded)
    if (
        whole
        or line.row
        or len(folded) + sum(map(len, so_far)) > LONGEST_TITLE
        or re.search(r"[。；：！？]|，$", folded)
        or starts_numbered(folded)
    ):
        return False
    if re.search(rf"{_KIND}(?:（.{{2,12}}）)?$", folded):
        return True
    # A heading's style that others have too, or a heading in front of its text, is no title.
    return not (line.level and any(other.level == line.level for other in rest))


def _belongs_below(line: Written, folded: str, so_far: Sequence[str]) -> bool:
    """——2024年1月10日在…会议上, office and name of the speaker, a date or a document's number in brackets."""
    if line.level or line.row or len(folded) > 60 or starts_numbered(folded):
        return False
    if re.match(r"(?:——|--|—)\s*\S", folded) or _NOTE.fullmatch(folded) or _DOCUMENT_NUMBER.fullmatch(folded):
        return True
    if re.search(r"[，。；：！？]", folded):
        return False
    if is_office(folded) or ((match := _DATE.search(folded)) and match.end() == len(folded)):
        return True
    speaker = r"[\u4e00-\u9fff]{1,20}(?:长|主任|书记|局长|主席)\s*[\u4e00-\u9fff·]{1,4}(?:\s[\u4e00-\u9fff])?"
    return bool(so_far) and (re.fullmatch(speaker, folded) is not None or len(folded) <= 4)


# what stands between


def _body(lines: Sequence[Written]) -> tuple[list[str], list[WrittenPart]]:
    """The text before the first heading, and the parts with theirs."""
    top = _Node()
    path = [top]
    for line, heading in zip(lines, headings_of(lines), strict=True):
        if heading is None:
            path[-1].lines.append(line.text)
            continue
        while len(path) > 1 and path[-1].rank >= heading.rank:
            path.pop()
        node = _Node(line.text, heading, heading.rank)
        path[-1].below.append(node)
        path.append(node)
    _settle(top)
    return top.lines, [_part(node) for node in top.below]


@dataclass
class _Node:
    """A line that may be a heading, the lines below it, and such lines below it in turn."""

    text: str = ""
    heading: Heading | None = None
    rank: float = -100
    lines: list[str] = field(default_factory=list)
    below: list[_Node] = field(default_factory=list)

    def whole(self) -> Iterator[str]:
        yield self.text
        yield from self.lines
        for node in self.below:
            yield from node.whole()


def _settle(node: _Node) -> None:
    """Lines that only looked like headings become text again, always with all that are numbered in a row with them.

    A draft numbers its headings itself: a number that stayed in the text would be counted a second time.
    """
    for below in node.below:
        _settle(below)
    if not node.below:
        return
    first = min(below.rank for below in node.below)
    early = next(i for i, below in enumerate(node.below) if below.rank == first)
    row = node.below[early:]
    keep = early if _are_headings(row, top=node.heading is None) else len(node.below)
    node.lines.extend(text for below in node.below[:keep] for text in below.whole())
    node.below = node.below[keep:]


def _are_headings(row: Sequence[_Node], *, top: bool) -> bool:
    """Whether lines in a row are headings rather than points of a list, or paragraphs that happen to be numbered."""
    good = 0
    for node in row:
        heading = node.heading
        assert heading is not None
        if heading.too_long:
            return False
        has_text = bool(heading.rest or node.lines or node.below)
        good += heading.good and (has_text or (top and not heading.stopped))
    return len(row) <= MOST_SIBLINGS and 2 * good >= len(row)


def _part(node: _Node) -> WrittenPart:
    heading = node.heading
    assert heading is not None
    text = heading.text
    if heading.stopped and not heading.rest and not node.lines and not node.below:
        text += "。"  # a sentence of its own among headings
    return WrittenPart(
        number=heading.number,
        heading=text,
        first=node.text,
        joined=bool(heading.rest),
        run_in=bool(heading.rest) and heading.stopped,
        paragraphs=[heading.rest, *node.lines] if heading.rest else node.lines,
        parts=[_part(below) for below in node.below],
    )
