"""A table as the form has it: totals, merged heads, balances, last year's row, gaps, and several in one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.answers import TableCells
from prompts.draft import Cell, Source, Table
from prompts.grid import GAP, Grid, Origin, check, stacked
from prompts.loading import BUILT_IN, load_outline
from prompts.outline import Question
from prompts.plan import Plan
from prompts.sample import content_of, read_sample


def question(rows: tuple[str, ...], columns: tuple[str, ...], **fields: object) -> Question:
    return Question(key="t", ask="？", type="table", rows=rows, columns=columns, **fields)  # type: ignore[arg-type]


def cells(*rows: str) -> TableCells:
    """Rows of figures parted by blanks; `-` is an empty cell."""
    return TableCells(tuple(tuple(None if c == "-" else Decimal(c) for c in row.split()) for row in rows))


REQUESTS = question(
    ("一、新收", "二、结转", "三、结果/公开", "三、结果/不公开/秘密", "三、结果/不公开/隐私", "三、结果/总计", "四、未结"),
    ("自然人", "组织/企业", "组织/其他", "合计"),
    column_sums={"合计": "*"},
    row_sums={"总计": "三、结果/*"},
    balances=("一、新收 + 二、结转 = 总计 + 四、未结",),
    carry={"二、结转": "四、未结"},
)  # fmt: skip
FULL = cells("5 2 1 -", "1 0 0 -", "3 2 0 -", "1 0 0 -", "0 0 1 -", "- - - -", "2 0 0 -")
BEFORE = cells("3 0 0 -", "0 0 0 -", "2 0 0 -", "0 0 0 -", "0 0 0 -", "- - - -", "1 0 0 -")


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_totals_follow_from_what_was_typed() -> None:
    grid = Grid(REQUESTS, FULL)
    values = [[grid.value(row, column) for column in range(4)] for row in range(7)]
    assert values[0] == [5, 2, 1, 8]
    assert values[5] == [4, 2, 1, 7]
    assert grid.complete
    assert list(grid.unbalanced()) == []
    assert grid.origin(5, 0) is grid.origin(0, 3) is Origin.TOTAL


def test_a_total_is_not_known_before_all_of_its_parts_are() -> None:
    grid = Grid(REQUESTS, cells("5 - 1 -", *["- - - -"] * 6))
    assert grid.value(0, 3) is None
    assert grid.value(5, 0) is None
    assert grid.empty[:2] == ((0, 1), (1, 0))
    assert not grid.complete


def test_a_total_may_be_the_sum_of_named_ones() -> None:
    both = question(("甲", "乙", "丙", "计"), ("数",), row_sums={"计": "甲 + 丙"})
    assert Grid(both, cells("1", "10", "100", "-")).value(3, 0) == 101


def test_a_balance_that_does_not_hold_says_where_and_by_how_much() -> None:
    wrong = cells("5 2 1 -", "1 0 0 -", "3 2 0 -", "1 0 0 -", "0 0 1 -", "- - - -", "1 0 0 -")
    found = list(Grid(REQUESTS, wrong).unbalanced())
    assert [(one.where, one.left, one.right, one.across_years) for one in found] == [
        ("自然人", 6, 5, False),
        ("合计", 9, 8, False),
    ]


def test_what_is_not_filled_in_yet_is_not_judged() -> None:
    assert list(Grid(REQUESTS, cells("5 2 1 -", *["- - - -"] * 6)).unbalanced()) == []


DOCUMENTS = question(
    ("规章", "规范性文件"),
    ("制发", "废止", "有效"),
    balances=("上年/有效 + 制发 - 废止 = 有效",),
)


def test_a_balance_may_reach_back_to_last_year() -> None:
    last = cells("0 0 0", "1 0 5")
    assert list(Grid(DOCUMENTS, cells("0 0 0", "2 1 6"), last).unbalanced()) == []
    one = next(Grid(DOCUMENTS, cells("0 0 0", "2 1 7"), last).unbalanced())
    assert (one.where, one.left, one.right, one.across_years) == ("规范性文件", 6, 7, True)
    assert list(Grid(DOCUMENTS, cells("0 0 0", "2 1 7")).unbalanced()) == []


def test_last_years_row_is_carried_over_and_stands_where_nothing_was_typed() -> None:
    grid = Grid(REQUESTS, cells("5 2 1 -", "- - - -", *["- - - -"] * 5), BEFORE)
    assert [grid.value(1, column) for column in range(4)] == [1, 0, 0, 1]
    assert grid.origin(1, 0) is Origin.CARRIED
    assert grid.filled(1)
    assert (1, 0) not in grid.empty


def test_a_figure_typed_over_a_carried_one_stands_and_is_remarked() -> None:
    grid = Grid(REQUESTS, cells("5 2 1 -", "3 - - -", *["- - - -"] * 5), BEFORE)
    assert grid.value(1, 0) == 3
    assert list(grid.carried_otherwise()) == [("二、结转", "自然人", 3, 1)]


def test_the_heads_are_merged_as_the_form_has_them() -> None:
    rows = Grid(REQUESTS, FULL).table().rows
    assert [(cell.text, cell.colspan, cell.rowspan) for cell in rows[0]] == [
        ("", 3, 2), ("自然人", 1, 2), ("组织", 2, 1), ("合计", 1, 2)]  # fmt: skip
    assert [cell.text for cell in rows[1]] == ["企业", "其他"]
    assert [(cell.text, cell.colspan, cell.rowspan) for cell in rows[2][:2]] == [
        ("一、新收", 3, 1),
        ("5", 1, 1),
    ]
    assert [(cell.text, cell.colspan, cell.rowspan) for cell in rows[4][:2]] == [
        ("三、结果", 1, 4), ("公开", 2, 1)]  # fmt: skip
    assert [(cell.text, cell.colspan, cell.rowspan) for cell in rows[5][:2]] == [
        ("不公开", 1, 2), ("秘密", 1, 1)]  # fmt: skip
    assert [cell.text for cell in rows[6]] == ["隐私", "0", "0", "1", "1"]


def test_a_gap_is_visible_and_a_figure_says_where_it_came_from() -> None:
    table = Grid(DOCUMENTS, cells("1 - 1.5", "- - -")).table()
    assert texts(table)[1:] == [["规章", "1", GAP, "1.5"], ["规范性文件", GAP, GAP, GAP]]
    typed, gap = table.rows[1][1:3]
    assert (typed.source, typed.numeric, typed.keys) == (Source.ANSWER, True, ("t",))
    assert (gap.source, gap.numeric) == (Source.GAP, False)
    totalled = Grid(REQUESTS, FULL).table().rows[2]
    assert totalled[-1].source is Source.COMPUTED


def test_a_single_row_may_have_no_name() -> None:
    plain = question(("件数",), ("维持", "纠正"), row_heads=False)
    assert texts(Grid(plain, cells("1 2")).table()) == [["维持", "纠正"], ["1", "2"]]


def test_a_table_alone_has_its_caption_above_it_and_its_heads_as_header() -> None:
    table = Grid(question(("甲",), ("数",), caption="表"), cells("1")).table()
    assert (table.caption, table.header_rows) == ("表", 1)


def test_several_tables_stand_below_each_other_each_below_its_band() -> None:
    wide = question(("甲",), ("一", "二", "三"), caption="第一项", corner="内容")
    one = question(("乙", "丙"), ("数",), caption="第二项", corner="内容")
    two = question(("丁",), ("数", "额"), caption="第三项", corner="内容")
    table = stacked((Grid(wide, cells("1 2 3")), Grid(one, cells("4", "-")), Grid(two, cells("5 6"))))
    assert texts(table) == [
        ["第一项"], ["内容", "一", "二", "三"], ["甲", "1", "2", "3"],
        ["第二项"], ["内容", "数"], ["乙", "4"], ["丙", GAP],
        ["第三项"], ["内容", "数", "额"], ["丁", "5", "6"],
    ]  # fmt: skip
    assert table.rows[0][0].colspan == 4
    assert table.rows[4][1].colspan == 3
    assert [cell.colspan for cell in table.rows[8]] == [1, 1, 2]
    assert (table.caption, table.header_rows) == ("", 0)
    assert tiles(table)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"rows": ("甲", "甲")}, "twice"),
        ({"row_sums": {"丙": "*"}}, "丙"),
        ({"carry": {"甲": "丙"}}, "丙"),
        ({"balances": ("甲 + 乙",)}, "a + b = c"),
        ({"balances": ("甲 = 数",)}, "neither only rows nor only columns"),
    ],
)
def test_a_description_that_cannot_be_is_named(fields: dict[str, object], wrong: str) -> None:
    described: dict[str, object] = {"rows": ("甲", "乙"), "columns": ("数", "额"), **fields}
    assert wrong in check(question(**described))  # type: ignore[arg-type]


def test_a_sound_description_is_not_doubted() -> None:
    assert check(REQUESTS) == check(DOCUMENTS) == ""


def tiles(table: Table) -> bool:
    """Whether the cells cover every place of the table once, as HTML places them."""
    taken: set[tuple[int, int]] = set()
    width = 0
    for row, line in enumerate(table.rows):
        column = 0
        for cell in line:
            while (row, column) in taken:
                column += 1
            places = {(row + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            if places & taken:
                return False
            taken |= places
            column += cell.colspan
        width = max(width, *(column + 1 for _, column in taken))
    whole = {(row, column) for row in range(len(table.rows)) for column in range(width)}
    return taken == whole and len(table.widths) == width


def paths(names: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Heads that nest to any depth, no name standing for a group and for a leaf of it."""

    def tree(depth: int) -> st.SearchStrategy[list[str]]:
        if depth == 0:
            return st.just([""])
        below = st.lists(st.one_of(st.just([""]), tree(depth - 1)), min_size=1, max_size=3)
        return below.map(
            lambda parts: [
                f"{names}{depth}{i}/{rest}".rstrip("/") for i, part in enumerate(parts) for rest in part
            ]
        )

    return tree(3).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Grid:
    asked = question(
        draw(paths("行")), draw(paths("列")), caption=draw(st.sampled_from(("", "题"))),
        row_heads=draw(st.booleans()), corner=draw(st.sampled_from(("", "项目"))),
    )  # fmt: skip
    figure = st.none() | st.integers(0, 9).map(Decimal)
    rows = draw(
        st.lists(
            st.tuples(*[figure] * len(asked.columns)), min_size=len(asked.rows), max_size=len(asked.rows)
        )
    )
    return Grid(asked, TableCells(tuple(rows)))


@settings(max_examples=200, deadline=None)
@given(st.lists(tables(), min_size=1, max_size=4))
def test_every_place_of_every_table_is_covered_once(grids: list[Grid]) -> None:
    table = stacked(grids)
    assert tiles(table)
    assert (table.header_rows > 0) == (len(grids) == 1)


@settings(max_examples=100, deadline=None)
@given(tables())
def test_every_figure_that_was_typed_is_in_the_table(grid: Grid) -> None:
    printed = [cell for row in grid.table().rows for cell in row if cell.numeric]
    typed = [
        grid.typed(row, column)
        for row in range(len(grid.rows.paths))
        for column in range(len(grid.columns.paths))
    ]
    assert [Decimal(cell.text) for cell in printed] == [figure for figure in typed if figure is not None]


def test_the_national_form_of_disclosure_reports_is_full_and_balanced_in_its_sample() -> None:
    outline = load_outline(BUILT_IN / "government-information-disclosure")
    sample = read_sample(outline)
    plan = Plan(outline, content_of(sample, outline), sample.today, sample.before(outline))
    asked = [one for one in outline.questions.values() if one.type == "table"]
    grids = [grid for one in asked if (grid := plan.grid(one))]
    assert len(grids) == len(asked) == 6
    for grid in grids:
        assert grid.complete
        assert list(grid.unbalanced()) == list(grid.carried_otherwise()) == []
    requests = plan.grid(outline.questions["applications"])
    assert requests is not None
    assert (len(requests.rows.paths), len(requests.columns.paths)) == (25, 7)
    carried = requests.rows.index("二、上年结转政府信息公开申请数量")
    assert requests.origin(carried, 0) is Origin.CARRIED
    assert tiles(requests.table())
    head = requests.table().rows[0]
    assert head[0] == Cell(
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", colspan=3, rowspan=3
    )
