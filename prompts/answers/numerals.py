"""Reading numbers as people type them in Chinese: 三百二十五, 1.6万, １,０４８, 10万8千."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_TRADITIONAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億兩", "一二三四五六七八九十百千万亿两")

_ARABIC = re.compile(r"\d+(?:\.\d+)?")
NUMBER = r"(?:[\d.零〇一二两俩三四五六七八九十百千万亿])+"


def fold(typed: str) -> str:
    """Full-width to half-width, blanks and digit-grouping commas out: what the eye skips, the parser need not see."""
    text = unicodedata.normalize("NFKC", typed).translate(_TRADITIONAL)
    text = re.sub(r"\s+", "", text)
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def read_number(text: str) -> tuple[Decimal, str] | None:
    """The number in `text` (already folded) and the scale it was written in ("", 万 or 亿), or None.

    `1.6万` is (1.6, 万); `2万` is (2, 万); `10万8千` is (108000, ""); `三千` is (3000, "").
    """
    if scaled := re.fullmatch(r"(\d+(?:\.\d+)?)(万亿?|亿)", text):
        number, scale = scaled.groups()
        return (Decimal(number) * (10**4 if scale == "万亿" else 1), "亿" if scale.endswith("亿") else "万")
    if _ARABIC.fullmatch(text):
        return Decimal(text), ""
    if len(text) > 1 and text[-1] in _LARGE and not any(c in _LARGE for c in text[:-1]):
        head = _mixed(text[:-1])
        return None if head is None else (head, text[-1])
    total = _mixed(text)
    return None if total is None else (total, "")


def _mixed(text: str) -> Decimal | None:
    """Chinese numerals, possibly with Arabic digits between them: 三百二十五, 3千5百, 10万8千, 二〇二三, 一万五."""
    if not text or not re.fullmatch(NUMBER, text):
        return None
    if re.fullmatch(r"[零〇一二两三四五六七八九]{2,}", text):
        return Decimal(
            "".join(str(_DIGITS[c]) for c in text)
        )  # 二〇二三: digits in a row, as years are written
    total = section = Decimal(0)
    current: Decimal | None = None
    unit_before = 0
    position = 0
    while position < len(text):
        char = text[position]
        if arabic := _ARABIC.match(text, position):
            if current is not None:
                return None
            current, position = Decimal(arabic.group()), arabic.end()
            continue
        position += 1
        if char in _DIGITS:
            if current:
                return None
            current = Decimal(_DIGITS[char])
        elif char in _SMALL:
            section += (Decimal(1) if current is None else current) * _SMALL[char]
            current, unit_before = None, _SMALL[char]
        elif char in _LARGE:
            section += current or 0
            if section == 0:
                return None
            total, section = (
                (total + section) * _LARGE[char] if char == "亿" else total + section * 10**4,
                Decimal(0),
            )
            current, unit_before = None, _LARGE[char]
        else:
            return None
    if current is None:
        return total + section
    if 0 < current < 10 and unit_before >= 100 and text[-2] in _SMALL | _LARGE:
        current *= unit_before // 10  # 一百五 is 150, 一万五 is 15000
    return total + section + current
