"""The formats a draft can be handed out in. To add one, write its module and add a line here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.documents.errors import DocumentError
from bot.documents.settings import DocumentSettings
from prompts.draft import Draft, Source

NAME_BYTES = 180  # file systems take 255; leave room for a suffix and a copy's number


@dataclass(frozen=True)
class Format:
    """`name` is what buttons and phrases call it; `suffix` names its files."""

    name: str
    suffix: str
    write: Callable[[Draft, DocumentSettings], bytes]


def _word(draft: Draft, settings: DocumentSettings) -> bytes:
    from bot.documents.word import write_word  # python-docx takes a tenth of a second to import

    return write_word(draft, settings)


def _pdf(draft: Draft, settings: DocumentSettings) -> bytes:
    from bot.documents.pdf import write_pdf

    return write_pdf(draft, settings)


def _text(draft: Draft, settings: DocumentSettings) -> bytes:
    from bot.documents.text import write_text

    return write_text(draft, settings)


def _markdown(draft: Draft, settings: DocumentSettings) -> bytes:
    from bot.documents.markdown import write_markdown

    return write_markdown(draft, settings)


FORMATS = (
    Format("word", ".docx", _word),
    Format("pdf", ".pdf", _pdf),
    Format("text", ".txt", _text),
    Format("markdown", ".md", _markdown),
)


def by_suffix(suffix: str) -> Format:
    """The format of a file name's suffix. Raises `DocumentError`."""
    for format in FORMATS:
        if format.suffix == suffix.lower():
            return format
    known = ", ".join(format.suffix for format in FORMATS)
    raise DocumentError(f"{suffix or 'no suffix'}: no format of that name; there are {known}")


def allowed_name(name: str) -> str:
    """A name without what some system forbids in the names of files."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', "", name).strip(" .")


def filename(draft: Draft, suffix: str, part: str = "") -> str:
    """A file's name: office, year and kind, with nothing in it that a system forbids."""
    named = f"{draft.unit}{draft.year or ''}{'年' if draft.year else ''}{draft.kind}" if draft.unit else ""
    unfinished = any(span.source is Source.GAP for span in draft.title.spans)
    name = (named or (draft.kind if unfinished else draft.title.text) or draft.kind) + part
    name = allowed_name(name) or "report"
    while len(name.encode()) > NAME_BYTES:
        name = name[:-1]
    return name + suffix
