"""Where the conversation goes next: pure functions of a plan and a place."""

from __future__ import annotations

from itertools import pairwise

from msgspec.structs import replace

from prompts.outline import INTRO, OUTRO, Question
from prompts.plan import Plan
from store import Place

DONE = "done"  # a section is finished and shown
END = "end"  # everything was asked
REFILL = "refill"  # asking every question of a section, answered or not


def open_in(plan: Plan, section: str) -> Question | None:
    """The first question of a section that is neither answered nor skipped."""
    return next((q for q in plan.questions_of(section) if is_open(plan, q)), None)


def is_open(plan: Plan, question: Question) -> bool:
    return not plan.answered(question) and question.key not in plan.content.skipped


def walk(plan: Plan) -> list[str]:
    """The sections that ask something, in order, with INTRO and OUTRO around them."""
    middle = [section.id for section in plan.sections if section.asked and not section.dropped]
    return [*([INTRO] if plan.intro else []), *middle, *([OUTRO] if plan.outro else [])]


def start(plan: Plan) -> Place:
    """The first open question of the whole report, or its end."""
    return next(
        (Place(section, question.key) for section in walk(plan) if (question := open_in(plan, section))),
        Place(mode=END),
    )


def enter(plan: Plan, section: str) -> Place:
    """Into a section: its first open question, or its finished text."""
    question = open_in(plan, section)
    return Place(section, question.key) if question else Place(section, mode=DONE)


def refill(plan: Plan, section: str) -> Place:
    """Through a section again from its first question."""
    questions = plan.questions_of(section)
    return Place(section, questions[0].key, REFILL) if questions else Place(section, mode=DONE)


def onward(plan: Plan, place: Place) -> Place:
    """Where to go when the question at `place` is dealt with."""
    if place.back:
        return returned(plan, place.back)
    questions = plan.questions_of(place.section)
    keys = [question.key for question in questions]
    after = questions[keys.index(place.question) + 1 :] if place.question in keys else questions
    wanted = after if place.mode == REFILL else [question for question in after if is_open(plan, question)]
    if wanted:
        return Place(place.section, wanted[0].key, place.mode)
    if place.section in (INTRO, OUTRO):
        return next_section(plan, place.section)
    return Place(place.section, mode=DONE)


def next_section(plan: Plan, section: str) -> Place:
    """The next section with an open question; the end after the last."""
    sections = walk(plan)
    after = sections[sections.index(section) + 1 :] if section in sections else sections
    return next((Place(s, question.key) for s in after if (question := open_in(plan, s))), Place(mode=END))


def before(plan: Plan, place: Place) -> Place | None:
    """The question before this one, answered or not; None at the first."""
    steps = list(plan.steps())
    if place.mode == DONE:
        last = [step for step in steps if step[0] == place.section]
        return Place(place.section, last[-1][1].key) if last else None
    if place.mode == END:
        return Place(steps[-1][0], steps[-1][1].key) if steps else None
    for (section, question), (_, following) in pairwise(steps):
        if following.key == place.question:
            return Place(section, question.key, back=place.back)
    return None


def asking(plan: Plan, place: Place) -> Place:
    """The place, with the state of the answer that is shown there."""
    question = plan.outline.questions.get(place.question) if place.question else None
    return replace(place, asked=plan.content.digest((question,)) if question else "")


def mark(place: Place) -> str:
    """A place as the `back` of another."""
    return place.back or f"{place.mode}@{place.section}@{place.question}"


def returned(plan: Plan, back: str) -> Place:
    """The place that `mark` noted, or the nearest that still exists."""
    mode, _, rest = back.partition("@")
    section, _, question = rest.partition("@")
    return settled(plan, Place(section, question, mode))


def settled(plan: Plan, place: Place) -> Place:
    """`place` if it still exists, else the nearest sensible one: outlines and answers change under people's feet."""
    if place.mode == END:
        return place
    planned = plan.section(place.section)
    if planned is not None and planned.dropped:
        return start(plan)
    if place.mode in ("", REFILL):
        keys = [question.key for question in plan.questions_of(place.section)]
        if place.question in keys:
            return place
        return enter(plan, place.section) if keys else start(plan)
    return place if planned or place.section in (INTRO, OUTRO, "") else start(plan)
