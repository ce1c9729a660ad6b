"""date and year."""

from __future__ import annotations

import datetime
import re

from prompts.answers.numerals import fold, read_number
from prompts.answers.values import Parsed, Refused

_RELATIVE = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "今": 0, "当天": 0, "明天": 1, "明日": 1,
             "后天": 2}  # fmt: skip
_YEARS = {
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "上一年": -1,
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "上年度": -1,
    "明年": 1,
}
_N = r"[\d零〇一二两三四五六七八九十]+"
_WITH_WORDS = re.compile(rf"(?:(?P<year>{_N})年)?(?P<month>{_N})月(?P<day>{_N})[日号]?")
_WITH_SIGNS = re.compile(r"(?:(?P<year>\d{4})[-./·])?(?P<month>\d{1,2})[-./·](?P<day>\d{1,2})")
_RUN_TOGETHER = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")


def parse_date(typed: str, today: datetime.date) -> Parsed:
    """A day: `2024年1月29日`, `2024-1-29`, `1月29日` (of this year), `今天`. Raises `Refused`."""
    text = fold(typed).rstrip("。.")
    if text in _RELATIVE:
        return Parsed(today + datetime.timedelta(days=_RELATIVE[text]))
    match = _WITH_WORDS.fullmatch(text) or _WITH_SIGNS.fullmatch(text) or _RUN_TOGETHER.fullmatch(text)
    if not match:
        raise Refused("date", given=text)
    year = _whole(match["year"]) if match["year"] else today.year
    try:
        return Parsed(datetime.date(_full_year(year), _whole(match["month"]), _whole(match["day"])))
    except ValueError:
        raise Refused("no_such_day", given=text) from None


def parse_year(typed: str, today: datetime.date) -> Parsed:
    """A year in full: `2023`, `2023年`, `二〇二三年`, `去年`; `23年` is taken as 2023. Raises `Refused`."""
    text = re.sub(r"年?度?$", "", fold(typed).rstrip("。."))
    for word, offset in _YEARS.items():
        if fold(typed).rstrip("。.") in {word, word + "度"}:
            return Parsed(today.year + offset)
    found = read_number(text) if re.fullmatch(_N, text) else None
    year = _full_year(int(found[0])) if found else 0
    if not 1949 <= year <= today.year + 20:
        raise Refused("year", given=text)
    return Parsed(year)


def print_date(day: datetime.date) -> str:
    """GB/T 9704—2012, 7.3.5.4: Arabic digits, the year in full, month and day without a leading zero."""
    return f"{day.year}年{day.month}月{day.day}日"


def _whole(text: str) -> int:
    found = read_number(text)
    return int(found[0]) if found else 0


def _full_year(year: int) -> int:
    return year + 2000 if 0 < year < 100 else year
