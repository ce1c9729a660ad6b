"""change: a figure against the year before, as reports say it: 增长5.2%, 下降3%, 与上年持平, 提高1.2个百分点."""

from __future__ import annotations

import re
from decimal import Decimal

from prompts.answers.numerals import NUMBER, fold, read_number
from prompts.answers.values import Parsed, Refused, Trend

_UP = r"增长|增加|上升|提高|提升|增|升|涨|\+"
_DOWN = r"下降|减少|降低|回落|减|降|跌|负|-|−|–"
_SAME = re.compile(r"(?:基本)?(?:持平|不变|没有变化|没变|一样|一致|0%?|0个百分点)")
_AGAINST = re.compile(r"^(?:同比|(?:与|和|比|较)(?:上年|去年|上一年|上年同期|去年同期)(?:相比)?)+[,，]?")
_SHAPE = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))?了?(?:百分之)?(?P<number>{NUMBER})(?P<unit>%|个?百分点|个点|成)?[。.]?"
)
_DOUBLED = {"翻一番": 100, "翻了一番": 100, "翻番": 100, "翻两番": 300, "翻了两番": 300}


def parse_trend(typed: str) -> Parsed:
    """`增长5.2%`, `下降3`, `-3.1`, `持平`, `提高1.2个百分点`; a bare number is growth in percent. Raises `Refused`."""
    text = _AGAINST.sub("", fold(typed))
    if _SAME.fullmatch(text):
        return Parsed(Trend(Decimal(0)))
    if text in _DOUBLED:
        return Parsed(Trend(Decimal(_DOUBLED[text])))
    match = _SHAPE.fullmatch(text)
    found = read_number(match["number"]) if match else None
    if not match or found is None or found[1]:
        raise Refused("change", given=text)
    by = found[0] * 10 if match["unit"] == "成" else found[0]
    points = (match["unit"] or "").endswith("点")
    return Parsed(Trend(-by if match["down"] else by, points))
