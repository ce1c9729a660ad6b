"""Looking at the text: the whole draft, one section, the model text, and what is still missing."""

from __future__ import annotations

from bot.conversation import walking
from bot.conversation.actions import Verb
from bot.conversation.events import Button, Reply
from bot.conversation.sections import unplaced_text
from bot.conversation.session import Session, rows_of
from bot.conversation.texts import section_text
from bot.conversation.titles import title_of
from bot.documents.text import text_of
from prompts.content import Content
from prompts.errors import OutlineError
from prompts.outline import INTRO
from prompts.plan import Plan, Planned
from prompts.render import draft, gaps
from prompts.sample import content_of, read_sample
from store import Place, StoreError

BUTTONS_MOST = 90  # Telegram takes 100 a message


def whole(session: Session) -> Reply:
    """The whole text, and how many gaps it has."""
    document = draft(session.plan)
    buttons = [
        *([session.button("missing", Verb.MISSING)] if document.gaps else []),
        session.button("check", Verb.CHECK),
        session.button("export", Verb.EXPORT),
        session.button("outline", Verb.OUTLINE),
        session.button("resume", Verb.RESUME),
    ]
    return session.reply(
        "draft",
        rows_of(buttons, 3),
        text=text_of(document.lines()),
        gaps=len(document.gaps),
        normalised=session.say("notice.normalised", count=document.normalised) if document.normalised else "",
        unplaced=unplaced_text(session),
    )


def preview(session: Session, id: str = "") -> Reply:
    """One section as it reads now: the one at hand unless another is named."""
    id = id or session.place.section or INTRO
    if id != INTRO and session.plan.section(id) is None and not session.plan.questions_of(id):
        id = INTRO
    return session.reply(
        "preview",
        [[session.button("return", Verb.RETURN), session.button("draft", Verb.DRAFT)]],
        text=section_text(session.plan, id),
        stale=session.say("notice.stale") if session.plan.stale(id) else "",
    )


def missing(session: Session) -> Reply:
    """What required is still open, numbered and grouped, each with a way straight there."""
    groups: dict[str, list[dict[str, object]]] = {}
    buttons: list[Button] = []
    for number, gap in enumerate(gaps(session.plan), 1):
        label = gap.label if gap.key else session.say("gap.section")
        groups.setdefault(gap.section, []).append({"number": number, "label": label})
        if len(buttons) < BUTTONS_MOST:
            verb, target = (Verb.GO, gap.key) if gap.key else (Verb.FILL, gap.section)
            buttons.append(Button(f"{number}. {gap.label}"[:20], session.data(verb, target)))
    return session.reply(
        "missing",
        [*rows_of(buttons), [session.button("return", Verb.RETURN), session.button("draft", Verb.DRAFT)]],
        groups=[
            {"label": session.section_label(section), "gaps": found} for section, found in groups.items()
        ],
        count=sum(map(len, groups.values())),
    )


def correct(session: Session, key: str) -> Place | None:
    """The place to answer one question and come back from; None where it is not asked."""
    question = session.question(key)
    if question is None or not session.plan.applies(question):
        return None
    return Place(session.plan.section_of(question), key, back=walking.mark(session.place))


def last_year(session: Session, id: str = "") -> Reply:
    """How the report that this one was begun from reads at a section: the one at hand unless another is named."""
    buttons = [[session.button("return", Verb.RETURN)]]
    id = id or session.place.section or INTRO
    label = session.section_label(id)
    last = before(session)
    if last is None:
        return session.reply("last_year", buttons, text="", label=label, title="")
    planned = last.section(id)
    there = id == INTRO if planned is None else planned.shown and _said_something(last, planned)
    text = section_text(last, id) if there else ""
    return session.reply("last_year", buttons, text=text, label=label, title=title_of(last))


def _said_something(plan: Plan, planned: Planned) -> bool:
    asks = planned.section is not None and planned.section.questions
    return planned.id in plan.content.wordings or not asks or plan.touched(planned)


def before(session: Session) -> Plan | None:
    """The report that the one at hand was begun from, as far as this person may see it; None where there is none."""
    try:
        report = session.store.reports.get(session.report.last) if session.report.last else None
    except StoreError:
        return None
    if report is None:
        return None
    content, outline = Content.of(report.content), session.outlines[session.report.outline]
    return Plan(outline, content, session.today, session.content_before(report), session.rights.only)


def sample(session: Session) -> Reply:
    """How a real report reads at the section at hand."""
    buttons = [[session.button("return", Verb.RETURN)]]
    outline = session.outlines[session.report.outline]
    id = session.place.section or INTRO
    try:
        model = read_sample(outline)
        plan = Plan(outline, content_of(model, outline), model.today, model.before(outline))
    except OutlineError:
        return session.reply("sample", buttons, text="", label="", source="")
    planned = plan.section(id)
    shown = planned is None or planned.shown
    label = session.section_label(id)
    text = section_text(plan, id) if shown else ""
    return session.reply("sample", buttons, text=text, label=label, source=model.source)
