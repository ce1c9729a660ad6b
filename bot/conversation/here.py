"""The screen of the place where a person stands."""

from __future__ import annotations

from bot.conversation import walking
from bot.conversation.asking import ask, finished
from bot.conversation.events import Reply
from bot.conversation.sections import section_done
from bot.conversation.session import Session
from store import Place


def here(session: Session, *, in_place: bool = False) -> Reply:
    """Where the person stands; where that is gone, the nearest place that exists."""
    place = walking.settled(session.plan, session.place)
    if place.mode not in ("", walking.REFILL, walking.DONE, walking.END) or (
        place.mode in ("", walking.REFILL) and not place.question
    ):
        place = walking.returned(session.plan, place.back) if place.back else walking.start(session.plan)
    session.move(walking.asking(session.plan, place))
    match place.mode:
        case walking.END:
            return finished(session)
        case walking.DONE:
            return section_done(session, place.section, in_place=in_place)
        case _:
            return ask(session, in_place=in_place)


def go(session: Session, place: Place, *, in_place: bool = False) -> Reply:
    """Move, and show where that is."""
    session.move(walking.asking(session.plan, place), last=True)
    return here(session, in_place=in_place)


def resume(session: Session) -> Reply:
    """To the very question that was being asked; where none was, to the next open one."""
    place = session.place
    if place.mode in ("", walking.REFILL) and place.question:
        return here(session)
    return go(session, walking.start(session.plan))
