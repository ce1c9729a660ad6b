"""change: a figure against the year before, as reports say it: 增长5.2%, 下降3%, 与上年持平, 提高1.2个百分点."""

from __future__ import annotations

import re
from decimal import Decimal

from prompts.answers.numerals import NUMBER, fold, read_number
from prompts.answers.values import Parsed, Refused, Trend

_UP = r"正?增长|增加|(?:增幅|增速)[为达是]?|上升|提高|提升|增|升|涨|\+"
_DOWN = r"负增长|下降|减少|降低|降幅[为达是]?|回落|减|降|跌|负|-|−|–"
_SAME = re.compile(r"(?:基本)?(?:持平|不变|没有变化|没变|一样|一致|不增不减|零增长|[0零]%?|0个百分点)")
_AGAINST = re.compile(
    r"^(?:同比|(?:与|和|比|较)(?:上年同期|去年同期|上一年|上年|去年|同期)(?:相比)?|相比)+[,:]?"
)
_FIGURE = rf"(?:{NUMBER})(?:点[零〇一二三四五六七八九]+)?"
_CHANGE = (
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))?了?(?P<about>约|近|超过?|逾|不到)?(?:百分之)?"
    rf"(?P<number>{_FIGURE})(?P<after>余|多|左右|以上)?(?P<unit>%|个?百分点|个点|成|倍)?(?P<late>左右|以上|上下)?"
)
_SHAPE, _LONGER = re.compile(_CHANGE), re.compile(rf"{_CHANGE}(?P<rest>.+)")
_DOUBLED = {"翻一番": 100, "翻了一番": 100, "翻番": 100, "翻两番": 300, "翻了两番": 300}
_DIGITS = {digit: str(i) for i, digit in enumerate("零一二三四五六七八九")} | {"〇": "0"}


def parse_trend(typed: str) -> Parsed:
    """`增长5.2%`, `下降3`, `-3.1`, `持平`, `提高1.2个百分点`; a bare number is growth in percent.

    Raises `Refused`: vague, about (a figure that was rounded or qualified), extra, or change.
    """
    text = _AGAINST.sub("", fold(typed)).rstrip("。.,;")
    if _SAME.fullmatch(text):
        return Parsed(Trend(Decimal(0)))
    if text in _DOUBLED:
        return Parsed(Trend(Decimal(_DOUBLED[text])))
    match = _SHAPE.fullmatch(text) or _LONGER.fullmatch(text)
    number = _number(match["number"]) if match else None
    if not match or number is None:
        raise Refused("vague" if text and not re.search(r"\d", text) else "change", given=typed.strip())
    trend = _trend(number, match["unit"] or "", down=bool(match["down"]), given=typed)
    if match.re is _LONGER:
        _refuse_rest(match["rest"], trend, typed, unit=bool(match["unit"]))
    if match["about"] or match["after"] or match["late"]:
        raise Refused("about", trend.print(), given=typed.strip())
    return Parsed(trend)


def _trend(number: Decimal, unit: str, *, down: bool, given: str) -> Trend:
    if unit == "倍" and down:  # nothing falls by more than all of it
        raise Refused("change", given=given.strip())
    by = number * {"成": 10, "倍": 100}.get(unit, 1)
    if not by:
        return Trend(Decimal(0))
    return Trend(-by if down else by, unit.endswith("点"))


def _refuse_rest(rest: str, trend: Trend, given: str, *, unit: bool) -> None:
    """What follows a whole change is said to be too much; without a sign for percent it is another unit."""
    if not unit or rest[0] in "0123456789-~—～至到半":
        raise Refused("change", given=given.strip())
    raise Refused("extra", trend.print(), extra=rest.lstrip(",;"))


def _number(text: str) -> Decimal | None:
    whole, _, decimals = text.partition("点")
    found = read_number(whole)
    if found is None or found[1]:
        return None
    return found[0] + Decimal("0." + "".join(_DIGITS[c] for c in decimals)) if decimals else found[0]
