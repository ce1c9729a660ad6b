"""The figures of a text: what is counted, how many, in which unit, and whether they agree with each other.

Only arithmetic is called an error, and only where it is plain which figures belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.review.finding import Finding
from bot.review.reading import Reading, ReadLine
from prompts.draft import Role
from prompts.rules import Level

_UNITS = (
    "人次", "场次", "批次", "户次", "个百分点", "万元", "亿元", "千瓦", "公里", "平方米", "立方米", "公顷", "亩", "吨", "件", "起",
    "条", "份", "场", "次", "人", "名", "个", "处", "户", "家", "项", "块", "期", "批", "宗", "天", "元", "册", "幅", "张", "部",
    "支", "所", "辆", "台", "套", "篇", "例", "位", "座", "笔",
)  # fmt: skip
UNIT = "|".join(_UNITS)
_FIGURE = re.compile(
    rf"(?P<before>大?约|将?近|超过|逾|不足|至少)?(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)(?P<scale>[万亿])?"
    rf"(?P<after>余|多)?(?P<unit>{UNIT}|%)?(?P<late>余|多)?"
)
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}
_RATE = re.compile(
    r"(?P<stem>[\u4e00-\u9fff]{2,8}?)率(?:均?(?:为|达到?|是|保持|实现|稳定在|均达)?(?:了|到)?)?(?P<number>\d+(?:\.\d+)?)%"
)
_TOTALS = re.compile(
    r"共|总|受理|排查|摸排|接[待到收访报]|收到|登记|发现|应|全部|办理|上报|排出|新增|核查|检查出|查出"
)
PARTS = 200  # characters in which the parts of a whole are looked for
WORDS = 40  # characters in front of a figure that can say what it counts
MAX_APART = 90  # characters between a count and the rate that follows it


@dataclass(frozen=True)
class Mention:
    """A figure where it stands. `amount` is the figure itself; `vague` says that it is qualified (约, 余)."""

    line: int
    start: int
    end: int
    amount: Decimal
    unit: str
    vague: bool
    before: str  # the words in front of it, back to the last punctuation mark
    round: bool


def mentions(line: ReadLine) -> list[Mention]:
    """Every figure with a unit in a line, in order."""
    found = []
    for match in _FIGURE.finditer(line.folded):
        unit = match["unit"] or ""
        if not unit or line.folded[match.start() - 1 : match.start()] in (".", "·"):
            continue
        number = Decimal(match["number"].replace(",", ""))
        before = re.split(r"[，。；：、（）“”]", line.folded[max(0, match.start() - WORDS) : match.start()])[
            -1
        ]
        after = match["after"] or match["late"]
        found.append(
            Mention(
                line.index,
                match.start(),
                match.end(),
                number * _SCALES[match["scale"] or ""],
                unit,
                bool(match["before"] or after),
                before,
                bool(match["scale"]) or number % 10 == 0,
            )
        )
    return found


def check_figures(reading: Reading) -> Iterator[Finding]:
    """Everything about figures that can be told from the text alone."""
    every = {line.index: mentions(line) for line in reading.lines if line.role is not Role.TABLE}
    for line in reading.lines:
        found = every.get(line.index, [])
        yield from _not_round(line, found)
        yield from _run_together(line)
        yield from _rates(line, found)
        yield from _parts(line, found)
        yield from _people_times(line)
    yield from _two_units(reading, every)
    yield from _two_numbers(reading, every)
    yield from _full_rate(reading)


def _finding(
    line: ReadLine, rule: str, level: Level, kind: str, start: int, end: int, reason: str, mend: str | None = None, advice: str = ""
) -> Finding:  # fmt: skip
    return Finding(
        rule, level, kind, line.index, start, line.text[start:end], reason, mend, advice, line.section
    )


def _not_round(line: ReadLine, found: Sequence[Mention]) -> Iterator[Finding]:
    for mention in found:
        text = line.folded[mention.start : mention.end]
        if "余" in text and not mention.round and mention.amount >= 10:
            exact = text.replace("余", "")
            rounded = f"{mention.amount // 10 * 10:f}余{mention.unit}"
            yield _finding(
                line, "not-round", Level.MUST, "数字", mention.start, mention.end,
                "“余”只跟在整数后面（GB/T 15835—2011），精确的数后面不用。", None, f"{exact}（或{rounded}）",
            )  # fmt: skip


_RUN = re.compile(
    rf"(\d+余?个[\u4e00-\u9fff]{{1,5}})(\d+余?个[\u4e00-\u9fff]{{1,6}}?)(?=[，。；、）]|$)"
    rf"|(\d+余?(?P<unit>{UNIT})[\u4e00-\u9fff]{{2,4}})(\d+余?(?P=unit)[\u4e00-\u9fff]{{0,4}}?)(?=[，。；、）]|$)"
)
_JOINED = re.compile(r"[和及与共为达占的至到比较由从每第约近均各有是含]")


def _run_together(line: ReadLine) -> Iterator[Finding]:
    for match in _RUN.finditer(line.folded):
        first, second = (match[1], match[2]) if match[1] else (match[3], match[5])
        if _JOINED.search(first):
            continue
        yield _finding(
            line, "run-together", Level.MUST, "漏标点", match.start(), match.end(), "两个并列的数量之间缺顿号。", f"{first}、{second}"
        )  # fmt: skip


_TIMES = re.compile(
    r"(?:清单|任务|资料|标语|横幅|展板|文件|文书|案卷|隐患|数据)(?:共|达|约|近)?\d[\d,.]*万?余?人次"
)


def _people_times(line: ReadLine) -> Iterator[Finding]:
    for match in _TIMES.finditer(line.folded):
        yield _finding(
            line, "two-units", Level.MUST, "量词不当", match.start(), match.end(), "“人次”数的是人，不能数事物。", None,
            "改用“条”“件”“份”等，请核实数字",
        )  # fmt: skip


def _rates(line: ReadLine, found: Sequence[Mention]) -> Iterator[Finding]:
    """A rate against the two counts in front of it: what was done, and of how many."""
    for match in _RATE.finditer(line.folded):
        pair = _counts_of(match["stem"][-2:], match.start(), line, found)
        if pair is None:
            continue
        done, total = pair
        percent = Decimal(match["number"])
        places = -int(percent.as_tuple().exponent) if "." in match["number"] else 0
        exact = done.amount * 100 / total.amount
        step = Decimal(1).scaleb(-places)
        if abs(exact - percent) < step and not (percent == 100 and exact < 100):
            continue
        shown = f"{exact.quantize(Decimal('0.1')):f}".removesuffix(".0")
        yield _finding(
            line, "rate", Level.MUST, "数字", match.start(), match.end(),
            f"{done.amount:f}÷{total.amount:f}＝{shown}%，与{match['number']}%不符。", None, f"{shown}%，请核对两个数",
        )  # fmt: skip


def _counts_of(
    stem: str, at: int, line: ReadLine, found: Sequence[Mention]
) -> tuple[Mention, Mention] | None:
    """The count that the rate names and the nearest total before it; None unless both are exact and plainly theirs."""
    before = [m for m in found if 0 <= at - m.end <= MAX_APART and m.unit != "%"]
    done = next(
        (m for m in reversed(before) if stem in m.before or stem in line.folded[m.end : m.end + 4]), None
    )
    if done is None or done.vague:
        return None
    clause = line.folded[: done.start]
    sentence = clause.rfind("。")
    total = next(
        (m for m in reversed(before) if m.end <= done.start and m.unit == done.unit and m.start > sentence),
        None,
    )
    if total is None or total.vague or not total.amount or total.amount < done.amount:
        return None
    if not _TOTALS.search(line.folded[max(0, total.start - 14) : total.start]):
        return None
    return done, total


def _parts(line: ReadLine, found: Sequence[Mention]) -> Iterator[Finding]:
    """共…，其中…、…: no part, and not all parts of one unit together, can be more than the whole."""
    for match in re.finditer(r"其中[：，]?", line.folded):
        end = re.search(r"[。；]|$", line.folded[match.end() : match.end() + PARTS])
        stop = match.end() + (end.start() if end else PARTS)
        whole = next(
            (m for m in reversed(found) if m.end <= match.start() and match.start() - m.end <= 12), None
        )
        if whole is None or whole.vague:
            continue
        parts = [m for m in found if match.end() <= m.start < stop and m.unit == whole.unit and not m.vague]
        text = line.folded[match.start() : stop]
        if parts and re.search(r"率|同比|较上年|增长|下降", text):
            parts = parts[:1]
        if parts and (parts[0].amount > whole.amount):
            yield _finding(
                line, "parts", Level.MUST, "数字", whole.start, parts[0].end,
                f"其中的一部分（{parts[0].amount:f}）比总数（{whole.amount:f}）还多。", None, "请核对",
            )  # fmt: skip


# Nouns that have one usual unit; counted in 个 beside it, one text counts one thing in two units.
_COUNTED = {"矛盾纠纷": "件", "信访事项": "件", "案件": "件", "纠纷": "件", "信访积案": "件", "投诉": "件"}


def _two_units(reading: Reading, every: dict[int, list[Mention]]) -> Iterator[Finding]:
    for line in reading.lines:
        for match in re.finditer(r"\d+余?个(矛盾纠纷|信访事项|信访积案|案件|纠纷|投诉)", line.folded):
            unit = _COUNTED[match[1]]
            others = [
                m
                for m in every.get(line.index, [])
                if m.unit in (unit, "起") and not m.start <= match.start() < m.end
            ]
            if others:
                text = match.group()
                yield _finding(
                    line, "two-units", Level.MUST, "量词不一", match.start(), match.end(),
                    f"同一事物前后用了“个”和“{others[0].unit}”。", text.replace("个", others[0].unit, 1),
                )  # fmt: skip


def _two_numbers(reading: Reading, every: dict[int, list[Mention]]) -> Iterator[Finding]:
    """The same words with two different numbers: one fact given twice. A year or a comparison beside it excuses it."""
    seen: dict[tuple[str, str], tuple[ReadLine, Mention]] = {}
    lines = {line.index: line for line in reading.lines}
    for index, found in every.items():
        line = lines[index]
        for mention in found:
            words = mention.before.strip()
            if (
                len(words) < 5
                or mention.vague
                or mention.unit == "%"
                or re.search(r"\d|其中|分别|上年|去年|同比", words)
            ):
                continue
            other = seen.setdefault((words[-8:], mention.unit), (line, mention))
            if other[1].amount != mention.amount and other[1] is not mention and other[0].top == line.top:
                start = mention.start - len(words)
                yield _finding(
                    line, "two-numbers", Level.DOUBT, "数字不一致", max(start, 0), mention.end,
                    f"“{words}”在前文是{other[1].amount:f}{mention.unit}。", None, "请核对两处",
                )  # fmt: skip


_SETTLED = re.compile(
    r"(?:成功)?(?:化解|办结|调处|调解成功|办理)(?:[\d,]+件[，、]?)?(?:，?(?:化解|办结|调处|调解成功|办理)率(?:达到?|为|均达)?100%)"
)
_OPEN = re.compile(r"上访|信访遗留|积案|老户|遗留问题|未能?化解|未得到|无法得到|越级")


def _full_rate(reading: Reading) -> Iterator[Finding]:
    """100 % settled above, and petitions still open among the shortcomings below."""
    short = [
        line for line in reading.lines if re.search(r"不足|问题|困难", line.top) and _OPEN.search(line.folded)
    ]
    if not short:
        return
    for line in reading.lines:
        if line.top == short[0].top or not re.search(r"信访|来信来访|来访|上访", line.folded):
            continue
        for match in _SETTLED.finditer(line.folded):
            yield _finding(
                line, "full-rate", Level.DOUBT, "事实矛盾", match.start(), match.end(),
                "这里写全部化解，后面的不足里又有没有解决的信访问题。", None, "请核实",
            )  # fmt: skip
