"""Starting and stopping the Telegram channel, and saying clearly what is wrong when it cannot run."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ContextTypes
from telegram.request import HTTPXRequest

from bot.channels.gate import Gate
from bot.channels.settings import TelegramSettings
from bot.channels.telegram import UPDATES, Telegram

log = logging.getLogger(__name__)

SECRET = "TELEGRAM_WEBHOOK_SECRET"
WRONG_TOKEN = "TELEGRAM_BOT_TOKEN: Telegram does not know this token; copy it again from @BotFather"
SECOND_POLLER = (
    "another program polls with the same bot token; stop it, or make a bot of its own for this one with @BotFather. "
    "Trying again until it has gone."
)


def run(channel: Telegram, gate: Gate, settings: TelegramSettings, token: str) -> int:
    """Talk in Telegram until SIGINT or SIGTERM; the exit status. What is being handled then is finished first."""
    for noisy in ("httpx", "httpcore", "telegram", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL if noisy == "telegram" else logging.WARNING)
    if settings.webhook and not os.environ.get(SECRET, "").strip():
        print(
            f"config.toml: telegram.webhook: set {SECRET} too, so that nobody else can pose as Telegram",
            flush=True,
        )
        return 2
    try:
        name = asyncio.run(_reached(settings, token))
    except InvalidToken:
        print(WRONG_TOKEN, flush=True)
        return 2
    except KeyboardInterrupt:
        return 130
    gate.link = link = lambda code: f"https://t.me/{name}?start={code}"
    channel.use_link(link)
    if gate.claim_code:
        print(
            f"No administrator yet. Send this to @{name} in Telegram, once:  /claim {gate.claim_code}",
            flush=True,
        )
    print(f"@{name} is listening. Stop with Ctrl-C.", flush=True)
    asyncio.set_event_loop(asyncio.new_event_loop())
    application = channel.build(token)
    application.add_error_handler(_Watch().on_error)
    _start(application, settings)
    return 0


async def _reached(settings: TelegramSettings, token: str) -> str:
    """The bot's name, once Telegram answers; says once that it does not. Raises `InvalidToken`."""
    request = HTTPXRequest(proxy=settings.proxy or None)
    root = f"{settings.api.rstrip('/')}/bot" if settings.api else "https://api.telegram.org/bot"
    pause = 1.0
    said = False
    while True:
        try:
            bot = Bot(token, base_url=root, request=request)
            async with bot:
                return bot.username
        except InvalidToken:
            raise
        except (NetworkError, TelegramError) as error:
            if not said:
                where = settings.api or "api.telegram.org"
                how = f" through {settings.proxy}" if settings.proxy else ""
                print(f"{where} cannot be reached{how} ({type(error).__name__}); trying again until it can. "
                      "Behind a firewall set telegram.proxy in config.toml.", flush=True)  # fmt: skip
                said = True
            await asyncio.sleep(min(pause, settings.longest_wait))
            pause *= 2


def _start(application: Application[Any, Any, Any, Any, Any, Any], settings: TelegramSettings) -> None:
    if settings.webhook:
        path = settings.webhook.split("/", 3)[3] if settings.webhook.count("/") > 2 else ""
        application.run_webhook(
            listen=settings.listen,
            port=settings.port,
            url_path=path,
            webhook_url=settings.webhook,
            secret_token=os.environ[SECRET].strip(),
            bootstrap_retries=-1,
            drop_pending_updates=False,
            allowed_updates=UPDATES,
        )
    else:
        application.run_polling(bootstrap_retries=-1, drop_pending_updates=False, allowed_updates=UPDATES)


class _Watch:
    """Says once, not at every try, that Telegram is out of reach or that someone else polls."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update is not None:
            return
        match context.error:
            case Conflict():
                line = SECOND_POLLER
            case NetworkError():
                line = "Telegram is out of reach for now; trying again until it answers. Nothing is lost meanwhile."
            case _:
                return
        if line not in self._said:
            self._said.add(line)
            log.warning("%s", line)
