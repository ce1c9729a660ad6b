"""Where the lines go: the standard's rules for signature and date, attachments, notes."""

from __future__ import annotations

import pytest

from bot.documents import DocumentSettings, layout
from bot.documents.arranging import arranged, sealed, unsealed
from bot.documents.layout import Face
from prompts.draft import Draft, DraftSection, Paragraph


def test_without_a_seal_the_date_begins_two_characters_after_the_name() -> None:
    name, day = "某某县某某街道办事处", "2024年1月29日"  # 10 and 6.5 characters wide
    name_right, day_right = unsealed(name, day)
    assert name_right == 2
    name_starts, day_starts = 28 - name_right - 10, 28 - day_right - 6.5
    assert day_starts - name_starts == 2


def test_without_a_seal_a_date_longer_than_the_name_stands_two_from_the_right() -> None:
    name_right, day_right = unsealed("财政局", "2024年11月29日")
    assert day_right == 2
    assert (28 - day_right - 7) - (28 - name_right - 3) == 2


@pytest.mark.parametrize(
    "name", ["财政局", "某某县某某街道办事处", "某某省某某市某某区某某街道某某管理委员会办公室"]
)
def test_with_a_seal_the_name_is_centred_over_the_date(name: str) -> None:
    name_right, day_right = sealed(name, "2024年1月29日")
    assert name_right + layout.width(name) / 2 == pytest.approx(day_right + 3.25)
    assert name_right >= 0
    if len(name) < 14:
        assert day_right == 4


def test_a_run_in_heading_has_its_own_face_and_its_text_the_body_s(everything: Draft) -> None:
    line = next(e for e in arranged(everything, DocumentSettings()) if e.text.startswith("（一）办件。"))
    assert [(piece.text, piece.face) for piece in line.pieces if piece.face] == [
        ("（一）", Face.KAITI), ("办件", Face.KAITI), ("。", Face.KAITI)]  # fmt: skip
    assert [piece.text for piece in line.pieces if piece.gap] == ["〔待填：件数〕"]


def test_several_attachments_are_numbered_and_aligned(everything: Draft) -> None:
    first, second = (e for e in arranged(everything, DocumentSettings()) if e.style is layout.ATTACHMENT)
    assert (first.text, second.text) == ("附件：1.统计表", "　　　2.清单")
    assert first.before == 1
    assert first.left - first.hanging == second.left - second.hanging == 2


def test_one_attachment_has_no_number() -> None:
    draft = Draft(title=Paragraph.of("报告"), sections=(), attachments=("统计表",))
    assert [e.text for e in arranged(draft, DocumentSettings())][-1] == "附件：统计表"


def test_the_signature_is_kept_on_the_page_of_the_text_before_it(everything: Draft) -> None:
    elements = arranged(everything, DocumentSettings())
    signature = next(i for i, e in enumerate(elements) if e.style is layout.SIGNATURE)
    assert elements[signature - 1].keep
    assert elements[signature].style.keep_next


def test_every_line_of_the_draft_is_there_once(everything: Draft) -> None:
    shown = sorted({e.line for e in arranged(everything, DocumentSettings()) if e.line >= 0})
    assert shown == list(range(len(list(everything.lines()))))


def test_an_empty_report_can_be_arranged() -> None:
    assert arranged(Draft(title=Paragraph.of(""), sections=(DraftSection("a"),)), DocumentSettings())
