"""A section's way to the final text: finished by a colleague, returned or approved by the drafter; and its history."""

from __future__ import annotations

import msgspec

from bot.conversation import walking
from bot.conversation.actions import Verb
from bot.conversation.events import Button, Reply
from bot.conversation.here import go, here
from bot.conversation.history import printed
from bot.conversation.reviewing import findings
from bot.conversation.sections import menu, outline
from bot.conversation.session import Session, moment, short
from bot.conversation.sharing import has_part
from prompts.answers import clean
from prompts.content import WHOLE, Answer, Note
from prompts.outline import Question
from prompts.render import gaps
from prompts.rules import Level
from store import Change, Edit, Place

REMARK, REASON = "remark", "reason"  # modes: a text is what is to be done, or why it is approved all the same
LONGEST_NOTE = 500
SHOWN = 8  # changes on one screen of a history


def finish(session: Session, id: str) -> Reply:
    """A colleague says that a section is done; the drafter is told."""
    session.change(*finished(session, id))
    tell_finished(session, id)
    session.notify("finished_section", label=session.section_label(id))
    return go(session, walking.next_section(session.plan, id))


def finished(session: Session, id: str) -> list[Edit]:
    """The edits that say so."""
    return [
        session.edit("finished", id, Note(session.me, session.at)),
        session.edit("returned", id, None),
    ]


def tell_finished(session: Session, id: str) -> None:
    session.tell(
        session.report.owner, "finished", name=session.name_there(),
        label=session.section_label(id), title=session.title(),
    )  # fmt: skip


def ask_return(session: Session, id: str) -> Reply:
    """What the colleague is to do about a section that is given back."""
    session.must_own()
    session.move(Place(id, mode=REMARK, back=walking.mark(session.place)))
    return session.reply(
        "ask_return", [[session.button("return", Verb.RETURN)]], label=session.section_label(id)
    )


def take_return(session: Session, id: str, typed: str) -> Reply:
    session.must_own()
    text = clean(typed)[:LONGEST_NOTE]
    edits = [
        session.edit("returned", id, Note(session.me, session.at, text)),
        session.edit("finished", id, None),
    ]
    if id in session.content.approved:
        edits.append(session.edit("approved", id, None))
    session.change(*edits, place=walking.returned(session.plan, session.place.back))
    for person, member in session.report.members.items():
        if member.fills and has_part(session.plan, member, id):
            session.tell(
                person, "returned", label=session.section_label(id), title=session.title(), text=text
            )
    session.notify("returned_section", label=session.section_label(id))
    return menu(session, id)


def approve(session: Session, id: str) -> Reply:
    """The final text of a section, or of the whole; what is still open needs a reason."""
    session.must_own()
    open_ = _open(session, id)
    if open_:
        about = "" if id == WHOLE else id
        session.move(Place(about, mode=REASON, back=walking.mark(session.place)))
        return session.reply(
            "ask_reason", [[session.button("return", Verb.RETURN)]], label=_label(session, id), open=open_
        )
    return _approved(session, id, "")


def _open(session: Session, id: str) -> list[str]:
    """What speaks against approving: open gaps and what is certainly wrong."""
    about = "" if id == WHOLE else id
    missing = [gap.label for gap in gaps(session.plan) if about in ("", gap.section)]
    wrong = [f.text or f.kind for f in findings(session, about) if f.level is Level.MUST and f.rule != "gaps"]
    return [
        *([session.say("approve.gaps", count=len(missing), labels=missing[:5])] if missing else []),
        *([session.say("approve.wrong", count=len(wrong), labels=wrong[:5])] if wrong else []),
    ]


def take_reason(session: Session, id: str, typed: str) -> Reply:
    session.must_own()
    return _approved(session, id or WHOLE, clean(typed)[:LONGEST_NOTE])


def _approved(session: Session, id: str, reason: str) -> Reply:
    back = session.place.back
    session.change(
        session.edit("approved", id, Note(session.me, session.at, reason)), session.edit("returned", id, None),
        place=walking.returned(session.plan, back) if back else session.place,
    )  # fmt: skip
    session.notify("approved", label=_label(session, id))
    return outline(session) if id == WHOLE else menu(session, id)


def reopen(session: Session, id: str) -> Reply:
    session.must_own()
    session.change(session.edit("approved", id, None))
    session.notify("reopened", label=_label(session, id))
    return outline(session) if id == WHOLE else menu(session, id)


def _label(session: Session, id: str) -> str:
    return session.say("due.everything") if id == WHOLE else session.section_label(id)


# History


def history(session: Session, target: str = "") -> Reply:
    """Who changed a question, or a section, when, from what to what; any version can be put back."""
    question = session.question(target or session.place.question)
    if question is not None:
        keys, label = {question.key}, question.name
    else:
        section = target or session.place.section
        keys = {q.key for q in session.plan.questions_of(section)} | {section}
        label = session.section_label(section) if section else session.title()
    found = [
        (change, edit)
        for change in session.opened.history()
        for edit in change.edits
        if edit.kind in ("answers", "wordings", "headings") and edit.id in keys and _visible(session, edit)
    ]
    shown = found[-SHOWN:][::-1]
    rows, buttons = [], []
    for change, edit in shown:
        rows.append(_row(session, change, edit))
        if edit.before is not None and session.rights.fills:
            data = session.data(Verb.PUT_BACK, edit.id, str(change.number))
            buttons.append([Button(session.say("button.put_back", number=len(rows)), data)])
    buttons.append([session.button("return", Verb.RETURN)])
    return session.reply("history", buttons, label=label, rows=rows, more=len(found) - len(shown))


def _visible(session: Session, edit: Edit) -> bool:
    if edit.kind == "answers":
        return session.question(edit.id) is not None
    return session.plan.sees(edit.id)


def _row(session: Session, change: Change, edit: Edit) -> dict[str, str]:
    question = session.question(edit.id) if edit.kind == "answers" else None
    return {
        "who": session.name_of(change.by),
        "when": moment(change.at),
        "label": question.name if question else session.section_label(edit.id),
        "before": _said(session, question, edit.before),
        "after": _said(session, question, edit.after),
    }


def _said(session: Session, question: Question | None, kept: object) -> str:
    if kept is None:
        return "—"
    if question is None:
        return str(kept.get("text", "")) if isinstance(kept, dict) else str(kept)
    return printed(session, question, kept) or "；".join(p.typed for p in msgspec.convert(kept, Answer).parts)


def put_back(session: Session, id: str, number: str) -> Reply:
    """What stood before a change, again."""
    change = next((c for c in session.opened.history() if str(c.number) == number), None)
    edit = next((e for e in change.edits if e.id == id and e.kind in ("answers", "wordings", "headings")), None) if change else None  # fmt: skip
    if edit is None or edit.before is None or not _visible(session, edit):
        session.notify("unknown_button")
        return here(session)
    session.change(session.edit(edit.kind, edit.id, edit.before))
    session.notify("put_back", value=_said(session, session.question(id), edit.before))
    return history(session, id)


# Answers that met


def choose_proposed(session: Session, key: str, who: str) -> Reply:
    """The drafter takes one of the answers that were given side by side, or keeps what stands."""
    session.must_own()
    question = session.question(key)
    proposed = session.content.proposed.get(key, ())
    chosen = next((answer for answer in proposed if short(answer.by) == who), None)
    if question is None or not proposed or (chosen is None and who):
        session.notify("unknown_button")
        return here(session)
    edits = [session.edit("proposed", key, None)]
    if chosen is not None:
        edits.insert(0, session.edit("answers", key, chosen))
    session.change(*edits)
    session.notify("chosen", label=question.name)
    return here(session)
