"""A small Bot API server on loopback that keeps Telegram's rules, for tests.

So that it does not merely agree with our own reading of the API, every request is checked with the method models of
aiogram, another implementation of the Bot API, and every object it hands out is built with aiogram's types. Rules
that the models do not hold cite https://core.telegram.org/bots/api.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import itertools
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import aiogram.methods as methods
import aiogram.types as types
from aiohttp import ClientSession, web
from pydantic import ValidationError

TOKEN = "123456789:AAtestTokenTestTokenTestTokenTest1234"
BOT = types.User(id=123456789, is_bot=True, first_name="报告助手", username="report_test_bot",
                 can_join_groups=True, can_read_all_group_messages=False, supports_inline_queries=False)  # fmt: skip

MESSAGE_LIMIT = 4096  # sendMessage: "1-4096 characters after entities parsing"
CAPTION_LIMIT = 1024  # sendPhoto: "0-1024 characters after entities parsing"
DATA_LIMIT = 64  # InlineKeyboardButton.callback_data: "1-64 bytes"


class Refused(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class BotApi:
    """The server, in a thread of its own. Use `user()` for someone who talks with the bot."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.violations: list[str] = []
        self.updates: deque[dict[str, Any]] = deque()
        self.messages: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.files: dict[str, bytes] = {}
        self.commands: list[str] = []
        self.answered: set[str] = set()
        self.down = False
        self.storm = 0  # how many of the next sends are refused with 429
        self.per_chat: float = 0  # messages a second that a chat takes; 0: any
        self.webhook: dict[str, Any] | None = None
        self._update_ids = itertools.count(1000)
        self._message_ids = itertools.count(1)
        self._query_ids = itertools.count(1)
        self._open_queries: set[str] = set()
        self._poller = 0
        self._delivering: list[asyncio.Task[None]] = []
        self._last_send: dict[int, float] = {}
        self._lock = threading.RLock()
        self._arrived: asyncio.Event
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)

    # the server

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        started.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        self._arrived = asyncio.Event()
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/file/bot{token}/{path:.*}", self._download)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]

    def close(self) -> None:
        async def stop() -> None:
            self.webhook, self.down = None, True
            self._arrived.set()
            for task in self._delivering:
                task.cancel()
            await asyncio.gather(*self._delivering, return_exceptions=True)
            await self._runner.cleanup()
            self._loop.stop()

        asyncio.run_coroutine_threadsafe(stop(), self._loop)
        self._thread.join(10)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            assert request.transport
            request.transport.abort()
            return web.Response(status=502)
        method = request.match_info["method"]
        try:
            if request.match_info["token"] != self.token:
                raise Refused(401, "Unauthorized")
            params, uploads = await _read(request)
            self.requests.append((method, params))
            handler: Callable[..., Any] | None = getattr(self, f"_do_{method.lower()}", None)
            if handler is None:
                raise Refused(404, "Not Found: method not found")
            checked = _checked(method, params, uploads)
            result = await handler(checked, params, uploads)
            return web.json_response({"ok": True, "result": result})
        except Refused as refused:
            if refused.code not in (401, 409, 429) and "not modified" not in refused.description:
                self.violations.append(f"{method}: {refused.description}")
            body = {"ok": False, "error_code": refused.code, "description": refused.description}
            if refused.parameters:
                body["parameters"] = refused.parameters
            return web.json_response(body, status=refused.code)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token or request.match_info["path"] not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[request.match_info["path"]])

    # the methods

    async def _do_getme(self, *_: Any) -> Any:
        return _dump(BOT)

    async def _do_getupdates(self, call: methods.GetUpdates, *_: Any) -> Any:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        self._poller += 1
        mine = self._poller
        self._arrived.set()
        if call.offset is not None:
            # "An update is considered confirmed as soon as getUpdates is called with an offset higher than its update_id."
            with self._lock:
                while self.updates and self.updates[0]["update_id"] < call.offset:
                    self.updates.popleft()
        until = time.monotonic() + min(call.timeout or 0, 10)
        while not self.updates and time.monotonic() < until and not self.down:
            self._arrived.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), min(0.3, until - time.monotonic() + 0.01))
            if self._poller != mine:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        with self._lock:
            return list(itertools.islice(self.updates, call.limit or 100))

    async def _do_setwebhook(self, call: methods.SetWebhook, *_: Any) -> Any:
        self.webhook = {"url": call.url, "secret": call.secret_token} if call.url else None
        if self.webhook:
            self._delivering.append(self._loop.create_task(self._deliver()))
        return True

    async def _do_deletewebhook(self, *_: Any) -> Any:
        self.webhook = None
        return True

    async def _deliver(self) -> None:
        """Post updates one by one; "in case of an unsuccessful request we will give up after a reasonable amount of attempts"."""
        headers = (
            {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]}
            if self.webhook and self.webhook["secret"]
            else {}
        )
        async with ClientSession() as session:
            while self.webhook:
                if not self.updates:
                    await asyncio.sleep(0.02)
                    continue
                with contextlib.suppress(OSError, asyncio.TimeoutError):
                    async with session.post(
                        self.webhook["url"], json=self.updates[0], headers=headers
                    ) as response:
                        if 200 <= response.status < 300:
                            self.updates.popleft()
                            continue
                await asyncio.sleep(0.2)

    async def _do_setmycommands(self, call: methods.SetMyCommands, *_: Any) -> Any:
        for command in call.commands:
            # BotCommand: "Can contain only lowercase English letters, digits and underscores", description 1-256
            if not 1 <= len(command.command) <= 32 or not 1 <= len(command.description) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands = [command.command for command in call.commands]
        return True

    async def _do_setmydescription(self, call: methods.SetMyDescription, *_: Any) -> Any:
        if len(call.description or "") > 512:
            raise Refused(400, "Bad Request: description is too long")
        return True

    async def _do_setmyshortdescription(self, call: methods.SetMyShortDescription, *_: Any) -> Any:
        if len(call.short_description or "") > 120:
            raise Refused(400, "Bad Request: short description is too long")
        return True

    async def _do_sendchataction(self, *_: Any) -> Any:
        return True

    async def _do_answercallbackquery(self, call: methods.AnswerCallbackQuery, *_: Any) -> Any:
        if call.callback_query_id not in self._open_queries:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self._open_queries.discard(call.callback_query_id)
        self.answered.add(call.callback_query_id)
        return True

    async def _do_sendmessage(self, call: methods.SendMessage, *_: Any) -> Any:
        chat = self._may_send(call.chat_id)
        if call.parse_mode not in (None, "None") and isinstance(call.parse_mode, str):
            raise AssertionError("a parse mode lets typed text break the message")
        _check_text(call.text, call.entities, MESSAGE_LIMIT)
        _check_keyboard(call.reply_markup)
        return self._store(chat, text=call.text, entities=call.entities, reply_markup=call.reply_markup)

    async def _do_editmessagetext(self, call: methods.EditMessageText, *_: Any) -> Any:
        found = next(
            (m for m in self.messages[int(call.chat_id or 0)] if m["message_id"] == call.message_id), None
        )
        if found is None:
            raise Refused(400, "Bad Request: message to edit not found")
        _check_text(call.text, call.entities, MESSAGE_LIMIT)
        _check_keyboard(call.reply_markup)
        markup = _dump(call.reply_markup) if call.reply_markup else None
        if found.get("text") == call.text and found.get("reply_markup") == markup:
            raise Refused(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                               "the same as a current content and reply markup of the message")  # fmt: skip
        found["text"] = call.text
        found.pop("reply_markup", None)
        if markup:
            found["reply_markup"] = markup
        found["edited"] = found.get("edited", 0) + 1
        return {k: v for k, v in found.items() if k != "edited"}

    async def _do_senddocument(
        self, call: methods.SendDocument, params: dict[str, Any], uploads: dict[str, tuple[str, bytes]]
    ) -> Any:
        chat = self._may_send(call.chat_id)
        name, content = uploads["document"]
        return self._store(chat, document=self._file(name, content), caption=call.caption)

    async def _do_sendphoto(
        self, call: methods.SendPhoto, params: dict[str, Any], uploads: dict[str, tuple[str, bytes]]
    ) -> Any:
        chat = self._may_send(call.chat_id)
        if units(call.caption or "") > CAPTION_LIMIT:
            raise Refused(400, "Bad Request: message caption is too long")
        self._file(*uploads["photo"])
        return self._store(chat, text="(photo)")

    async def _do_sendmediagroup(
        self, call: Any, params: dict[str, Any], uploads: dict[str, tuple[str, bytes]]
    ) -> Any:
        chat = self._may_send(params["chat_id"])
        media = json.loads(params["media"]) if isinstance(params["media"], str) else params["media"]
        if not 2 <= len(media) <= 10:  # sendMediaGroup: "must include 2-10 items"
            raise Refused(400, "Bad Request: group of media must include 2-10 items")
        return [self._store(chat, text="(photo)") for _ in media]

    async def _do_getfile(self, call: methods.GetFile, *_: Any) -> Any:
        size = len(self.files.get(call.file_id, b""))
        if size > 20 * 2**20:  # getFile: "bots can download files of up to 20MB in size"
            raise Refused(400, "Bad Request: file is too big")
        return _dump(
            types.File(
                file_id=call.file_id, file_unique_id=call.file_id, file_size=size, file_path=call.file_id
            )
        )

    # rules

    def _may_send(self, chat_id: Any) -> int:
        chat = int(chat_id)
        if self.storm > 0:
            self.storm -= 1
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        now = time.monotonic()
        if self.per_chat and now - self._last_send.get(chat, 0) < 1 / self.per_chat:
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        self._last_send[chat] = now
        if chat not in self.messages:
            # Bots cannot begin a conversation: https://core.telegram.org/bots#how-are-bots-different-from-users
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def _file(self, name: str, content: bytes) -> types.Document:
        if len(content) > 50 * 2**20:  # sendDocument: "up to 50 MB"
            raise Refused(413, "Request Entity Too Large")
        id = f"file{len(self.files)}"
        self.files[id] = content
        return types.Document(file_id=id, file_unique_id=id, file_name=name, file_size=len(content))

    def _store(self, chat: int, **fields: Any) -> Any:
        message = types.Message(message_id=next(self._message_ids), date=datetime.datetime.now(datetime.UTC),
                                chat=_chat(chat), from_user=BOT, **{k: v for k, v in fields.items() if v is not None})  # fmt: skip
        dumped = _dump(message)
        with self._lock:
            self.messages[chat].append(dumped)
        return dumped

    # what users do

    def push(self, **fields: Any) -> int:
        """A new update, built with aiogram's types."""
        id = next(self._update_ids)
        update = _dump(types.Update(update_id=id, **fields))
        with self._lock:
            self.updates.append(update)
        self._loop.call_soon_threadsafe(self._arrived.set)
        return id

    def again(self, update: dict[str, Any]) -> None:
        """Deliver an update once more, as after a crash."""
        with self._lock:
            self.updates.append(update)
        self._loop.call_soon_threadsafe(self._arrived.set)

    def message(self, user: types.User, chat: types.Chat, **fields: Any) -> types.Message:
        message = types.Message(message_id=next(self._message_ids), date=datetime.datetime.now(datetime.UTC), chat=chat,
                                from_user=user, **fields)  # fmt: skip
        self.messages.setdefault(chat.id, [])
        return message

    def query(self) -> str:
        id = str(next(self._query_ids))
        self._open_queries.add(id)
        return id


class User:
    """Someone who talks with the bot in a private chat, and waits for what it says."""

    def __init__(self, api: BotApi, id: int, name: str = "张三") -> None:
        self.api = api
        self.user = types.User(id=id, is_bot=False, first_name=name)
        self.chat = types.Chat(id=id, type="private", first_name=name)
        self.sent: list[int] = []
        self.transcript: list[str] = []
        api.messages.setdefault(id, [])

    @property
    def got(self) -> list[dict[str, Any]]:
        return self.api.messages[self.user.id]

    @property
    def last(self) -> dict[str, Any]:
        return self.got[-1]

    def send(self, text: str, wait: bool = True) -> str:
        """Send a text, in pieces of 4,096 as the apps do; the next thing that the bot says."""
        self.transcript.append(f"> {text[:200]}")
        before = self._state()
        pieces = [text[i : i + MESSAGE_LIMIT] for i in range(0, len(text), MESSAGE_LIMIT)]
        for piece in pieces:
            message = self.api.message(self.user, self.chat, text=piece)
            self.sent.append(message.message_id)
            self.api.push(message=message)
        return self._answer(before) if wait else ""

    def edit(self, message_id: int, text: str) -> str:
        before = self._state()
        self.transcript.append(f"> (edited) {text}")
        message = types.Message(message_id=message_id, date=datetime.datetime.now(datetime.UTC), edit_date=int(time.time()),
                                chat=self.chat, from_user=self.user, text=text)  # fmt: skip
        self.api.push(edited_message=message)
        return self._answer(before)

    def press(self, label: str, on: dict[str, Any] | None = None) -> str:
        """Press a button of the last message that has one with this label, or of the message given."""
        for message in [on] if on else reversed(self.got):
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        return self.press_data(button["callback_data"], message)
        raise AssertionError(f"no button {label!r}")

    def press_data(self, data: str, message: dict[str, Any]) -> str:
        self.transcript.append(f"> [{data}]")
        before = self._state()
        clean = {key: value for key, value in message.items() if key != "edited"}
        query = types.CallbackQuery(id=self.api.query(), from_user=self.user, chat_instance="1",
                                    message=types.Message.model_validate(clean), data=data)  # fmt: skip
        self.api.push(callback_query=query)
        return self._answer(before)

    def send_file(self, name: str, content: bytes, size: int | None = None) -> str:
        before = self._state()
        document = self.api._file(name, content)
        if size is not None:
            document = document.model_copy(update={"file_size": size})
        self.api.push(message=self.api.message(self.user, self.chat, document=document))
        return self._answer(before)

    def send_other(self, **fields: Any) -> str:
        before = self._state()
        self.api.push(message=self.api.message(self.user, self.chat, **fields))
        return self._answer(before)

    def _state(self) -> tuple[int, int]:
        return len(self.got), sum(message.get("edited", 0) for message in self.got)

    def _answer(self, before: tuple[int, int], timeout: float = 20) -> str:
        until = time.monotonic() + timeout
        while self._state() == before:
            if time.monotonic() > until:
                raise AssertionError("no answer; so far:\n" + "\n".join(self.transcript[-6:]))
            time.sleep(0.01)
        self.settle()
        count, _ = before
        if len(self.got) > count:
            text = "\n".join(
                m.get("text") or f"({(m.get('document') or {}).get('file_name')})" for m in self.got[count:]
            )
        else:
            text = max(self.got, key=lambda m: (m.get("edited", 0), m["message_id"]))["text"]
        self.transcript.append(text)
        return text

    def settle(self, quiet: float = 0.15) -> None:
        """Wait until nothing more comes."""
        state, since = self._state(), time.monotonic()
        while time.monotonic() - since < quiet:
            time.sleep(0.01)
            if self._state() != state:
                state, since = self._state(), time.monotonic()

    def hears_nothing(self, seconds: float = 0.6) -> bool:
        before = self._state()
        time.sleep(seconds)
        return self._state() == before


def _chat(id: int) -> types.Chat:
    return types.Chat(
        id=id,
        type="private" if id > 0 else "group",
        title=None if id > 0 else "群",
        first_name="x" if id > 0 else None,
    )


def _dump(value: Any) -> Any:
    return value.model_dump(
        mode="json", exclude_none=True, by_alias=True, exclude_defaults=False, warnings=False
    )


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    params: dict[str, Any] = dict(request.query)
    uploads: dict[str, tuple[str, bytes]] = {}
    if request.method != "POST":
        return params, uploads
    if request.content_type == "application/json":
        return {**params, **await request.json()}, uploads
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = (value.filename, value.file.read())
        else:
            params[name] = value
    return params, uploads


_JSON = {
    "reply_markup",
    "entities",
    "commands",
    "allowed_updates",
    "media",
    "caption_entities",
    "link_preview_options",
}


def _checked(method: str, params: dict[str, Any], uploads: dict[str, tuple[str, bytes]]) -> Any:
    """The request as aiogram's model of the method; what the model refuses is a Bad Request."""
    model = next((m for n, m in vars(methods).items() if n.lower() == method.lower()), None)
    if model is None:
        raise Refused(404, "Not Found: method not found")
    if method.lower() == "sendmediagroup":
        return None
    fields = dict(params)
    for name in _JSON & fields.keys():
        if isinstance(fields[name], str):
            try:
                fields[name] = json.loads(fields[name])
            except ValueError:
                raise Refused(400, f"Bad Request: can't parse {name} JSON object") from None
    for name, (filename, content) in uploads.items():
        fields[name] = types.BufferedInputFile(content, filename)
    for name, value in list(fields.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            del fields[name]
            key = value.removeprefix("attach://")
            fields[name] = types.BufferedInputFile(uploads[key][1], uploads[key][0])
            uploads[name] = uploads[key]
            fields.pop(key, None)
    unknown = fields.keys() - model.model_fields.keys()
    if unknown:
        raise Refused(400, f"Bad Request: unknown parameters {sorted(unknown)}")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise Refused(400, f"Bad Request: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from None


def _check_text(text: str, entities: Any, limit: int) -> None:
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > limit:
        raise Refused(400, "Bad Request: message is too long")
    raw = text.encode("utf-16-le")
    for entity in entities or []:
        start, end = entity.offset, entity.offset + entity.length
        if entity.length <= 0 or end > units(text):
            raise Refused(400, "Bad Request: entity beyond the end of the text")
        for at in (start, end):
            if (
                0 < at < units(text)
                and 0xDC00 <= int.from_bytes(raw[2 * at : 2 * at + 2], "little") <= 0xDFFF
            ):
                raise Refused(400, "Bad Request: entity begins or ends in the middle of a UTF-16 symbol")


def _check_keyboard(markup: Any) -> None:
    if not isinstance(markup, types.InlineKeyboardMarkup):
        return
    buttons = [button for row in markup.inline_keyboard for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in markup.inline_keyboard):
        raise Refused(400, "Bad Request: reply markup is too long")
    for button in buttons:
        if not button.text or not 1 <= len((button.callback_data or "").encode()) <= DATA_LIMIT:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
