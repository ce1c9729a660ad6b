"""What someone may do with a report: the owner everything, others what they were let into.

Two walls. What someone may not see is not in their plan, so no screen can show it; and every change is checked here
before it is made, whatever button, forged or old, asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prompts.content import WHOLE
from prompts.plan import Plan
from store import Edit, Report

FILLS = {"answers", "skipped", "proposed"}  # kinds of content that a colleague changes, at their questions
WRITES = {"wordings", "finished", "returned"}  # and at their sections
FOR_ALL = {"ignored"}
STATES = {"approved", "returned", "finished", "due", "proposed"}  # what may change in an approved section


class NotAllowed(Exception):
    """Somebody wanted to change what is not theirs; `code` says why, in phrases.toml [rights]."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Rights:
    """What one person may do with one report. `sections` is None for the whole of it."""

    owner: bool = False
    fills: bool = False
    sections: tuple[str, ...] | None = ()

    @classmethod
    def of(cls, report: Report, person: str) -> Rights | None:
        """The person's rights, or None where the report is not for them."""
        if report.owner == person:
            return cls(True, True, None)
        member = report.members.get(person)
        if member is None:
            return None
        return cls(False, member.fills, member.sections or None)

    @property
    def only(self) -> tuple[str, ...] | None:
        """As a `Plan` wants it."""
        return self.sections

    def check(self, edits: Iterable[Edit], plan: Plan) -> None:
        """Raises `NotAllowed` where one of the edits is not this person's to make."""
        for edit in edits:
            if not self.owner:
                self._check_theirs(edit, plan)
            self._check_open(edit, plan)

    def _check_theirs(self, edit: Edit, plan: Plan) -> None:
        if edit.kind in FOR_ALL:
            return
        if not self.fills:
            raise NotAllowed("view_only")
        section = section_of(edit, plan)
        if edit.kind not in FILLS | WRITES or section is None or not plan.sees(section):
            raise NotAllowed("not_yours")

    def _check_open(self, edit: Edit, plan: Plan) -> None:
        """What is approved stays as it is until it is reopened."""
        if edit.kind in STATES or edit.kind == "ignored":
            return
        if is_approved(section_of(edit, plan), plan):
            raise NotAllowed("approved")


def is_approved(section: str | None, plan: Plan) -> bool:
    """Whether a section (None: the report as such) is approved: itself, with its part, or with the whole."""
    approved = plan.content.approved
    if WHOLE in approved:
        return True
    return section is not None and plan.within(section, approved)


def section_of(edit: Edit, plan: Plan) -> str | None:
    """The section that an edit is about; None for what is about the whole report."""
    if edit.kind in FILLS:
        return plan.outline.section_of.get(edit.id)
    if edit.kind in ("settings", "orders", "ignored"):
        return None
    return edit.id
