"""Telegram as a channel: an update in, an event to the conversation, its replies out.

python-telegram-bot does the talking: polling or webhook, rate limits, retries, signals. Where each person stands is in
our store, so nothing of the conversation lives here.
"""

from __future__ import annotations

import asyncio
import datetime
import io
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from telegram import (
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    MessageEntity,
    Update,
)
from telegram import Message as TelegramMessage
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.channels.gate import Talks
from bot.channels.settings import TelegramSettings
from bot.channels.splitting import CAPTION_LIMIT, MESSAGE_LIMIT, split, units
from bot.channels.telegram_order import InOrder, Pastes
from bot.conversation.events import (
    Attachment,
    Edited,
    Emphasis,
    Event,
    Mark,
    Message,
    Press,
    Reply,
    Unsupported,
    Upload,
)
from prompts.chat import Wording

log = logging.getLogger(__name__)

PERSON = "telegram:"
SLOW_SECONDS = 0.7  # from here on people are shown that something is being done
ACTION_SECONDS = 4.0  # Telegram shows a chat action for five
UPLOAD_LIMIT = 20 * 2**20  # what a bot may download, https://core.telegram.org/bots/api#getfile
SEND_TRIES = 8
ALBUM = 10  # photos in one group, https://core.telegram.org/bots/api#sendmediagroup
UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]

Bot = Any  # an ExtBot; its many parameters of Application are of no interest here


class Unasked(Protocol):
    """What the assistant says without having been asked, as a channel sees it."""

    link: Callable[[str], str]

    def due(self) -> Sequence[tuple[str, Reply]]: ...

    def daily(self) -> None: ...


class Telegram:
    """The channel. `build` makes the application; running it is `telegram_run`."""

    def __init__(
        self,
        talks: Talks,
        wording: Wording,
        settings: TelegramSettings,
        commands: Sequence[tuple[str, str]],
        unasked: Unasked | None = None,
    ) -> None:
        self._talks = talks
        self._unasked = unasked
        self._wording = wording
        self._settings = settings
        self._commands = commands
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="conversation")
        self._order = InOrder()
        self._pastes = Pastes(settings.paste_seconds, self._take_paste)
        self._told_groups: set[int] = set()

    def build(self, token: str) -> Application[Any, Any, Any, Any, Any, Any]:
        """The application with its handlers; nothing is sent yet."""
        settings = self._settings
        builder = (
            Application.builder()
            .token(token)
            .rate_limiter(AIORateLimiter(max_retries=5))
            .concurrent_updates(self._order)
            .post_init(self._introduce)
            .post_stop(self._finish)
            .connect_timeout(10)
            .read_timeout(20)
            .write_timeout(30)
            .media_write_timeout(60)
            .pool_timeout(30)
            .connection_pool_size(64)
            .get_updates_read_timeout(20)
        )
        if settings.api:
            root = settings.api.rstrip("/")
            builder = builder.base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")
        if settings.proxy:
            builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
        application = builder.build()
        private = filters.ChatType.PRIVATE
        edited = filters.UpdateType.EDITED_MESSAGE
        application.add_handlers(
            [
                MessageHandler(edited & private & filters.TEXT, self._on_edit),
                MessageHandler(edited, self._on_nothing),
                CallbackQueryHandler(self._on_press),
                MessageHandler(private & filters.TEXT, self._on_text),
                MessageHandler(private & filters.Document.ALL & ~filters.ANIMATION, self._on_document),
                MessageHandler(private, self._on_other),
                MessageHandler(filters.ChatType.GROUPS, self._on_group),
                TypeHandler(Update, self._on_nothing),
            ]
        )
        application.add_error_handler(self._on_error)
        if self._unasked is not None and application.job_queue is not None:
            every = settings.news_seconds
            application.job_queue.run_repeating(self._tell_news, every, first=min(every, 5))
            application.job_queue.run_repeating(self._tidy, datetime.timedelta(days=1), first=60)
        return application

    def use_link(self, link: Callable[[str], str]) -> None:
        """How a text becomes a link that opens the bot with it."""
        if self._unasked is not None:
            self._unasked.link = link

    async def _tell_news(self, context: Any) -> None:
        """What people are told without having asked. Someone who has blocked the bot is passed over."""
        assert self._unasked is not None
        loop = asyncio.get_running_loop()
        for person, reply in await loop.run_in_executor(self._threads, self._unasked.due):
            if person.startswith(PERSON) and self._admits(person):
                async with self._order.of(person):
                    await self.send(person, reply, context.bot)

    async def _tidy(self, context: Any) -> None:
        assert self._unasked is not None
        await asyncio.get_running_loop().run_in_executor(self._threads, self._unasked.daily)

    async def _introduce(self, application: Any) -> None:
        """Tell Telegram what the bot is and which commands it has. Not worth failing for."""
        bot = application.bot
        try:
            await bot.set_my_commands([BotCommand(name, about[:256]) for name, about in self._commands])
            await bot.set_my_description(self._wording.phrase("telegram_description"))
            await bot.set_my_short_description(self._wording.phrase("telegram_about"))
        except TelegramError as error:
            log.warning("the bot's commands and description could not be set: %s", type(error).__name__)

    async def _finish(self, application: Any) -> None:
        await self._pastes.flush_all()
        self._threads.shutdown(wait=True)

    # Updates in, events out

    async def _on_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None or message.text is None or message.from_user is None:
            return
        event = Message(text=message.text, message=_message_id(message), **_who(update))
        if self._pastes.holds(
            event, long=units(message.text) > MESSAGE_LIMIT - 100, chat=message.chat_id, bot=context.bot
        ):
            return
        await self._take(event, message.chat_id, context.bot)

    async def _take_paste(self, event: Message, chat: int, bot: Bot) -> None:
        async with self._order.of(event.person):
            await self._take(event, chat, bot)

    async def _on_edit(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.edited_message
        if message is None or message.text is None:
            return
        await self._pastes.flush(_who(update)["person"], self._take)
        await self._take(
            Edited(text=message.text, message=_message_id(message), **_who(update)),
            message.chat_id,
            context.bot,
        )

    async def _on_press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        await _quietly(query.answer)
        await self._pastes.flush(_who(update)["person"], self._take)
        chat = query.message.chat.id if query.message else query.from_user.id
        if query.message is None or query.message.chat.type == ChatType.PRIVATE:
            await self._take(Press(data=query.data or "", **_who(update)), chat, context.bot, query)

    async def _on_document(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None or message.document is None:
            return
        await self._pastes.flush(_who(update)["person"], self._take)
        if (message.document.file_size or 0) > UPLOAD_LIMIT:
            await self._send(Reply(self._wording.phrase("telegram_too_big")), message.chat_id, context.bot)
            return
        if not self._admits(_who(update)["person"]):
            await self._take(Unsupported(kind="file", **_who(update)), message.chat_id, context.bot)
            return
        file = await message.document.get_file()
        content = bytes(await file.download_as_bytearray())
        event = Upload(
            filename=message.document.file_name or "",
            content=content,
            message=_message_id(message),
            **_who(update),
        )
        await self._take(event, message.chat_id, context.bot)

    def _admits(self, person: str) -> bool:
        """Whether it is worth fetching a file: a stranger's is never downloaded."""
        access = getattr(self._talks, "access", None)
        return access is None or bool(access.admits(person))

    async def _on_other(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None or message.from_user is None:
            return
        await self._pastes.flush(_who(update)["person"], self._take)
        await self._take(Unsupported(kind=_kind(message), **_who(update)), message.chat_id, context.bot)

    async def _on_group(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        chat = update.effective_chat
        if chat is None or chat.id in self._told_groups:
            return
        self._told_groups.add(chat.id)
        await self._send(Reply(self._wording.phrase("telegram_private")), chat.id, context.bot)

    async def _on_nothing(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Updates that mean nothing to us end here."""

    async def _on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        # The type says enough; the text of an error may quote a message.
        log.error("%s while handling an update", type(context.error).__name__)

    # Events to the conversation, replies back

    async def _take(self, event: Event, chat: int, bot: Bot, query: CallbackQuery | None = None) -> None:
        loop = asyncio.get_running_loop()
        working = loop.run_in_executor(self._threads, self._talks.handle, event)
        done, _ = await asyncio.wait({working}, timeout=SLOW_SECONDS)
        while not done:
            await _quietly(lambda: bot.send_chat_action(chat, ChatAction.TYPING))
            done, _ = await asyncio.wait({working}, timeout=ACTION_SECONDS)
        for reply in working.result():
            if reply.in_place and query is not None and await self._edited_in_place(reply, query):
                continue
            await self._send(reply, chat, bot)

    async def send(self, person: str, reply: Reply, bot: Bot) -> None:
        """Tell someone something that they did not just ask for."""
        await self._send(reply, int(person.removeprefix(PERSON)), bot)

    async def _edited_in_place(self, reply: Reply, query: CallbackQuery) -> bool:
        """Change the message whose button was pressed; False where Telegram will not have it."""
        if query.message is None or units(reply.text) > MESSAGE_LIMIT or reply.attachments:
            return False
        try:
            await query.edit_message_text(
                reply.text, entities=_entities(reply.text, reply.marks), reply_markup=_keyboard(reply)
            )
        except BadRequest as error:
            return "not modified" in str(error).lower()
        except (NetworkError, Forbidden):
            return False
        return True

    async def _send(self, reply: Reply, chat: int, bot: Bot) -> None:
        pieces = split(reply.text, reply.marks)
        for number, (text, marks) in enumerate(pieces, 1):
            keyboard = _keyboard(reply) if number == len(pieces) else None
            await self._try(
                lambda text=text, marks=marks, keyboard=keyboard: bot.send_message(  # type: ignore[misc]
                    chat, text, entities=_entities(text, marks), reply_markup=keyboard
                )
            )
        photos = [a for a in reply.attachments if a.image]
        for i in range(0, len(photos), ALBUM):
            await self._try(lambda some=photos[i : i + ALBUM]: _send_photos(bot, chat, some))  # type: ignore[misc]
        for attachment in reply.attachments:
            if not attachment.image:
                await _quietly(lambda: bot.send_chat_action(chat, ChatAction.UPLOAD_DOCUMENT))
                await self._try(lambda a=attachment: bot.send_document(chat, _file(a)))  # type: ignore[misc]

    async def _try(self, send: Callable[[], Awaitable[Any]]) -> None:
        """Send, and again after a pause when the network fails: the answer is kept, its reply should arrive too."""
        pause = 1.0
        for attempt in range(1, SEND_TRIES + 1):
            try:
                await send()
            except Forbidden:
                log.info("a reply was not delivered: blocked by its reader")
            except BadRequest as error:
                log.error("a reply was refused by Telegram: %s", error)
            except NetworkError as error:
                if attempt < SEND_TRIES:
                    await asyncio.sleep(min(pause, self._settings.longest_wait))
                    pause *= 2
                    continue
                log.error("a reply was not delivered: %s", type(error).__name__)
            return


def _who(update: Update) -> dict[str, str]:
    user = update.effective_user
    number = user.id if user else 0
    return {
        "person": f"{PERSON}{number}",
        "id": f"u{update.update_id}",
        "name": user.full_name if user else "",
    }


def _message_id(message: TelegramMessage) -> str:
    return f"{message.chat_id}:{message.message_id}"


def _kind(message: TelegramMessage) -> str:
    kinds = {
        "photo": message.photo, "voice": message.voice or message.audio or message.video_note, "sticker": message.sticker,
        "location": message.location or message.venue, "contact": message.contact, "poll": message.poll,
    }  # fmt: skip
    return next((kind for kind, found in kinds.items() if found), "other")


def _entities(text: str, marks: Sequence[Mark]) -> list[MessageEntity]:
    """Emphasis as Telegram wants it, in UTF-16 units; never a parse mode, so nothing typed can break it."""
    types = {Emphasis.STRONG: MessageEntity.BOLD, Emphasis.FIXED: MessageEntity.PRE}
    return [
        MessageEntity(types[mark.emphasis], units(text[: mark.start]), units(text[mark.start : mark.end]))
        for mark in marks
        if mark.end > mark.start
    ]


def _keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    if not reply.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in reply.buttons
            if row
        ]
    )


def _file(attachment: Attachment) -> InputFile:
    return InputFile(io.BytesIO(attachment.content), filename=attachment.filename)


async def _send_photos(bot: Bot, chat: int, photos: Sequence[Attachment]) -> None:
    if len(photos) == 1:
        await bot.send_photo(chat, _file(photos[0]), caption=photos[0].filename[:CAPTION_LIMIT])
    else:
        await bot.send_media_group(chat, [InputMediaPhoto(io.BytesIO(photo.content)) for photo in photos])


async def _quietly(call: Callable[[], Awaitable[Any]]) -> None:
    """For what is only courtesy: a failed spinner or chat action must not cost the answer."""
    try:
        await call()
    except TelegramError as error:
        log.debug("%s", type(error).__name__)
