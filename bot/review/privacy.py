"""What must not be published, and better not be typed: found in a draft, and already in an answer as it comes in.

A finding names the kind and the place. What was found is never put into a reason, a log or a file name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.review.finding import Finding
from bot.review.reading import Reading
from prompts.draft import Role
from prompts.normalise import fold
from prompts.rules import Level

_ID = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)|(?<![\d.])1[3-9]\d[- ]\d{4}[- ]\d{4}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:62|4|5)\d{2}[ -]?(?:\d{4}[ -]?){3}\d{0,3}(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:路|街|巷|小区|村|组)\d{1,4}号(?:附\d+号)?(?:\d{1,3}(?:栋|幢|单元|室))*|\d{1,3}(?:栋|幢)\d{1,2}单元\d{2,4}(?:室|号)?"
)
_SECRECY = re.compile(
    r"(?:绝密|机密|秘密)(?:★|\*|（\d+年）|\d+年(?:以内)?)|(?:^|[\s。，；])(?:绝密|机密)(?=[\s。，；：:]|$)"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_PERSON = re.compile(
    rf"(?:信访人|上访人|当事人|社区矫正对象|矫正对象|吸毒人员|戒毒人员|精神障碍患者|被害人|嫌疑人|未成年人|刑满释放人员|低保户|特困人员)"
    rf"(?P<name>[{_SURNAMES}](?:某某?|[\u4e00-\u9fff]{{1,2}}))(?=[，。；、（因反等系为的于在向\s]|$)"
)
_NOT_NAMES = re.compile(
    r"^(?:任何|金额|高度|于是|余人|石块|史料|方面|方式|白天|江边|严格|严重|万元|毛病|向其|程度|许多|何时|何人|马上|高危|高龄)"
)
_SMALL = re.compile(
    r"(?:社区矫正对象|矫正对象|吸毒人员|戒毒人员|社区戒毒|社区康复|精神障碍患者|艾滋病|邪教人员|涉邪人员|肇事肇祸|扬言报复)[\u4e00-\u9fff（）]{0,6}(?<!\d)([1-4])(?:名|人|例|户)"
)

_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Private:
    """Something private at `start` to `end`; `rule` says what."""

    rule: str
    start: int
    end: int


_ABOUT = {
    "id-number": (Level.MUST, "身份证号", "公民身份号码不得公开（《个人信息保护法》第二十八条、第三十四条）。", "删去"),
    "mobile": (Level.MUST, "手机号", "个人电话号码不得公开。", "删去"),
    "bank-card": (Level.MUST, "银行卡号", "银行卡号不得公开。", "删去"),
    "number-plate": (Level.DOUBT, "车牌号", "车牌号能指向个人。", "删去"),
    "address": (Level.DOUBT, "住址", "门牌住址能指向个人。", "只写到街道或村（社区）"),
    "secrecy": (Level.MUST, "密级标志", "有密级标志的内容不能在这里处理，请走线下涉密渠道。", "删去，改走线下渠道"),
    "named-person": (Level.MUST, "个人姓名", "信访人、当事人等的姓名不得公开（《信访工作条例》第三十条）。", "用“某某”或只写人数"),
    "small-count": (Level.DOUBT, "人数过少", "特殊群体人数很少时，能推出是谁。", "改为概括表述"),
}  # fmt: skip


def scan(text: str, *, office_contact: bool = False) -> Iterator[Private]:
    """What is private in a text. `office_contact` allows addresses, as of an office in a disclosure report."""
    folded = fold(text)
    for rule, pattern in (
        ("mobile", _MOBILE),
        ("number-plate", _PLATE),
        ("secrecy", _SECRECY),
        ("small-count", _SMALL),
    ):
        for match in pattern.finditer(folded):
            yield Private(rule, match.start(), match.end())
    for match in _ID.finditer(folded):
        if _checked(match.group()):
            yield Private("id-number", match.start(), match.end())
    for match in _CARD.finditer(folded):
        if not _ID.fullmatch(match.group()) and _luhn(match.group()):
            yield Private("bank-card", match.start(), match.end())
    for match in _PERSON.finditer(folded):
        if "某" not in match["name"] and not _NOT_NAMES.match(folded[match.start("name") :]):
            yield Private("named-person", match.start("name"), match.end("name"))
    if not office_contact:
        for match in _ADDRESS.finditer(folded):
            yield Private("address", match.start(), match.end())


def is_classified(text: str) -> bool:
    """Whether a text carries a mark of secrecy."""
    return any(found.rule == "secrecy" for found in scan(text))


def check_privacy(reading: Reading) -> Iterator[Finding]:
    """The same in a whole text."""
    contact = "信息公开" in reading.title
    for line in reading.lines:
        if line.role in (Role.SIGNATURE, Role.TABLE):
            continue
        for found in scan(line.text, office_contact=contact):
            level, kind, reason, advice = _ABOUT[found.rule]
            yield Finding(
                found.rule, level, kind, line.index, found.start, line.text[found.start : found.end], reason, None, advice,
                line.section,
            )  # fmt: skip


def _checked(number: str) -> bool:
    """The check digit of an ID number (GB 11643—1999): of every eleven numbers typed at random, ten fail."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _CHECK_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def _luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()]
    if not 16 <= len(digits) <= 19:
        return False
    doubled = [sum(divmod(2 * d, 10)) if i % 2 else d for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
