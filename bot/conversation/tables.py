"""A table in the chat: where its filling stands, how it looks, its blank form, and a filled one that comes back."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import msgspec

from bot.conversation.actions import Verb
from bot.conversation.events import Attachment, Button, Reply
from bot.conversation.session import Session
from bot.documents import DocumentError, allowed_name, layout
from bot.documents.settings import DocumentSettings, HeadSettings, ImprintSettings
from bot.documents.tables import texts
from bot.review import imbalances
from prompts.answers import TableCells
from prompts.answers.numerals import fold
from prompts.answers.tables import REST_ZERO, ZERO_ROW
from prompts.draft import Draft, DraftSection, Paragraph, Table
from prompts.grid import GAP, Grid, Origin
from prompts.outline import Question
from prompts.render import draft

log = logging.getLogger(__name__)

SMALL_ROWS, SMALL_WIDTH = 14, 40  # a table up to this is shown as text; width in half-width columns
OPEN_CELL = "＿"  # a cell to be filled in, in such a text
SHOWN_ROWS = 4  # rows that a message filled or changed are repeated up to this many
FILL_REST = next(iter(sorted(REST_ZERO, key=len, reverse=True)))
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?[^\d.、)]{0,3}|[-—无零]|没有|全0|全为0")


def grid_of(session: Session, question: Question) -> Grid:
    """The table as it stands, filled in or not."""
    return _grid(session, question, session.plan.value(question))


def _grid(session: Session, question: Question, answer: object) -> Grid:
    last = session.plan.last.value(question) if session.plan.last else None
    cells, then = (one if isinstance(one, TableCells) else None for one in (answer, last))
    return Grid(question, cells, then)


def addressed(session: Session, question: Question, typed: str, before: object) -> str:
    """What was typed, with the row that the question named in front where the message begins with bare figures.

    Which row that is depends on last year's report, which what reads an answer does not know. Told apart from what
    that would take for the next row only where the two differ.
    """
    grid = _grid(session, question, before)
    if fold(typed).rstrip("。.") in REST_ZERO and not grid.has_last:
        return f"{typed}\n{typed}"  # a row that last year's report would give is filled with the rest
    wanted = following(grid)
    plain = next((row for row in grid.rows.typed if _untouched(grid, row)), grid.rows.typed[0])
    first = typed.strip(" \n").split("\n")[0]
    named = any(fold(first).startswith(fold(path[-1])) for path in grid.rows.paths)
    if (
        wanted is None
        or wanted == plain
        or named
        or not _FIGURE.fullmatch(fold(re.split(r"[\s,，、;；|]", first)[0]))
    ):
        return typed
    return f"{row_address(grid, wanted)} {typed}"


def following(grid: Grid) -> int | None:
    """The row that is asked for: the first with nothing in it; where there is none, the first that is not full."""
    left = [row for row in grid.rows.typed if not grid.filled(row)]
    return next((row for row in left if _untouched(grid, row)), left[0] if left else None)


def rows_left(session: Session, question: Question) -> int:
    """How many rows have something left to fill in."""
    grid = grid_of(session, question)
    return sum(not grid.filled(row) for row in grid.rows.typed)


def row_address(grid: Grid, row: int) -> str:
    """A row as a message can name it whatever it is called: 第3行."""
    return f"第{grid.rows.typed.index(row) + 1}行"


def _untouched(grid: Grid, row: int) -> bool:
    return all(grid.typed(row, column) is None for column in grid.columns.typed)


def understood(session: Session, question: Question, value: TableCells, before: object) -> str:
    """What a message filled in or changed, to be read over at once: the rows, or how many where there are many."""
    old = _grid(session, question, before)
    new = _grid(session, question, value)
    cells = _different(old, new)
    if not cells:
        return session.say("table.same")
    rows = [row for row, _ in groupby(cells, key=lambda cell: cell[0])]
    lines = []
    if len(rows) > SHOWN_ROWS:
        lines.append(session.say("table.many", cells=len(cells), rows=len(rows)))
    else:
        lines += [session.say("table.row", row=new.rows.label(row), cells=_row(new, row)) for row in rows]
    changed = [(row, column) for row, column in cells if old.typed(row, column) is not None]
    if changed:
        lines.append(
            session.say("table.changed", cells=_changes(old, new, changed[:SHOWN_ROWS]), count=len(changed))
        )
    return "\n".join(lines)


def differences(session: Session, question: Question, old: object, new: object) -> str:
    """What is different between two answers, in a few words."""
    one, other = (_grid(session, question, c) for c in (old, new))
    cells = _different(one, other)
    return session.say(
        "table.differences", cells=_changes(one, other, cells[:SHOWN_ROWS]), more=len(cells) > SHOWN_ROWS
    )


def _different(one: Grid, other: Grid) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row in one.rows.typed
        for column in one.columns.typed
        if one.typed(row, column) != other.typed(row, column)
    ]


def _row(grid: Grid, row: int) -> list[dict[str, str]]:
    """A row's figures with the names of their columns: totals too where they are known."""
    cells = []
    for column, path in enumerate(grid.columns.paths):
        value = grid.value(row, column)
        if value is not None:
            cells.append({"column": path[-1], "value": f"{value:f}"})
        elif column in grid.columns.typed:
            cells.append({"column": path[-1], "value": OPEN_CELL})
    return cells


def _changes(old: Grid, new: Grid, cells: Sequence[tuple[int, int]]) -> list[dict[str, str]]:
    return [
        {
            "row": new.rows.paths[row][-1],
            "column": new.columns.paths[column][-1] if len(new.columns.typed) > 1 else "",
            "before": _plain_figure(old, row, column),
            "after": _plain_figure(new, row, column),
        }
        for row, column in cells
    ]


def _plain_figure(grid: Grid, row: int, column: int) -> str:
    typed = grid.typed(row, column)
    return "" if typed is None else f"{typed:f}"


def status(session: Session, question: Question) -> dict[str, Any]:
    """Where the filling stands, for the question's message."""
    grid = grid_of(session, question)
    next_row = following(grid)
    asked = list(grid.columns.typed)
    return {
        "filled": sum(grid.filled(row) for row in grid.rows.typed),
        "rows": len(grid.rows.typed),
        "next": grid.rows.label(next_row) if next_row is not None else "",
        "begun": next_row is not None and not _untouched(grid, next_row),
        "columns": [grid.columns.paths[column][-1] for column in asked],
        "example": " ".join(str(n) for n in range(1, len(asked) + 1)),
        "totals": _has_totals(grid),
        "carried": [
            {"row": grid.rows.paths[row][-1], "cells": _row(grid, row)}
            for row in grid.rows.typed
            if any(grid.origin(row, column) is Origin.CARRIED for column in asked)
        ],
        "last": _last_row(session, question, next_row),
        "text": small_text(grid.table()),
        "broken": broken(session, grid),
    }


def _last_row(session: Session, question: Question, row: int | None) -> list[dict[str, str]]:
    """What last year's report had in this row."""
    last = session.plan.last.value(question) if session.plan.last else None
    if row is None or not isinstance(last, TableCells):
        return []
    grid = Grid(question, last)
    return _row(grid, row) if not _untouched(grid, row) else []


def is_done(session: Session, question: Question, value: TableCells, before: object) -> bool:
    """Whether a table that asks for a single row has it now: there is nothing to look over before one goes on."""
    old = _grid(session, question, before)
    new = _grid(session, question, value)
    return len(new.rows.typed) == 1 and new.complete and not old.complete and not broken(session, new)


def broken(session: Session, grid: Grid) -> list[str]:
    """The form's arithmetic where it does not hold, a line for each balance; and what is not as last year's report has it."""
    lines = [
        session.say("table.unbalanced", balance=balance, places=places)
        for balance, places in imbalances(grid)
    ]
    lines += [
        session.say("table.carried", row=row, column=column, typed=typed, carried=carried)
        for row, column, typed, carried in grid.carried_otherwise()
    ]
    return lines


def buttons(session: Session, question: Question) -> list[list[Button]]:
    """What can be done at a table besides typing."""
    grid = grid_of(session, question)
    zeros: list[Button] = []
    many = len(grid.rows.typed) > 1
    if (row := following(grid)) is not None and (many or len(grid.columns.typed) > 1):
        # The button names its row: pressed twice, or late, it fills no other one.
        zero = f"{row_address(grid, row)} {ZERO_ROW}"
        zeros = [Button(session.say("button.zero_row"), session.data(Verb.VALUE, question.key, zero))]
        if many:
            zeros.append(
                Button(session.say("button.zero_rest"), session.data(Verb.VALUE, question.key, FILL_REST))
            )
    return [
        zeros,
        [session.button("form", Verb.FORM, question.key), session.button("table", Verb.TABLE, question.key)],
    ]


def show(session: Session, question: Question) -> Reply:
    """The whole table: as an image where that can be had, else as text."""
    grid = grid_of(session, question)
    table = grid.table()
    about: dict[str, Any] = {
        "label": question.name,
        "broken": broken(session, grid),
        "totals": _has_totals(grid),
    }
    back = [[session.button("return", Verb.RETURN), session.button("form", Verb.FORM, question.key)]]
    try:
        from bot.documents.pdf import write_images

        name = Paragraph.of(question.caption or question.name)
        alone = Draft(title=name, sections=(DraftSection("", blocks=(replace(table, caption=""),)),))
        images = write_images(alone, _plain(session))
    except DocumentError as error:
        log.warning("a table could not be drawn: %s", error)
        return session.reply("table", back, text=aligned(table), **about)
    files = tuple(
        Attachment(_filename(f"{question.name}-{n}", ".png"), image, image=True)
        for n, image in enumerate(images, 1)
    )
    return replace(session.reply("table", back, text="", **about), attachments=files)


def _has_totals(grid: Grid) -> bool:
    return bool(grid.rows.sums or grid.columns.sums)


def _plain(session: Session) -> DocumentSettings:
    """The document settings without red head and imprint: this is a look at a table, no document."""
    return msgspec.structs.replace(session.documents, head=HeadSettings(), imprint=ImprintSettings())


def form(session: Session, question: Question) -> Reply:
    """The blank form as .xlsx, with what is filled in already; totals are formulas."""
    from bot.documents.sheets import write_form  # openpyxl takes a twentieth of a second to import

    name = _filename(f"{draft(session.plan).unit}{question.name}", ".xlsx")
    file = Attachment(name, write_form(grid_of(session, question)))
    buttons = [[session.button("return", Verb.RETURN)]]
    totals = _has_totals(grid_of(session, question))
    reply = session.reply("table_form", buttons, label=question.name, totals=totals)
    return replace(reply, attachments=(file,))


def _filename(name: str, suffix: str) -> str:
    return allowed_name(name)[:60] + suffix


def pasted(question: Question, typed: str) -> str:
    """A block of cells from a spreadsheet, its figures each behind the name of their row."""
    if "\t" not in typed or "\n" not in typed.strip("\n"):
        return typed
    rows = csv.reader(io.StringIO(typed), delimiter="\t") if '"' in typed else (
        line.split("\t") for line in typed.split("\n")
    )  # fmt: skip
    return "\n".join(lines_of(question, [["".join(cell.split()) for cell in row] for row in rows]))


def lines_of(question: Question, rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a sheet that have a figure, as lines that read alike however the heads are merged.

    What stands around a form (a title, who filled it in) has no figure. A name that its form merges over several
    columns leaves empty cells behind it; they must not be taken for figures that are open.
    """
    grid = Grid(question, None)
    width = len(grid.columns.paths)
    leaves = {fold(path[-1]) for path in grid.rows.paths}
    used = 1 + max((i for row in rows for i, cell in enumerate(row) if cell.strip()), default=-1)
    rows = [[*row[:used], *[""] * (used - len(row))] for row in rows]
    start = 1 + max((i for row in rows for i, cell in enumerate(row) if fold(cell) in leaves), default=-1)
    lines: list[list[str]] = []
    began = False
    for row in rows:
        names = [cell for cell in row[:start] if cell.strip()]
        figures = list(row[start:])
        if any(_FIGURE.fullmatch(fold(name)) for name in names):  # its merged cells did not come with it
            lines.append(list(row))
            began = True
        elif any(_FIGURE.fullmatch(fold(cell)) for cell in figures):
            open_ = [cell if cell.strip() else "-" for cell in figures[:width]]
            lines.append([*names, *open_, *figures[width:]])
            began = True
        elif not began:  # the head says whether the totals came with it
            lines.append(list(row))
    return ["\t".join(cell.replace("\t", " ") for cell in line) for line in lines]


def question_of(
    session: Session, rows: Sequence[Sequence[str]], at_hand: Question | None = None
) -> Question | None:
    """The table that a sheet fills in, told by its names: people send it back when others are asked.

    Of several that it fits as well, the one at hand, else the first; the one at hand where it fits none.
    """
    there = {fold(cell) for row in rows for cell in row if cell.strip()}
    best: tuple[float, Question] | None = None
    for _, question in session.plan.steps():
        if question.type != "table":
            continue
        grid = Grid(question, None)
        names = {fold(grid.rows.paths[row][-1]) for row in grid.rows.typed}
        heads = {fold(path[-1]) for path in grid.columns.paths}
        found = len(names & there) / len(names), len(heads & there) / len(heads)
        score = sum(found) + (0.01 if at_hand and question.key == at_hand.key else 0)
        if min(found) >= 0.5 and (best is None or score > best[0]):
            best = score, question
    return best[1] if best else at_hand


def small_text(table: Table) -> str:
    """A small table as monospaced text; "" where it is too large for that to be readable."""
    if len(table.rows) > SMALL_ROWS:
        return ""
    text = aligned(table)
    return text if max(map(_cells_wide, text.splitlines()), default=0) <= SMALL_WIDTH else ""


def aligned(table: Table) -> str:
    """A table as monospaced text, its columns in line."""
    grid = [[OPEN_CELL if cell == GAP else cell for cell in row] for row in texts(table)]
    wide = [max(_cells_wide(row[column]) for row in grid) for column in range(len(grid[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (size - _cells_wide(cell)) for cell, size in zip(row, wide, strict=True)
        ).rstrip()
        for row in grid
    )


def _cells_wide(text: str) -> int:
    return round(layout.width(text) * 2)
