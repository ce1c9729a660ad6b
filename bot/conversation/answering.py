"""Taking an answer, and everything else one can do at a question. Each gives the next screen."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import approving, reviewing, tables, walking
from bot.conversation.actions import Verb
from bot.conversation.asking import ask, suggestions, value_button
from bot.conversation.events import Button, Edited, Reply
from bot.conversation.here import go, here
from bot.conversation.sections import section_done
from bot.conversation.session import Session
from bot.review import is_classified
from prompts.answers import (
    TYPES,
    Doubt,
    Parsed,
    Refused,
    TableCells,
    Value,
    clean,
    from_stored,
    parse,
    print_value,
    to_stored,
)
from prompts.answers.numerals import fold
from prompts.content import Answer, Part, State, Wording
from prompts.outline import Question
from prompts.plan import Plan
from store import Edit

NOTHING = {"没有", "无", "没", "暂无", "没有了", "无其他", "0", "零"}


def take(session: Session, question: Question, typed: str, message: str = "") -> Reply:
    """What was typed, or a button's value, as the answer to the question at hand."""
    free = question.type in ("text", "items")
    if free and is_classified(typed):
        session.notify("classified")
        return ask(session)
    before = session.plan.content.value(question)
    if question.type == "items" and fold(typed).rstrip("。.") in NOTHING:
        return none(session, question) if before is None else next_(session)  # no list has 没有 for an item
    gathers = TYPES[question.type].gathers
    if question.type == "table":
        typed = tables.addressed(session, question, tables.pasted(question, typed), before)
    try:
        parsed = parse(question, typed, session.today, before if gathers else None)
    except Refused as refused:
        return _refuse(session, question, refused)
    earlier = session.content.answers.get(question.key)
    parts = (
        *(earlier.parts if gathers and earlier and before is not None else ()),
        Part(clean(typed), message),
    )
    if (met := _met(session, question, parsed.value, parts)) is not None:
        return met
    edits = _given(session, question, parsed.value, parts)
    _accepted(session, question, parsed.value, before)
    if free:
        session.warn(reviewing.warning(session, typed))
    if parsed.doubt is not None:
        session.change(*edits)
        return _doubt(session, question, parsed.doubt, parsed)
    done = isinstance(parsed.value, TableCells) and tables.is_done(session, question, parsed.value, before)
    if gathers and not done:
        session.change(*edits)
        return ask(session)
    return _change_and_go_on(session, edits)


def _change_and_go_on(session: Session, edits: list[Edit]) -> Reply:
    # Where a change leads is known only with the change in the plan, but both are kept in one durable step.
    plan = session.plan_with(edits)
    section = session.place.section
    if _now_finished(session, plan, section):
        edits = [*edits, *approving.finished(session, section)]
        approving.tell_finished(session, section)
    place = walking.asking(plan, walking.onward(plan, session.place))
    if session.place.back:
        session.notify("returned")
    session.change(*edits, place=place)
    return here(session)


def _now_finished(session: Session, plan: Plan, section: str) -> bool:
    """Whether a colleague's section is complete with this answer: the drafter is told once."""
    if session.rights.owner or not session.rights.fills:
        return False
    if section in session.content.finished or section in session.content.returned:
        return False  # what was returned is handed in again by its own button
    far = plan.progress(section)
    return far.asked > 0 and far.answered == far.asked


def _met(session: Session, question: Question, value: Value, parts: tuple[Part, ...]) -> Reply | None:
    """Someone else has answered since this person was asked: both answers are kept, and the drafter chooses.

    Lists grow and tables fill up, so these meet only where a cell that is filled in would become another.
    """
    there = session.content.answers.get(question.key)
    asked = session.place.asked
    if (
        there is None
        or there.by in ("", session.me)
        or not asked
        or asked == session.content.digest((question,))
    ):
        return None
    before = from_stored(question, there.value)
    if question.type == "items" or value == before or _fills_up(value, before):
        return None
    answer = Answer(value=to_stored(value), parts=parts, by=session.me, at=session.at)
    others = (one for one in session.content.proposed.get(question.key, ()) if one.by != session.me)
    session.change(session.edit("proposed", question.key, [*others, answer]))
    session.tell(session.report.owner, "met", label=question.name, title=session.title(),
                 name=session.name_there())  # fmt: skip
    session.notify(
        "met", who=session.name_of(there.by), there=print_value(question, before) if before is not None else "",
        value=print_value(question, value), mine=session.rights.owner,
    )  # fmt: skip
    return here(session)


def _fills_up(value: Value, before: Value | None) -> bool:
    """Whether a table only has more in it than before."""
    if not isinstance(value, TableCells) or not isinstance(before, TableCells):
        return False
    pairs = zip((c for row in value.rows for c in row), (c for row in before.rows for c in row), strict=True)
    return all(old is None or new == old for new, old in pairs)


def _given(session: Session, question: Question, value: Value, parts: tuple[Part, ...]) -> list[Edit]:
    answer = Answer(value=to_stored(value), parts=parts, by=session.me, at=session.at)
    return [session.edit("answers", question.key, answer), session.edit("skipped", question.key, None)]


def _accepted(session: Session, question: Question, value: Value, before: Value | None) -> None:
    """Say what was understood."""
    match value:
        case TableCells():
            session.warn(tables.understood(session, question, value, before))
        case tuple() if question.type == "items":
            new = len(value) - (len(before) if isinstance(before, tuple) else 0)
            if new > 1:
                session.notify("added_many", added=new, count=len(value))
            else:
                session.notify("added", count=len(value), value=value[-1])
        case tuple():
            session.notify("accepted", label=question.name, value="、".join(value))
        case _:
            session.notify("accepted", label=question.name, value=print_value(question, value))


def _refuse(session: Session, question: Question, refused: Refused) -> Reply:
    session.notice = _complaint(session, question, refused, kept=session.content.answered(question))
    reply = ask(session)
    offered = [value_button(session, "use", question, text) for text in refused.suggestions]
    if question.type in {"choice", "choices", "yesno", "table"}:
        return reply
    return _with_buttons(reply, [row for row in offered if row])


def _complaint(session: Session, question: Question, refused: Refused, *, kept: bool) -> str:
    blank = {
        "given": "",
        "extra": "",
        "unit": "",
        "row": "",
        "columns": "",
        "rows": "",
        "min": None,
        "max": None,
    }
    values = {**blank, "suggestions": refused.suggestions, **refused.details}
    return session.say("refused", code=refused.code, example=question.example, kept=kept, **values)


def _doubt(session: Session, question: Question, doubt: Doubt, parsed: Parsed) -> Reply:
    session.notice = session.say("doubt", code=doubt.code, **doubt.details)
    printed = print_value(question, parsed.value)
    rows = [value_button(session, "use", question, text) for text in doubt.suggestions]
    keep = [session.button("keep_as_is", Verb.NEXT, question.key, value=printed)]
    return _with_buttons(ask(session), [[button for row in rows for button in row], keep])


def _with_buttons(reply: Reply, rows: list[list[Button]]) -> Reply:
    return replace(reply, buttons=(*(tuple(row) for row in rows if row), *reply.buttons))


def choose(session: Session, question: Question, index: str) -> Reply:
    """A pressed option."""
    if question.type == "yesno":
        return take(session, question, "是" if index == "1" else "否")
    label = _label(question, index)
    return take(session, question, label) if label else here(session)


def toggle(session: Session, question: Question, index: str) -> Reply:
    """Tick an option, or take its tick away; kept at once."""
    label = _label(question, index)
    if not label:
        return here(session)
    value = session.plan.content.value(question)
    ticked = set(value) if isinstance(value, tuple) else set()
    ticked ^= {label}
    chosen = tuple(label for label in question.labels if label in ticked)
    if chosen:
        session.change(*_given(session, question, chosen, (Part("、".join(chosen)),)))
    else:
        session.change(session.edit("answers", question.key, None))
    return ask(session, in_place=True)


def suggested(session: Session, question: Question, index: str) -> Reply:
    """An answer that was offered."""
    offered = suggestions(session, question)
    if not index.isdigit() or int(index) >= len(offered):
        return here(session)
    return take(session, question, offered[int(index)])


def skip(session: Session, question: Question) -> Reply:
    """Leave it open, and what stands there alone."""
    edits = [session.edit("skipped", question.key, True)]
    if not session.plan.answered(question):
        begun = question.type == "table" and session.content.answered(question)
        left = tables.rows_left(session, question) if begun else 0
        session.notify("table_open" if begun else "skipped", label=question.name, left=left)
    return _change_and_go_on(session, edits)


def none(session: Session, question: Question) -> Reply:
    """不涉及: answered, and the sentence goes. What was typed before stays behind it."""
    earlier = session.content.answers.get(question.key, Answer())
    answer = Answer(State.NONE, earlier.value, earlier.parts, session.me, session.at)
    edits = [session.edit("answers", question.key, answer), session.edit("skipped", question.key, None)]
    session.notify("none", label=question.name)
    return _change_and_go_on(session, edits)


def restore(session: Session, question: Question) -> Reply:
    """Bring back the answer behind 不涉及."""
    answer = session.content.answers.get(question.key)
    value = from_stored(question, answer.value) if answer and answer.value is not None else None
    if answer is None or value is None:
        return here(session)
    session.change(
        session.edit(
            "answers", question.key, Answer(State.GIVEN, answer.value, answer.parts, session.me, session.at)
        )
    )
    session.notify("answer_restored", value=print_value(question, value))
    return ask(session)


def clear(session: Session, question: Question) -> Reply:
    """The only thing that erases an answer; /undo brings it back."""
    if question.key not in session.content.answers:
        session.notify("nothing_to_clear")
        return ask(session)
    session.change(session.edit("answers", question.key, None))
    session.notify("cleared", label=question.name)
    return ask(session)


def next_(session: Session) -> Reply:
    """On to the next question, leaving this one as it is."""
    question = session.question(session.place.question)
    if question is not None and question.type == "table" and not session.plan.answered(question):
        return skip(session, question)  # begun but not full: it is open and not asked again by itself
    if session.place.back:
        session.notify("returned")
    section = session.place.section
    place = walking.asking(session.plan, walking.onward(session.plan, session.place))
    if place.mode == walking.DONE and _now_finished(session, session.plan, section):
        session.change(*approving.finished(session, section), place=place)
        approving.tell_finished(session, section)
    return go(session, place)


def back(session: Session) -> Reply:
    """To the question before this one; what is answered stays."""
    place = walking.before(session.plan, session.place)
    if place is None:
        session.notify("first_question")
        return here(session)
    return go(session, place)


def _label(question: Question, index: str) -> str:
    return question.labels[int(index)] if index.isdigit() and int(index) < len(question.labels) else ""


def edited(session: Session, event: Edited) -> Reply | None:
    """An earlier message was changed: so is the answer it gave. None where it gave no answer to this report."""
    for key, answer in session.content.answers.items():
        question = session.outline.questions.get(key)
        if question is not None and any(part.message == event.message for part in answer.parts):
            return _reparse(session, question, answer, event)
    for id, wording in session.content.wordings.items():
        if wording.message == event.message:
            new = Wording(clean(event.text), wording.basis, session.me, session.at, event.message)
            if new.text:
                session.change(session.edit("wordings", id, new))
                session.notify("edited_text")
            return section_done(session, id)
    return None


def _reparse(session: Session, question: Question, answer: Answer, event: Edited) -> Reply:
    text = clean(event.text)
    if is_classified(text):
        session.notify("classified")
        return here(session)
    parts = tuple(
        Part(text, part.message) if part.message == event.message else part for part in answer.parts
    )
    value: Value | None = None
    try:
        for number, part in enumerate(parts):
            if question.type == "table" and part.message == event.message:
                part = Part(
                    tables.addressed(session, question, tables.pasted(question, part.typed), value),
                    part.message,
                )
                parts = (*parts[:number], part, *parts[number + 1 :])
            value = parse(
                question, part.typed, session.today, value if TYPES[question.type].gathers else None
            ).value
    except Refused as refused:
        session.notice = _complaint(session, question, refused, kept=True)
        return here(session)
    before = from_stored(question, answer.value)
    if value is None or value == before:
        session.notify("edited_same")
        return here(session)
    session.change(*_given(session, question, value, parts))
    session.notify(
        "edited",
        label=question.name,
        before=print_value(question, before) if before is not None else "—",
        after=print_value(question, value),
    )
    return here(session)
