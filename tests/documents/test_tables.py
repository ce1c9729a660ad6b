"""Tables on paper: where cells stand, how heads and names are set, and that nothing of a table is lost at a page's end."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import layout
from bot.documents.layout import Face
from bot.documents.markdown import write_markdown
from bot.documents.pdf import write_pdf
from bot.documents.settings import DocumentSettings
from bot.documents.tables import balanced, columns, kept, placed, printed, texts, widths
from bot.documents.text import table_text
from bot.documents.word import write_word
from prompts.answers import TableCells
from prompts.draft import Cell, Draft, DraftSection, Paragraph, Source, Table
from prompts.grid import Grid, stacked
from prompts.loading import BUILT_IN, load_outline
from prompts.outline import Question
from prompts.plan import Plan
from prompts.render import draft
from prompts.sample import content_of, read_sample
from tests.documents.measuring import Page, read

NAMES = "组"


def grouped(rows: int, long: str = "") -> Table:
    """A head of two rows, `rows` rows below one merged name, and one row more."""
    head = (
        (Cell("", colspan=2, rowspan=2), Cell("甲", colspan=2)),
        (Cell("商业企业"), Cell("乙")),
    )
    body = tuple(
        (*((Cell(NAMES, rowspan=rows),) if i == 0 else ()), Cell(long or f"第{i}项"), figure(i), figure(i))
        for i in range(rows)
    )
    return Table((*head, *body, (Cell("其余", colspan=2), figure(0), figure(0))), header_rows=2)


def figure(number: int) -> Cell:
    return Cell(str(number), numeric=True, source=Source.ANSWER)


def stack() -> Table:
    questions = [
        Question(
            key=key, ask="？", type="table", rows=("规章", "文件"), columns=("件数",), caption=f"第{key}项"
        )
        for key in "abc"
    ]
    return stacked([Grid(question, TableCells(((1,), (None,)))) for question in questions])  # type: ignore[arg-type]


def document(*tables: Table, before: int = 0) -> Draft:
    """A draft with tables below `before` lines of text and a heading."""
    text = (Paragraph.of("文" * (28 * before - 2)),) if before else ()
    return Draft(
        title=Paragraph.of("题"),
        sections=(
            DraftSection("a", 1, "一、", Paragraph.of("情况"), blocks=text),
            DraftSection("b", 1, "二、", Paragraph.of("列表"), blocks=tables),
        ),
    )


@pytest.fixture(scope="module")
def form() -> Draft:
    """The national form of disclosure reports: three tables, merged heads of three levels, fifteen columns."""
    outline = load_outline(BUILT_IN / "government-information-disclosure")
    sample = read_sample(outline)
    return draft(Plan(outline, content_of(sample, outline), sample.today, sample.before(outline)))


def tables_of(document: Draft) -> list[Table]:
    return [line.table for line in document.lines() if line.table is not None]


def test_a_covered_place_has_no_cell() -> None:
    table = grouped(2)
    assert [(row, column, cell.text) for row, column, cell in placed(table)] == [
        (0, 0, ""), (0, 2, "甲"), (1, 2, "商业企业"), (1, 3, "乙"),
        (2, 0, NAMES), (2, 1, "第0项"), (2, 2, "0"), (2, 3, "0"), (3, 1, "第1项"), (3, 2, "1"), (3, 3, "1"),
        (4, 0, "其余"), (4, 2, "0"), (4, 3, "0"),
    ]  # fmt: skip
    assert columns(table) == 4
    assert texts(table)[3] == ["", "第1项", "1", "1"]


def test_widths_share_the_type_area_and_figures_alike() -> None:
    table = Table(((Cell("甲"), Cell("1"), Cell("2")),), widths=(2, 1, 1))
    assert widths(table) == [0.5, 0.25, 0.25]
    assert widths(Table(((Cell("甲"), Cell("1")),), widths=(1, 2, 3))) == [0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("商业企业", 3.3, ("商业", "企业")),
        ("社会公益组织", 3.3, ("社会公", "益组织")),
        ("法律服务机构", 2.5, ("法律", "服务", "机构")),
        ("总计", 3.3, ("总计",)),
        ("本年收费金额（单位：万元）", 3.3, ("本年收费金额（单位：万元）",)),
        ("GDP（亿元）", 3.3, ("GDP（亿元）",)),
        ("商业企业", 0.4, ("商业企业",)),
    ],
)
def test_a_head_is_broken_into_lines_of_one_length(text: str, room: float, lines: tuple[str, ...]) -> None:
    assert balanced(text, room) == lines


@given(st.text("一二三四", max_size=30), st.floats(0, 12))
def test_a_broken_head_keeps_its_words_and_fits(text: str, room: float) -> None:
    lines = balanced(text, room)
    assert "".join(lines) == text
    assert room < 1 or all(len(line) <= room for line in lines)


def test_long_names_of_rows_begin_at_the_left_and_merged_ones_stay_in_the_middle() -> None:
    cells = {one.cell.text: one.left for one in printed(grouped(2, "要求行政机关确认或重新出具已获取信息"))}
    assert cells["要求行政机关确认或重新出具已获取信息"] is cells["其余"] is True
    assert cells[NAMES] is cells["甲"] is cells["0"] is False


def test_short_names_of_rows_stay_in_the_middle() -> None:
    assert not any(one.left for one in printed(grouped(3)))
    assert not any(one.left for one in printed(stack()))


def test_rows_below_a_merged_name_stand_with_the_next_one() -> None:
    assert kept(grouped(3)) == {0, 1, 2, 3}
    assert kept(Table(((Cell("甲"),), (Cell("1"),)), header_rows=1)) == {0}
    assert kept(Table(((Cell("甲"),),), header_rows=1)) == set()


def test_a_stack_stays_together() -> None:
    assert kept(stack()) == set(range(11))


def test_word_has_the_heads_merged_within_the_type_area(form: Draft) -> None:
    word = docx.Document(io.BytesIO(write_word(form, DocumentSettings())))
    assert len(word.tables) == 3
    for drawn, table in zip(word.tables, tables_of(form), strict=True):
        grid = [int(column.get(qn("w:w"))) for column in drawn._tbl.tblGrid]
        assert sum(grid) <= round(layout.TEXT_WIDTH * 20) + len(grid)
        for row in drawn._tbl.tr_lst:
            spans = [int(s.get(qn("w:val"))) for s in row.iter(qn("w:gridSpan"))]
            assert len(row.tc_lst) - len(spans) + sum(spans) == len(grid)
        merged = [[cell.text.replace("\n", "") for cell in row.cells] for row in drawn.rows]
        for place in placed(table):
            span = [
                merged[place.row + i][place.column + j]
                for i in range(place.cell.rowspan)
                for j in range(place.cell.colspan)
            ]
            assert set(span) == {place.cell.text}


def test_word_breaks_heads_and_keeps_groups_on_a_page() -> None:
    word = docx.Document(io.BytesIO(write_word(document(grouped(3, "名" * 20)), DocumentSettings())))
    drawn = word.tables[0]
    first = [row.tc_lst[0].p_lst[0].pPr for row in drawn._tbl.tr_lst]
    assert [p.find(qn("w:keepNext")) is not None for p in first] == [True, True, True, True, False, False]
    name = drawn._tbl.tr_lst[3].tc_lst[1].p_lst[0].pPr
    assert name.find(qn("w:jc")).get(qn("w:val")) == "left"
    wide = Table(((*(Cell("商业企业"),) * 12,), (*(figure(1),) * 12,)), header_rows=1)
    head = docx.Document(io.BytesIO(write_word(document(wide), DocumentSettings()))).tables[0].cell(0, 0)
    assert head.text == "商业\n企业"


def test_markdown_and_text_hold_every_cell(form: Draft) -> None:
    markdown = write_markdown(form, DocumentSettings()).decode()
    for table in tables_of(form):
        plain = table_text(table)
        for cell in (cell for row in table.rows for cell in row):
            assert cell.text in plain
            assert cell.text in markdown


def words(pages: list[Page]) -> list[list[str]]:
    return [[line.text for line in page.body] for page in pages]


def test_the_tables_of_the_form_stay_within_the_type_area(form: Draft, families: dict[Face, str]) -> None:
    for page in read(write_pdf(form, DocumentSettings())):
        cells = [line for line in page.body if line.size < 16]
        assert all(line.left >= 27.6 and line.right <= 28 + 156.1 for line in cells)
        assert all(line.baseline <= 37 + 225 for line in page.body)


def test_the_form_is_printed_whole_with_its_header_on_both_pages(
    form: Draft, families: dict[Face, str]
) -> None:
    pages = ["".join(page) for page in words(read(write_pdf(form, DocumentSettings())))]
    whole = "".join(pages)
    for _, _, cell in (place for table in tables_of(form) for place in placed(table)):
        if len(cell.text) <= 4:
            assert set(cell.text) <= set(whole)
    assert sum("申请人情况" in page for page in pages) == 2
    results = next(page for page in pages if "予以公开" in page and "属于国家秘密" in page)
    assert "3.其他" in results
    assert "结转下年度继续办理" in results


@pytest.mark.parametrize("before", range(10, 19, 2))
def test_a_heading_and_a_stack_share_a_page(before: int, families: dict[Face, str]) -> None:
    pages = words(read(write_pdf(document(stack(), before=before), DocumentSettings())))
    page = next(page for page in pages if "二、列表" in page)
    assert [line for line in page if line.startswith("第")] == ["第a项", "第b项", "第c项"]


@pytest.mark.parametrize("before", range(8, 19, 2))
def test_a_group_that_fits_a_page_is_not_torn(before: int, families: dict[Face, str]) -> None:
    pages = words(read(write_pdf(document(grouped(8), before=before), DocumentSettings())))
    holding = [number for number, page in enumerate(pages) if any("项" in line for line in page)]
    assert len(holding) == 1
    heading = next(number for number, page in enumerate(pages) if "二、列表" in page)
    assert heading == holding[0]


def test_a_group_taller_than_a_page_goes_on_over_pages_and_loses_nothing(families: dict[Face, str]) -> None:
    pages = read(write_pdf(document(grouped(90)), DocumentSettings()))
    assert len(pages) >= 3
    assert all(line.baseline <= 37 + 225 for page in pages for line in page.body)
    found = [line for page in words(pages) for line in page if "项" in line]
    assert len(found) == 90
    assert all("甲" in page for page in words(pages)[1:])
