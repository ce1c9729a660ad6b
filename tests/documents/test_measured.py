"""The page as it comes out, measured from the PDF: GB/T 9704—2012, clause by clause.

The same measures hold for our own PDF (Typst) and for the .docx as LibreOffice prints it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.documents import DocumentSettings
from bot.documents.layout import Face
from bot.documents.pdf import write_images, write_pdf
from bot.documents.settings import FontSettings
from prompts.draft import Draft, DraftSection, Paragraph
from tests.documents.measuring import SOFFICE, Page, by_libreoffice, read

FULL = "国" * 28 * 22 * 3  # nothing but full-width characters: lines and pages are as full as they get


def full_pages() -> Draft:
    return Draft(title=Paragraph.of("报告"), sections=(DraftSection("a", blocks=(Paragraph.of(FULL),)),))


@pytest.fixture(scope="session")
def settings(families: dict[Face, tuple[str, ...]]) -> DocumentSettings:
    """Fonts that this machine has, so that LibreOffice and Typst set the same ones."""
    return DocumentSettings(fonts=FontSettings(**{face.value: families[face][0] for face in Face}))


def printed_by_libreoffice(
    tmp_path_factory: pytest.TempPathFactory, draft: Draft, settings: DocumentSettings
) -> bytes:
    from bot.documents.word import write_word

    folder: Path = tmp_path_factory.mktemp("office")
    return by_libreoffice(write_word(draft, settings), folder)


@pytest.fixture(scope="session", params=["typst", "libreoffice"])
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, settings: DocumentSettings
) -> Callable[[Draft], list[Page]]:
    """Draft -> pages."""
    if request.param == "typst":
        return lambda draft: read(write_pdf(draft, settings))
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed: the .docx is not measured")
    return lambda draft: read(printed_by_libreoffice(tmp_path_factory, draft, settings))


@pytest.fixture(scope="session")
def full(printed: Callable[[Draft], list[Page]]) -> list[Page]:
    return printed(full_pages())


@pytest.fixture(scope="session")
def report(printed: Callable[[Draft], list[Page]], sample: Draft) -> list[Page]:
    return printed(sample)


def test_the_paper_is_a4(full: list[Page]) -> None:  # 5.1
    assert all(abs(page.width - 210) < 0.5 and abs(page.height - 297) < 0.5 for page in full)


def test_a_full_page_has_22_lines_of_28_characters(full: list[Page]) -> None:  # 5.2.3
    page = full[1]
    assert [len(line.text) for line in page.body] == [28] * 22


def test_the_type_area_is_156_by_225_and_begins_37_below_and_28_right(full: list[Page]) -> None:  # 5.2.1
    lines = full[1].body
    assert min(line.left for line in lines) == pytest.approx(28, abs=0.5)
    assert max(line.right for line in lines) == pytest.approx(28 + 156, abs=0.7)
    # A character of 16 pt in the middle of its line of 28.95 stands 7.25 mm below the line's top; LibreOffice sets it
    # a millimetre lower.
    assert lines[0].baseline == pytest.approx(37 + 7.25, abs=1.5)
    assert lines[-1].baseline == pytest.approx(37 + 21 * 28.95 / 72 * 25.4 + 7.25, abs=1.5)


def test_lines_are_28_95_points_apart(full: list[Page]) -> None:
    lines = full[1].body
    steps = [(b.baseline - a.baseline) / 25.4 * 72 for a, b in itertools.pairwise(lines)]
    assert all(step == pytest.approx(28.95, abs=0.15) for step in steps)


def test_the_text_is_16_points_and_the_title_22(report: list[Page]) -> None:  # 5.2.2, 7.3.1
    assert report[0].body[0].size == pytest.approx(22, abs=0.1)
    assert {round(line.size) for page in report[1:] for line in page.body} == {16}


def test_the_title_is_broken_by_meaning_and_centred(report: list[Page]) -> None:  # 7.3.1
    first, second = report[0].body[:2]
    assert (first.text, second.text) == ("巫山县龙门街道办事处", "2023年度法治政府建设情况报告")
    for line in (first, second):
        assert (line.left + line.right) / 2 == pytest.approx(28 + 78, abs=1)


def test_paragraphs_begin_two_characters_in(report: list[Page]) -> None:  # 7.3.3
    opening = report[0].body[2]
    assert opening.left == pytest.approx(28 + 2 * 156 / 28, abs=0.7)
    assert report[0].body[3].left == pytest.approx(28, abs=0.7)


def test_each_element_has_its_face(report: list[Page]) -> None:  # 7.3.1, 7.3.3
    def found(start: str) -> tuple[str, ...]:
        return next(line.fonts for page in report for line in page.body if line.text.startswith(start))

    body, heading, run_in = found("习近平新时代"), found("三、"), found("（二）加强法治学习")
    assert len({*body, *heading, *run_in}) >= 2
    assert run_in[0] != run_in[-1]  # the heading's face, then the text's
    assert heading[0] != body[0]
    assert run_in[-1] == body[0]


def test_the_page_number_is_outside_with_dashes_7_below_the_type_area(report: list[Page]) -> None:  # 7.5
    character = 156 / 28
    for index, page in enumerate(report, 1):
        number = page.number
        assert number.text == f"—{index}—"
        assert number.size == pytest.approx(14, abs=0.1)
        if index % 2:
            assert number.right == pytest.approx(28 + 156 - character, abs=1)
        else:
            assert number.left == pytest.approx(28 + character, abs=1)
        dashes = (
            number.baseline - 0.32 * 14 / 72 * 25.4
        )  # a dash lies about a third of an em above the baseline
        assert dashes == pytest.approx(37 + 225 + 7, abs=0.8)


def test_with_a_seal_the_date_is_four_characters_from_the_right_under_the_name(
    report: list[Page],
) -> None:  # 7.3.5.1
    name, day = report[-1].body[-2:]
    assert (name.text, day.text) == ("巫山县龙门街道办事处", "2024年1月29日")
    assert 28 + 156 - day.right == pytest.approx(4 * 156 / 28, abs=1)
    # Digits are not half a character wide in every font, and LibreOffice parts them from Chinese characters.
    assert (name.left + name.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=5)


def test_the_signature_never_stands_alone_on_a_page(report: list[Page]) -> None:
    assert len(report[-1].body) > 2


def test_nothing_of_the_text_is_lost(report: list[Page], sample: Draft) -> None:
    # LibreOffice 7.4 sometimes does not print a comma at the end of a justified line, so punctuation is left out.
    shown = [c for page in report for line in page.body for c in line.text if c.isalnum()]
    assert sorted(shown) == sorted(c for line in sample.lines() for c in line.text if c.isalnum())


def test_page_images_are_one_a_page_and_fit_a_chat(sample: Draft, settings: DocumentSettings) -> None:
    images = write_images(sample, settings)
    assert len(images) == len(read(write_pdf(sample, settings)))
    assert all(image.startswith(b"\x89PNG") and len(image) < 2**20 for image in images)


def test_what_people_typed_is_never_markup_in_the_pdf(settings: DocumentSettings) -> None:
    typed = '#pagebreak() = 标题 *粗* $x$ "引号" \\ // 注释 @ref <label> [块] {{ 7*7 }}'
    draft = Draft(title=Paragraph.of("报告"), sections=(DraftSection("a", blocks=(Paragraph.of(typed),)),))
    pages = read(write_pdf(draft, settings))
    assert len(pages) == 1
    assert "".join(line.text for line in pages[0].body[1:]) == typed.replace(" ", "")
