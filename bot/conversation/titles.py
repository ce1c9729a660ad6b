"""What a report is called for people."""

from __future__ import annotations

from prompts.plan import Plan
from prompts.render import draft


def title_of(plan: Plan) -> str:
    """A report's title for people; its kind while nobody has said whose it is."""
    unit = plan.outline.questions.get("unit")
    if unit is not None and not plan.content.answered(unit) and "title" not in plan.content.settings:
        return plan.outline.kind
    return draft(plan).title.text
