"""Settings: config.toml and the environment, checked at the start, every fault with file, key and mend."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import msgspec

from bot.channels.settings import TelegramSettings
from bot.documents.settings import DocumentSettings
from bot.review.settings import ReviewSettings

TOKEN = "TELEGRAM_BOT_TOKEN"


class SettingsError(Exception):
    """The settings cannot be used. One line: file, key, what is wrong, how to mend it."""


class DataSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    folder: str = "data"


class OutlineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    folder: str = ""


class LogSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    level: str = "info"
    file: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What config.toml says; each field is a table there. Relative paths count from the file's folder."""

    data: DataSettings = DataSettings()
    outlines: OutlineSettings = OutlineSettings()
    log: LogSettings = LogSettings()
    document: DocumentSettings = DocumentSettings()
    review: ReviewSettings = ReviewSettings()
    telegram: TelegramSettings = TelegramSettings()


DEFAULT_FILE = Path("config.toml")


def load(path: Path | None = None) -> tuple[Settings, Path]:
    """The settings, and the folder that their relative paths count from.

    Without `path`, config.toml in the current folder is read if it is there. Raises `SettingsError`.
    """
    file = path or DEFAULT_FILE
    if path is None and not file.exists():
        return Settings(), Path.cwd()
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(
            f"{file}: cannot be read: {error.strerror}; name another with --config"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from error
    try:
        settings = msgspec.convert(data, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(_explained(file, str(error))) from error
    if settings.log.level.lower() not in _LEVELS:
        raise SettingsError(f"{file}: log.level: must be one of {', '.join(_LEVELS)}")
    return settings, file.resolve().parent


_LEVELS = ("debug", "info", "warning", "error")


def _explained(file: Path, message: str) -> str:
    problem, _, path = message.partition(" - at `")
    key = path.rstrip("`").removeprefix("$").removeprefix(".")
    if problem.startswith("Object contains unknown field"):
        unknown = problem.split("`")[1]
        key = f"{key}.{unknown}".lstrip(".")
        return f"{file}: {key}: there is no such setting; remove it or check its spelling against the comments in config.toml"
    return f"{file}: {key}: {problem[:1].lower()}{problem[1:]}"


def telegram_token() -> str:
    """The bot's token from the environment, or "": it is never read from a file that might be shared."""
    return os.environ.get(TOKEN, "").strip()
