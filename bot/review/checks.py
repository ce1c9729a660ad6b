"""What only a report can be asked: its answers against the outline's checks, last year's report, and its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from bot.review.figures import mentions
from bot.review.finding import Finding
from bot.review.reading import Reading, ReadLine
from prompts.answers import Figure, TableCells, print_value
from prompts.draft import Role, Source
from prompts.grid import Grid, Unbalanced
from prompts.outline import INTRO, OUTRO, Expression, Question
from prompts.plan import Plan
from prompts.rules import Level

_SIGNS = {"<=": "应不大于", ">=": "应不小于", "==": "应等于", "<": "应小于", ">": "应大于", "!=": "应不等于"}
MOST = 4  # places of one table that are named in one finding
SAME_LENGTH = 15  # characters: a shorter text may well be the same in two years
_CHANGE = re.compile(
    r"(?:同比|较上年|比上年|较去年|比去年)(?P<way>增长|上升|增加|下降|减少|降低)了?(?P<number>\d+(?:\.\d+)?)%"
)


def check_answers(reading: Reading, plan: Plan, section: str = "") -> Iterator[Finding]:
    """Gaps, the outline's own checks, and what last year's report shows; of one section where it is named."""
    yield from _gaps(reading)
    yield from _checks(reading, plan, section)
    yield from check_tables(reading, plan, section)
    yield from _own_figures(reading, plan)
    if plan.last is not None:
        yield from _last_year(reading, plan)
        yield from _changes(reading, plan)


def _gaps(reading: Reading) -> Iterator[Finding]:
    if reading.draft is None or not reading.draft.gaps:
        return
    names = "、".join(gap.label for gap in reading.draft.gaps[:8])
    more = "等" if len(reading.draft.gaps) > 8 else ""
    yield Finding(
        "gaps", Level.MUST, "待填", 0, 0, "", f"还有{len(reading.draft.gaps)}处没有填：{names}{more}。", None, "发送 /missing 逐个补上"
    )  # fmt: skip


def _checks(reading: Reading, plan: Plan, section: str) -> Iterator[Finding]:
    for planned in plan.sections:
        if planned.section is None or not planned.shown or section not in ("", planned.id):
            continue
        for check in planned.section.checks:
            if not _holds(check, plan):
                line = next((line for line in reading.lines if line.section == planned.id), None)
                yield Finding(
                    "check", Level.MUST, "数字", line.index if line else 0, 0, "", f"{_explained(check, plan)}。", None,
                    "请核对这几个数", planned.id, about=check.source,
                )  # fmt: skip


def check_tables(reading: Reading, plan: Plan, section: str = "") -> Iterator[Finding]:
    """Tables whose own arithmetic does not hold, and what last year's report says otherwise."""
    shown = {
        planned.id for planned in plan.sections if planned.shown and planned.id not in plan.content.wordings
    }
    for place, question in plan.steps():
        if question.type != "table" or section not in ("", place) or place not in shown | {INTRO, OUTRO}:
            continue
        value, last = plan.content.value(question), plan.last.value(question) if plan.last else None
        if isinstance(value, TableCells):
            grid = Grid(question, value, last if isinstance(last, TableCells) else None)
            line = next((line.index for line in reading.lines if line.section == place), 0)
            yield from _unbalanced(grid, line, place)
            yield from _carried_otherwise(grid, line, place)


def imbalances(grid: Grid) -> Iterator[tuple[str, list[Unbalanced]]]:
    """Each balance of a form that does not hold, and where: not in totals, which cannot hold where their parts do not."""
    totals = {axis.label(i) for axis in (grid.rows, grid.columns) for i in axis.sums}
    for balance, found in groupby(grid.unbalanced(), key=lambda one: one.balance):
        places = list(found)
        yield balance, [one for one in places if one.where not in totals] or places


def _unbalanced(grid: Grid, line: int, section: str) -> Iterator[Finding]:
    question = grid.question
    for balance, places in imbalances(grid):
        years = any(one.across_years for one in places)
        left, right = balance.split(" = ")
        where = "；".join(f"{one.where}左边{one.left:f}、右边{one.right:f}" for one in places[:MOST])
        where += "等" if len(places) > MOST else ""
        yield Finding(
            "table-years" if years else "check", Level.DOUBT if years else Level.MUST, "勾稽关系", line, 0, "",
            f"“{question.name}”的勾稽关系不平：“{left}”应等于“{right}”，现在{where}。", None,
            "请核对这张表和上年报告" if years else "请核对这张表", section, question.key, f"{question.key} {balance}",
        )  # fmt: skip


def _carried_otherwise(grid: Grid, line: int, section: str) -> Iterator[Finding]:
    question = grid.question
    for row, found in groupby(grid.carried_otherwise(), key=lambda one: one[0]):
        cells = list(found)
        where = "；".join(f"{column}，填{typed:f}，上年{then:f}" for _, column, typed, then in cells[:MOST])
        where += "等" if len(cells) > MOST else ""
        yield Finding(
            "carried-over", Level.DOUBT, "与上年不接", line, 0, "",
            f"“{question.name}”的“{row}”与上年报告不同：{where}。", None, "请与上年报告核对", section, question.key,
            f"{question.key} {row}",
        )  # fmt: skip


def _holds(check: Expression, plan: Plan) -> bool:
    """A check holds where a figure that it needs was not given."""
    named = [key for key in plan.outline.questions if re.search(rf"\b{key}\b", check.source)]
    if any(not isinstance(_value(plan, key), (Figure, int)) for key in named):
        return True
    return bool(check.over(plan.context))


def _value(plan: Plan, key: str) -> object:
    return plan.derived.get(key) or plan.content.value(plan.outline.questions[key])


def _explained(check: Expression, plan: Plan) -> str:
    """`resolved <= received` with the questions' names and what was answered."""
    text = re.split(r"\s+(?:or|and)\s+", check.source)[0]
    questions = plan.outline.questions

    def named(match: re.Match[str]) -> str:
        question = questions.get(match[0])
        if question is None:
            return match[0]
        value = plan.value(question)
        return f"“{question.name}”（{print_value(question, value) if value is not None else ''}）"

    text = re.sub(
        r"[a-z][a-z0-9_]*", named, text
    )  # before the signs: a Chinese word beside a key hides its end
    for sign, words in _SIGNS.items():
        text = re.sub(rf"\s*{re.escape(sign)}\s*", words, text)
    return text


def _own_figures(reading: Reading, plan: Plan) -> Iterator[Finding]:
    """Figures in the staff's own wording that no answer gave: they cannot be checked against anything."""
    given = {
        value.amount
        for question in plan.outline.questions.values()
        if isinstance(value := plan.content.value(question), Figure)
    }
    for planned in plan.sections:
        if planned.id not in plan.content.wordings or planned.section is None or not planned.asked:
            continue
        loose: list[str] = []
        first: ReadLine | None = None
        for line in reading.lines:
            if line.section != planned.id:
                continue
            for mention in mentions(line):
                if mention.amount not in given and mention.unit != "%":
                    loose.append(line.folded[mention.start : mention.end])
                    first = first or line
        if loose and first is not None:
            yield Finding(
                "own-figures", Level.HINT, "数字出处", first.index, 0, "",
                f"自拟正文里的这些数字没有对应的回答：{'、'.join(loose[:8])}。", None, "请核对出处", planned.id,
            )  # fmt: skip


def _last_year(reading: Reading, plan: Plan) -> Iterator[Finding]:
    """What stands word for word as last year, where it should have been written anew."""
    for key, question in plan.outline.questions.items():
        if question.stable or question.type not in ("text", "items"):
            continue
        now, then = plan.content.value(question), plan.last.value(question) if plan.last else None
        texts = (now,) if isinstance(now, str) else now if isinstance(now, tuple) else ()
        before = {then} if isinstance(then, str) else set(then) if isinstance(then, tuple) else set()
        for text in texts:
            if len(text) >= SAME_LENGTH and text in before:
                yield from _place_of(reading, key, text)


def _place_of(reading: Reading, key: str, text: str) -> Iterator[Finding]:
    for line in reading.lines:
        at = line.text.find(text)
        if at >= 0 and any(span.source is Source.ANSWER and key in span.keys for span in line.spans):
            yield Finding(
                "last-year", Level.DOUBT, "沿用上年", line.index, at, text, "与上一年的报告一字不差。", None, "请按今年情况改写",
                line.section,
            )  # fmt: skip
            return


def _changes(reading: Reading, plan: Plan) -> Iterator[Finding]:
    """同比增长 against the figure of last year's report."""
    for line in reading.lines:
        if line.role is Role.TABLE:
            continue
        position = 0
        for span in line.spans:
            end = position + len(span.text)
            if span.source is Source.ANSWER and len(span.keys) == 1:
                match = _CHANGE.match(line.folded[end : end + 24].lstrip("，"))
                question = plan.outline.questions.get(span.keys[0])
                if match and question is not None:
                    offset = end + (1 if line.folded[end : end + 1] == "，" else 0)
                    yield from _change(line, question, plan, match, offset)
            position = end


def _change(
    line: ReadLine, question: Question, plan: Plan, match: re.Match[str], at: int
) -> Iterator[Finding]:
    now, then = plan.content.value(question), plan.last.value(question) if plan.last else None
    if not (
        isinstance(now, Figure) and isinstance(then, Figure) and now.exact and then.exact and then.amount
    ):
        return
    change = (now.amount - then.amount) * 100 / then.amount
    said = Decimal(match["number"]) * (-1 if match["way"] in ("下降", "减少", "降低") else 1)
    if abs(change - said) >= Decimal("0.1"):
        right = f"{'增长' if change >= 0 else '下降'}{abs(change).quantize(Decimal('0.01')):f}%"
        yield Finding(
            "year-on-year", Level.MUST, "数字", line.index, at, line.text[at : at + match.end()],
            f"上年是{then.print(question.unit)}，今年{now.print(question.unit)}，应为{right}。", None, right, line.section,
        )  # fmt: skip
