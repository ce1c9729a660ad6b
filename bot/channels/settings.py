"""Settings of the Telegram channel: the table [telegram] of config.toml."""

from __future__ import annotations

import msgspec


class TelegramSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How Telegram is reached. The token and the webhook's secret come from the environment only."""

    proxy: str = ""
    api: str = ""
    webhook: str = ""
    listen: str = "127.0.0.1"
    port: int = 8443
    invite_hours: int = 72
    paste_seconds: float = 1.5
    longest_wait: float = 30.0
    news_seconds: float = 60.0
    gather_seconds: float = 300.0
