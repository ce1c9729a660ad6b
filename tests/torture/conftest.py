"""Fixtures of the fault tests: a random source that can be repeated, and the straight outline's folder."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from prompts.loading import load_outline
from prompts.outline import Outline
from tests.torture import SEED
from tests.torture.straight import write_straight


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random, but the same for the same SEED and test."""
    print(f"\n{request.node.name}: SEED={SEED}")
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def outlines(tmp_path: Path) -> Path:
    """A folder of outlines of an office's own: the straight one."""
    folder = tmp_path / "outlines"
    write_straight(folder)
    return folder


@pytest.fixture
def straight(outlines: Path) -> Outline:
    return load_outline(outlines / "straight")
