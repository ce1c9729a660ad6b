"""A process of its own: the Telegram channel up to where it would connect, then as many people as wanted.

`python -m tests.bench.ready FOLDER PEOPLE` prints its memory in kB when it stands ready, and again when everybody whose
report lies in the folder has asked where they stand.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.channels.gate import Gate
from bot.channels.telegram import Telegram
from bot.conversation.events import Message
from bot.service import Service
from bot.settings import load
from store.access import Access

TOKEN = "123456789:AAtestTokenTestTokenTestTokenTest1234"


def main(folder: Path, people: int) -> None:
    import bot.channels.telegram_run  # noqa: F401  (what the channel is run with counts too)
    from tests.bench.machine import resident

    settings, base = load(None)
    with Service(settings, base, folder) as service:
        access = Access(service.store.folder / "access.json")
        gate = Gate(service.conversation, access, service.wording, invite_hours=1)
        Telegram(gate, service.wording, settings.telegram, service.conversation.commands()).build(TOKEN)
        print(resident() // 1024, flush=True)
        if not people:
            return
        for number, person in enumerate(service.store.people.ids()):
            service.conversation.handle(
                Message(person=person, id=f"r{number}", text="返回")
            )  # the question again
        print(resident() // 1024, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
