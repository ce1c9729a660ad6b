"""Numbers in front of headings: 一、 （一） 1. （1） (GB/T 9704—2012, 7.3.3)."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    if not 1 <= number <= 99:
        raise ValueError(f"no heading has number {number}")
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def heading_number(level: int, number: int) -> str:
    """The number of the `number`th heading at `level` (1 to 4), with its punctuation (GB/T 15834—2011)."""
    match level:
        case 1:
            return f"{chinese(number)}、"
        case 2:
            return f"（{chinese(number)}）"
        case 3:
            return f"{number}."
        case 4:
            return f"（{number}）"
        case _:
            raise ValueError(f"headings have levels 1 to 4, not {level}")
