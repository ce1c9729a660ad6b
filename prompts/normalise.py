"""Mends of typing that are safe: half-width punctuation in Chinese text, doubled punctuation, blanks between characters.

They are made in the draft only; what was typed stays as typed in the store.
"""

from __future__ import annotations

import re

from prompts.draft import Paragraph, Source, Span

_FULL = str.maketrans(",:;?!()", "，：；？！（）")
_NARROW = str.maketrans("０１２３４５６７８９％．－＋／", "0123456789%.-+/")
_HALF = re.compile(r"[,:;?!()]")
_BEFORE = re.compile(r"[\u3400-\u9fff”》）」】…％%]")
_AFTER = re.compile(r"[\u3400-\u9fff“《（]")
_EXTRA = re.compile(
    r"(?<=，)，|(?<=；)；|(?<=：)：|(?<=、)、|(?<=[^。]。)。(?!。)"
    r"|(?<=[\u3400-\u9fff，。；：、”》）])[ \t]+(?=[\u3400-\u9fff“《（])"
)
_MAY_NEED = re.compile(r"[,:;?!() \t]|[，；：、。]{2}")


def fold(text: str) -> str:
    """Half-width punctuation beside Chinese characters as full-width, full-width digits as half-width.

    One character for one: a place in the folded text is the same place in the text.
    """
    return widened(text.translate(_NARROW))


def widened(text: str) -> str:
    """Half-width punctuation as full-width where it stands in Chinese text; one character for one."""
    if not _HALF.search(text):
        return text
    opened: list[bool] = []

    def wide(match: re.Match[str]) -> str:
        at, mark = match.start(), match.group()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if mark == ")":  # as its other half
            full = opened.pop() if opened else bool(_BEFORE.match(before))
        else:
            full = bool((before and _BEFORE.match(before)) or (after and _AFTER.match(after)))
            full = full and not (before.isdigit() and after.isdigit())
        if mark == "(":
            opened.append(full)
        return mark.translate(_FULL) if full else mark

    return _HALF.sub(wide, text)


def normalised(paragraph: Paragraph) -> tuple[Paragraph, int]:
    """The paragraph with what people typed mended, and how many places were."""
    text = paragraph.text
    if not _MAY_NEED.search(text):
        return paragraph, 0
    wide = widened(text)
    dropped = {i for match in _EXTRA.finditer(wide) for i in range(*match.span())}
    if wide == text and not dropped:
        return paragraph, 0
    spans: list[Span] = []
    position = changed = 0
    for span in paragraph.spans:
        end = position + len(span.text)
        if span.source in (Source.ANSWER, Source.OWN):
            kept = [i for i in range(position, end) if i not in dropped]
            mended = "".join(wide[i] for i in kept)
            changed += end - position - len(kept) + sum(wide[i] != text[i] for i in kept)
            spans.append(Span(mended, span.source, span.keys))
        else:
            spans.append(span)
        position = end
    return (Paragraph(tuple(spans)), changed) if changed else (paragraph, 0)
