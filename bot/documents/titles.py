"""Breaking a title by meaning: lines centred, 回行时词意完整, 长短适宜 (GB/T 9704—2012, 7.3.1)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from bot.documents.layout import SIZE_2, TEXT_WIDTH, width

PER_LINE = int(TEXT_WIDTH / SIZE_2)  # characters of 2号 in the type area

# Words that a line break must not cut. Longer ones first where one begins another.
_WORDS = (
    "工作总结", "工作计划", "工作报告", "法治政府建设", "法治政府", "政府信息公开", "信息公开", "政府工作", "人民政府", "办事处", "委员会", "领导班子", "党工委",
    "党组", "街道", "乡镇", "年度", "建设", "工作", "报告", "情况", "总结", "计划", "要点", "述职", "述廉", "述法", "落实",
    "推进", "履行", "责任", "关于", "进一步", "实施", "方案", "安全生产", "平安", "信访", "主要", "负责人", "第一责任人",
    "职责", "公开", "政务", "服务", "管理", "综合", "执法", "行政", "依法", "人民", "政府", "中心", "有限公司", "管理局",
)  # fmt: skip
_NUMBERED = (r"\d+年(?:度)?", r"[〔（(《“][^〕）)》”]*[〕）)》”]", r"[A-Za-z0-9.%·]+")
_WORD = re.compile("|".join((*_NUMBERED, *sorted(map(re.escape, _WORDS), key=len, reverse=True))))
_GOOD_AFTER = re.compile(r"关于$")
_WEAK_START = re.compile(r"[的和与及、，。；：）》”〕]")


def title_lines(title: str, unit: str = "") -> list[str]:
    """The title in as few lines as it needs, cut where its meaning parts; the pieces joined give the title."""
    needed = -(-width(title) // PER_LINE)
    if needed <= 1:
        return [title]
    cuts = _cuts(title, unit)
    for count in (int(needed), int(needed) + 1):
        found = _best(title, cuts, count)
        if found:
            return found
    return _anywhere(title)


def _cuts(title: str, unit: str) -> dict[int, float]:
    """Where a line may end, each with what it costs."""
    inside: set[int] = set()
    cuts = {}
    at = title.find(unit) if unit else -1
    if at >= 0:
        inside |= set(range(at + 1, at + len(unit)))
    for match in _WORD.finditer(title):
        inside |= set(range(match.start() + 1, match.end()))
    for position in range(1, len(title)):
        if position in inside or _WEAK_START.match(title[position]):
            continue
        if (at >= 0 and position == at + len(unit)) or _GOOD_AFTER.search(title[:position]):
            cuts[position] = 0.0
        elif title[position - 1] in "的和与及、，":
            cuts[position] = 1.0
        else:
            known = any(m.start() == position or m.end() == position for m in _WORD.finditer(title))
            cuts[position] = 1.5 if known else 6.0
    return cuts


def _best(title: str, cuts: dict[int, float], count: int) -> list[str] | None:
    if len(cuts) > 24:  # keep the search small: the cheapest cuts are the ones that would be chosen
        cuts = dict(sorted(cuts.items(), key=lambda cut: cut[1])[:24])
    best: tuple[float, list[str]] | None = None
    for chosen in itertools.combinations(sorted(cuts), count - 1):
        lines = _cut(title, chosen)
        widths = [width(line) for line in lines]
        if max(widths) > PER_LINE:
            continue
        even = max(widths) - min(widths)
        cost = sum(cuts[c] for c in chosen) + even * 0.25 + (2.0 if _hourglass(widths) else 0.0)
        if best is None or cost < best[0]:
            best = (cost, lines)
    return best[1] if best else None


def _hourglass(widths: list[float]) -> bool:
    """Neither a trapezium nor a lozenge: the middle line shorter than both ends."""
    return len(widths) > 2 and widths[0] > widths[1] < widths[2]


def _cut(title: str, positions: Iterable[int]) -> list[str]:
    edges = [0, *positions, len(title)]
    return [title[start:end] for start, end in itertools.pairwise(edges)]


def _anywhere(title: str) -> list[str]:
    lines, current = [], ""
    for character in title:
        if current and width(current + character) > PER_LINE:
            lines.append(current)
            current = ""
        current += character
    return [*lines, current]
