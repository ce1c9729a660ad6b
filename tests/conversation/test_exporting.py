"""Handing the draft out in the chat."""

from __future__ import annotations

import io
import sys

import docx
import pytest

from bot.documents import fonts
from tests.conftest import Person


def test_the_formats_are_offered_with_a_warning_of_what_is_open(person: Person) -> None:
    person.begins()
    assert "处〔待填〕" in person.sends("/export")
    assert person.labels[:5] == ["Word", "PDF", "纯文本", "Markdown", "看版面"]


def test_word_is_handed_out_under_a_name_that_says_what_it_is(person: Person) -> None:
    person.begins()
    person.sends("/export")
    assert "文件已生成" in person.presses("Word")
    (file,) = person.last.attachments
    assert file.filename == "某县龙门街道办事处2023年小报告.docx"
    assert "龙门街道办事处" in docx.Document(io.BytesIO(file.content)).paragraphs[0].text


def test_a_report_without_a_name_yet_can_be_exported(person: Person) -> None:
    person.sends("/new", "/export")
    person.presses("纯文本")
    assert "〔" not in person.last.attachments[0].filename


def test_an_old_button_exports_the_report_it_was_about(person: Person) -> None:
    person.begins("某县龙门街道办事处")
    person.sends("/export")
    button = next(b for row in person.last.buttons for b in row if b.label == "纯文本")
    person.begins("某县虎门街道办事处")
    person.sends_data(button.data)
    assert person.last.attachments[0].filename.startswith("某县龙门街道办事处")


def test_a_forged_format_is_offered_the_real_ones(person: Person) -> None:
    person.begins()
    assert "要哪种文件" in person.sends_data(f"ex:{person.report.id}:exe")


def test_without_the_pdf_extra_it_says_so_and_offers_the_rest(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    fonts.installed.cache_clear()
    person.begins()
    assert "没有安装 PDF 组件" in person.sends("/pages")
    assert "Word" in person.labels
    fonts.installed.cache_clear()


def test_the_pages_are_images(person: Person) -> None:
    pytest.importorskip("typst")
    person.begins()
    if "没能生成" in person.sends("/pages"):
        pytest.skip("no Chinese font is installed")
    assert all(a.image and a.content.startswith(b"\x89PNG") for a in person.last.attachments)
