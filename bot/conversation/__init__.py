"""The conversation: an event in, replies out. Knows no Telegram and no terminal."""

from bot.conversation.conversation import COMMANDS, Conversation

__all__ = ["COMMANDS", "Conversation"]
