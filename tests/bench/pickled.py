"""The bot to compare with: python-telegram-bot's own ConversationHandler and PicklePersistence, asking as we do.

It does the least that such a bot would do: it reads a number or a text, keeps it with who and when and a history, and
sends the next question with buttons and a bar. It has no plan, no draft, no undo and no wording in templates.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import msgspec
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.request import BaseRequest, RequestData

from tests.bench.material import Material

TOKEN = "123456789:AAtestTokenTestTokenTestTokenTest1234"
ASKING = 0

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Offline(BaseRequest):
    """Telegram, as far as a bot can tell: every message is taken at once, and nothing leaves the process."""

    def __init__(self) -> None:
        self.sent: dict[int, str] = {}  # the last text of each chat

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        if url.endswith("/getMe"):
            return 200, _result(
                {"id": 123456789, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
            )
        parameters = request_data.parameters if request_data else {}
        chat = int(str(parameters.get("chat_id", 0)))
        self.sent[chat] = str(parameters.get("text", ""))
        message = {
            "message_id": 1,
            "date": 0,
            "chat": {"id": chat, "type": "private"},
            "text": self.sent[chat],
        }
        return 200, _result(message)


class Updates:
    """Text messages as Telegram delivers them."""

    def __init__(self, bot: Any) -> None:
        self._bot = bot
        self._count = 0

    def text(self, user: int, text: str, message: int = 0) -> Update:
        self._count += 1
        sender = {"id": user, "is_bot": False, "first_name": "张三"}
        update = Update.de_json(
            {
                "update_id": self._count,
                "message": {
                    "message_id": message or self._count, "date": 1_706_518_800, "text": text, "from": sender,
                    "chat": {"id": user, "type": "private", "first_name": "张三"},
                },
            },
            self._bot,
        )  # fmt: skip
        assert update is not None
        return update


class PickledBot:
    """The bot, with people who have given as much to it as our writers have to us."""

    def __init__(self, path: Path, material: Material, *, on_flush: bool) -> None:
        self.request = Offline()
        self.persistence = PicklePersistence(path, on_flush=on_flush)
        self.application: AnyApplication = (
            Application.builder()
            .token(TOKEN)
            .request(self.request)
            .get_updates_request(self.request)
            .persistence(self.persistence)
            .build()
        )
        self._questions = list(material.outline.questions.values())
        self._content = material.content
        self.application.add_handler(
            ConversationHandler(
                entry_points=[MessageHandler(filters.TEXT, self._answer)],
                states={ASKING: [MessageHandler(filters.TEXT, self._answer)]},
                fallbacks=[],
                name="report",
                persistent=True,
            )
        )

    def know(self, users: list[int]) -> None:
        """Give these people their half-filled reports."""
        for user in users:
            self.application.user_data[user].update(msgspec.json.decode(self._content))
            self.application.mark_data_for_update_persistence(user_ids=user)

    async def take(self, update: Update) -> None:
        """One answer; it is in memory, and in the file a minute later."""
        await self.application.process_update(update)

    async def take_durably(self, update: Update) -> None:
        """One answer; it is in the file when its reply is sent, as far as PTB can: it never calls fsync."""
        await self.application.process_update(update)
        await self.application.update_persistence()
        await self.persistence.flush()

    async def _answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        message, data = update.message, context.user_data
        assert message is not None and message.text is not None and data is not None
        answers = data["report"]["1"]["content"]["answers"]
        number = data.get("number", len(answers))
        question = self._questions[number % len(self._questions)]
        answer = {
            "value": {"number": message.text} if message.text.isdigit() else message.text,
            "parts": [{"typed": message.text, "message": str(message.message_id)}],
            "by": str(message.chat_id),
            "at": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        change = {"before": answers.get(question.key), "after": answer}
        data["changes"][str(len(data["changes"]) + 1)] = change
        answers[question.key] = answer
        data["number"] = number + 1
        following = self._questions[(number + 1) % len(self._questions)]
        share = len(answers) * 10 // len(self._questions)
        await message.reply_text(
            f"✓ {question.name}：{message.text}\n\n{'▓' * share}{'░' * (10 - share)}\n{following.ask}\n"
            f"例：{following.example}",
            reply_markup=InlineKeyboardMarkup(
                [
                    [_button("跳过", "skip", following.key), _button("不涉及", "none", following.key),
                     _button("上一问", "back", following.key)],
                    [_button("目录", "outline", ""), _button("预览本节", "preview", following.key)],
                ]
            ),
        )  # fmt: skip
        return ASKING


def _button(label: str, verb: str, key: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"{verb}:{key}")


def _result(result: dict[str, Any]) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()
