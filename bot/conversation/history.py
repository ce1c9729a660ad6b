"""Taking the last change back, and putting it back again."""

from __future__ import annotations

import msgspec

from bot.conversation import tables
from bot.conversation.events import Reply
from bot.conversation.here import go, here
from bot.conversation.session import Session
from prompts.answers import from_stored, print_value
from prompts.content import Answer, State
from prompts.outline import Question
from store import Change, Changed, Edit, Place


def undo(session: Session) -> Reply:
    """Take back the last change of any kind, and say what it was."""
    return _step(session, back=True)


def redo(session: Session) -> Reply:
    return _step(session, back=False)


def _step(session: Session, *, back: bool) -> Reply:
    step = session.opened.undo if back else session.opened.redo
    session.rights.check(session.opened.to_take_back(session.me, back=back), session.plan)
    try:
        change = step(session.me, at=session.at, message=session.event.id)
    except Changed:
        session.notice = session.say("undo.conflict")
        return here(session)
    if change is None:
        session.notice = session.say("undo.nothing" if back else "undo.nothing_to_redo")
        return here(session)
    session.forget_plan()
    session.notice = (
        _said(session, change) if back else session.say("undo.redone", label=_label(session, change.edits[0]))
    )
    place = _place(session, change.edits[0])
    return go(session, place) if place else here(session)


def _place(session: Session, edit: Edit) -> Place | None:
    """An answer that was taken back is asked again."""
    question = session.question(edit.id) if edit.kind in ("answers", "skipped") else None
    if question is None or not session.plan.applies(question):
        return None
    return Place(session.plan.section_of(question), edit.id, back=session.place.back)


def _label(session: Session, edit: Edit) -> str:
    question = session.question(edit.id) if edit.kind in ("answers", "skipped") else None
    return question.name if question else session.section_label(edit.id)


def _said(session: Session, change: Change) -> str:
    edit = change.edits[0]
    label = _label(session, edit)
    if edit.kind == "skipped":
        return session.say("undo.skipped", label=label)
    question = session.question(edit.id)
    if edit.kind == "answers" and question is not None and (cells := _cells(session, question, edit)):
        return session.say("undo.table", label=label, cells=cells)
    if edit.kind == "answers" and question is not None:
        before, after = printed(session, question, edit.before), printed(session, question, edit.after)
        if edit.after is None:
            return session.say("undo.answer_cleared", label=label, before=before)
        return session.say("undo.answer_given", label=label, before=before, after=after)
    name = f"undo.{edit.kind}"
    return session.say(name if session.wording.has(name) else "undo.other", label=label)


def _cells(session: Session, question: Question, edit: Edit) -> str:
    """Which cells of a table are back to what they were; "" where it was more than cells that changed."""
    kept = [msgspec.convert(one, Answer) for one in (edit.after, edit.before) if one is not None]
    if question.type != "table" or len(kept) < 2 or any(one.state is State.NONE for one in kept):
        return ""
    after, before = (from_stored(question, one.value) for one in kept)
    return tables.differences(session, question, after, before)


def printed(session: Session, question: Question, kept: object) -> str:
    """A kept answer as a document writes it; "" for none, and for one that fits the question no more."""
    if kept is None:
        return ""
    answer = msgspec.convert(kept, Answer)
    if answer.state is State.NONE:
        return session.say("button.none")
    value = from_stored(question, answer.value)
    return print_value(question, value) if value is not None else ""
