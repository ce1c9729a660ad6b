"""The built-in outlines, loaded once."""

from __future__ import annotations

import pytest

from prompts.library import Library
from prompts.loading import BUILT_IN


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(BUILT_IN)
