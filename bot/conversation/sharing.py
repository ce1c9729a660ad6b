"""Giving colleagues their part of a report, and taking it back: links, the team, handing over, reminding."""

from __future__ import annotations

import datetime
import re
from typing import Any

import msgspec

from bot.conversation import walking
from bot.conversation.actions import Verb
from bot.conversation.events import Button, Reply
from bot.conversation.here import go, here
from bot.conversation.reminding import due_date, is_done
from bot.conversation.rights import Rights
from bot.conversation.session import Session, rows_of, short
from bot.conversation.titles import without_gaps
from prompts.answers import Refused
from prompts.answers.dates import parse_date
from prompts.content import WHOLE
from prompts.plan import Plan
from store import Link, Member, NotFound, Place, Report
from store.access import digest, new_code

LINK_DAYS = 7
FILL, VIEW = "share-fill", "share-view"  # modes: a plain text names the sections to share
DUE = "due"  # mode: a plain text is a date
_PAYLOAD = re.compile(r"s-([a-z0-9]{4,12})-([A-Za-z0-9]{12})")
_ALL = {"全部", "全文", "整份", "所有"}


def ask_share(session: Session, *, fills: bool = True, in_place: bool = False) -> Reply:
    """Which sections, in which role."""
    session.must_own()
    session.move(Place(session.place.section, mode=FILL if fills else VIEW, back=walking.mark(session.place)))
    sections = shareable(session.plan)
    argument = "f" if fills else "v"
    buttons = [
        Button(f"{number}. {label}"[:18], session.data(Verb.SHARE, id, argument))
        for number, (id, label) in enumerate(sections, 1)
    ]
    return session.reply(
        "share",
        [
            *rows_of(buttons),
            [
                Button(session.say("button.share_whole"), session.data(Verb.SHARE, WHOLE, argument)),
                session.button(
                    "share_view" if fills else "share_fill", Verb.SHARE_ROLE, "", "v" if fills else "f"
                ),
            ],
            [session.button("team", Verb.TEAM), session.button("return", Verb.RETURN)],
        ],
        in_place=in_place,
        takes_number=True,
        fills=fills,
        sections=[label for _, label in sections],
    )


def shareable(plan: Plan) -> list[tuple[str, str]]:
    """The sections that can be given away, in order: those that ask something, and the parts they stand in."""
    return [(s.id, without_gaps(s.label)) for s in plan.sections if not s.dropped and s.has_heading]


def take_share(session: Session, typed: str) -> Reply:
    """Numbers of sections, as in the list."""
    session.must_own()
    fills = session.place.mode == FILL
    if typed.strip() in _ALL:
        return share(session, (), fills=fills)
    sections = shareable(session.plan)
    numbers = _numbers(typed)
    if not numbers or any(not 1 <= n <= len(sections) for n in numbers):
        session.notify("share_numbers", count=len(sections))
        return ask_share(session, fills=fills)
    return share(session, tuple(sections[n - 1][0] for n in numbers), fills=fills)


def _numbers(typed: str) -> list[int]:
    found: list[int] = []
    for first, last in re.findall(r"(\d{1,3})(?:\s*[-~—～至到]\s*(\d{1,3}))?", typed):
        found += range(int(first), min(int(last or first), int(first) + 100) + 1)
    rest = re.sub(r"[\d\s,，、;；~—～至到和第节-]", "", typed)
    return [] if rest else list(dict.fromkeys(found))


def share(session: Session, sections: tuple[str, ...], *, fills: bool) -> Reply:
    """A link for one colleague."""
    session.must_own()
    code = new_code()
    expires = session.now + datetime.timedelta(days=LINK_DAYS)
    valid = {
        key: link for key, link in session.report.links.items()
        if datetime.datetime.fromisoformat(link.expires) > session.now
    }  # fmt: skip
    links = {**valid, digest(code): Link(fills, sections, expires.isoformat(timespec="seconds"))}
    back = walking.returned(session.plan, session.place.back) if session.place.back else session.place
    session.opened.set_team(by=session.me, message=session.event.id, links=links, names=_names(session))
    session.move(back)
    return session.reply(
        "shared",
        [[session.button("share_more", Verb.SHARE_ROLE, "", "f"), session.button("team", Verb.TEAM)],
         [session.button("return", Verb.RETURN)]],
        link=session.link(f"s-{session.report.id}-{code}"),
        title=session.title(),
        sections=[session.section_label(id) for id in sections],
        fills=fills,
        days=LINK_DAYS,
    )  # fmt: skip


def _names(session: Session) -> dict[str, str]:
    """Everyone's name with this person's as they are called now."""
    return {**session.report.names, session.me: session.name_there()}


def join(session: Session, payload: str) -> Reply | None:
    """Open a link; None where it is none. What is wrong with a link is never said: a guess learns nothing."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return None
    session.close()
    id, code = match[1], match[2]
    try:
        with session.store.reports.using(id) as opened:
            report = opened.report
            entered = _entered(session, report, digest(code))
            if entered is not None:
                opened.set_team(by=session.me, message=session.event.id, **entered)
            elif Rights.of(report, session.me) is None:
                id = ""
    except NotFound:
        id = ""
    if not id:
        return session.reply("share_invalid", [[session.plain("list", Verb.LIST)]])
    mine = session.person.person.reports
    session.update_person(report=id, reports=mine if id in mine else [*mine, id], mode="", greeted=True)
    if not session.has_report:
        return session.reply("share_invalid", [[session.plain("list", Verb.LIST)]])
    if entered is not None:
        session.tell(session.report.owner, "joined", name=session.name_there(), title=session.title())
    session.notice = session.say("joined", title=session.title(), owner=session.name_of(session.report.owner),
                                 sections=_labels(session), fills=session.rights.fills)  # fmt: skip
    return go(session, walking.start(session.plan)) if session.rights.fills else here(session)


def _entered(session: Session, report: Report, key: str) -> dict[str, Any] | None:
    """What changes in a report when someone comes in by a link; None where it is not good."""
    link = report.links.get(key)
    if link is None or report.deleted or report.owner == session.me:
        return None
    if datetime.datetime.fromisoformat(link.expires) <= session.now:
        return None
    before = report.members.get(session.me)
    sections = link.sections
    if before is not None and link.fills == before.fills:
        sections = () if not (before.sections and sections) else (*before.sections, *sections)
    name = session.name_there()
    member = Member(link.fills, tuple(dict.fromkeys(sections)), name, session.at)
    return {
        "members": {**report.members, session.me: member},
        "links": {k: v for k, v in report.links.items() if k != key},
        "names": {**report.names, session.me: name},
    }


def _labels(session: Session) -> list[str]:
    return [session.section_label(id) for id in session.rights.sections or ()]


# The team


def team(session: Session, *, in_place: bool = False) -> Reply:
    """Who has what, how far, and since when; a colleague sees only their own line."""
    report = session.report
    rows = []
    buttons: list[list[Button]] = []
    for person, member in report.members.items():
        if not session.rights.owner and person != session.me:
            continue
        rows.append(_row(session, person, member))
        if session.rights.owner:
            name = member.name or session.name_of(person)
            buttons.append(
                [
                    session.button("take_back", Verb.TAKE_BACK, "", short(person), name=name[:8]),
                    session.button("hand_over", Verb.HAND_OVER, "", short(person), name=name[:8]),
                ]
            )
    if session.rights.owner:
        buttons.append(
            [session.button("share", Verb.SHARE_ROLE, "", "f"), session.button("remind", Verb.REMIND)]
        )
    buttons.append([session.button("return", Verb.RETURN)])
    date = due_date(session.plan)
    return session.reply(
        "team", buttons, in_place=in_place, title=session.title(), owner=session.name_of(report.owner), rows=rows,
        links=len(report.links) if session.rights.owner else 0, due=date, mine=session.rights.owner,
    )  # fmt: skip


def _row(session: Session, person: str, member: Member) -> dict[str, object]:
    plan = session.plan
    ids = [s.id for s in plan.sections if s.asked and not s.dropped and has_part(plan, member, s.id)]
    far = [plan.progress(id) for id in ids]
    wanted = member.sections or (WHOLE,)
    dates = [date for section in wanted if (date := due_date(plan, section))]
    return {
        "name": member.name or session.name_of(person),
        "fills": member.fills,
        "sections": [session.section_label(id) for id in member.sections],
        "answered": sum(p.answered for p in far),
        "asked": sum(p.asked for p in far),
        "since": member.since[:10],
        "returned": any(id in plan.content.returned for id in (*ids, *wanted)),
        "done": all(is_done(plan, section) for section in wanted),
        "due": min(dates) if dates else None,
    }


def has_part(plan: Plan, member: Member, section: str) -> bool:
    """Whether a section is among those that a member was let into."""
    return not member.sections or plan.within(section, member.sections)


def _member(session: Session, key: str) -> str:
    return next((person for person in session.report.members if short(person) == key), "")


def take_back(session: Session, key: str, *, sure: bool) -> Reply:
    """End a colleague's access at once; what they answered stays."""
    session.must_own()
    person = _member(session, key)
    if not person:
        session.notify("member_gone")
        return team(session)
    name = session.name_of(person)
    if not sure:
        return _sure(session, "take_back", Verb.TAKE_BACK_SURE, key, name=name)
    members = {id: member for id, member in session.report.members.items() if id != person}
    session.opened.set_team(by=session.me, message=session.event.id, members=members)
    session.tell(person, "taken_back", title=session.title())
    session.notify("taken_back", name=name)
    return team(session)


def hand_over(session: Session, key: str, *, sure: bool) -> Reply:
    """Make a colleague the drafter; who was it before stays as a colleague with the whole."""
    session.must_own()
    person = _member(session, key)
    if not person:
        session.notify("member_gone")
        return team(session)
    name = session.name_of(person)
    if not sure:
        return _sure(session, "hand_over", Verb.HAND_OVER_SURE, key, name=name, title=session.title())
    title = session.title()
    handed = handed_over(session.report, person, session.me, session.at)
    session.opened.set_team(by=session.me, message=session.event.id, **handed, names=_names(session))
    session.tell(person, "handed_over", title=title, name=session.name_there())
    session.refresh_rights()
    session.notify("handed_over", name=name)
    return team(session)


def _sure(session: Session, what: str, verb: Verb, key: str, **values: str) -> Reply:
    """Asks again before something is done about a colleague."""
    yes = session.button(f"{what}_sure", verb, "", key)
    text = session.say(f"team.{what}", **values)
    return session.reply("plain", [[yes, session.button("keep_member", Verb.TEAM)]], text=text)


def handed_over(report: Report, to: str, by: str, at: str) -> dict[str, Any]:
    """What changes in a report when someone else becomes its owner; the one before stays with the whole."""
    members = {id: member for id, member in report.members.items() if id != to}
    before = Member(True, (), report.names.get(report.owner, ""), at)
    return {"owner": to, "members": {**members, report.owner: before} if by else members}


def remind(session: Session) -> Reply:
    """Nudge those who are not done, each at most once a day."""
    session.must_own()
    today = session.today.isoformat()
    nudged, members = [], dict(session.report.members)
    for person, member in session.report.members.items():
        row = _row(session, person, member)
        if not member.fills or row["done"] or member.reminded == today:
            continue
        nudged.append(member.name)
        members[person] = msgspec.structs.replace(member, reminded=today)
        session.tell(person, "remind", title=session.title(), answered=row["answered"], asked=row["asked"],
                     due=row["due"], name=session.name_there())  # fmt: skip
    if nudged:
        session.opened.set_team(by=session.me, message=session.event.id, members=members)
        session.notify("reminded", names=nudged)
    else:
        session.notify("nobody_to_remind")
    return team(session)


# Due dates


def ask_due(session: Session) -> Reply:
    """When the report, or a section, is due."""
    session.must_own()
    session.move(Place(session.place.section, mode=DUE, back=walking.mark(session.place)))
    sections = shareable(session.plan)
    dates = [
        {"number": number, "label": label, "date": session.content.due.get(id, "")}
        for number, (id, label) in enumerate(sections, 1)
    ]
    return session.reply(
        "due",
        [[session.button("return", Verb.RETURN)]],
        takes_number=True,
        whole=due_date(session.plan),
        dates=dates,
    )


def take_due(session: Session, typed: str) -> Reply:
    """`2月10日` for the whole, `3 2月10日` for the third section, `取消` instead of a date."""
    session.must_own()
    sections = shareable(session.plan)
    match = re.fullmatch(r"\s*(?:(?:第\s*)?(\d{1,3})\s*(?:节)?[\s,，:：、]+)?(.+?)\s*", typed)
    number = int(match[1]) if match and match[1] else 0
    date: datetime.date | None = None
    cleared = bool(match) and match[2] in {"取消", "不设", "无"}  # type: ignore[index]
    if match and not cleared and number <= len(sections):
        try:
            value = parse_date(match[2], session.today).value
        except Refused:
            value = None
        if isinstance(value, datetime.date):
            date = (
                value
                if (session.today - value).days < 180 or "年" in match[2]
                else value.replace(year=value.year + 1)
            )
    if date is None and not (cleared and number <= len(sections)):
        session.notify("due_unread")
        return ask_due(session)
    id = sections[number - 1][0] if number else WHOLE
    session.change(
        session.edit("due", id, date.isoformat() if date else None),
        place=walking.returned(session.plan, session.place.back),
    )
    label = session.section_label(id) if number else session.say("due.everything")
    session.notify("due_set" if date else "due_cleared", label=label, date=date)
    return team(session)


def quiet(session: Session) -> Reply:
    """No reminders about due dates, or reminders again."""
    now_quiet = not session.person.person.settings.get("quiet")
    session.update_person(settings={**session.person.person.settings, "quiet": now_quiet})
    session.notify("quiet_on" if now_quiet else "quiet_off")
    return here(session) if session.has_report else session.reply("plain", text=session.notice)
