"""A draft as Markdown, for systems that take it in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.documents.settings import DocumentSettings
from bot.documents.tables import texts
from prompts.draft import Draft, Line, Role, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LIST = re.compile(r"^(\d*)([.)+-])(?=\s|$)")


def write_markdown(draft: Draft, settings: DocumentSettings) -> bytes:
    """Headings by their level below the title; what was typed is text and never markup."""
    return ("\n\n".join(filter(None, map(_block, draft.lines()))) + "\n").encode()


def _block(line: Line) -> str:
    if line.table is not None:
        return "\n\n".join(filter(None, [_escaped(line.text), "\n".join(_rows(line.table))]))
    text = _escaped(line.text)
    match line.role:
        case Role.TITLE:
            return f"# {text}"
        case Role.HEADING:
            return f"{'#' * (min(line.level, 4) + 1)} {text}"
        case Role.BODY if line.lead:
            lead = "".join(span.text for span in line.paragraph.spans[: line.lead])
            return f"**{_escaped(lead)}**{_escaped(line.text[len(lead) :])}"
        case Role.NOTE:
            return f"（{text}）"
        case _:
            return text


def _rows(table: Table) -> Iterator[str]:
    """Markdown knows no spans: a covered place is an empty cell."""
    grid = texts(table)
    columns = max(map(len, grid), default=0)
    for number, row in enumerate(grid):
        cells = [*row, *[""] * (columns - len(row))]
        yield f"| {' | '.join(_escaped(cell) for cell in cells)} |"
        if number == 0:
            yield f"|{' --- |' * columns}"


def _escaped(text: str) -> str:
    return _LIST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text.replace("\n", " ")))
