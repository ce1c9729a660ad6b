"""What the review says of the report at hand, for whichever screen wants to say it."""

from __future__ import annotations

from collections import Counter

from bot.conversation.session import Session
from bot.review import Finding, scan
from prompts.rules import Level


def findings(session: Session, section: str = "") -> list[Finding]:
    """What is doubtful and was not let be, the gravest first: in the report, or in a section read by itself."""
    ignored = session.content.ignored
    review, plan = session.review, session.plan
    found = review.section(plan, section) if section else review.report(plan)
    return [finding for finding in found if finding.id not in ignored]


def line(session: Session, section: str = "") -> str:
    """One line on the report, or on a section of it; "" where there is nothing to say.

    What is still open is said elsewhere on every screen that shows this.
    """
    found = [finding for finding in findings(session, section) if finding.rule != "gaps"]
    if not found:
        return ""
    counts = Counter(finding.level for finding in found)
    levels = [(level, counts[level]) for level in Level if counts[level]]
    return session.say("notice.review", count=len(found), levels=levels, section=bool(section))


def warning(session: Session, typed: str) -> str:
    """A warning about what should not be in such a report, by its kinds and without the words themselves."""
    kinds = list(dict.fromkeys(session.say(f"private.{found.rule}") for found in scan(typed)))
    return session.say("notice.private", kinds=kinds) if kinds else ""
