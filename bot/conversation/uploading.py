"""A file that someone sent: a filled table for the question at hand, or a report that was written elsewhere."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from bot.conversation import answering, drafting, sections, tables, walking
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Button, Reply, Upload
from bot.conversation.here import go, here
from bot.conversation.reports import is_choosing, nothing, still_choosing
from bot.conversation.session import Session, edits_of
from bot.importing import Proposal, best_outline, propose, read_report
from bot.incoming import NotRead, paragraphs_of
from bot.incoming import rows_of as cells_of
from bot.review import is_classified
from prompts.outline import Outline, Question
from prompts.plan import Plan
from prompts.render import gaps
from store import Place

log = logging.getLogger(__name__)

SHEETS = (".xlsx", ".csv", ".xlsm", ".xls")
SHOWN = 12  # figures, and lines left out, listed one by one
SHOWN_PARTS = 40
OTHERS = 6  # other kinds of report offered


def take(session: Session, event: Upload) -> Reply:
    """A file: into the table that is being asked for, or a report to be imported."""
    sheet = event.filename.lower().endswith(SHEETS)
    if sheet and is_choosing(session):
        return still_choosing(session)
    try:
        if sheet:
            return _into_table(session, event)
        lines = paragraphs_of(event.filename, event.content)
    except NotRead as error:
        return _said(session, session.say(f"file.{error.code}"))
    if any(is_classified(line.text) for line in lines):
        return _said(session, session.say("notice.classified"))
    report = read_report(lines)
    session.looked.put(session.me, report)
    return offer(session, propose(report, best_outline(report, session.outlines), session.today))


def _table_at_hand(session: Session) -> Question | None:
    place = session.place
    question = session.question(place.question) if place.mode in ("", walking.REFILL) else None
    return question if question is not None and question.type == "table" else None


def _into_table(session: Session, event: Upload) -> Reply:
    """A sheet into the table that is being asked for, or into the one whose form it is."""
    rows = cells_of(event.filename, event.content)
    at_hand = _table_at_hand(session) if session.has_report else None
    question = tables.question_of(session, rows, at_hand) if session.has_report else None
    if question is None:
        return _said(session, session.say("import.no_table"))
    if at_hand is None or at_hand.key != question.key:
        place = drafting.correct(session, question.key)
        if place is None:
            return _said(session, session.say("import.no_table"))
        session.move(place)
        session.notify("table_found", label=question.name)
    return answering.take(session, question, "\n".join(tables.lines_of(question, rows)), event.message)


def _said(session: Session, line: str) -> Reply:
    """A line above the place where one stands; by itself where one stands nowhere."""
    session.warn(line)
    if session.has_report:
        return here(session)
    return session.reply("plain", nothing(session).buttons, notice="", text=session.notice)


def offer(session: Session, proposal: Proposal) -> Reply:
    """What would go where; nothing is kept yet."""
    report, outline = proposal.report, proposal.outline
    others = [other for id, other in session.outlines.items() if id != outline.id][:OTHERS]
    headings = _headings(proposal)
    placed = [
        {"heading": one.heading, "section": headings.get(one.section, ""), "characters": one.characters}
        for one in proposal.placed
    ]
    take = ["import_all", "import_text"] if proposal.figures else ["import_all"]
    return session.reply(
        "import",
        [
            [_button(session, label, proposal) for label in take],
            *([_as_button(session, other, proposal)] for other in others),
            [_button(session, "import_cancel", proposal)],
        ],
        title=report.title,
        outline=outline.name,
        own_title=bool(report.title),
        placed=placed[:SHOWN_PARTS],
        more_parts=max(0, len(placed) - SHOWN_PARTS),
        figures=proposal.figures[:SHOWN],
        more=max(0, len(proposal.figures) - SHOWN),
        count=len(proposal.figures),
        left_out=report.left_out[:SHOWN],
        more_left_out=max(0, len(report.left_out) - SHOWN),
        trailing=len(report.trailing),
    )


def _headings(proposal: Proposal) -> dict[str, str]:
    """The outline's own names of its sections, with what can be filled in."""
    plan = Plan(proposal.outline, replace(proposal.content, headings={}), proposal.today)
    return {section.id: section.heading for section in plan.sections}


_TAKEN = {"import_all": "all", "import_text": "text", "import_cancel": "no"}


def _button(session: Session, label: str, proposal: Proposal) -> Button:
    data = Action(Verb.IMPORT, "", proposal.outline.id, f"{_TAKEN[label]}:{proposal.digest}").pack()
    return Button(session.say(f"button.{label}"), data)


def _as_button(session: Session, outline: Outline, proposal: Proposal) -> Button:
    data = Action(Verb.IMPORT_AS, "", "", f"{outline.id}:{proposal.digest}").pack()
    return Button(session.say("button.import_as", name=outline.name), data)


def as_other(session: Session, argument: str) -> Reply:
    """The same file as another kind of report."""
    outline_id, _, digest = argument.partition(":")
    proposal = _proposed(session, outline_id, digest)
    return offer(session, proposal) if proposal else _gone(session, digest)


def decide(session: Session, outline_id: str, argument: str) -> Reply:
    """Yes, with the figures or without; or no."""
    what, _, digest = argument.partition(":")
    proposal = _proposed(session, outline_id, digest)
    if proposal is None:
        return _gone(session, digest)
    if what == "no":
        session.looked.decide(session.me, digest)
        return _said(session, session.say("import.cancelled"))
    session.begin_report(proposal.outline, edits_of(proposal.kept(figures=what == "all")))
    session.looked.decide(session.me, digest)
    session.notice = session.say("import.done", title=session.title())
    return _begun(session)


def _proposed(session: Session, outline_id: str, digest: str) -> Proposal | None:
    """What a button is about; None where that file is not at hand any more."""
    report, outline = session.looked.get(session.me), session.outlines.get(outline_id)
    if report is None or outline is None:
        return None
    proposal = propose(report, outline, session.today)
    return proposal if proposal.digest == digest else None


def _gone(session: Session, digest: str) -> Reply:
    if digest and session.looked.decided(session.me) == digest:
        return _said(session, session.say("notice.unknown_button"))
    return _said(session, session.say("import.gone"))


def _begun(session: Session) -> Reply:
    """The new report: at the first question that its draft has a gap for; with none, what it consists of."""
    missing = next((gap for gap in gaps(session.plan) if gap.key), None)
    if missing is not None:
        return go(session, Place(missing.section, missing.key))
    session.move(Place(mode=walking.END))
    return sections.outline(session)
