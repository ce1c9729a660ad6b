"""The screens that ask: a question with everything one needs to answer it, and the end of the questions."""

from __future__ import annotations

from bot.conversation import reviewing, tables, walking
from bot.conversation.actions import Action, Verb, fits
from bot.conversation.events import Button, Reply
from bot.conversation.session import Session, bar, moment, rows_of, short
from prompts.answers import Value, from_stored, print_value
from prompts.content import State
from prompts.outline import Question
from prompts.render import gaps

TAKES_NUMBER = {"count", "percent", "money", "year", "table", "date", "choice", "choices"}


def ask(session: Session, *, in_place: bool = False) -> Reply:
    """The question at hand."""
    place, plan = session.place, session.plan
    session.stand(walking.asking(plan, place))  # an answer to what is shown here meets nothing unseen
    question = session.outline.questions[place.question]
    questions = plan.questions_of(place.section)
    sections = walking.walk(plan)
    value = plan.content.value(question)
    answered, total = session.plan.far()
    return session.reply(
        "question",
        _buttons(session, question, value),
        in_place=in_place,
        takes_number=question.type in TAKES_NUMBER,
        number=sections.index(place.section) + 1,
        total=len(sections),
        section=session.section_label(place.section),
        index=questions.index(question) + 1,
        count=len(questions),
        bar=bar(answered, total),
        note=_note(session, question),
        ask=question.ask,
        required=question.required,
        why=question.why,
        type=question.type,
        options=question.labels if question.type in {"choice", "choices"} else (),
        several=question.type == "choices",
        items=value if question.type == "items" and isinstance(value, tuple) else (),
        table=tables.status(session, question) if question.type == "table" else None,
        example=question.example,
        last=_last_year(session, question),
        now=_now(session, question, value),
        by=_by(session, question),
        proposed=_proposed(session, question),
        remark=remark(session, place.section),
        carried=bool((kept := session.content.answers.get(question.key)) and kept.carried),
    )


def finished(session: Session) -> Reply:
    """Everything was asked."""
    answered, total = session.plan.far()
    plan = session.plan
    skipped = [q for _, q in plan.steps() if q.key in plan.content.skipped and not plan.answered(q)]
    missing = len(list(gaps(session.plan)))
    buttons = [
        *([session.button("missing", Verb.MISSING)] if missing else []),
        session.button("draft", Verb.DRAFT),
        session.button("check", Verb.CHECK),
        session.button("export", Verb.EXPORT),
        session.button("outline", Verb.OUTLINE),
        session.button("back", Verb.BACK),
    ]
    return session.reply(
        "finished",
        rows_of(buttons),
        bar=bar(answered, total),
        missing=missing,
        skipped=len(skipped),
        review=reviewing.line(session),
    )


def suggestions(session: Session, question: Question) -> list[str]:
    """Answers to offer: what the outline suggests, and what stays the same from year to year."""
    offered = [session.plan.suggestion(question)]
    last = session.plan.last
    value = last.value(question) if last and question.stable else None
    if value is not None and question.type not in {"items", "table", "choices"}:
        offered.append(print_value(question, value))
    return list(dict.fromkeys(text for text in offered if text))


def _by(session: Session, question: Question) -> str:
    """Who gave the answer that stands, and when, where it was someone else."""
    answer = session.content.answers.get(question.key)
    if answer is None or answer.by in ("", session.me):
        return ""
    return session.say("notice.by", name=session.name_of(answer.by), when=moment(answer.at))


def _proposed(session: Session, question: Question) -> list[str]:
    """Other answers that were given meanwhile."""
    lines = []
    for answer in session.content.proposed.get(question.key, ()):
        value = from_stored(question, answer.value)
        shown = print_value(question, value) if value is not None else "—"
        lines.append(
            session.say(
                "notice.proposed", name=session.name_of(answer.by), when=moment(answer.at), value=shown
            )
        )
    return lines


def _choices_between(session: Session, question: Question) -> list[list[Button]]:
    """For the drafter: which of several answers it shall be."""
    proposed = session.content.proposed.get(question.key, ())
    if not proposed or not session.rights.owner:
        return []
    rows = [
        [
            session.button(
                "take_proposed",
                Verb.CHOOSE_PROPOSED,
                question.key,
                short(answer.by),
                name=session.name_of(answer.by)[:8],
            )
        ]
        for answer in proposed
    ]
    return [*rows, [session.button("keep_there", Verb.CHOOSE_PROPOSED, question.key)]]


def remark(session: Session, id: str) -> str:
    """What the drafter said when giving the section back, or why it was approved all the same."""
    content = session.content
    for kind in ("returned", "approved"):
        if note := getattr(content, kind).get(id):
            return session.say(f"notice.{kind}_remark", text=note.text) if note.text else ""
    return ""


def _note(session: Session, question: Question) -> str:
    """A section's line of help, with its first question."""
    planned = session.plan.section(session.place.section)
    first = planned is not None and planned.asked and planned.asked[0].key == question.key
    return planned.section.note if planned and planned.section and first else ""


def _now(session: Session, question: Question, value: Value | None) -> str:
    answer = session.content.answers.get(question.key)
    if answer is not None and answer.state is State.NONE:
        return session.say("button.none")
    if question.type == "table":
        return ""
    return print_value(question, value) if value is not None else ""


def _last_year(session: Session, question: Question) -> str:
    value = session.plan.last.value(question) if session.plan.last else None
    about_items = question.each  # last year's question of this key was about another item
    kept = session.content.answers.get(question.key)
    if value is None or question.type == "table" or about_items or (kept and kept.carried):
        return ""
    return session.say("notice.last_year", value=print_value(question, value))


def _buttons(session: Session, question: Question, value: Value | None) -> list[list[Button]]:
    answered = session.content.answered(question)  # or begun: a table that has a row can be cleared
    answer = session.content.answers.get(question.key)
    rows = [*_choices_between(session, question), *_answer_buttons(session, question, value)]
    moves = []
    if question.type in {"items", "choices", "table"} and value is not None:
        moves.append(session.button("done", Verb.NEXT, question.key))
    elif answered:
        moves.append(session.button("next", Verb.NEXT, question.key))
    if not answered:
        moves += [
            session.button("skip", Verb.SKIP, question.key),
            session.button("none", Verb.NONE, question.key),
        ]
    elif answer and answer.state is State.NONE:
        if answer.value is not None and from_stored(question, answer.value) is not None:
            moves.append(session.button("restore_answer", Verb.RESTORE_ANSWER, question.key))
        moves.append(session.button("clear", Verb.CLEAR, question.key))
    else:
        moves += [
            session.button("none", Verb.NONE, question.key),
            session.button("clear", Verb.CLEAR, question.key),
        ]
    if walking.before(session.plan, session.place) is not None:
        moves.append(session.button("back", Verb.BACK, question.key))
    around = [
        session.button("outline", Verb.OUTLINE),
        session.button("preview", Verb.PREVIEW, session.place.section),
    ]
    if session.plan.last is not None and session.plan.section(session.place.section) is not None:
        around.append(session.button("last_year", Verb.LAST_YEAR, session.place.section))
    return [*rows, moves, around]


def _answer_buttons(session: Session, question: Question, value: Value | None) -> list[list[Button]]:
    """Answers that can be given by pressing."""
    match question.type:
        case "choice":
            choices = [
                Button(label, session.data(Verb.CHOOSE, question.key, str(i)))
                for i, label in enumerate(question.labels)
            ]
            return rows_of(choices, 3)
        case "choices":
            ticked = value if isinstance(value, tuple) else ()
            return rows_of(
                Button(
                    session.say(f"button.{'ticked' if label in ticked else 'unticked'}", label=label),
                    session.data(Verb.TOGGLE, question.key, str(i)),
                )
                for i, label in enumerate(question.labels)
            )
        case "yesno":
            return [
                [
                    session.button("yes", Verb.CHOOSE, question.key, "1"),
                    session.button("no", Verb.CHOOSE, question.key, "0"),
                ]
            ]
        case "table":
            return tables.buttons(session, question)
        case _:
            offered = suggestions(session, question) if not session.content.answered(question) else []
            return [
                [session.button("use", Verb.SUGGESTED, question.key, str(i), value=text)]
                for i, text in enumerate(offered)
            ]


def value_button(session: Session, label: str, question: Question, typed: str) -> list[Button]:
    """A button that answers with `typed`, if it is short enough for a button to carry."""
    if not fits(Verb.VALUE, session.report.id, question.key, typed):
        return []
    return [
        Button(
            session.say(f"button.{label}", value=typed),
            Action(Verb.VALUE, session.report.id, question.key, typed).pack(),
        )
    ]
