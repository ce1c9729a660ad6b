"""What a report is called for people."""

from __future__ import annotations

import re

from prompts.plan import Plan
from prompts.render import title

_GAP = re.compile(r"〔待填：[^〕]*〕")


def title_of(plan: Plan) -> str:
    """A report's title for people; its kind while nobody has said whose it is."""
    unit = plan.outline.questions.get("unit")
    if unit is not None and not plan.content.answered(unit) and "title" not in plan.content.settings:
        return plan.outline.kind
    return without_gaps(title(plan).text)


def without_gaps(text: str) -> str:
    """A name for people, in which what is not known yet is ×× instead of a gap to be filled in."""
    return _GAP.sub("××", text)
