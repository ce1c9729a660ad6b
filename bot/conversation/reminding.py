"""Due dates: the outline's own, those that the drafter set, and who is to be reminded of which today. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from bot.conversation.titles import title_of
from prompts.content import WHOLE, Content
from prompts.outline import Outline
from prompts.plan import Plan
from store import Report

DAYS = (30, 14, 7, 3, 1, 0)  # days before a date on which one is reminded; once it is over, every week


def due_date(plan: Plan, section: str = WHOLE) -> datetime.date | None:
    """When a section, or the whole, is due: the date set for it, or for the whole, or the outline's in the next year."""
    due = plan.content.due
    given = due.get(section) or due.get(WHOLE)
    if given:
        return datetime.date.fromisoformat(given)
    year = plan.context.get("year")
    amount = getattr(year, "amount", None)
    if plan.outline.due is None or amount is None:
        return None
    month, day = plan.outline.due
    try:
        return datetime.date(int(amount) + 1, month, day)
    except ValueError:  # 29 February
        return None


def remarks_for(
    report: Report, outline: Outline, today: datetime.date
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Who is to be reminded of what today: person, phrase and what fills it."""
    plan = Plan(outline, Content.of(report.content), today)
    if WHOLE in plan.content.approved:
        return
    title = title_of(plan)
    whole = due_date(plan)
    if whole is not None and _is_day(whole, today):
        yield report.owner, "whole", {"title": title, "date": whole, "days": (whole - today).days}
    for person, member in report.members.items():
        if not member.fills:
            continue
        for section in member.sections or (WHOLE,):
            date = due_date(plan, section)
            if date is None or not _is_day(date, today) or is_done(plan, section):
                continue
            planned = plan.section(section)
            label = planned.label if planned else ""
            yield (
                person,
                "section",
                {"title": title, "section": label, "date": date, "days": (date - today).days},
            )


def is_done(plan: Plan, section: str) -> bool:
    """Whether a section was finished or approved, or has nothing left to answer."""
    content = plan.content
    if section in content.finished or section in content.approved:
        return True
    within = [s for s in plan.sections if section == WHOLE or plan.within(s.id, (section,))]
    return all(plan.progress(s.id).answered == plan.progress(s.id).asked for s in within if not s.dropped)


def _is_day(date: datetime.date, today: datetime.date) -> bool:
    left = (date - today).days
    return left in DAYS or (left < 0 and left % 7 == 0)
