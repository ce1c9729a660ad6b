"""A table in the chat: where its filling stands, how it looks, its blank form, and a filled one that comes back."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import msgspec

from bot.conversation.actions import Verb
from bot.conversation.events import Attachment, Button, Reply
from bot.conversation.session import Session
from bot.documents import DocumentError, layout
from bot.documents.settings import DocumentSettings, HeadSettings, ImprintSettings
from bot.documents.sheets import write_form
from bot.documents.tables import texts
from prompts.answers.tables import REST_ZERO, ZERO_ROW
from prompts.draft import Draft, DraftSection, Paragraph, Table
from prompts.grid import Grid
from prompts.outline import Question
from prompts.render import draft

log = logging.getLogger(__name__)

SMALL_ROWS, SMALL_WIDTH = 14, 40  # a table up to this is shown as text; width in half-width columns
FILL_REST = next(iter(sorted(REST_ZERO, key=len, reverse=True)))


def grid_of(session: Session, question: Question) -> Grid:
    """The table as it stands, filled in or not."""
    last = session.plan.last.value(question) if session.plan.last and question.carry else None
    return session.plan.grid(question) or Grid(question, None, last)  # type: ignore[arg-type]


def status(session: Session, question: Question) -> dict[str, Any]:
    """Where the filling stands, for the question's message."""
    grid = grid_of(session, question)
    following = next((row for row in grid.rows.typed if not grid.filled(row)), None)
    asked = list(grid.columns.typed)
    return {
        "filled": sum(grid.filled(row) for row in grid.rows.typed),
        "rows": len(grid.rows.typed),
        "next": grid.rows.label(following) if following is not None else "",
        "columns": [grid.columns.paths[column][-1] for column in asked],
        "example": " ".join(str(n) for n in range(1, len(asked) + 1)),
        "totals": bool(grid.rows.sums or grid.columns.sums),
        "carried": [grid.rows.paths[grid.rows.index(name)][-1] for name in question.carry if grid.has_last],
        "text": small_text(grid.table()),
        "broken": broken(session, grid),
    }


def broken(session: Session, grid: Grid) -> list[str]:
    """The form's arithmetic where it does not hold, a line each."""
    lines = [
        session.say("table.unbalanced", balance=one.balance, where=one.where, left=one.left, right=one.right)
        for one in grid.unbalanced()
    ]
    lines += [
        session.say("table.carried", row=row, column=column, typed=typed, carried=carried)
        for row, column, typed, carried in grid.carried_otherwise()
    ]
    return lines


def buttons(session: Session, question: Question) -> list[list[Button]]:
    """What can be done at a table besides typing."""
    grid = grid_of(session, question)
    zeros = [] if grid.complete else [
        Button(session.say("button.zero_row"), session.data(Verb.VALUE, question.key, ZERO_ROW)),
        Button(session.say("button.zero_rest"), session.data(Verb.VALUE, question.key, FILL_REST)),
    ]  # fmt: skip
    return [
        zeros,
        [session.button("form", Verb.FORM, question.key), session.button("table", Verb.TABLE, question.key)],
    ]


def show(session: Session, question: Question) -> Reply:
    """The whole table: as an image where that can be had, else as text."""
    grid = grid_of(session, question)
    table = grid.table()
    lines = broken(session, grid)
    back = [[session.button("return", Verb.RETURN)]]
    try:
        from bot.documents.pdf import write_images

        name = Paragraph.of(question.caption or question.name)
        alone = Draft(title=name, sections=(DraftSection("", blocks=(replace(table, caption=""),)),))
        images = write_images(alone, _plain(session))
    except DocumentError as error:
        log.warning("a table could not be drawn: %s", error)
        return session.reply("table", back, text=aligned(table), label=question.name, broken=lines)
    files = tuple(
        Attachment(f"{question.name}-{n}.png", image, image=True) for n, image in enumerate(images, 1)
    )
    return replace(
        session.reply("table", back, text="", label=question.name, broken=lines), attachments=files
    )


def _plain(session: Session) -> DocumentSettings:
    """The document settings without red head and imprint: this is a look at a table, no document."""
    return msgspec.structs.replace(session.documents, head=HeadSettings(), imprint=ImprintSettings())


def form(session: Session, question: Question) -> Reply:
    """The blank form as .xlsx, with what is filled in already; totals are formulas."""
    name = "".join(c for c in f"{draft(session.plan).unit}{question.name}" if c not in '\\/:*?"<>|')[:60]
    file = Attachment(f"{name}.xlsx", write_form(grid_of(session, question)))
    reply = session.reply("table_form", [[session.button("return", Verb.RETURN)]], label=question.name)
    return replace(reply, attachments=(file,))


def small_text(table: Table) -> str:
    """A small table as monospaced text; "" where it is too large for that to be readable."""
    if len(table.rows) > SMALL_ROWS:
        return ""
    text = aligned(table)
    return text if max(map(_cells_wide, text.splitlines()), default=0) <= SMALL_WIDTH else ""


def aligned(table: Table) -> str:
    """A table as monospaced text, its columns in line."""
    grid = texts(table)
    wide = [max(_cells_wide(row[column]) for row in grid) for column in range(len(grid[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (size - _cells_wide(cell)) for cell, size in zip(row, wide, strict=True)
        ).rstrip()
        for row in grid
    )


def _cells_wide(text: str) -> int:
    return round(layout.width(text) * 2)
