"""The review: a text or a draft in, what a careful proofreader would doubt out, the gravest first.

It changes nothing, and it would rather be silent than wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.review.checks import check_answers
from bot.review.figures import check_figures
from bot.review.finding import GRAVITY, Finding
from bot.review.patterns import check_patterns
from bot.review.privacy import check_privacy
from bot.review.reading import Reading, read_draft, read_lines
from bot.review.structure import check_lines, check_structure
from prompts.draft import Draft, Paragraph
from prompts.plan import Plan
from prompts.render import draft, draft_section
from prompts.rules import Rule, load_rules


@dataclass(frozen=True)
class Review:
    """A careful proofreader with these rules; `off` are the ids of rules that are not wanted."""

    rules: tuple[Rule, ...] = field(default_factory=load_rules)
    off: tuple[str, ...] = ()

    def text(self, lines: Sequence[str]) -> list[Finding]:
        """What is doubtful in any text, a paragraph a line; in the order of its lines."""
        return sorted(self._sifted(self._found(read_lines(lines))), key=lambda f: (f.line, f.start))

    def report(self, plan: Plan) -> list[Finding]:
        """What is doubtful in a report as it stands, its answers against each other too; the gravest first."""
        reading = read_draft(draft(plan))
        found = self._sifted((*self._found(reading), *check_answers(reading, plan)))
        return sorted(found, key=lambda f: (GRAVITY[f.level], f.line, f.start))

    def section(self, plan: Plan, id: str) -> list[Finding]:
        """What is doubtful in one section, read by itself; nothing for a section that the draft does not have."""
        planned = plan.section(id)
        if planned is None or not planned.shown:
            return []
        alone = Draft(title=Paragraph(), sections=(draft_section(plan, planned),))
        reading = read_draft(alone)
        found = (*self._lines(reading), *check_answers(reading, plan, section=id))
        return sorted(self._sifted(found), key=lambda f: (GRAVITY[f.level], f.line, f.start))

    def _found(self, reading: Reading) -> Iterator[Finding]:
        yield from self._lines(reading)
        yield from check_structure(reading)

    def _lines(self, reading: Reading) -> Iterator[Finding]:
        yield from check_patterns(reading, self.rules)
        yield from check_figures(reading)
        yield from check_lines(reading)
        yield from check_privacy(reading)

    def _sifted(self, found: Iterable[Finding]) -> list[Finding]:
        """Without what is switched off, and of several about the same words only the gravest, the longest of equals."""
        kept: list[Finding] = []
        for finding in sorted(found, key=lambda f: (GRAVITY[f.level], -len(f.text), f.start)):
            if finding.rule not in self.off and not any(_covers(other, finding) for other in kept):
                kept.append(finding)
        return kept


def _covers(one: Finding, other: Finding) -> bool:
    same_line = bool(one.text and other.text) and one.line == other.line
    return same_line and one.start <= other.start and other.end <= one.end
