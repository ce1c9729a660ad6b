"""Plans that were made already: an answer changes one thing, and the next plan takes the rest over from the one before.

In memory only, and only ever a shortcut: a plan is good as long as the very content, outline, day and last year's report
are those that it was made of.
"""

from __future__ import annotations

import datetime
import threading
from collections import OrderedDict
from typing import Any

from prompts.content import Content
from prompts.outline import Outline
from prompts.plan import Plan
from store import Report

KEPT = 256

Only = tuple[str, ...] | None


class Plans:
    """The latest plan of each report, for each view of it. Whoever asks holds the report's lock."""

    def __init__(self) -> None:
        self._plans: OrderedDict[tuple[str, Only], tuple[Any, Plan]] = OrderedDict()
        self._contents: OrderedDict[str, tuple[Any, Content]] = OrderedDict()
        self._lock = threading.Lock()

    def content(self, report: Report) -> Content:
        """A report's whole content."""
        with self._lock:
            source, content = self._contents.get(report.id, (None, None))
            if content is None or source is not report.content:
                content = Content.of(report.content)
                _put(self._contents, report.id, (report.content, content))
            return content

    def plan(
        self, report: Report, outline: Outline, today: datetime.date, last: Content | None, only: Only
    ) -> Plan:
        """The plan of a report as it stands."""
        with self._lock:
            source, plan = self._plans.get((report.id, only), (None, None))
        if plan is None or source is not report.content or plan.made_of != (outline, today, last, only):
            plan = Plan(outline, self.content(report), today, last, only, plan)
            self.put(report, plan, only)
        return plan

    def put(self, report: Report, plan: Plan, only: Only) -> None:
        """A plan that was made for what the report's content now is."""
        with self._lock:
            _put(self._plans, (report.id, only), (report.content, plan))


def _put(kept: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > KEPT:
        kept.popitem(last=False)
