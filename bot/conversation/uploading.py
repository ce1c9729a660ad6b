"""A file that someone sent: a filled table for the question at hand, or a report that was written elsewhere."""

from __future__ import annotations

import logging

import msgspec
from msgspec.structs import replace

from bot.conversation import answering, drafting, tables, walking
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Button, Reply, Upload
from bot.conversation.here import go, here
from bot.conversation.reports import is_choosing, nothing, still_choosing
from bot.conversation.session import Session, rows_of
from bot.importing import Proposal, best_outline, propose, read_report
from bot.incoming import NotRead, paragraphs_of
from bot.incoming import rows_of as cells_of
from bot.review import is_classified
from prompts.content import Content
from prompts.outline import Question
from prompts.plan import Plan
from store import Edit

log = logging.getLogger(__name__)

SHEETS = (".xlsx", ".csv", ".xlsm", ".xls")
SHOWN = 12  # figures listed one by one
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
    question = tables.question_of(session, rows) if session.has_report else None
    question = question or at_hand
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
    """A line above the place where one stands."""
    session.warn(line)
    return here(session) if session.has_report else nothing(session)


def offer(session: Session, proposal: Proposal) -> Reply:
    """What would go where; nothing is kept yet."""
    report, outline = proposal.report, proposal.outline
    others = [other for id, other in session.outlines.items() if id != outline.id][:OTHERS]
    labels = {s.id: s.heading_text for s in outline.sections}
    return session.reply(
        "import",
        [
            [_button(session, "import_all", proposal, "all")]
            + ([_button(session, "import_text", proposal, "text")] if proposal.figures else []),
            *rows_of(
                [
                    Button(
                        session.say("button.import_as", name=other.name),
                        Action(Verb.IMPORT_AS, "", "", other.id).pack(),
                    )
                    for other in others
                ],
                1,
            ),
            [_button(session, "import_cancel", proposal, "no")],
        ],
        title=report.title,
        outline=outline.name,
        own_title=bool(report.title),
        placed=[
            {"heading": one.heading, "section": _plain_heading(proposal, one.section, labels), "characters": one.characters}
            for one in proposal.placed
        ],
        figures=proposal.figures[:SHOWN],
        more=max(0, len(proposal.figures) - SHOWN),
        count=len(proposal.figures),
        left_out=report.left_out,
        trailing=len(report.trailing),
    )  # fmt: skip


def _plain_heading(proposal: Proposal, section: str, labels: dict[str, str]) -> str:
    """The outline's own name of a section, with what can be filled in."""
    if not section:
        return ""
    bare = proposal.outline.section(section)
    heading = labels.get(section, "")
    if bare is not None and "{" not in heading:
        return heading
    plan = Plan(proposal.outline, replace(proposal.content, headings={}), proposal.today)
    planned = plan.section(section)
    return planned.heading if planned else ""


def _button(session: Session, label: str, proposal: Proposal, what: str) -> Button:
    data = Action(Verb.IMPORT, "", proposal.outline.id, f"{what}:{proposal.digest}").pack()
    return Button(session.say(f"button.{label}"), data)


def as_other(session: Session, outline_id: str) -> Reply:
    """The same file as another kind of report."""
    report, outline = session.looked.get(session.me), session.outlines.get(outline_id)
    if report is None or outline is None:
        return _said(session, session.say("import.gone"))
    return offer(session, propose(report, outline, session.today))


def decide(session: Session, outline_id: str, argument: str) -> Reply:
    """Yes, with the figures or without; or no."""
    what, _, digest = argument.partition(":")
    report, outline = session.looked.get(session.me), session.outlines.get(outline_id)
    if what == "no":
        session.looked.drop(session.me)
        return _said(session, session.say("import.cancelled"))
    if report is None or outline is None:
        return _said(session, session.say("import.gone"))
    proposal = propose(report, outline, session.today)
    if proposal.digest != digest:
        return _said(session, session.say("import.gone"))
    content = proposal.kept(figures=what == "all")
    session.begin_report(outline, edits_of(content))
    session.looked.drop(session.me)
    session.notice = session.say("import.done", title=session.title())
    return go(session, walking.start(session.plan)) if _still_open(session) else here(session)


def _still_open(session: Session) -> bool:
    return walking.start(session.plan).mode != walking.END


def edits_of(content: Content) -> list[Edit]:
    """The edits that make an empty report have this content."""
    kept = msgspec.json.decode(msgspec.json.encode(content))
    return [Edit(kind, id, None, value) for kind, values in kept.items() for id, value in values.items()]
