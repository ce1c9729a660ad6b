"""Faults on purpose: crashes, power cuts, full disks, deliveries out of order, random conversations, many people.

`make torture` runs all of it at length (TORTURE=full); `make test` runs the same tests briefly. Every random choice
hangs on one seed, which each test prints: SEED=... makes a run repeatable.
"""

from __future__ import annotations

import os
import random

FULL = os.environ.get("TORTURE") == "full"
SEED = os.environ.get("SEED") or str(random.SystemRandom().randrange(10**9))


def length(short: int, full: int) -> int:
    """How many rounds: `full` below `make torture`."""
    return full if FULL else short
