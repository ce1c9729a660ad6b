from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.review import Finding, Review

REVIEW = Review()


@pytest.fixture
def found() -> Callable[..., list[Finding]]:
    """What the review finds in a text, without what concerns the text as a whole."""
    return lambda *lines: [finding for finding in REVIEW.text(lines) if finding.text]


@pytest.fixture
def rules_of() -> Callable[..., set[str]]:
    """The rules that find something in a text."""
    return lambda *lines: {finding.rule for finding in REVIEW.text(lines)}
