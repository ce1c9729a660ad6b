"""Tables of a report as answers to questions that ask for tables."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bot.importing.templates import answer_of, folded
from prompts.answers.numerals import fold
from prompts.content import Answer, Content
from prompts.draft import Block, Paragraph
from prompts.outline import Outline, Question, Section
from prompts.plan import Plan
from prompts.render import draft_section

_APART = re.compile(r"\t| \| ")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def cells_of(line: str) -> list[str]:
    """The cells of a row, as a document gives them or as this assistant's own text files do; one for a paragraph."""
    return _APART.split(line)


def tables_in(section: Section, lines: Sequence[str], today: datetime.date) -> dict[str, Answer]:
    """The tables that a section asks for, where the report has the whole of them."""
    rows = [cells for line in lines if len(cells := cells_of(line)) > 1]
    found: dict[str, Answer] = {}
    for question in section.questions:
        if question.type == "table" and rows:
            typed = "\n".join("\t".join(cells) for cells in rows if _is_row_of(question, cells))
            if typed and (answer := answer_of(question, typed, today)):
                found[question.key] = answer
    return found


def says_the_same(
    section: Section,
    lines: Iterable[str],
    answers: dict[str, Answer],
    outline: Outline,
    content: Content,
    today: datetime.date,
) -> bool:
    """Whether the outline's own section, with these answers, has exactly what the report has there."""
    plan = Plan(outline, replace(content, answers={**content.answers, **answers}), today)
    planned = plan.section(section.id)
    if planned is None:
        return False
    ours = "".join(_texts(draft_section(plan, planned).blocks))
    return folded(ours) == folded("".join(cell for line in lines for cell in cells_of(line)))


def _is_row_of(question: Question, cells: Sequence[str]) -> bool:
    if not question.row_heads:
        return all(_NUMBER.fullmatch(fold(cell)) for cell in cells)
    names = {fold(path[-1]) for path in question.row_axis.paths}
    return any(fold(cell) in names for cell in cells) and any(_NUMBER.fullmatch(fold(cell)) for cell in cells)


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield block.caption
            yield from (cell.text for row in block.rows for cell in row)
