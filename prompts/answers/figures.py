"""count, percent, money: one number with its unit and its vagueness."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Protocol

from prompts.answers.numerals import NUMBER, fold, read_number
from prompts.answers.values import Doubt, Figure, Parsed, Refused

_NONE = {"没有", "无", "没", "暂无", "暂时没有", "未发生", "零", "一个没有", "没有过", "0"}
_BEFORE = {"大约": "约", "大概": "约", "约": "约", "近": "近", "将近": "近", "接近": "近", "逾": "超过", "超": "超过",
           "超过": "超过", "不到": "不足", "不足": "不足", "至少": "至少"}  # fmt: skip
_AFTER = {"余": "余", "多": "余", "来": "余", "+": "余", "左右": "约", "上下": "约", "以上": "以上"}
_FILLER = r"(?:一共|总共|共计|合计|累计|共|达到|多达|达|是|有)?"
_SHAPE = re.compile(
    rf"{_FILLER}(?P<before>{'|'.join(sorted(_BEFORE, key=len, reverse=True))})?{_FILLER}"
    rf"(?P<number>{NUMBER})(?P<mid>余|多|来|\+)?(?P<scale>[万亿])?(?P<late>余|多|来|\+)?"
    rf"(?P<unit>[^\d余多\s]*?)(?P<unitmid>余|多)?(?P<after>左右|上下|以上)?[。.,,!!]?"
)
_VAGUE = re.compile(
    r"很多|许多|不少|若干|无数|大量|数[十百千万]|好几|几[十百千万]?|十几|几十|多次|一些|^[多少]$"
)


class _FigureQuestion(Protocol):
    @property
    def unit(self) -> str: ...
    @property
    def decimals(self) -> bool: ...


def parse_count(typed: str, question: _FigureQuestion) -> Parsed:
    """A count in the question's unit. `没有` is 0; `445余` is taken with a doubt; `很多` is refused."""
    return _figure(typed, question.unit, decimals=question.decimals)


def parse_money(typed: str, question: _FigureQuestion) -> Parsed:
    """An amount of money. Typed without a unit it counts in the question's unit (元, 万元 or 亿元)."""
    text = fold(typed).removesuffix("人民币").replace("块钱", "元").replace("块", "元").lstrip("¥")
    scale = question.unit.removesuffix("元")
    if scale and re.fullmatch(r"[^元万亿]*", text):
        text = re.sub(r"(\d+(?:\.\d+)?)", rf"\1{scale}", text, count=1)
    return _figure(text, "元", decimals=True)


def parse_percent(typed: str, question: _FigureQuestion) -> Parsed:
    """A percentage: `98.5%`, `98.5`, `百分之九十八`, `九成`. Counts in percent."""
    text = fold(typed)
    if tenths := re.fullmatch(r"(.+)成", text):
        found = read_number(tenths[1])
        if found:
            return Parsed(Figure(number=_plain(found[0] * 10)))
    text = re.sub(r"^(.*)百分之(.+)$", r"\1\2", text)
    if text in {"全部", "百分百", "百分之百", "百"}:
        text = "100"
    return _figure(text.replace("%", "").replace("个点", ""), "%", decimals=True)


def _figure(typed: str, unit: str, *, decimals: bool) -> Parsed:
    text = fold(typed)
    bare = text.removesuffix(unit) if unit else text
    if (
        bare in _NONE
        or text in _NONE
        or (re.fullmatch(r"(?:没有|无|未).{0,4}", text) and not re.search(r"\d", text))
    ):
        return Parsed(Figure(number=Decimal(0)))
    match = None if _VAGUE.search(text) else _SHAPE.fullmatch(text)
    if not match:
        raise _refusal(text)
    if re.fullmatch(r"[一二三四五六七八九]{2,}", match["number"]):  # 三四个 is a guess between two, not 34
        raise Refused("range", given=text)
    found = read_number(match["number"] + (match["scale"] or ""))
    if found is None or (match["number"] in {"百", "千", "万", "亿"} and not (match["mid"] or match["late"])):
        raise _refusal(text)
    figure = _qualified(found, match)
    _refuse_other_unit(match["unit"], unit, figure)
    if not decimals and figure.amount != figure.amount.to_integral_value():
        raise Refused("whole", f"{figure.number.to_integral_value():f}", given=f"{figure.number:f}")
    return Parsed(figure, _doubt(figure))


def _qualified(found: tuple[Decimal, str], match: re.Match[str]) -> Figure:
    number, scale = found
    before = _BEFORE.get(match["before"] or "", "")
    after = ""
    for mark in (match["mid"], match["late"], match["unitmid"], match["after"]):
        if meaning := _AFTER.get(mark or "", ""):
            if meaning == "约":
                before = before or "约"
            else:
                after = after or meaning
    if before == "约" and after:  # 约…余 says the same twice (GB/T 15835); the more modest one stays
        before = ""
    return Figure(number=_plain(number), scale=scale, before=before, after=after)


def _plain(number: Decimal) -> Decimal:
    """Without an exponent: Decimal('3E+1') would be stored and printed as such."""
    return number if number.as_tuple().exponent in range(-12, 1) else Decimal(f"{number.normalize():f}")


def _refuse_other_unit(given: str, unit: str, figure: Figure) -> None:
    """A figure in another unit is another figure: 30场 does not answer how many 条."""
    accepted = {"", unit, "个" if unit in {"件", "条", "项", "处"} else unit}
    if unit == "元":
        accepted |= {"元整", "块", "圆"}
    if unit == "人次":
        accepted |= {"次", "人"}
    if given.rstrip("的") in accepted:
        return
    if unit and given.startswith(unit):
        raise Refused("extra", figure.print(unit), extra=given[len(unit) :])
    raise Refused("unit", figure.print(unit), given=given, unit=unit)


def _refusal(text: str) -> Refused:
    if _VAGUE.search(text):
        return Refused("vague", given=text)
    if re.search(r"[-~—～至到]", text):
        return Refused("range", given=text)
    return Refused("number", given=text)


def _doubt(figure: Figure) -> Doubt | None:
    """余 stands only after a round figure (GB/T 15835—2011): 445余 is 440余 or 445."""
    if figure.after != "余" or is_round(figure.number, figure.scale):
        return None
    rounded = figure.number // 10 * 10 if not figure.scale else figure.number.to_integral_value()
    exact = f"{figure.number:f}{figure.scale}"
    suggestions = (exact, f"{rounded:f}{figure.scale}余") if rounded else (exact,)
    return Doubt("not_round", suggestions, {"given": f"{exact}余"})


def is_round(number: Decimal, scale: str = "") -> bool:
    """Whether 余 may follow: 30, 1100, and any figure in 万 or 亿; not 445."""
    return bool(scale) or number % 10 == 0
