"""The screens about sections: the table of contents, one section's menu, a finished section; and what staff change."""

from __future__ import annotations

from bot.conversation import reviewing, walking
from bot.conversation.actions import Verb
from bot.conversation.asking import remark
from bot.conversation.events import Button, Reply
from bot.conversation.session import Session, bar, rows_of
from bot.conversation.texts import section_text
from bot.review import is_classified
from prompts.answers import clean
from prompts.content import Added, Wording
from prompts.outline import INTRO, OUTRO
from prompts.plan import Planned
from store import Place

HEADING_LIMIT = 40
HEADING, WORDING, ADDED = "heading", "wording", "added"  # modes: what a plain text means now


def outline(session: Session, *, in_place: bool = False) -> Reply:
    """The table of contents, with every section's state."""
    plan = session.plan
    rows = []
    buttons: list[Button] = []
    for id in [
        *([INTRO] if plan.intro else []),
        *(s.id for s in plan.sections),
        *([OUTRO] if plan.outro else []),
    ]:
        planned = plan.section(id)
        label = session.section_label(id)
        rows.append(
            {
                "indent": planned.depth - 1 if planned else 0,
                "label": label,
                "state": state(session, id),
                "missing": plan.progress(id).missing if planned is None or not planned.dropped else 0,
            }
        )
        short = label if len(label) <= 16 else f"{label[:15]}…"
        buttons.append(Button(short, session.data(Verb.MENU, id)))
    answered, total = session.plan.far()
    return session.reply(
        "outline",
        [
            *rows_of(buttons),
            [
                session.button("resume", Verb.RESUME),
                session.button("missing", Verb.MISSING),
                session.button("draft", Verb.DRAFT),
            ],
        ],
        in_place=in_place,
        title=session.title(),
        bar=bar(answered, total),
        rows=rows,
        unplaced=unplaced_text(session),
    )


def unplaced_text(session: Session) -> str:
    """What the outline has no place for any more, so that nobody believes it lost; "" where there is nothing."""
    content, plan = session.content, session.plan
    found = ["；".join(part.typed for part in content.answers[key].parts) or str(content.answers[key].value or "")
             for key in plan.unplaced()]  # fmt: skip
    if session.rights.only is None:
        there = {section.id for section in plan.sections}
        found += [wording.text for id, wording in content.wordings.items() if id not in there]
    found = [text for text in found if text]
    if not found:
        return ""
    return "\n".join([session.say("notice.unplaced", count=len(found)), *(f"· {text}" for text in found)])


def state(session: Session, id: str) -> str:
    """未开始 · 3/7 · 已齐 · 不写 · 自拟正文."""
    planned = session.plan.section(id)
    if planned is not None and planned.dropped:
        return session.say("state.dropped")
    for kind in ("approved", "returned", "finished"):
        if id in getattr(session.content, kind):
            return session.say(f"state.{kind}")
    if id in session.content.wordings:
        return session.say("state.own")
    far = session.plan.progress(id)
    if not far.asked:
        return session.say("state.plain" if planned is None or planned.shown else "state.hidden")
    if far.answered == far.asked:
        return session.say("state.complete")
    if planned is not None and not planned.shown:
        return session.say("state.hidden")
    return session.say(
        "state.partly" if far.answered else "state.untouched", answered=far.answered, asked=far.asked
    )


def menu(session: Session, id: str, *, in_place: bool = False) -> Reply:
    """One section: what can be done with it."""
    planned = session.plan.section(id)
    if planned is None and id not in (INTRO, OUTRO):
        return outline(session, in_place=in_place)
    return session.reply(
        "section_menu",
        _menu_buttons(session, id, planned),
        in_place=in_place,
        label=session.section_label(id),
        state=state(session, id),
        missing=_missing(session, id),
        stale=session.say("notice.stale") if session.plan.stale(id) else "",
        remark=remark(session, id),
    )


def _team_buttons(session: Session, id: str, planned: Planned | None) -> list[Button]:
    """What the drafter, or a colleague, can do with a section on its way to the final text."""
    history = session.button("history", Verb.HISTORY, id)
    if not session.rights.owner:
        can = session.rights.fills and session.plan.sees(id) and id not in session.content.finished
        return [*([session.button("finish", Verb.FINISH, id)] if can else []), history]
    done = id in session.content.approved
    buttons = [session.button("share", Verb.SHARE, id, "f")] if planned else []
    if session.report.members:
        buttons.append(session.button("return_it", Verb.RETURN_IT, id))
    buttons.append(
        session.button("reopen", Verb.REOPEN, id) if done else session.button("approve", Verb.APPROVE, id)
    )
    return [*buttons, history]


def _menu_buttons(session: Session, id: str, planned: Planned | None) -> list[list[Button]]:
    fill = [session.button("fill", Verb.FILL, id), session.button("refill", Verb.REFILL, id)]
    buttons = fill if session.plan.questions_of(id) and session.rights.fills else []
    if not session.rights.owner:
        if planned is not None:
            buttons.append(session.button("preview", Verb.PREVIEW, id))
            if session.rights.fills and session.plan.sees(id):
                buttons.append(session.button("own_text", Verb.OWN_TEXT, id))
    elif planned is not None and planned.dropped:
        buttons = [session.button("restore", Verb.RESTORE, id)]
    elif planned is not None:
        buttons.append(session.button("preview", Verb.PREVIEW, id))
        buttons.append(session.button("own_text", Verb.OWN_TEXT, id))
        if id in session.content.wordings and planned.section:
            buttons.append(session.button("outline_text", Verb.OUTLINE_TEXT, id))
        if planned.heading:
            buttons.append(session.button("rename_section", Verb.RENAME_SECTION, id))
        if id in session.content.headings:
            buttons.append(session.button("reset_heading", Verb.RESET_HEADING, id))
        if planned.section:
            buttons.append(session.button("drop", Verb.DROP, id))
        else:
            buttons.append(session.button("remove_own", Verb.REMOVE_OWN, id))
        buttons += [session.button("up", Verb.UP, id), session.button("down", Verb.DOWN, id)]
        buttons.append(session.button("add", Verb.ADD, id))
    if planned is not None and session.plan.last is not None:
        buttons.append(session.button("last_year", Verb.LAST_YEAR, id))
    return [
        *rows_of(buttons, 3),
        _team_buttons(session, id, planned),
        [session.button("outline", Verb.OUTLINE), session.button("resume", Verb.RESUME)],
    ]


def section_done(session: Session, id: str, *, in_place: bool = False) -> Reply:
    """A finished section, as it reads."""
    planned = session.plan.section(id)
    buttons = [session.button("next_section", Verb.NEXT_SECTION, id)]
    if planned is not None:
        buttons.append(session.button("own_text", Verb.OWN_TEXT, id))
        if id in session.content.wordings and planned.section:
            buttons.append(session.button("outline_text", Verb.OUTLINE_TEXT, id))
    if session.plan.questions_of(id):
        buttons.append(session.button("refill", Verb.REFILL, id))
    if not session.rights.owner and session.rights.fills and id not in session.content.finished:
        buttons.insert(0, session.button("finish", Verb.FINISH, id))
    around = [session.button("outline", Verb.OUTLINE), session.button("draft", Verb.DRAFT)]
    if planned is not None and session.plan.last is not None:
        around.append(session.button("last_year", Verb.LAST_YEAR, id))
    return session.reply(
        "section_done",
        [buttons, around],
        in_place=in_place,
        label=session.section_label(id),
        state=state(session, id),
        stale=session.say("notice.stale") if session.plan.stale(id) else "",
        text=section_text(session.plan, id),
        missing=_missing(session, id),
        review=reviewing.line(session, id),
    )


def _missing(session: Session, id: str) -> list[str]:
    if id in session.content.wordings:
        return []
    return [q.name for q in session.plan.questions_of(id) if session.plan.lacks(q)]


# What staff change. Each takes the section's id and gives the next screen.


def drop(session: Session, id: str) -> Reply:
    heading = session.section_label(id)
    session.change(session.edit("dropped", id, True))
    session.notify("dropped", heading=heading)
    return menu(session, id, in_place=True)


def restore(session: Session, id: str) -> Reply:
    # A section below a dropped one comes back together with what is above it.
    dropped = [above for above in session.plan.lineage(id) if above in session.content.dropped]
    session.change(*(session.edit("dropped", above, None) for above in dropped))
    session.notify("restored", heading=session.section_label(id))
    return menu(session, id, in_place=True)


def shift(session: Session, id: str, by: int) -> Reply:
    """Move a section up (-1) or down (+1) among its siblings."""
    planned = session.plan.section(id)
    if planned is None:
        return outline(session)
    siblings = [section.id for section in session.plan.sections if section.parent == planned.parent]
    at = siblings.index(id)
    if not 0 <= at + by < len(siblings):
        session.notify("cannot_move")
        return menu(session, id, in_place=True)
    siblings[at], siblings[at + by] = siblings[at + by], siblings[at]
    session.change(session.edit("orders", planned.parent or "^", siblings))
    session.notify("moved_up" if by < 0 else "moved_down")
    return outline(session, in_place=True)


def reset_heading(session: Session, id: str) -> Reply:
    session.change(session.edit("headings", id, None))
    session.notify("heading_reset", heading=session.section_label(id))
    return menu(session, id, in_place=True)


def outline_text(session: Session, id: str) -> Reply:
    session.change(session.edit("wordings", id, None), place=Place(id, mode=walking.DONE))
    session.notify("outline_text")
    return section_done(session, id)


def remove_own(session: Session, id: str) -> Reply:
    planned = session.plan.section(id)
    if planned is None or planned.section is not None:
        return outline(session)
    session.change(
        session.edit("added", id, None), session.edit("wordings", id, None), place=walking.start(session.plan)
    )
    session.notify("removed_section", heading=planned.heading)
    return outline(session, in_place=True)


def ask_for(session: Session, mode: str, id: str) -> Reply:
    """Ask for a heading, a wording, or the heading of a section to be added after this one."""
    planned = session.plan.section(id)
    if planned is None:
        return outline(session)
    session.move(Place(id, mode=mode, back=walking.mark(session.place)))
    heading = session.section_label(id)
    match mode:
        case "heading":
            return session.reply("ask_heading", heading=heading, example=planned.heading)
        case "wording":
            return session.reply(
                "ask_wording", heading=heading, text=section_text(session.plan, id, heading=False)
            )
        case _:
            return session.reply("ask_added", heading=heading)


def take_heading(session: Session, id: str, typed: str) -> Reply:
    heading = " ".join(clean(typed).split()).rstrip("。；;")
    if not heading or len(heading) > HEADING_LIMIT:
        return _too_long(session, heading)
    session.change(
        session.edit("headings", id, heading), place=walking.returned(session.plan, session.place.back)
    )
    session.notify("heading_changed", heading=session.section_label(id))
    return menu(session, id)


def take_wording(session: Session, id: str, typed: str, message: str) -> Reply:
    planned = session.plan.section(id)
    basis = session.content.digest(planned.section.questions) if planned and planned.section else ""
    wording = Wording(clean(typed), basis, session.me, session.at, message)
    if not wording.text:
        return ask_for(session, WORDING, id)
    if is_classified(wording.text):
        session.notify("classified")
        return ask_for(session, WORDING, id)
    session.change(session.edit("wordings", id, wording), place=Place(id, mode=walking.DONE))
    session.notify("own_text")
    session.warn(reviewing.warning(session, wording.text))
    return section_done(session, id)


def take_added(session: Session, after: str, typed: str) -> Reply:
    heading = " ".join(clean(typed).split()).rstrip("。；;")
    if not heading or len(heading) > HEADING_LIMIT:
        return _too_long(session, heading)
    planned = session.plan.section(after)
    parent = planned.parent if planned else ""
    taken = {*session.content.added, *session.content.wordings}
    id = next(f"own{n}" for n in range(1, 1000) if f"own{n}" not in taken)
    session.change(
        session.edit("added", id, Added(heading, parent, after)),
        place=Place(id, mode=WORDING, back=session.place.back),
    )
    session.notify("added_section", heading=session.section_label(id))
    reply = session.reply("ask_added_text", heading=session.section_label(id))
    session.notice = ""
    return reply


def _too_long(session: Session, heading: str) -> Reply:
    planned = session.plan.section(session.place.section)
    example = planned.heading if planned else ""
    return session.reply("too_long_heading", length=len(heading), limit=HEADING_LIMIT, example=example)
