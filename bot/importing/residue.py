"""What a text copied from a web page brings along that is not the report's: when it was published, how to share it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.importing.headings import starts_numbered
from bot.incoming import Written
from prompts.answers import clean
from prompts.normalise import fold

EDGE = 15  # lines at either end in which the page's own words stand
LONGEST = 120  # characters of such a line
PARAGRAPH = 50  # characters from which a line with a 。 is the report's text

_LABELS = (
    r"^(?:索引号|主题分类|体裁分类|信息分类|发文机关|发文单位|发布机构|发布机关|发布单位|公开机构|发文字号|发布日期|发布时间|发文日期|生成日期|公开日期"
    r"|公开方式|公开形式|公开范围|来源|信息来源|文章来源|稿源|作者|责任编辑|编辑|审核|校对|浏览次数|浏览量|浏览|阅读次数|阅读量|阅读|访问量|访问次数|点击数"
    r"|点击量|点击|有效性|时效性|字体|字号|字体大小|分享到?|分享至|打印|保护视力色|日期|时间|视力保护色|【?字体)[:：]"
)
_PHRASES = (
    r"^扫一扫|微信里点|二维码.{0,16}(?:分享|朋友圈|浏览|访问)|分享[到至].{0,4}(?:朋友圈|微信|微博)|^【?打印(?:本页|此页|本文|页面)?】?(?:【?关闭|$)"
    r"|^【?关闭(?:窗口|本页|页面)?】?$|^上一[篇条]|^下一[篇条]|版权所有|ICP备|^网站地图|^(?:您)?(?:的)?当前(?:的)?位置|^您(?:现在)?的位置|^首页(?:[>》＞/|-]|$)"
    r"|^[【\[(（]?字?体?[：:]?[【\[(（]?大[】\])）]?[/|]?[【\[(（]?中[】\])）]?[/|]?[【\[(（]?小[】\])）]*(?:打印.*)?$|^分享$|^收藏$|^返回(?:顶部|首页|列表)$"
)
_PAGE = re.compile(r"[-—－–]\d{1,3}[-—－–]|第\d+页(?:[,，/]?共\d+页)?")
_TIME = re.compile(r"(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?.{0,30}")
_RESIDUE = re.compile(f"{_LABELS}|{_PHRASES}")


def without_residue(lines: Sequence[Written]) -> tuple[list[Written], list[str]]:
    """The report's own lines, without blanks at their ends; and the lines left out."""
    cleaned = [line._replace(text=_cleaned(line)) for line in lines]
    filled = [line for line in cleaned if line.text]
    head = next((i for i, line in enumerate(filled) if _is_text(line.text)), len(filled))
    kept: list[Written] = []
    left_out: list[str] = []
    for i, line in enumerate(filled):
        at_edge = i < min(head, EDGE) or i >= max(head, len(filled) - EDGE)
        if _is_residue(line, at_edge=at_edge):
            left_out.append(line.text)
        else:
            kept.append(line)
    return kept, left_out


def _cleaned(line: Written) -> str:
    """Without what no document can show; a row keeps the tabs of its empty cells."""
    text = clean(line.text)
    if line.row and text:
        return line.text.strip("\r\n\0")
    return text.strip(" \t\u3000\xa0\ufeff\u200b")


def _is_text(text: str) -> bool:
    """Whether a line belongs to the body, so that the page's head is over."""
    folded = fold(text[:LONGEST])
    return starts_numbered(folded) or (
        len(text) >= PARAGRAPH and "。" in text and not _RESIDUE.search(folded)
    )


def _is_residue(line: Written, *, at_edge: bool) -> bool:
    text = "".join(line.text.split()) if len(line.text) <= 2 * LONGEST else line.text
    if _PAGE.fullmatch(text):
        return not line.row
    if not at_edge or len(text) > LONGEST or starts_numbered(fold(line.text)):
        return False
    return _RESIDUE.search(text) is not None or _TIME.fullmatch(text) is not None
