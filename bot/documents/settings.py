"""Settings of the documents: the table [document] of config.toml."""

from __future__ import annotations

from pathlib import Path

import msgspec

from bot.documents.layout import Face


class FontSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The font that a .docx names for each class of GB/T 9704—2012; the reader's machine has it."""

    fangsong: str = "仿宋_GB2312"
    kaiti: str = "楷体_GB2312"
    heiti: str = "黑体"
    title: str = "方正小标宋简体"
    songti: str = "宋体"

    def of(self, face: Face) -> str:
        return str(getattr(self, face.value))


class HeadSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The red head (7.2): none while `issuer` is empty."""

    issuer: str = ""  # 发文机关标志
    number: str = ""  # 发文字号
    signer: str = ""  # 签发人


class ImprintSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """版记 (7.4): none while all are empty."""

    copies: str = ""  # 抄送
    printer: str = ""  # 印发机关
    printed: str = ""  # 印发日期


class DocumentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How documents look beyond what the standard fixes, and where the terminal chat puts them (`folder`)."""

    folder: str = "exports"
    letterhead: str = ""
    fonts_folder: str = ""
    seal: bool = True
    fonts: FontSettings = FontSettings()
    head: HeadSettings = HeadSettings()
    imprint: ImprintSettings = ImprintSettings()


def resolved(settings: DocumentSettings, base: Path) -> DocumentSettings:
    """The settings with their paths made to count from `base`, where config.toml is."""
    paths = {
        name: str(base / value)
        for name in ("folder", "letterhead", "fonts_folder")
        if (value := getattr(settings, name))
    }
    return msgspec.structs.replace(settings, **paths)
