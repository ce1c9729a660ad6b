"""text, items, choice, choices, yesno: answers in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from prompts.answers.numerals import fold
from prompts.answers.values import Parsed, Refused

# One number in front of a line: 1. 1、 1) (1) （一） 一、 一是 ① - · •
_NUMBERING = re.compile(
    r"^\s*(?:[(（]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]|(?:\d{1,2})\s*(?:[、)）]|[.．](?!\d))"
    r"|[一二三四五六七八九十]{1,3}、|[一二三四五六七八九十]{1,3}是|[①-⑳]|[-–•·*]\s)\s*"
)
_YES = {
    "是",
    "是的",
    "有",
    "有的",
    "对",
    "对的",
    "要",
    "好",
    "好的",
    "嗯",
    "y",
    "yes",
    "1",
    "√",
    "✓",
    "设立",
    "建立",
}
_NO = {"否", "不", "不是", "没有", "没", "无", "不要", "不用", "未", "n", "no", "0", "×"}


def clean(typed: str) -> str:
    """What was typed, less the characters that no document can show.

    Control characters (but not line breaks and tabs) and Unicode's noncharacters go; everything else stays,
    including the private-use characters that rare names are written with.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or not _unprintable(c)).strip()


def _unprintable(char: str) -> bool:
    point = ord(char)
    if 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE or char in "\u2028\u2029":
        return True
    return unicodedata.category(char) in {"Cc", "Cs"}


def parse_text(typed: str) -> Parsed:
    text = clean(typed)
    if not text:
        raise Refused("empty")
    return Parsed(text)


def parse_items(typed: str) -> Parsed:
    """One item, or several lines; a number in front of a line is taken off, the document numbers them itself."""
    lines = [_NUMBERING.sub("", line).strip() for line in clean(typed).splitlines()]
    items = tuple(line for line in lines if line)
    if not items:
        raise Refused("empty")
    return Parsed(items)


def parse_choice(typed: str, labels: Sequence[str]) -> Parsed:
    """One of `labels`, by number, by its words, or by a part of them that no other label has."""
    return Parsed(_match_label(typed, labels))


def parse_choices(typed: str, labels: Sequence[str]) -> Parsed:
    """Several of `labels`: `1 3`, `1、3`, `13` where there are under ten, labels; `全部` is all of them."""
    text = fold(typed)
    if text in {fold(label) for label in labels}:
        return Parsed((_match_label(typed, labels),))
    if text in {"全部", "都有", "全选", "都是", "以上都有"}:
        return Parsed(tuple(labels))
    if re.fullmatch(r"\d{2,}", text) and len(labels) < 10:
        parts = list(text)
    else:
        parts = [part for part in re.split(r"[\s,，、;；]+", clean(typed)) if part]
    if not parts:
        raise Refused("empty")
    chosen = set()
    for part in parts:
        chosen.add(_match_label(part, labels))
    return Parsed(tuple(label for label in labels if label in chosen))


def parse_yesno(typed: str) -> Parsed:
    text = fold(typed).rstrip("。.!").lower()
    if text in _YES or text.removesuffix("了") in _YES:
        return Parsed(True)
    if text in _NO or text.removesuffix("了") in _NO:
        return Parsed(False)
    raise Refused("yesno", "是", "否")


def _match_label(typed: str, labels: Sequence[str]) -> str:
    text = fold(typed).rstrip("。.")
    if re.fullmatch(r"\d{1,2}", text) and 1 <= int(text) <= len(labels):
        return labels[int(text) - 1]
    exact = [label for label in labels if fold(label) == text]
    partial = [label for label in labels if text and (text in fold(label) or fold(label) in text)]
    for found in (exact, partial):
        if len(found) == 1:
            return found[0]
    raise Refused("choice", *(partial or labels)[:8], given=typed.strip()[:20])
