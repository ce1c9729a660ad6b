"""Which installed font stands for each class of type in the PDF and the page images.

The standard names classes; the usual fonts are licensed and cannot be shipped. Each chain begins with fonts of the class
itself; what follows `OTHERS` only resembles it, and whoever gets it is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.documents.errors import DocumentError, NotInstalled
from bot.documents.layout import Face
from bot.documents.settings import FontSettings

CHINESE = {
    Face.FANGSONG: "仿宋",
    Face.KAITI: "楷体",
    Face.HEITI: "黑体",
    Face.TITLE: "小标宋",
    Face.SONGTI: "宋体",
}

_SONG = ("SimSun", "宋体", "NSimSun", "STSong", "Songti SC", "FandolSong", "Noto Serif CJK SC", "Source Han Serif SC",
         "AR PL UMing CN", "AR PL SungtiL GB")  # fmt: skip
_HEI = ("SimHei", "黑体", "STHeiti", "Heiti SC", "FandolHei", "Noto Sans CJK SC", "Source Han Sans SC",
        "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC")  # fmt: skip
_KAI = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "Kaiti SC", "FandolKai", "AR PL KaitiM GB", "AR PL UKai",
        "AR PL UKai CN")  # fmt: skip
_FANG = (
    "FangSong_GB2312",
    "仿宋_GB2312",
    "FangSong",
    "仿宋",
    "STFangsong",
    "FZFangSong-Z02S",
    "FandolFang",
    "FandolFang R",
)
_TITLE = ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "FZXBSJW--GB1-0", "方正小标宋_GBK")

CHAINS: dict[Face, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Face.FANGSONG: (_FANG, (*_SONG, *_KAI)),
    Face.KAITI: (_KAI, _SONG),
    Face.HEITI: (_HEI, ()),
    Face.TITLE: (_TITLE, _SONG),
    Face.SONGTI: (_SONG, ()),
}


@dataclass(frozen=True)
class Fonts:
    """The families to set each class in, best first, and which class had to be substituted by what."""

    families: dict[Face, tuple[str, ...]]
    substituted: dict[Face, str]
    source: Any  # typst's own font book


@lru_cache(maxsize=8)
def installed(settings: FontSettings, folder: str = "") -> Fonts:
    """The fonts on this machine and in `folder`. Looked for once. Raises `NotInstalled`, `DocumentError`."""
    try:
        import typst
    except ImportError as error:
        raise NotInstalled(
            "PDF and page images need the extra [pdf]: .venv/bin/python -m pip install -e '.[pdf]'"
        ) from error
    if folder and not Path(folder).is_dir():
        raise DocumentError(f"config.toml: document.fonts_folder: {folder}: no such folder")
    source = typst.Fonts(include_system_fonts=True, font_paths=[folder] if folder else [])
    found = set(source.families())
    families, substituted = {}, {}
    for face, (own, others) in CHAINS.items():
        own = (settings.of(face), *own)
        chosen = [name for name in (*own, *others) if name in found]
        if not chosen:
            raise DocumentError(
                "no Chinese font is installed; on Debian or Ubuntu: apt install fonts-noto-cjk fonts-arphic-ukai; "
                "or name a folder of fonts in config.toml: document.fonts_folder"
            )
        families[face] = tuple(dict.fromkeys(chosen))
        if chosen[0] not in own:
            substituted[face] = chosen[0]
    return Fonts(families, substituted, source)
