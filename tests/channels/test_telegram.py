"""Whole sessions over real HTTP: the real process against a Bot API server on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiogram.types as types
import pytest

from tests.bot_api.server import TOKEN, BotApi, User
from tests.conftest import OUTLINES

ROOT = Path(__file__).parents[2]


class Process:
    """The assistant as `python -m bot` runs it."""

    def __init__(self, folder: Path, api: BotApi, token: str = TOKEN, extra: str = "", **env: str) -> None:
        self.folder = folder
        config = folder / "config.toml"
        if not config.exists():
            config.write_text(
                f'[outlines]\nfolder = "{OUTLINES}"\n[telegram]\napi = "{api.url}"\npaste_seconds = 0.4\nlongest_wait = 0.3\n{extra}',
                encoding="utf-8",
            )
        self.log = (folder / "log.txt").open("ab")
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": token,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            **env,
        }
        arguments = [sys.executable, "-m", "bot", "--config", str(config)]
        self.process = subprocess.Popen(
            arguments, cwd=ROOT, stdout=self.log, stderr=self.log, env=environment
        )

    @property
    def output(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8")

    def says(self, pattern: str, timeout: float = 20) -> re.Match[str]:
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            if match := re.search(pattern, self.output):
                return match
            time.sleep(0.02)
        raise AssertionError(f"never said {pattern!r}:\n{self.output}")

    def ends(self, how: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(20)
        self.log.close()
        return code


@pytest.fixture
def api() -> Iterator[BotApi]:
    server = BotApi()
    yield server
    server.close()


@pytest.fixture
def running(tmp_path: Path, api: BotApi) -> Iterator[Process]:
    process = Process(tmp_path, api)
    yield process
    process.ends(signal.SIGKILL)


@pytest.fixture
def user(running: Process, api: BotApi) -> User:
    """The administrator, let in by the code that the process printed."""
    code = running.says(r"/claim (\w+)")[1]
    admin = User(api, 42)
    assert "管理员" in admin.send(f"/claim {code}")
    return admin


def begin(user: User, unit: str = "某县龙门街道办事处") -> str:
    user.send("/new")
    user.press("测试用的小报告")
    user.send(unit)
    return user.send("2023")


def test_a_whole_report_with_a_kill_a_stale_button_and_an_edit(
    user: User, running: Process, api: BotApi, tmp_path: Path
) -> None:
    assert "全年悬挂宣传标语" in begin(user)
    stale = user.last
    assert "✓ 标语条数：30余条" in user.send("30余")
    running.ends(signal.SIGKILL)
    again = Process(tmp_path, api)
    try:
        assert "之前的按钮" in user.press("不涉及", on=stale)
        assert "展板多少块" in user.last["text"]
        assert "30余条 → 40余条" in user.edit(user.sent[-1], "40余")
        user.send("6")
        user.send("入户讲解")
        assert "悬挂标语40余条" in user.press("完成")
        assert "受理矛盾纠纷" in user.press("下一节")
        user.send("126")
        user.send("125")
        user.press("☐ 人民调解")
        user.press("完成")
        user.press("是")
        user.press("下一节")
        user.send("继续努力。")
        user.press("下一节")
        assert "全部问完了" in user.send("2024年1月29日")
        text = user.send("/draft")
        assert "化解率99.2%" in text and "特此报告。" in text
        user.press("导出")
        user.press("Word")
        received = user.got[-1]["document"]
        assert received["file_name"] == "某县龙门街道办事处2023年小报告.docx"
        assert api.files[received["file_id"]].startswith(b"PK")
    finally:
        assert again.ends() == 0
    assert api.violations == []


def test_four_people_write_one_report_in_their_own_chats(tmp_path: Path, api: BotApi) -> None:
    process = Process(tmp_path, api, extra="news_seconds = 0.2\ngather_seconds = 0.3\n")
    try:
        drafter = User(api, 42, "张三")
        drafter.send(f"/claim {process.says(r'/claim ([A-Z0-9]+)')[1]}")
        colleagues = []
        for id, name in ((51, "李四"), (52, "王五"), (53, "赵六")):
            drafter.send("/invite")
            colleague = User(api, id, name)
            colleague.send(f"/start {_link(drafter)}")
            colleagues.append(colleague)
        li, wang, zhao = colleagues
        stranger = User(api, 66, "路人")
        begin(drafter)
        for colleague, sections in ((li, "2"), (wang, "2"), (zhao, "3")):
            drafter.send("/share")
            drafter.send(sections)
            payload = _link(drafter)
            stranger.send(f"/start {payload}", wait=not stranger.got)  # told once that it is not for them
            colleague.send(f"/start {payload}")
        assert "受理矛盾纠纷" in zhao.last["text"] and "标语" not in zhao.send("/outline")
        stale = wang.last
        assert "✓ 标语条数：30余条" in li.send("30余")
        assert "由起草人选定" in wang.send("28")  # a conflict
        forged = next(
            b for row in stale["reply_markup"]["inline_keyboard"] for b in row if b["text"] == "不涉及"
        )
        assert "之前的按钮" in li.press_data(forged["callback_data"], li.last)
        _hears(drafter, "两个不同的回答")
        drafter.send("/outline")
        drafter.press("（一）")
        drafter.press("重填")
        drafter.press("用王五填的")
        assert "现在：28条" in drafter.last["text"]
        zhao.send("/resume")
        for text in ("126", "125"):
            zhao.send(text)
        zhao.send("/outline")
        zhao.press("（二）")
        zhao.press("交稿")
        _hears(drafter, "赵六交了")
        drafter.send("/outline")
        drafter.press("（二）")
        drafter.press("退回")
        drafter.send("化解数请核对")
        _hears(zhao, "被退回：化解数请核对")
        zhao.send("/outline")
        zhao.press("（二）")
        zhao.press("交稿")
        drafter.send("/outline")
        drafter.press("（二）")
        drafter.press("定稿")
        zhao.send("/outline")
        zhao.press("（二）")
        zhao.press("重填")
        assert "已经定稿" in zhao.send("999")
        text = drafter.send("/draft")
        assert "标语28条" in text and "126件" in text and "999" not in text
        assert "126" not in li.send("/draft")
        assert len(stranger.got) == 1 and "只对受邀的人开放" in stranger.got[0]["text"]
    finally:
        assert process.ends() == 0
    assert api.violations == []


def _link(user: User) -> str:
    found = re.search(r"\?start=(\S+)", user.last["text"])
    assert found, user.last["text"]
    return found[1]


def _hears(user: User, words: str, timeout: float = 10) -> None:
    """Wait until someone is told something that they did not ask for."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if any(words in message.get("text", "") for message in user.got):
            return
        time.sleep(0.05)
    raise AssertionError(f"never heard {words!r}: {[m.get('text', '')[:80] for m in user.got[-4:]]}")


def test_navigation_edits_one_message_in_place(user: User) -> None:
    begin(user)
    user.send("/outline")
    count = len(user.got)
    user.press("加大宣传")
    user.press("目录", on=user.last)
    assert len(user.got) == count
    assert user.last["edited"] == 2


def test_an_update_delivered_again_changes_nothing(user: User, api: BotApi) -> None:
    begin(user)
    user.send("跳过")
    user.send("跳过")
    message = api.message(user.user, user.chat, text="第一条做法")
    api.push(message=message)
    user._answer(user._state())
    update = {
        "update_id": 5000,
        "message": message.model_dump(mode="json", exclude_none=True, by_alias=True, warnings=False),
    }
    for _ in range(3):
        api.again(update)
        update = {**update}
    time.sleep(0.5)
    user.settle()
    text = user.send("/preview")
    assert text.count("第一条做法") == 2  # once as delivered, once under its other number


def test_the_very_same_update_is_taken_once(user: User, api: BotApi) -> None:
    begin(user)
    user.send("跳过")
    user.send("跳过")
    message = api.message(user.user, user.chat, text="第一条做法")
    update = {
        "update_id": 7000,
        "message": message.model_dump(mode="json", exclude_none=True, by_alias=True, warnings=False),
    }
    for _ in range(3):
        before = user._state()
        api.again(update)
        user._answer(before)
    assert user.send("/preview").count("第一条做法") == 1


def test_a_long_paste_in_several_messages_is_one_answer(user: User) -> None:
    begin(user)
    user.send("跳过")
    user.send("跳过")
    said = user.send("很长的做法" * 1700)  # 8,500 characters: three messages
    assert "已记下第1条" in said
    assert "共8500字" in said or "（共" in said


def test_a_long_draft_comes_in_pieces_that_telegram_takes(user: User, api: BotApi) -> None:
    begin(user)
    user.send("跳过")
    user.send("跳过")
    user.send("一句😀话。" * 2400)
    user.press("完成")
    before = len(user.got)
    user.send("/draft")
    user.settle(1.0)
    pieces = user.got[before:]
    assert len(pieces) >= 3
    assert all("reply_markup" not in piece for piece in pieces[:-1]) and "reply_markup" in pieces[-1]
    assert api.violations == []


def test_a_storm_of_refusals_delays_but_loses_nothing(user: User, api: BotApi) -> None:
    begin(user)
    api.storm = 2
    assert "✓ 标语条数：30条" in user.send("30")


def test_an_outage_is_survived_and_waiting_updates_are_handled(
    user: User, running: Process, api: BotApi
) -> None:
    begin(user)
    api.down = True
    running.says("out of reach")
    user.send("30", wait=False)
    time.sleep(1)
    before = user._state()
    api.down = False
    assert "✓ 标语条数：30条" in user._answer(before, 40)


def test_strangers_learn_nothing_and_an_invitation_lets_one_in(user: User, api: BotApi) -> None:
    stranger = User(api, 99, "李四")
    said = stranger.send("你好")
    assert "99" in said and "报告" not in said
    stranger.send("/new", wait=False)
    assert stranger.hears_nothing()
    link = re.search(r"https://t\.me/report_test_bot\?start=(\w+)", user.send("/invite"))
    assert link
    assert "您好，我是报告助手" in stranger.send(f"/start {link[1]}")
    assert "李四" in user.send("/people")
    user.press("移除 李四")
    user.press("确认移除")
    stranger.send("/list", wait=False)
    assert stranger.hears_nothing()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sticker": types.Sticker(file_id="s", file_unique_id="s", type="regular", width=1, height=1, is_animated=False, is_video=False)}, "文字"),
        ({"voice": types.Voice(file_id="v", file_unique_id="v", duration=1)}, "语音"),
        ({"photo": [types.PhotoSize(file_id="p", file_unique_id="p", width=1, height=1)]}, "图片"),
        ({"location": types.Location(latitude=1.0, longitude=1.0)}, "文字"),
        ({"contact": types.Contact(phone_number="1", first_name="a")}, "文字"),
    ],
    ids=["sticker", "voice", "photo", "location", "contact"],
)  # fmt: skip
def test_what_is_no_text_gets_a_helpful_line(user: User, fields: dict[str, object], said: str) -> None:
    assert said in user.send_other(**fields)


def test_a_file_that_is_too_big_is_said_before_it_is_fetched(user: User, api: BotApi) -> None:
    assert "20MB" in user.send_file("大.docx", b"x", size=30 * 2**20)
    assert all(method != "getFile" for method, _ in api.requests)


def test_in_a_group_it_says_once_that_it_works_in_private(user: User, api: BotApi) -> None:
    group = types.Chat(id=-5, type="group", title="群")
    for _ in range(2):
        api.push(message=api.message(user.user, group, text="/new"))
    time.sleep(1.2)
    assert [message["text"] for message in api.messages[-5]] == [
        "您好，我只在私聊里工作，群里不作答。请点我的头像，发消息给我。"
    ]


def test_the_bot_introduces_itself_with_its_commands(user: User, api: BotApi) -> None:
    assert {"new", "resume", "draft", "outline", "invite"} <= set(api.commands)


def test_it_stops_cleanly_and_the_token_is_in_no_log(user: User, running: Process, api: BotApi) -> None:
    begin(user)
    api.down = True
    running.says("out of reach")
    api.down = False
    assert running.ends(signal.SIGTERM) == 0
    assert TOKEN not in running.output and TOKEN.split(":")[1] not in running.output
    assert "龙门" not in running.output
    assert "Traceback" not in running.output


def test_a_wrong_token_is_one_line(tmp_path: Path, api: BotApi) -> None:
    process = Process(tmp_path, api, token="1:wrong")
    assert process.process.wait(20) == 2
    assert process.output.strip().splitlines() == [
        "TELEGRAM_BOT_TOKEN: Telegram does not know this token; copy it again from @BotFather"
    ]
    process.log.close()


def test_a_second_poller_is_said_and_waited_for(
    user: User, running: Process, api: BotApi, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    second = Process(other, api)
    try:
        for process in (running, second):
            if "another program polls" in process.output:
                break
        until = time.monotonic() + 20
        while time.monotonic() < until and "another program polls" not in running.output + second.output:
            time.sleep(0.05)
        assert "another program polls" in running.output + second.output
    finally:
        second.ends(signal.SIGKILL)
    assert "没有在写的报告" in user.send("/draft")


def test_by_webhook_with_its_secret(tmp_path: Path, api: BotApi) -> None:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    extra = f'webhook = "http://127.0.0.1:{port}/hook"\nport = {port}\n'
    process = Process(tmp_path, api, extra=extra, TELEGRAM_WEBHOOK_SECRET="a-secret")
    try:
        code = process.says(r"/claim (\w+)")[1]
        admin = User(api, 42)
        assert "管理员" in admin.send(f"/claim {code}")
        assert "标语" in begin(admin)
        assert api.webhook and api.webhook["secret"] == "a-secret"
    finally:
        assert process.ends() == 0


def test_a_webhook_without_a_secret_is_refused(tmp_path: Path, api: BotApi) -> None:
    process = Process(tmp_path, api, extra='webhook = "https://example.org/hook"\n')
    assert process.process.wait(20) == 2
    assert "TELEGRAM_WEBHOOK_SECRET" in process.output
    process.log.close()


def test_reordered_updates_of_different_people_do_not_disturb_each_other(user: User, api: BotApi) -> None:
    link = re.search(r"start=(\w+)", user.send("/invite"))
    assert link
    other = User(api, 77, "王五")
    other.send(f"/start {link[1]}")
    begin(user, "甲县甲街道办事处")
    begin(other, "乙县乙街道办事处")
    for n in range(3):
        user.send(str(10 + n), wait=False)
        other.send(str(20 + n), wait=False)
    time.sleep(1.5)
    assert "悬挂标语10条，制作展板11块" in user.send("/preview")
    assert "悬挂标语20条，制作展板21块" in other.send("/preview")
