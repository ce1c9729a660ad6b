"""What a whole text lacks or has twice: titles, numbering, pairs, the contents that the rule requires, years and dates."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator

from bot.review.finding import Finding
from bot.review.reading import Reading, ReadLine
from prompts.draft import Role
from prompts.rules import Level

LONG = 500  # characters: a paragraph longer than this and than three times the usual is hard to read
SHORT_SENTENCE = 16  # a sentence shorter than this may well stand twice
_PAIRS = {"（": "）", "《": "》", "“": "”", "〔": "〕", "【": "】"}


def check_lines(reading: Reading) -> Iterator[Finding]:
    """What can be told from a line by itself."""
    yield from _brackets(reading)
    yield from _day_names(reading)


def check_structure(reading: Reading) -> Iterator[Finding]:
    """Everything about the text as a whole."""
    yield from _half_width(reading)
    yield from _title(reading)
    yield from _numbering(reading)
    yield from _two_leaders(reading)
    yield from _repeated(reading)
    yield from _years(reading)
    yield from _long(reading)
    yield from _no_facts(reading)
    if _about_rule_of_law(reading):
        yield from _five_contents(reading)


def _whole(rule: str, level: Level, kind: str, reason: str, advice: str = "", line: int = 0) -> Finding:
    return Finding(rule, level, kind, line, 0, "", reason, None, advice)


def _at(
    line: ReadLine, rule: str, level: Level, kind: str, start: int, end: int, reason: str, advice: str
) -> Finding:
    return Finding(
        rule, level, kind, line.index, start, line.text[start:end], reason, None, advice, line.section
    )


def _half_width(reading: Reading) -> Iterator[Finding]:
    """Once for the whole, not for each of them: it is mended all at once."""
    counts: dict[str, int] = {}
    first = None
    for line in reading.lines:
        for given, folded in zip(line.text, line.folded, strict=True):
            if given != folded and given in ",:;?!()":
                counts[given] = counts.get(given, 0) + 1
                first = line.index if first is None else first
    if first is not None and sum(counts.values()) >= 3:
        total = "、".join(f"“{mark}”{count}个" for mark, count in counts.items())
        yield _whole(
            "half-width", Level.MUST, "标点", f"中文里用了半角标点：{total}。", "统一改为全角", first
        )


def _title(reading: Reading) -> Iterator[Finding]:
    body = [line for line in reading.lines if line.text.strip()]
    if len(body) < 3:
        return
    if not reading.title:
        yield _whole("no-title", Level.MUST, "缺标题", "全文没有标题（GB/T 9704—2012，7.3.1）。", "补标题")
    addressed = (
        reading.draft.addressee if reading.draft else any(line.role is Role.ADDRESSEE for line in body)
    )
    report = "报告" in reading.title or "报告如下" in reading.whole
    spoken = re.search(
        r"述职|述廉|述法|政府工作报告|总结|信息公开", reading.title
    )  # these are sent to nobody
    if report and not addressed and not spoken and not any("各位代表" in line.text for line in body[:4]):
        yield _whole(
            "no-addressee", Level.HINT, "缺主送机关", "上报稿应有主送机关；网上公开稿可以没有。", "上报前补上"
        )


def _numbering(reading: Reading) -> Iterator[Finding]:
    """Numbers in order: 一 二 三, starting again below each heading above."""
    expected = [0] * 5
    for line in reading.body:
        level = line.level
        if not level or not line.number:
            continue
        expected[level + 1 :] = [0] * (4 - level)
        if line.number != expected[level] + 1 and not (level >= 3 and line.number == 1):
            missing = line.number == expected[level] + 2
            if line.number > expected[level] or line.number == expected[level]:
                text = re.match(r"\s*[（(]?[一二三四五六七八九十\d]+[）)、.．]", line.text)
                end = text.end() if text else 1
                reason = (
                    "序号跳了一个。"
                    if missing
                    else "序号重复。"
                    if line.number == expected[level]
                    else "序号不连续。"
                )
                if expected[level] or line.number != 1:
                    yield _at(line, "numbering", Level.DOUBT, "序号", 0, end, reason, "请核对序号")
        expected[level] = line.number


def _brackets(reading: Reading) -> Iterator[Finding]:
    for line in reading.lines:
        stack: list[tuple[str, int]] = []
        for position, character in enumerate(line.folded):
            if character in _PAIRS:
                stack.append((_PAIRS[character], position))
            elif character in _PAIRS.values():
                if stack and stack[-1][0] == character:
                    stack.pop()
                else:
                    yield _at(
                        line,
                        "brackets",
                        Level.MUST,
                        "标点",
                        position,
                        position + 1,
                        f"“{character}”没有前一半。",
                        "补齐",
                    )
                    break
        else:
            if stack:
                _, position = stack[0]
                yield _at(
                    line, "brackets", Level.MUST, "标点", position, min(position + 8, len(line.text)),
                    f"“{line.folded[position]}”没有后一半。", "补齐",
                )  # fmt: skip


_DAY = re.compile(
    r"“(?P<m>1[0-2]|0?[1-9])(?P<dot>[.．·•・、\-－])(?P<d>3[01]|[12]\d|0?[1-9])(?P<close>”?)(?P<name>[\u4e00-\u9fff]{0,10}?(?:宣传日|日|周|月|节))?”?"
    r"|(?<![\d.])(?P<m2>1[0-2]|[1-9])(?P<dot2>[.．])(?P<d2>3[01]|[12]\d|[1-9])(?P<name2>(?:国际|世界|全国|国家)?(?:禁毒|宪法|消防|国家安全|安全教育|反邪教|消费者权益|防灾减灾|扫黄打非|法制宣传|法治宣传|知识产权|志愿者|残疾人)[\u4e00-\u9fff]{0,6}?(?:日|周|月))"
)


def _day_names(reading: Reading) -> Iterator[Finding]:
    """Month and day of a named day are parted by 间隔号, and the quotation marks hold only them (GB/T 15834, 4.14.3.5)."""
    for line in reading.lines:
        for match in _DAY.finditer(line.folded):
            month, day = match["m"] or match["m2"], match["d"] or match["d2"]
            dot, name = match["dot"] or match["dot2"], match["name"] or match["name2"] or ""
            wrong_dot = dot not in "·•・"
            wrong_quotes = bool(match["m"]) and not match["close"] and bool(name)
            if not (wrong_dot or wrong_quotes):
                continue
            reason = "月和日之间用间隔号“·”" if wrong_dot else ""
            if wrong_quotes or (match["m2"] and name):
                reason += ("，" if reason else "") + "引号只括月日"
            yield Finding(
                "day-names", Level.MUST, "日期名称", line.index, match.start(), line.text[match.start() : match.end()],
                f"{reason}（GB/T 15834—2011，4.14.3.5）。", None, f"“{month}·{day}”{name}", line.section,
            )  # fmt: skip


_LEADER = re.compile(r"由?([\u4e00-\u9fff、（）]{2,16}?)(?:担?任|为)(双)?组长")


def _two_leaders(reading: Reading) -> Iterator[Finding]:
    """One leading group, two leaders in two places."""
    known: dict[str, tuple[str, int]] = {}
    for line in reading.body:
        for start, sentence in line.sentences():
            group = re.search(r"([\u4e00-\u9fff]{4,12})领导小组", sentence)
            leader = _LEADER.search(sentence)
            if not group or not leader or leader[2]:
                continue
            who = re.split(r"[、，]|成立|组建|调整|由", leader[1])[-1]
            name = group[1][-6:]
            if name in known and who[-4:] != known[name][0][-4:] and known[name][1] != line.index:
                begin = start + leader.start(1) + len(leader[1]) - len(who)
                yield _at(
                    line, "two-leaders", Level.DOUBT, "前后不一", begin, start + leader.end(),
                    f"前文是“{known[name][0]}任组长”。", "请核对",
                )  # fmt: skip
            known.setdefault(name, (who, line.index))


def _repeated(reading: Reading) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for line in reading.body:
        for start, sentence in line.sentences():
            plain = re.sub(r"[\s，、。；：！？]", "", sentence)
            if len(plain) < SHORT_SENTENCE or "〔待填" in plain:
                continue
            if plain in seen:
                yield _at(
                    line, "repeated-sentence", Level.DOUBT, "重复", start, start + len(sentence),
                    "这句话前文已经写过。", "删去一处或改写",
                )  # fmt: skip
            seen.setdefault(plain, line.index)


def _years(reading: Reading) -> Iterator[Finding]:
    """The year in the headings, and the date at the end."""
    year = reading.year
    if year is None:
        return
    for line in reading.body:
        if line.level == 1 and (match := re.search(r"((?:19|20)\d{2})年", line.heading)):
            plan = re.search(
                r"打算|安排|计划|思路|任务|展望|目标|要点|重点工作|总体要求|下一?年", line.heading
            )
            right = year + 1 if plan else year
            if int(match[1]) != right and not re.search(r"—|以来|至", line.heading):
                at = line.folded.index(match[0])
                yield _at(
                    line, "report-year", Level.DOUBT, "年份", at, at + len(match[0]),
                    f"报告写的是{year}年，这里{'是下一年的安排，' if plan else ''}应为{right}年。", f"{right}年",
                )  # fmt: skip
    for line in reading.lines:
        if line.role is Role.DATE and (match := re.search(r"((?:19|20)\d{2})年(\d{1,2})月", line.folded)):
            written = int(match[1])
            if written not in (year, year + 1) or (written == year and int(match[2]) < 10):
                yield _at(
                    line, "closing-date", Level.DOUBT, "年份", match.start(), match.end(),
                    f"报告写的是{year}年，成文日期是{written}年{match[2]}月。", "请核对",
                )  # fmt: skip


def _long(reading: Reading) -> Iterator[Finding]:
    sizes = [len(line.text) for line in reading.body if len(line.text) > 40]
    if len(sizes) < 4:
        return
    usual = statistics.median(sizes)
    for line in reading.body:
        if len(line.text) > LONG and len(line.text) > 3 * usual:
            reason = f"这一段有{len(line.text)}字，其他段落一般{usual:.0f}字。"
            yield Finding(
                "long-paragraph",
                Level.HINT,
                "段落过长",
                line.index,
                0,
                "",
                reason,
                None,
                "拆成几段",
                line.section,
            )


_FACT = re.compile(r"\d|《|“|[一二三四五六七八九十两]+(?:次|项|个|件|场|名|支)")


def _no_facts(reading: Reading) -> Iterator[Finding]:
    """Sections on what was done that name no figure, date, document or activity; said once for all of them."""
    empty = [
        line.heading.strip().rstrip("。") or line.text[:12]
        for line in reading.body
        if line.level in (0, 2, 3)
        and re.search(r"工作开展|举措|成效|完成情况|主要工作|工作回顾|履责|履行", line.top)
        and len(line.text) > 80
        and not _FACT.search(re.sub(r"^（[一二三四五六七八九十]+）", "", line.folded))
    ]
    if empty:
        names = "；".join(empty[:6])
        yield _whole(
            "no-facts",
            Level.HINT,
            "缺少事实",
            f"这些段落没有数字、日期、文件或活动名称：{names}。",
            "补充能核对的事实",
        )


def _about_rule_of_law(reading: Reading) -> bool:
    head = reading.title + "".join(line.folded for line in reading.lines[:2])
    return bool(re.search(r"法治政府|依法行政", head)) and "报告" in head


_CONTENTS = (
    ("存在的不足和原因", r"不足|问题|困难|短板"),
    ("党政主要负责人履行推进法治建设第一责任人职责情况", r"第一责任人|履责|履职|主要负责人"),
    ("下一年度主要安排", r"安排|打算|计划|思路|下一步|下步|展望|重点工作"),
)


def _five_contents(reading: Reading) -> Iterator[Finding]:
    """What 《法治政府建设与责任落实督察工作规定》 asks of a yearly report; measures and results need no heading of that name."""
    headings = "\n".join(line.heading or line.top for line in reading.body if line.level in (1, 2))
    if not headings:
        return
    for name, pattern in _CONTENTS:
        if not re.search(pattern, headings) and not (
            name.startswith("党政") and "第一责任人" in reading.whole
        ):
            yield _whole(
                "five-contents", Level.DOUBT, "缺内容", f"没有“{name}”一项，这是规定的内容。", "补上"
            )
    shortcomings = [line for line in reading.body if re.search(r"不足|存在的问题|短板", line.top)]
    told = "".join(line.folded[len(line.heading) if line.level == 1 else 0 :] for line in shortcomings)
    if shortcomings and not re.search(r"原因|根源|主要在于|究其|症结", told):
        yield _whole(
            "no-causes", Level.DOUBT, "缺原因", "规定要求写“不足和原因”，这一部分只写了不足。", "补写原因", shortcomings[0].index
        )  # fmt: skip
    if "习近平法治思想" not in reading.whole:
        yield _whole(
            "guiding-thought", Level.DOUBT, "缺内容", "法治报告通篇没有“习近平法治思想”。", "在导语中补上"
        )
    duty = [
        line
        for line in reading.body
        if re.search(r"第一责任人|履责", line.top) and line.role is not Role.HEADING
    ]
    if duty and not any(re.search(r"\d", line.folded[len(line.heading) :]) for line in duty):
        yield _whole(
            "no-facts", Level.HINT, "缺少事实", "第一责任人履职部分没有一个数字。", "补会议次数、批示、调研、督办事项", duty[0].index
        )  # fmt: skip
