"""Reports of every shape that offices write: nothing of them is lost, and their parts go where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.documents.settings import DocumentSettings
from bot.documents.text import write_text
from bot.documents.word import write_word
from prompts.content import Content
from prompts.library import Library
from prompts.loading import BUILT_IN
from prompts.plan import Plan
from prompts.render import draft
from prompts.sample import content_of, read_sample
from tests.importing.comparing import TODAY, again, folded
from tests.importing.shapes import Shape, shapes

LONGMEN = Path(__file__).parents[1] / "data" / "longmen-2023.txt"
SAMPLES = sorted(path.parent.name for path in BUILT_IN.glob("*/sample.toml"))


@pytest.mark.parametrize("shape", list(shapes()), ids=lambda shape: shape.name)
def test_a_report_comes_back_as_it_was_written(library: Library, shape: Shape) -> None:
    found = again(shape.filename, shape.content, library)
    assert found.proposal.outline.id == "rule-of-law-township"
    assert {heading: found.places.get(folded(heading)) for heading in shape.where} == shape.where
    assert list(found.lost()) == []
    assert list(found.doubled()) == []
    assert found.in_order()
    assert found.ratio >= shape.ratio


@pytest.mark.slow
@pytest.mark.parametrize("shape", list(shapes())[::3], ids=lambda shape: shape.name)
@pytest.mark.parametrize("outline", SAMPLES)
def test_nothing_is_lost_under_another_outline_either(library: Library, shape: Shape, outline: str) -> None:
    found = again(shape.filename, shape.content, library, outline=outline)
    assert list(found.lost()) == []
    assert found.in_order()


def test_the_published_report_comes_back(library: Library) -> None:
    found = again(LONGMEN.name, LONGMEN.read_bytes(), library)
    assert found.proposal.outline.id == "rule-of-law-township"
    assert [one.section for one in found.proposal.placed] == [
        "opening", "work", "work/organisation", "work/study", "work/publicity", "work/petitions", "work/disputes",
        "work/governance", "work/safety", "leadership", "shortcomings", "plan",
    ]  # fmt: skip
    assert len(found.proposal.report.left_out) == 3
    assert list(found.lost()) == []
    assert found.ratio >= 0.99
    typed = {figure.key: figure.typed for figure in found.proposal.figures}
    assert typed.items() >= {
        "banners": "30余条", "leaflets": "3000余份", "petitions": "326件", "petitioners": "445余人次", "staff_meetings": "18次",
    }.items()  # fmt: skip


@pytest.mark.parametrize("id", SAMPLES)
@pytest.mark.parametrize("suffix", ["txt", "docx"])
def test_a_sample_written_as_a_file_and_imported_is_the_same_report(
    library: Library, id: str, suffix: str
) -> None:
    outline = library[id]
    sample = read_sample(outline)
    before = draft(Plan(outline, content_of(sample, outline), sample.today, sample.before(outline)))
    write = write_text if suffix == "txt" else write_word
    found = again(f"a.{suffix}", write(before, DocumentSettings()), library)
    assert found.proposal.outline.id == id
    assert list(found.lost()) == []
    assert found.ratio >= 0.99
    given = {one.section for one in found.proposal.placed}
    assert given >= {
        section.id for section in before.sections if section.level and not section.id.startswith("own")
    }
    _knows_what_was_planned(library, id, found.proposal.kept(figures=True))


def _knows_what_was_planned(library: Library, id: str, content: Content) -> None:
    """Next year's report asks about every plan."""
    outline = library[id]
    following = Plan(outline, Content(), TODAY, content).outline
    for question in outline.questions.values():
        if question.each:
            items = content.value(outline.questions[question.each])
            assert isinstance(items, tuple) and items
            assert following.each[question.key] == items
