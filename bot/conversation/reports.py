"""Beginning, finding, naming and deleting reports."""

from __future__ import annotations

import datetime
import re

from bot.conversation import walking
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Button, Message, Reply
from bot.conversation.here import go, here, resume
from bot.conversation.rights import Rights
from bot.conversation.session import Session, bar, edits_of, rows_of
from bot.conversation.titles import title_of
from prompts.answers import clean
from prompts.answers.numerals import fold
from prompts.content import Answer, Content, Part
from prompts.expanding import items
from prompts.outline import Outline
from prompts.plan import Plan
from store import Edit, Place, Report, StoreError

GRACE_DAYS = 30  # how long a deleted report can be brought back
TITLE = "title"  # mode: a plain text is the new title
TITLE_LIMIT = 80
# A person's mode: a new report is being begun; behind a colon its kind, once that is chosen.
CHOOSING = "choosing"
OFFERED = 3  # reports that a new one can start from
BLANK = "-"  # instead of a report to start from


def start(session: Session) -> Reply:
    """Greet, say what there is to go on with, and how."""
    session.close()
    first = not session.person.person.greeted
    found = _mine(session)
    if first:
        session.update_person(greeted=True)
    unfinished = [entry for entry in found if not entry["complete"]]
    buttons = [session.plain("resume", Verb.RESUME)] if found else []
    buttons += [
        session.plain("new", Verb.NEW),
        session.plain("list", Verb.LIST),
        session.plain("help", Verb.HELP),
    ]
    return session.reply("greeting", rows_of(buttons), first=first, unfinished=unfinished)


def new(session: Session) -> Reply:
    """Which kind of report."""
    session.close()
    session.read_outlines()
    outlines = list(session.outlines.values())
    if len(outlines) == 1:
        return begin(session, outlines[0].id)
    return _choose_outline(session)


def is_choosing(session: Session) -> bool:
    """Whether the person was asked which kind of report to begin, or from which one."""
    return session.person.person.mode.partition(":")[0] == CHOOSING


def still_choosing(session: Session) -> Reply:
    """A text then: one of the choices by its number or name, else nothing; no answer to the report at hand before."""
    typed = session.event.text.strip() if isinstance(session.event, Message) else ""
    session.close()
    session.read_outlines()
    outline = session.outlines.get(session.person.person.mode.partition(":")[2])
    if outline is not None:
        latest = _to_start_from(session, outline)[:OFFERED]
        names = [*(_title(session, report) for report in latest), session.say("button.from_blank")]
        picked = _picked(typed, names)
        if picked is not None:
            return begin(session, outline.id, [*(report.id for report in latest), BLANK][picked])
        session.notify("choose_first")
        return _offer_last(session, outline, latest)
    outlines = list(session.outlines.values())
    picked = _picked(typed, [outline.name for outline in outlines])
    if picked is not None:
        return begin(session, outlines[picked].id)
    session.notify("choose_first")
    return _choose_outline(session)


def _picked(typed: str, names: list[str]) -> int | None:
    """Which of the names was meant: by its number, its words, or a part of them that no other has."""
    text = fold(typed).rstrip("。.、")
    if re.fullmatch(r"\d{1,2}", text):
        return int(text) - 1 if 1 <= int(text) <= len(names) else None
    exact = [i for i, name in enumerate(names) if fold(name) == text]
    part = [i for i, name in enumerate(names) if len(text) >= 4 and text in fold(name)]
    return next((found[0] for found in (exact, part) if len(found) == 1), None)


def _choose_outline(session: Session) -> Reply:
    session.update_person(mode=CHOOSING)
    outlines = list(session.outlines.values())
    buttons = [[Button(outline.name, Action(Verb.BEGIN, "", outline.id).pack())] for outline in outlines]
    return session.reply("choose_outline", buttons, outlines=outlines)


def begin(session: Session, id: str, last_id: str = "") -> Reply:
    """A new report of this kind, at its first question: from last year's (`last_id`), or (BLANK) from nothing.

    Where there is a report of this kind and nothing was said, that is asked.
    """
    outline = session.outlines.get(id)
    if outline is None:
        return _choose_outline(session)
    if session.has_report and _just_begun(session.report, id, last_id):
        session.update_person(mode="")
        return here(session)  # its button was pressed twice
    session.close()
    of_kind = _to_start_from(session, outline)
    last = next((report for report in of_kind if report.id == last_id), None)
    if last is None and last_id not in ("", BLANK):
        session.notify("last_gone")
        last_id = ""
    if not last_id and of_kind:
        return _offer_last(session, outline, of_kind[:OFFERED])
    gone = session.notice
    edits = carried(outline, Content.of(last.content)) if last else []
    session.begin_report(outline, edits, last=last.id if last else "")
    due = f"{outline.due[0]}月{outline.due[1]}日" if outline.due else ""
    names = [session.outline.questions[e.id].name for e in edits if e.kind == "answers"]
    session.notice = session.say(
        "begun", name=outline.name, basis=outline.basis, due=due, last=_title(session, last) if last else "",
        carried=names, plans=any(session.outline.each.values()),
    )  # fmt: skip
    if gone:
        session.notice = f"{gone}\n{session.notice}"
    return go(session, walking.start(session.plan))


def _just_begun(report: Report, outline: str, last: str) -> bool:
    """Whether a report is what this choice begins, and nobody has given anything to it yet."""
    content = Content.of(report.content)
    given = any(not answer.carried for answer in content.answers.values())
    same = report.outline == outline and report.last == ("" if last == BLANK else last)
    return same and not (given or content.skipped or content.wordings or report.done or report.undone)


def _to_start_from(session: Session, outline: Outline) -> list[Report]:
    """The person's reports that a new one of this kind can start from: the latest years first."""
    found = [
        r
        for r in _reports(session)[0]
        if r.outline == outline.id and not r.deleted and _has_text(r, outline) and _may_start_from(session, r)
    ]
    return sorted(found, key=lambda r: (_year(r), r.created), reverse=True)


def _offer_last(session: Session, outline: Outline, latest: list[Report]) -> Reply:
    """From which report the new one starts."""
    session.update_person(mode=f"{CHOOSING}:{outline.id}")
    titles = [_title(session, report) for report in latest]
    buttons = [
        [
            Button(
                session.say("button.from_last", title=title)[:60],
                Action(Verb.BEGIN, "", outline.id, report.id).pack(),
            )
        ]
        for report, title in zip(latest, titles, strict=True)
    ]
    blank = Button(session.say("button.from_blank"), Action(Verb.BEGIN, "", outline.id, BLANK).pack())
    return session.reply(
        "from_last", [*buttons, [blank]], name=outline.name, titles=titles, plans=bool(outline.each)
    )


def _has_text(report: Report, outline: Outline) -> bool:
    """Whether there is something in a report besides what is asked first: else there is nothing to start from."""
    first = {question.key for question in outline.intro}
    return bool(report.content.get("wordings")) or any(
        k not in first for k in report.content.get("answers", {})
    )


def _may_start_from(session: Session, report: Report) -> bool:
    """Whoever sees only some sections of a report cannot take the rest into one of their own."""
    rights = Rights.of(report, session.me)
    return rights is not None and rights.only is None


def _year(report: Report) -> int:
    value = report.content.get("answers", {}).get("year", {}).get("value")
    return value if isinstance(value, int) else 0


def carried(outline: Outline, last: Content) -> list[Edit]:
    """What of last year's report a new one begins with: what is the same every year, and how it was arranged."""
    stays = {
        key: Answer(
            answer.state, answer.value, tuple(Part(part.typed) for part in answer.parts), carried=True
        )
        for key, question in outline.questions.items()
        if question.stable and (answer := last.answers.get(key)) is not None and last.answered(question)
    }
    return edits_of(
        Content(
            answers=stays,
            about={key: found for key in outline.each if (found := items(outline, key, last))},
            dropped=last.dropped,
            orders=last.orders,
            added=last.added,
            alone=last.alone,
            headings={id: text for id, text in last.headings.items() if not re.search(r"20\d\d", text)},
            settings={name: last.settings[name] for name in ("empty", "normalise") if name in last.settings},
        )
    )


def list_(session: Session) -> Reply:
    """All of one's reports, the deleted ones that can still be brought back too."""
    return _choose(session, session.say("list.mine"), deleted=True)


def resume_some(session: Session) -> Reply:
    """Straight on with the report; where several are unfinished, a choice."""
    session.close()
    found = [entry for entry in _mine(session) if not entry["complete"]]
    if len(found) > 1:
        return _choose(session, session.say("list.which"), deleted=False)
    if found and session.person.person.report != found[0]["id"]:
        session.switch(str(found[0]["id"]))
    if not session.has_report:
        return nothing(session)
    return resume(session)


def nothing(session: Session) -> Reply:
    """There is no report at hand."""
    return session.reply("no_report", [[session.plain("new", Verb.NEW), session.plain("list", Verb.LIST)]])


def _choose(session: Session, question: str, *, deleted: bool) -> Reply:
    session.close()
    found = _mine(session, deleted=deleted)
    buttons = [
        [
            Button(
                f"{number}. {entry['title']}"[:40],
                Action(Verb.BRING_BACK if entry["deleted"] else Verb.RESUME, str(entry["id"])).pack(),
            )
        ]
        for number, entry in enumerate(found, 1)
    ]
    return session.reply(
        "choose_report", [*buttons, [session.plain("new", Verb.NEW)]], question=question, reports=found
    )


def _reports(session: Session) -> tuple[list[Report], list[str]]:
    """The person's reports that can be read, oldest first, and the ids of those that cannot."""
    reports, unreadable = [], []
    for id in session.person.person.reports:
        try:
            report = session.store.reports.get(id)
        except StoreError:
            unreadable.append(id)
            continue
        if report is not None and Rights.of(report, session.me) is not None:
            reports.append(report)
    return reports, unreadable


def _mine(session: Session, *, deleted: bool = False) -> list[dict[str, object]]:
    """The person's reports for a list, last touched first."""
    found: list[dict[str, object]] = []
    reports, unreadable = _reports(session)
    for report in sorted(reports, key=lambda report: report.touched, reverse=True):
        outline = session.outlines.get(report.outline)
        if report.deleted and not deleted:
            continue
        plan = _plan(session, report, outline) if outline else None
        answered, total = plan.far() if plan else (0, 0)
        found.append(
            {
                "id": report.id,
                "title": title_of(plan) if plan else report.outline,
                "progress": bar(answered, total, 5) if total else session.say("list.no_outline"),
                "touched": datetime.datetime.fromisoformat(report.touched).strftime("%Y-%m-%d %H:%M"),
                "complete": bool(total) and answered == total,
                "deleted": bool(report.deleted),
            }
        )
    for id in unreadable:
        broken = {"id": id, "title": session.say("list.unreadable", id=id), "progress": "—", "touched": "—"}
        found.append({**broken, "complete": not deleted, "deleted": False})
    return found


def _plan(session: Session, report: Report, outline: Outline) -> Plan:
    """A report as this person may see it. Reads last year's report: not to be called while another one is held."""
    rights = Rights.of(report, session.me)
    only = rights.only if rights else ()
    return Plan(outline, Content.of(report.content), session.today, session.content_before(report), only)


def _title(session: Session, report: Report) -> str:
    outline = session.outlines.get(report.outline)
    return title_of(Plan(outline, Content.of(report.content), session.today)) if outline else report.outline


# Naming and deleting


def ask_title(session: Session) -> Reply:
    session.must_own()
    session.move(Place(mode=TITLE, back=walking.mark(session.place)))
    own = "title" in session.content.settings
    buttons = [[session.button("title_reset", Verb.TITLE_RESET)]] if own else []
    return session.reply("ask_title", buttons, title=session.title())


def take_title(session: Session, typed: str) -> Reply:
    title = "".join(clean(typed).split("\n")).strip().rstrip("。")
    if not title or len(title) > TITLE_LIMIT:
        return session.reply(
            "too_long_heading", length=len(title), limit=TITLE_LIMIT, example=session.title()[:TITLE_LIMIT]
        )
    back = walking.returned(session.plan, session.place.back)
    session.change(session.edit("settings", "title", title), place=back)
    session.notify("title_changed", title=title)
    return here(session)


def reset_title(session: Session) -> Reply:
    back = (
        walking.returned(session.plan, session.place.back) if session.place.mode == TITLE else session.place
    )
    session.change(session.edit("settings", "title", None), place=back)
    session.notify("title_reset", title=session.title())
    return here(session)


def settings(session: Session) -> Reply:
    drop = session.content.drop_empty
    label = "empty_gap" if drop else "empty_drop"
    mend = session.content.normalise
    buttons = [
        [session.button(label, Verb.SETTING, "empty", "gap" if drop else "drop")],
        [
            session.button(
                f"normalise_{'off' if mend else 'on'}", Verb.SETTING, "normalise", "off" if mend else "on"
            )
        ],
        [session.button("return", Verb.RETURN)],
    ]
    return session.reply("settings", buttons, title=session.title(), drop=drop, normalise=mend)


def set_(session: Session, name: str, value: str) -> Reply:
    if (name, value) in {("empty", "gap"), ("empty", "drop"), ("normalise", "on"), ("normalise", "off")}:
        session.change(session.edit("settings", name, value))
        session.notify(f"{name}_{value}")
    return settings(session)


def ask_delete(session: Session) -> Reply:
    session.must_own()
    buttons = [[session.button("confirm_delete", Verb.CONFIRM_DELETE), session.button("keep", Verb.KEEP)]]
    answered = len(session.content.answers)
    return session.reply("confirm_delete", buttons, title=session.title(), answered=answered, days=GRACE_DAYS)


def delete(session: Session) -> Reply:
    """Put the report away; it can be brought back for `GRACE_DAYS`."""
    session.must_own()
    title = session.title()
    buttons = [[session.button("bring_back", Verb.BRING_BACK), session.plain("list", Verb.LIST)]]
    for member in session.report.members:
        session.tell(member, "deleted", title=title, days=GRACE_DAYS)
    session.opened.set_deleted(session.at, by=session.me, message=session.event.id)
    session.close()
    session.update_person(report="")
    return session.reply("plain", buttons, text=session.say("notice.deleted", title=title, days=GRACE_DAYS))


def bring_back(session: Session, id: str) -> Reply:
    session.close()
    if id not in session.person.person.reports or session.store.reports.get(id) is None:
        return nothing(session)  # the button outlives the days in which it can be done
    with session.store.reports.using(id) as opened:
        if opened.report.owner != session.me:
            return nothing(session)
        if opened.report.deleted:
            for member in opened.report.members:
                session.tell(member, "brought_back", title=_title(session, opened.report))
            opened.set_deleted("", by=session.me, message=session.event.id)
    session.switch(id)
    session.notify("brought_back", title=session.title())
    return resume(session)
