"""`python -m bot serve` again and again: forked from a process that has read the outlines once, so that it starts fast.

Each line on standard input starts one; its process id and then its own first line come back on standard output.
A started one ends by itself when this process ends.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import bot.channels.local
import bot.service
from bot.__main__ import main
from bot.review import Review
from bot.settings import load


def serve_on_demand(config: str) -> None:
    settings, base = load(Path(config))
    library = bot.service.outlines_of(settings, base)
    review: Review = bot.service.review_of(settings, base)
    bot.service.outlines_of = lambda settings, base: library
    bot.service.review_of = lambda settings, base: review
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            os._exit(main(["serve", "--config", config]))
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve_on_demand(sys.argv[1])
