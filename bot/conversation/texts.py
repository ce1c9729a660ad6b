"""What a section reads like, as text for a chat."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.text import text_of
from prompts.draft import Draft, Role
from prompts.outline import INTRO, OUTRO
from prompts.plan import Plan
from prompts.render import draft, draft_section


def section_text(plan: Plan, id: str, *, heading: bool = True) -> str:
    """One section as it reads now, with or without its heading. A part's text is its sections' texts."""
    if id in (INTRO, OUTRO):
        return "\n".join(_intro_lines(draft(plan), id))
    below = [section for section in plan.sections if plan.within(section.id, (id,))]
    sections = tuple(draft_section(plan, section) for section in below if section.shown or section.id == id)
    if not heading:
        return "\n".join(
            block.text for section in sections[:1] for block in section.blocks if hasattr(block, "text")
        )
    whole = Draft(title=draft(plan).title, sections=sections)
    return text_of(line for line in whole.lines() if line.role is not Role.TITLE)


def _intro_lines(whole: Draft, id: str) -> Iterable[str]:
    roles = (
        {Role.TITLE, Role.SUBTITLE, Role.ADDRESSEE} if id == INTRO else {Role.SIGNATURE, Role.DATE, Role.NOTE}
    )
    return [line.text for line in whole.lines() if line.role in roles and line.text]
