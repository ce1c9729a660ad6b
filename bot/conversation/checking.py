"""The review in the chat: the findings, each with what can be done about it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation import drafting
from bot.conversation.actions import Verb
from bot.conversation.events import Attachment, Button, Reply
from bot.conversation.here import go, here
from bot.conversation.reviewing import findings
from bot.conversation.sections import WORDING, ask_for, menu
from bot.conversation.session import Session, moment
from bot.documents import filename
from bot.review import Finding
from prompts.answers import print_value, to_stored
from prompts.content import Answer, Part, State
from prompts.draft import Draft, Line, Source, Span
from prompts.normalise import fold
from prompts.render import draft
from prompts.rules import Level
from store import Edit

if TYPE_CHECKING:
    from bot.documents.word import Remark

PAGE = 5  # findings on one screen
AUTHOR = "校核"  # of the comments in 核对稿
FIGURES = {"count", "percent", "money", "change", "table"}


def page_of(argument: str) -> int:
    """The page that a button carries, from 0; a forged one is the first."""
    return int(argument) if argument.isdigit() and len(argument) < 4 else 0


def check(session: Session, page: int = 0, *, in_place: bool = False) -> Reply:
    """A page of the findings."""
    found = findings(session)
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages - 1)
    shown = found[page * PAGE : (page + 1) * PAGE]
    document = draft(session.plan)
    lines = list(document.lines())
    counts = Counter(finding.level for finding in found)
    return session.reply(
        "check",
        _buttons(session, shown, page, pages, any_found=bool(found)),
        in_place=in_place,
        title=session.title(),
        levels=[(level, counts[level]) for level in Level if counts[level]],
        count=len(found),
        page=page + 1,
        pages=pages,
        findings=[
            {"number": page * PAGE + n, "finding": f, "place": _place(session, f, lines)}
            for n, f in enumerate(shown, 1)
        ],
    )


def _buttons(
    session: Session, shown: list[Finding], page: int, pages: int, *, any_found: bool
) -> list[list[Button]]:
    rows = []
    for n, finding in enumerate(shown, page * PAGE + 1):
        row = (
            [session.button("fix", Verb.FIX, finding.id, str(page), number=n)]
            if finding.mend is not None
            else []
        )
        row.append(session.button("see", Verb.SEE, finding.id, number=n))
        row.append(session.button("ignore", Verb.IGNORE, finding.id, str(page), number=n))
        rows.append(row)
    turn = []
    if page > 0:
        turn.append(session.button("page_before", Verb.CHECK, "", str(page - 1)))
    if page + 1 < pages:
        turn.append(session.button("page_after", Verb.CHECK, "", str(page + 1)))
    last = [session.button("remarks", Verb.REMARKS)] if any_found else []
    return [
        *rows,
        *([turn] if turn else []),
        [*last, session.button("return", Verb.RETURN), session.button("draft", Verb.DRAFT)],
    ]


def _place(session: Session, finding: Finding, lines: list[Line]) -> str:
    section = finding.section or (
        lines[finding.line].section if finding.line < len(lines) and finding.text else ""
    )
    return session.section_label(section) if section else ""


def fix(session: Session, id: str, page: int) -> Reply:
    """Put the mend where the words are: in the answer, or in the staff's own wording."""
    finding = _find(session, id)
    if finding is None or finding.mend is None:
        session.notify("finding_gone")
        return check(session, page, in_place=True)
    edits = _edits(session, finding)
    if edits:
        session.change(*edits)
        session.notify("fixed", before=finding.text, after=finding.mend)
    else:
        session.notify("cannot_fix")
    return check(session, page, in_place=True)


def ignore(session: Session, id: str, page: int) -> Reply:
    """Let a finding be, in this report."""
    if _find(session, id) is None:
        session.notify("finding_gone")
    else:
        session.change(session.edit("ignored", id, True))
        session.notify("ignored")
    return check(session, page, in_place=True)


def see(session: Session, id: str) -> Reply:
    """To the answer that the words came from, and back; else to the section."""
    finding = _find(session, id)
    if finding is None:
        session.notify("finding_gone")
        return check(session)
    if finding.rule == "gaps":
        return drafting.missing(session)
    lines = list(draft(session.plan).lines())
    spans = [span for span, _ in _spans(lines[finding.line], finding)] if finding.line < len(lines) else []
    key = finding.key or next((span.keys[0] for span in spans if span.keys), "")
    place = drafting.correct(session, key) if key else None
    if place is not None:
        return go(session, place)
    section = finding.section or (lines[finding.line].section if spans else "")
    if any(span.source is Source.OWN for span in spans) and section in session.content.wordings:
        return ask_for(session, WORDING, section)
    return menu(session, section) if section else here(session)


def remarks(session: Session) -> Reply:
    """核对稿: the .docx with every finding as a comment at its words."""
    from bot.documents.word import Remark, write_word

    document = draft(session.plan)
    found = findings(session)
    notes = [
        Remark(f.line, f.start, f.end if f.text else 1, session.say("remark", finding=f), AUTHOR)
        for f in found
    ]
    notes += _reported(session, document)
    file = Attachment(_name(session, document), write_word(document, session.documents, notes))
    buttons = [[session.button("check", Verb.CHECK), session.button("return", Verb.RETURN)]]
    reply = session.reply("remarked", buttons, title=session.title(), count=len(found))
    return replace(reply, attachments=(file,))


def _reported(session: Session, document: Draft) -> Iterator[Remark]:
    """At each figure: who gave it, when, and in which words."""
    from bot.documents.word import Remark

    for index, line in enumerate(document.lines()):
        position = 0
        for span in line.paragraph.spans:
            end = position + len(span.text)
            if span.source is Source.ANSWER and len(span.keys) == 1 and (said := _who(session, span.keys[0])):
                yield Remark(index, position, end, *said)
            position = end
        cells = [cell for row in (line.table.rows if line.table else ()) for cell in row]
        for key in dict.fromkeys(key for cell in cells for key in cell.keys):
            if line.text and (said := _who(session, key)):
                yield Remark(index, 0, len(line.text), *said)


def _who(session: Session, key: str) -> tuple[str, str] | None:
    """The text of such a remark and its author; None for what is no figure."""
    question, answer = session.question(key), session.content.answers.get(key)
    if question is None or answer is None or not answer.by or question.type not in FIGURES:
        return None
    value = session.plan.content.value(question)
    day = datetime.datetime.fromisoformat(answer.at)
    name = session.name_of(answer.by) if answer.by != session.me else session.name_there()
    text = session.say(
        "reported", label=question.name, value=print_value(question, value) if value is not None else "",
        name=name, when=f"{day.year}年{moment(answer.at)}", typed=[part.typed for part in answer.parts],
    )  # fmt: skip
    return text, name


def _name(session: Session, document: Draft) -> str:
    return filename(document, ".docx", session.say("remarked_part"))


def _find(session: Session, id: str) -> Finding | None:
    return next((finding for finding in findings(session) if finding.id == id), None)


def _spans(line: Line, finding: Finding) -> list[tuple[Span, int]]:
    """The spans that a finding's words stand in, with where the words begin in each."""
    found, position = [], 0
    for span in line.paragraph.spans:
        start, end = finding.start - position, finding.end - position
        if start < len(span.text) and end > 0 and finding.text:
            found.append((span, max(start, 0)))
        position += len(span.text)
    return found


def _edits(session: Session, finding: Finding) -> list[Edit]:
    """The edits that put the mend in; none where the words are the outline's own, or lie across several answers."""
    line = list(draft(session.plan).lines())[finding.line]
    spans = _spans(line, finding)
    if len(spans) != 1 or finding.mend is None:
        return []
    span, start = spans[0]
    occurrence = fold(span.text[:start]).count(fold(finding.text))
    if span.source is Source.ANSWER and len(span.keys) == 1:
        return _answer(session, span.keys[0], finding, occurrence)
    if span.source is not Source.OWN:
        return []
    content, section = session.content, line.section
    if (
        section in content.headings
        and line.lead
        and finding.start < sum(len(s.text) for s in line.paragraph.spans[: line.lead])
    ):
        heading = _replaced(content.headings[section], finding, 0)
        return [session.edit("headings", section, heading)] if heading else []
    if section in content.wordings:
        wording = content.wordings[section]
        before = wording.text.find(span.text)
        occurrence += fold(wording.text[:before]).count(fold(finding.text)) if before > 0 else 0
        text = _replaced(wording.text, finding, occurrence)
        if text:
            new = {
                "text": text,
                "basis": wording.basis,
                "by": session.me,
                "at": session.at,
                "message": wording.message,
            }
            return [session.edit("wordings", section, new)]
    return []


def _answer(session: Session, key: str, finding: Finding, occurrence: int) -> list[Edit]:
    question = session.question(key)
    value = session.plan.content.value(question) if question else None
    answer = session.content.answers.get(key)
    if answer is None or not isinstance(value, (str, tuple)):
        return []
    if isinstance(value, str):
        new: object = _replaced(value, finding, occurrence)
    else:
        items = [str(item) for item in value]
        at = next((i for i, item in enumerate(items) if fold(finding.text) in fold(item)), None)
        changed = _replaced(items[at], finding, 0) if at is not None else ""
        new = tuple(changed if i == at else item for i, item in enumerate(items)) if changed else ""
    if not new:
        return []
    parts = tuple(
        Part(_replaced(part.typed, finding, 0) or part.typed, part.message) for part in answer.parts
    )
    return [
        session.edit("answers", key, Answer(State.GIVEN, to_stored(new), parts, session.me, session.at))  # type: ignore[arg-type]
    ]


def _replaced(text: str, finding: Finding, occurrence: int) -> str:
    """The text with the mend in place of the finding's words, or "" where they are not in it."""
    folded, wanted = fold(text), fold(finding.text)
    at = folded.find(wanted)
    for _ in range(occurrence):
        following = folded.find(wanted, at + 1)
        at = following if following >= 0 else at
    return text[:at] + (finding.mend or "") + text[at + len(finding.text) :] if at >= 0 else ""
