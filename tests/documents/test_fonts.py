"""Fonts for the PDF: found, substituted, or clearly missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.documents import DocumentError, DocumentSettings, NotInstalled
from bot.documents import fonts as book
from bot.documents.layout import Face
from bot.documents.settings import FontSettings
from prompts.draft import Draft


def test_without_the_extra_the_line_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    book.installed.cache_clear()
    with pytest.raises(NotInstalled, match=r"pip install -e '\.\[pdf\]'"):
        book.installed(FontSettings())


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    with pytest.raises(DocumentError, match=r"document\.fonts_folder: .*nowhere"):
        book.installed(FontSettings(), str(tmp_path / "nowhere"))


def test_a_class_without_a_font_of_its_own_is_substituted_and_told(
    monkeypatch: pytest.MonkeyPatch, families: dict[Face, tuple[str, ...]]
) -> None:
    anything = families[Face.SONGTI][0]
    monkeypatch.setitem(book.CHAINS, Face.TITLE, (("No Such Font",), (anything,)))
    book.installed.cache_clear()
    found = book.installed(FontSettings(title="No Such Font Either"))
    assert found.substituted[Face.TITLE] == anything
    book.installed.cache_clear()


def test_with_no_chinese_font_at_all_the_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, everything: Draft
) -> None:
    pytest.importorskip("typst")
    from bot.documents.pdf import write_pdf

    monkeypatch.setitem(book.CHAINS, Face.FANGSONG, (("No Such Font",), ()))
    book.installed.cache_clear()
    with pytest.raises(DocumentError, match=r"no Chinese font.*fonts-noto-cjk.*fonts_folder"):
        write_pdf(everything, DocumentSettings(fonts=FontSettings(fangsong="No Such Font")))
    book.installed.cache_clear()
