"""Handing the draft out: files, and pages to look at."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.conversation import reviewing
from bot.conversation.actions import Verb
from bot.conversation.events import Attachment, Reply
from bot.conversation.session import Session, rows_of
from bot.documents import FORMATS, DocumentError, NotInstalled, filename
from prompts.draft import Draft
from prompts.render import draft

log = logging.getLogger(__name__)


def offer(session: Session) -> Reply:
    """Which formats there are, and what is still open in what would be handed out."""
    document = draft(session.plan)
    formats = [session.button(f"export_{format.name}", Verb.EXPORT, format.name) for format in FORMATS]
    around = [
        session.button("pages", Verb.PAGES),
        session.button("check", Verb.CHECK),
        *([session.button("missing", Verb.MISSING)] if document.gaps else []),
        session.button("return", Verb.RETURN),
    ]
    return session.reply(
        "export",
        [*rows_of(formats, 4), around],
        title=session.title(),
        gaps=len(document.gaps),
        review=reviewing.line(session),
    )


def export(session: Session, name: str) -> Reply:
    """The draft as a file."""
    format = next((format for format in FORMATS if format.name == name), None)
    if format is None:
        return offer(session)
    document = draft(session.plan)
    try:
        content = format.write(document, session.documents)
        fonts = _substituted(session) if format.name == "pdf" else ""
    except DocumentError as error:
        return _failed(session, error)
    file = Attachment(filename(document, format.suffix), content)
    return _handed(session, "exported", document, (file,), fonts, format.name)


def pages(session: Session) -> Reply:
    """The draft as images of its pages: people would rather look than read."""
    document = draft(session.plan)
    try:
        from bot.documents.pdf import write_images

        images = write_images(document, session.documents)
        fonts = _substituted(session)
    except DocumentError as error:
        return _failed(session, error)
    files = tuple(
        Attachment(filename(document, ".png", f"-{number}"), content, image=True)
        for number, content in enumerate(images, 1)
    )
    return _handed(session, "pages", document, files, fonts)


def _handed(
    session: Session, name: str, document: Draft, files: tuple[Attachment, ...], fonts: str, format: str = ""
) -> Reply:
    buttons = [
        [session.button("export", Verb.EXPORT), session.button("pages", Verb.PAGES)],
        [session.button("return", Verb.RETURN), session.button("draft", Verb.DRAFT)],
    ]
    reply = session.reply(
        name,
        buttons,
        title=session.title(),
        gaps=len(document.gaps),
        count=len(files),
        fonts=fonts,
        format=format,
    )
    return replace(reply, attachments=files)


def _substituted(session: Session) -> str:
    from bot.documents.pdf import substitutions

    found = substitutions(session.documents)
    return session.say("notice.fonts", substituted=found) if found else ""


def _failed(session: Session, error: DocumentError) -> Reply:
    log.error("a document could not be written: %s", error)
    session.notify("not_installed" if isinstance(error, NotInstalled) else "document_failed")
    return offer(session)
