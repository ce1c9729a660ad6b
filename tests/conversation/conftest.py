"""A report with tables and with questions about last year's plans."""

from __future__ import annotations

import pytest

from bot.conversation import Conversation
from prompts.loading import load_outline
from prompts.outline import Outline
from store import Store
from tests.conftest import OUTLINES, TODAY, WORDING, Person


@pytest.fixture(scope="session")
def yearly() -> Outline:
    return load_outline(OUTLINES / "yearly")


@pytest.fixture
def writer(store: Store, yearly: Outline) -> Person:
    """Someone who writes that report."""
    return Person(Conversation(store, {yearly.id: yearly}, WORDING, lambda: TODAY))
