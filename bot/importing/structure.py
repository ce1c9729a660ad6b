"""What a finished report consists of, told from how its lines look: title, addressee, numbered parts, signature, date.

Nothing is thrown away: every line of the file is in one of the fields of `WrittenReport`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.incoming import Written
from prompts.answers import Refused
from prompts.answers.dates import parse_date
from prompts.normalise import fold, widened

LONGEST_HEADING = {1: 45, 2: 45, 3: 30, 4: 30}  # characters up to its 。; what is longer is a paragraph
LONGEST_TITLE = 60
TAIL = 14  # lines from the end in which signature and date are looked for

_NUMBER = re.compile(
    r"(?:第?([一二三四五六七八九十]{1,3})(?:、|部分[、：\s]?)|（([一二三四五六七八九十]{1,3})）[、.．]?|(\d{1,2})[.．、](?!\d)"
    r"|（(\d{1,2})）[、.．]?)\s*"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}年\d{1,2}月\d{1,2}日|[二〇零○一三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
)
_ADDRESSEE = re.compile(r"[\u4e00-\u9fff、，（）《》·]{2,80}：")
_RESIDUE = re.compile(
    r"扫一扫|二维码|朋友圈|分享(?:到|至)|打印(?:本页|此页|本文)|关闭(?:窗口|本页)|上一篇|下一篇|版权所有|责任编辑|浏览次数|访问量|点击数"
    r"|字体[：:大]|【?(?:大|中|小)】?\s*【?(?:大|中|小)|微信里|^首页|当前位置|网站地图|ICP备|^\s*(?:来源|发布时间|发布日期|索引号|发布机构|信息来源|作者)[：:]"
)  # fmt: skip
_NOTE = re.compile(r"（[^（）]{2,40}）")
_IMPRINT = re.compile(r"(?:抄送|主送|分送)：|.{2,30}(?:19|20)\d{2}年\d{1,2}月\d{1,2}日印发")


@dataclass
class WrittenPart:
    """A heading and what stands below it. `number` is as written; `run_in` says that text follows on its line."""

    level: int
    number: str
    heading: str
    run_in: bool = False
    paragraphs: list[str] = field(default_factory=list)
    parts: list[WrittenPart] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Everything below the heading, as it was written."""
        yield from self.paragraphs
        for part in self.parts:
            yield from part.whole()

    def whole(self) -> Iterator[str]:
        """The heading too, with its number."""
        head = f"{self.number}{self.heading}"
        if self.run_in and self.paragraphs:
            yield f"{head}。{self.paragraphs[0]}"
            yield from self.paragraphs[1:]
        else:
            yield head
            yield from self.paragraphs
        for part in self.parts:
            yield from part.whole()

    @property
    def text(self) -> str:
        return "\n".join(self.lines())


@dataclass(frozen=True)
class WrittenReport:
    """A report as its file has it. `left_out` are lines that belong to the web page it was copied from."""

    title: str = ""
    subtitle: tuple[str, ...] = ()
    addressee: str = ""
    opening: tuple[str, ...] = ()
    parts: tuple[WrittenPart, ...] = ()
    signature: str = ""
    date: datetime.date | None = None
    note: str = ""
    trailing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year reported on, from the title, else from the opening or the first heading."""
        candidates = [
            self.title,
            *(text[:40] for text in self.opening[:2]),
            *(p.heading for p in self.parts[:1]),
        ]
        for text in candidates:
            if match := re.search(r"((?:19|20)\d{2})年", fold(text)):
                return int(match[1])
        return self.date.year - 1 if self.date else None


def read_report(lines: Sequence[Written]) -> WrittenReport:
    """What each line is."""
    kept: list[Written] = []
    left_out: list[str] = []
    for line in (Written(line.text.strip(" \t\u3000\xa0\ufeff"), line.level) for line in lines):
        if not line.text:
            continue
        if len(line.text) < 80 and _RESIDUE.search(line.text):
            left_out.append(line.text)
        else:
            kept.append(line)
    kept, end = _ending(kept)
    title, subtitle, addressee, rest, between = _beginning(kept)
    opening, parts = _body(rest)
    trailing = (*end.trailing, *between)
    return WrittenReport(
        title, subtitle, addressee, tuple(opening), tuple(parts), end.signature, end.date, end.note, trailing, tuple(left_out)
    )  # fmt: skip


@dataclass
class _Ending:
    signature: str = ""
    date: datetime.date | None = None
    note: str = ""
    trailing: tuple[str, ...] = ()


def _ending(lines: list[Written]) -> tuple[list[Written], _Ending]:
    """Signature, date and what follows them, taken off the end."""
    folded = [fold(line.text) for line in lines]
    at = next(
        (i for i in range(len(lines) - 1, max(-1, len(lines) - 1 - TAIL), -1) if _is_date(folded[i])), None
    )
    if at is None or at < 2:
        return lines, _Ending()
    match = _DATE.search(folded[at])
    assert match
    name = lines[at].text[: match.start()].strip(" \u3000")
    start = at
    while not name and start > 1 and _is_name(folded[start - 1]) and at - start < 3:
        start -= 1
    signature = name or "、".join(line.text.strip() for line in lines[start:at])
    note, trailing = "", []
    for line in lines[at + 1 :]:
        text = widened(line.text)
        if not note and _NOTE.fullmatch(text):
            note = text[1:-1]
        else:
            trailing.append(line.text)
    return lines[:start], _Ending(signature, _day(match.group()), note, tuple(trailing))


def _is_date(folded: str) -> bool:
    """Whether a line ends with a date and is nothing but a name and a date."""
    match = _DATE.search(folded)
    if match is None or match.end() != len(folded) or len(folded) > 60:
        return False
    return not re.search(r"[，。；：]", folded)


def _is_name(folded: str) -> bool:
    return len(folded) <= 40 and not re.search(r"[，。；：！？]", folded) and not _NUMBER.match(folded)


def _day(text: str) -> datetime.date | None:
    try:
        value = parse_date(text.replace("○", "〇"), datetime.date(2000, 1, 1)).value
    except Refused:
        return None
    return value if isinstance(value, datetime.date) else None


def _beginning(
    lines: list[Written],
) -> tuple[str, tuple[str, ...], str, list[Written], tuple[str, ...]]:
    """Title, subtitle, addressee; the rest; and what stood between them and is none of these."""
    title: list[str] = []
    subtitle: list[str] = []
    odd: list[str] = []
    position = 0
    while position < len(lines) and position < 12:
        text = fold(lines[position].text)
        if re.match(r"(?:——|--|—)\s*\S", text):
            subtitle.append(lines[position].text)
        elif _ADDRESSEE.fullmatch(text):
            return (
                _titled(title),
                tuple(subtitle),
                lines[position].text[:-1],
                lines[position + 1 :],
                tuple(odd),
            )
        elif _IMPRINT.match(text) or re.fullmatch(r".{1,12}〔\d{4}〕\d+号", text):
            odd.append(lines[position].text)
        elif _could_be_title(text, title):
            title.append(lines[position].text)
        elif title and _NOTE.fullmatch(text):
            subtitle.append(lines[position].text)
        else:
            break
        position += 1
    return _titled(title), tuple(subtitle), "", lines[position:], tuple(odd)


def _titled(lines: list[str]) -> str:
    return widened("".join(lines)).rstrip("。")


def _could_be_title(folded: str, so_far: list[str]) -> bool:
    return (
        len(folded) + sum(map(len, so_far)) <= LONGEST_TITLE
        and not re.search(r"[，。；：！？]", folded)
        and not _NUMBER.match(folded)
        and not (so_far and re.search(r"(?:报告|总结|计划|情况)$", so_far[-1]))
    )


def _body(lines: list[Written]) -> tuple[list[str], list[WrittenPart]]:
    styled = sorted({line.level for line in lines if line.level and not _NUMBER.match(fold(line.text))})
    opening: list[str] = []
    top: list[WrittenPart] = []
    path: list[WrittenPart] = []
    for line in lines:
        part = _part(line, styled)
        if part is None:
            (path[-1].paragraphs if path and not path[-1].parts else _loose(path, opening)).append(line.text)
            continue
        while path and path[-1].level >= part.level:
            path.pop()
        (path[-1].parts if path else top).append(part)
        path.append(part)
    return opening, top


def _loose(path: list[WrittenPart], opening: list[str]) -> list[str]:
    return path[-1].paragraphs if path else opening


def _part(line: Written, styled: list[int]) -> WrittenPart | None:
    """The part that a line begins, or None for a paragraph."""
    folded = fold(line.text)
    match = _NUMBER.match(folded)
    level = next((i for i in (1, 2, 3, 4) if match and match[i]), 0)
    if not level and line.level:
        level = styled.index(line.level) + 1
    if not level or level > 4:
        return None
    begin = match.end() if match else 0
    end = folded.find("。", begin)
    heading_end = end if end >= 0 else len(folded)
    if not 0 < heading_end - begin <= LONGEST_HEADING[level] or (end < 0 and re.search(r"[；：]$", folded)):
        return None
    heading = widened(line.text[begin:heading_end]).strip()
    rest = line.text[end + 1 :].strip() if end >= 0 else ""
    if re.search(r"[；！？]", heading):
        return None
    return WrittenPart(level, widened(line.text[:begin].strip()), heading, bool(rest), [rest] if rest else [])
