"""The rules that are data, applied."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from bot.review.finding import Finding
from bot.review.reading import Reading
from prompts.draft import Role
from prompts.rules import Rule


def check_patterns(reading: Reading, rules: Sequence[Rule]) -> Iterator[Finding]:
    """What the data rules find. A gap is nobody's wording, so nothing is found in one."""
    whole = reading.whole
    for rule in rules:
        # Most rules find nothing in most texts: one search over the whole decides that.
        if not _may_match(rule, whole) or not rule.applies(whole):
            continue
        found = _found(reading, rule)
        yield from itertools.islice(found, 1) if rule.once else found


def _found(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for line in reading.lines:
        if line.role is Role.TABLE:
            continue
        for match in rule.matches(line.folded):
            text = line.text[match.start : match.end]
            if "〔待填" not in text:
                mend = match.mend if match.mend or rule.erases else None
                yield Finding(
                    rule.id, rule.level, rule.kind, line.index, match.start, text, rule.reason, mend,
                    rule.advice, line.section,
                )  # fmt: skip


def _may_match(rule: Rule, whole: str) -> bool:
    """`^` and `$` mean the ends of a line, so such a pattern is not searched for in the whole."""
    source = rule.pattern.pattern
    return "^" in source or "$" in source or rule.pattern.search(whole) is not None
