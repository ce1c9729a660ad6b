"""Imports run one way: bot -> prompts, bot -> store; only the Telegram channel knows Telegram."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name.split(".")[0] for name in found}


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_what_is_asked_knows_nothing_of_who_talks_or_what_is_kept() -> None:
    for path in files("prompts"):
        assert not imported(path) & {"bot", "store", "telegram"}, path


def test_what_is_kept_knows_nothing_of_who_talks_or_what_is_asked() -> None:
    for path in files("store"):
        assert not imported(path) & {"bot", "prompts", "telegram"}, path


def test_only_the_telegram_channel_imports_telegram() -> None:
    for path in files("bot"):
        if not (path.parent.name == "channels" and path.name.startswith("telegram")):
            assert "telegram" not in imported(path), path


def test_the_conversation_imports_no_channel() -> None:
    for path in files("bot/conversation"):
        assert "bot.channels" not in path.read_text(encoding="utf-8"), path
