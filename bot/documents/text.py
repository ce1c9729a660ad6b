"""A draft as plain text: for the chat, and as a file."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.settings import DocumentSettings
from bot.documents.tables import texts
from prompts.draft import Draft, Line, Role, Table

INDENT = "　　"


def text_of(lines: Iterable[Line]) -> str:
    """Lines as plain text; paragraphs indented by two characters."""
    return "\n".join(_line_text(line) for line in lines)


def write_text(draft: Draft, settings: DocumentSettings) -> bytes:
    """A text file, with a byte order mark: the Windows editors that offices use need it to see UTF-8."""
    return (text_of(draft.lines()) + "\n").encode("utf-8-sig")


def _line_text(line: Line) -> str:
    if line.table is not None:
        return "\n".join(filter(None, [line.text, table_text(line.table)]))
    if line.role in (Role.BODY, Role.HEADING):
        return INDENT + line.text
    if line.role is Role.NOTE:
        return f"{INDENT}（{line.text}）"
    return line.text


def table_text(table: Table) -> str:
    """A table as lines of cells; what a cell covers to the right and below stays empty."""
    return "\n".join(" | ".join(row).rstrip() for row in texts(table))
