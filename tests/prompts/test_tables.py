"""What people type and paste into a table, and what is said to what fits nowhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.answers import Refused, TableCells, parse
from prompts.loading import BUILT_IN, load_outline
from prompts.outline import Question
from tests.conftest import TODAY

DAY = TODAY.date()
FORM = load_outline(BUILT_IN / "government-information-disclosure").questions
REQUESTS, DOCUMENTS, PENALTIES, FEES, DISPUTES = (
    FORM[key] for key in ("applications", "documents", "penalties", "fees", "disputes")
)


def typed(question: Question, *messages: str) -> list[list[str]]:
    """The table after these messages, row by row; `-` is an empty cell."""
    value = None
    for message in messages:
        value = parse(question, message, DAY, value).value
    assert isinstance(value, TableCells)
    return [["-" if cell is None else f"{cell:f}" for cell in row] for row in value.rows]


def row(question: Question, name: str, *messages: str) -> str:
    return " ".join(typed(question, *messages)[question.row_axis.index(name)])


def refused(question: Question, *messages: str) -> Refused:
    *before, last = messages
    value = None
    for message in before:
        value = parse(question, message, DAY, value).value
    with pytest.raises(Refused) as caught:
        parse(question, last, DAY, value)
    return caught.value


# By order.


def test_rows_are_taken_in_order_from_the_first_empty_one() -> None:
    assert typed(DOCUMENTS, "0 0 0", "2 1 6") == [["0", "0", "0"], ["2", "1", "6"]]
    assert typed(DOCUMENTS, "0 0 0\n2 1 6") == [["0", "0", "0"], ["2", "1", "6"]]


@pytest.mark.parametrize(
    "line", ["2 1 6", "2,1,6", "2，1，6", "2、1、6", "２　１　６", "2\t1\t6", "| 2 | 1 | 6 |", "2;1;6"]
)
def test_figures_are_parted_by_whatever_parts_them(line: str) -> None:
    assert typed(DOCUMENTS, line)[0] == ["2", "1", "6"]


def test_totals_are_passed_over_in_order() -> None:
    lines = "\n".join(f"{i} 0 0 0 0 0" for i in range(24))
    found = typed(REQUESTS, lines)
    assert [line[0] for line in found] == [*map(str, range(23)), "-", "23"]
    assert all(line[6] == "-" for line in found)


def test_a_row_with_its_total_behind_it_is_taken_without_it() -> None:
    assert typed(REQUESTS, "9 2 0 0 1 0 12")[0] == ["9", "2", "0", "0", "1", "0", "-"]
    assert typed(DISPUTES, "1 0 0 0 1 0 0 0 0 0 2 0 0 0 2")[0] == [
        "1",
        "0",
        "0",
        "0",
        "-",
        "0",
        "0",
        "0",
        "0",
        "-",
        "2",
        "0",
        "0",
        "0",
        "-",
    ]


def test_a_column_may_be_typed_in_one_line() -> None:
    assert typed(PENALTIES, "4 0") == [["4"], ["0"]]
    assert typed(PENALTIES, "4\t\t") == [["4"], ["-"]]


# By name.


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("（一）予以公开 4 1 0 0 0 -", "（一）予以公开"),
        ("(一)予以公开 4 1 0 0 0 -", "（一）予以公开"),
        ("予以公开 4 1 0 0 0 -", "（一）予以公开"),
        ("予以公开：4 1 0 0 0 -", "（一）予以公开"),
        ("予以公开4 1 0 0 0 -", "（一）予以公开"),
        ("部分公开 4 1 0 0 0 -", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
        ("国家秘密 4 1 0 0 0 -", "1.属于国家秘密"),
        ("1．属于国家秘密 4 1 0 0 0 -", "1.属于国家秘密"),
        ("三类内部事务信息 4 1 0 0 0 -", "5.属于三类内部事务信息"),
        ("重复申请 4 1 0 0 0 -", "2.重复申请"),
        ("其他 4 1 0 0 0 -", "3.其他"),
        ("三安全一稳定 4 1 0 0 0 -", "3.危及“三安全一稳定”"),
        ("本年新收政府信息公开申请数量 4 1 0 0 0 -", "一、本年新收政府信息公开申请数量"),
        ("本年新收 4 1 0 0 0 -", "一、本年新收政府信息公开申请数量"),
        ("四、结转下年度继续办理 4 1 0 0 0 -", "四、结转下年度继续办理"),
        ("第3行 4 1 0 0 0 -", "（一）予以公开"),
        ("三、本年度办理结果（一）予以公开 4 1 0 0 0 -", "（一）予以公开"),
    ],
)  # fmt: skip
def test_a_row_is_known_by_its_name_as_people_write_it(line: str, name: str) -> None:
    assert row(REQUESTS, name, line) == "4 1 0 0 0 - -"
    assert sum(any(cell != "-" for cell in cells) for cells in typed(REQUESTS, line)) == 1


def test_a_name_leads_on_to_the_rows_after_it() -> None:
    assert (
        row(REQUESTS, "2.其他法律行政法规禁止公开", "1.属于国家秘密 1 1 0 0 0 0\n2 2 0 0 0 0")
        == "2 2 0 0 0 0 -"
    )


def test_rows_of_one_name_are_told_apart_by_what_stands_in_front_or_by_order() -> None:
    twice = Question(key="q", ask="？", type="table", rows=("城市/男", "城市/女", "农村/男", "农村/女"), columns=("甲", "乙"))  # fmt: skip
    assert typed(twice, "农村男 3 4")[2] == ["3", "4"]
    assert typed(twice, "城市\t男\t1\t2\n\t女\t3\t4\n农村\t男\t5\t6\n\t女\t7\t8") == [
        ["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]]  # fmt: skip
    assert typed(twice, "男 1 2", "女 3 4", "男 5 6")[2] == ["5", "6"]
    assert refused(twice, "女 3 4").code == "row"


def test_a_correction_replaces_a_row_and_a_blank_leaves_what_was_there() -> None:
    assert typed(DOCUMENTS, "规章 1 2 3", "规章 7 - 9")[0] == ["7", "2", "9"]
    assert typed(DOCUMENTS, "规章 1 2 3", "规章\t\t5\t")[0] == ["1", "5", "3"]


# Zeros.


@pytest.mark.parametrize(
    "line", ["规章 全0", "规章 无", "规章 0", "规章：没有", "规章\t无", "规章\t全0\t", "全0", "0"]
)
def test_a_row_of_zeros_is_one_word(line: str) -> None:
    assert typed(DOCUMENTS, line) == [["0", "0", "0"], ["-", "-", "-"]]


def test_a_pasted_zero_is_the_zero_of_one_cell() -> None:
    assert typed(DOCUMENTS, "规章\t0\t\t\n行政规范性文件\t2\t1\t6")[0] == ["0", "-", "-"]


@pytest.mark.parametrize("words", ["其余全为0", "其余全为 ０", "其他全为0", "其余为0。"])
def test_the_rest_is_filled_with_zeros(words: str) -> None:
    assert typed(DOCUMENTS, "文件 2 1 -", words) == [["0", "0", "0"], ["2", "1", "0"]]
    assert typed(DOCUMENTS, f"文件 2 1 -\n{words}") == [["0", "0", "0"], ["2", "1", "0"]]


def test_a_row_carried_over_from_last_year_is_not_filled_with_zeros_before_the_others() -> None:
    once = typed(REQUESTS, "其余全为0")
    carried = REQUESTS.row_axis.index("二、上年结转政府信息公开申请数量")
    assert [i for i, line in enumerate(once) if line[0] == "-"] == [carried, 23]
    twice = typed(REQUESTS, "其余全为0", "其余全为0")
    assert [i for i, line in enumerate(twice) if line[0] == "-"] == [23]


# Pasted.

AS_IN_EXCEL = """\
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\t\t\t申请人情况\t\t\t\t\t\t
\t\t\t自然人\t法人或其他组织\t\t\t\t\t总计
\t\t\t\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t
一、本年新收政府信息公开申请数量\t\t\t9\t2\t0\t0\t1\t0\t12
二、上年结转政府信息公开申请数量\t\t\t1\t0\t0\t0\t0\t0\t1
三、本年度办理结果\t（一）予以公开\t\t4\t1\t0\t0\t0\t0\t5
\t（二）部分公开（区分处理的，只计这一情形，不计其他情形）\t\t2\t0\t0\t0\t0\t0\t2
\t（三）不予公开\t1.属于国家秘密\t\t\t\t\t\t\t0
\t\t4.保护第三方合法权益\t0\t1\t\t\t\t\t1
\t（四）无法提供\t1.本机关不掌握相关政府信息\t2\t0\t0\t0\t1\t0\t3
\t（七）总计\t\t9\t2\t0\t0\t1\t0\t12
四、结转下年度继续办理\t\t\t1\t0\t0\t0\t0\t0\t1"""


def check_pasted(found: list[list[str]]) -> None:
    names = REQUESTS.row_axis
    assert found[0] == ["9", "2", "0", "0", "1", "0", "-"]
    assert found[1] == ["1", "0", "0", "0", "0", "0", "-"]
    assert found[names.index("（一）予以公开")] == ["4", "1", "0", "0", "0", "0", "-"]
    assert found[3] == ["2", "0", "0", "0", "0", "0", "-"]
    assert found[names.index("1.属于国家秘密")] == ["-"] * 7
    assert found[names.index("4.保护第三方合法权益")] == ["0", "1", "-", "-", "-", "-", "-"]
    assert found[names.index("1.本机关不掌握相关政府信息")] == ["2", "0", "0", "0", "1", "0", "-"]
    assert found[names.index("（七）总计")] == ["-"] * 7
    assert found[-1] == ["1", "0", "0", "0", "0", "0", "-"]


def test_a_block_from_a_spreadsheet_is_taken_with_its_heads_merged_cells_and_totals() -> None:
    check_pasted(typed(REQUESTS, AS_IN_EXCEL))


def test_a_block_from_a_web_page_has_no_cells_below_merged_heads() -> None:
    # In front of figures a spreadsheet leaves the places empty that a merged name covers; a page has no such cell.
    lines = []
    for line in AS_IN_EXCEL.splitlines():
        cells = line.split("\t")
        lines.append("\t".join([cell for cell in cells[:3] if cell] + cells[3:]))
    check_pasted(typed(REQUESTS, "\n".join(lines)))


def test_a_block_without_totals_is_taken_too() -> None:
    lines = [line.rsplit("\t", 1)[0] for line in AS_IN_EXCEL.splitlines() if "总计" not in line]
    check_pasted(typed(REQUESTS, "\n".join(lines)))


def test_a_block_comes_whole_or_in_parts() -> None:
    lines = AS_IN_EXCEL.splitlines()
    check_pasted(typed(REQUESTS, "\n".join(lines[:6]), "\n".join(lines[6:9]), "\n".join(lines[9:])))


def test_each_pasted_line_is_read_alone_as_well() -> None:
    check_pasted(typed(REQUESTS, *AS_IN_EXCEL.splitlines()[3:]))


def test_a_title_and_a_caption_above_the_block_are_passed_over() -> None:
    block = "第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n行政规范性文件\t2\t1\t6"
    assert typed(DOCUMENTS, block) == [["0", "0", "0"], ["2", "1", "6"]]
    assert typed(DOCUMENTS, "2025年统计表\n规章 0 0 0\n行政规范性文件 2 1 6")[1] == ["2", "1", "6"]


def test_a_line_break_inside_a_quoted_cell_parts_no_row() -> None:
    block = '信息内容\t"本年制发\n件数"\t本年废止件数\t现行有效件数\n"行政规范性\n文件"\t2\t1\t6'
    assert typed(DOCUMENTS, block)[1] == ["2", "1", "6"]


BY_ORDER = [["1", "0", "2", "0", "-", "0", "0", "0", "3", "-", "0", "0", "4", "-", "-"]]


def test_totals_between_the_columns_may_be_empty_as_in_the_blank_form() -> None:
    head = "\t".join(path[-1] for path in DISPUTES.column_axis.paths)
    assert typed(DISPUTES, f"{head}\n1\t0\t2\t0\t\t0\t0\t0\t3\t\t0\t0\t4\t\t") == BY_ORDER
    assert typed(DISPUTES, "1\t0\t2\t0\t\t0\t0\t0\t3\t\t0\t0\t4") == BY_ORDER
    assert typed(DISPUTES, f"{head}\n0\t\t")[0][:2] == ["0", "-"]
    assert typed(DISPUTES, f"{head}\n1\t0\t2\t0\t\t5") == [["1", "0", "2", "0", "-", "5", *["-"] * 9]]


def test_figures_alone_may_be_pasted() -> None:
    assert typed(DOCUMENTS, "0\t0\t0\n2\t1\t6") == [["0", "0", "0"], ["2", "1", "6"]]


# Figures.


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("１２", "12"),
        ("1,048", "1048"),
        ("无", "0"),
        ("十二", "12"),
        ("六", "6"),
        ("12.0", "12"),
        ("12件", "12"),
        ("007", "7"),
    ],
)
def test_a_figure_is_read_as_it_is_typed(cell: str, value: str) -> None:
    assert typed(DOCUMENTS, f"规章\t{cell}\t1\t1")[0] == [value, "1", "1"]


def test_a_figure_may_carry_the_unit() -> None:
    assert row(REQUESTS, "（一）予以公开", "予以公开 4件 1件 0 0 0 0件") == "4 1 0 0 0 0 -"
    assert typed(FEES, "0.86万元") == [["0.86"]]


def test_decimals_are_taken_where_they_may_be() -> None:
    assert typed(FEES, "行政事业性收费 12.50") == [["12.50"]]
    assert refused(DOCUMENTS, "1.5 0 0").code == "whole"


# Refusals: the kind, and what helps to mend it.


@pytest.mark.parametrize(
    ("question", "message", "code", "details"),
    [
        (DOCUMENTS, "规张 1 2 3", "row", {"given": "规张"}),
        (DOCUMENTS, "规张\t1\t2\t3", "row", {"given": "规张"}),
        (DOCUMENTS, "规章 1 2 3 4", "columns", {"row": "规章", "given": 4, "columns": 3}),
        (DOCUMENTS, "规章 1 若干 3", "cell", {"row": "规章", "given": "若干"}),
        (DOCUMENTS, "规范性文件 2 1 六个", "cell", {"row": "行政规范性文件", "given": "六个"}),
        (DOCUMENTS, "规章 1 2 1.2万", "cell", {"row": "规章", "given": "1.2万"}),
        (DOCUMENTS, "规章\t1\tx\t3", "cell", {"row": "规章", "given": "x"}),
        (DOCUMENTS, "1 1 1\n2 2 2\n3 3 3", "too_many_rows", {"rows": 2}),
        (DOCUMENTS, "第3行 1 2 3", "row", {"given": "第3行"}),
        (DOCUMENTS, "规章 10余 2 3", "cell", {"row": "规章", "given": "10余"}),
        (DOCUMENTS, "以上情况\n都没有发生", "row", {"given": "以上情况"}),
        (DISPUTES, "行政复议\t\t行政诉讼\n结果维持\t结果纠正\t总计\n\t\t", "empty", {}),
        (DOCUMENTS, "规章 1 2 3\n备注 见附件", "row", {"given": "备注见附件"}),
        (DOCUMENTS, "规章 x 0 0\n文件 y 0 0", "cell", {"row": "规章", "given": "x"}),
        (DOCUMENTS, "规章 1 2", "columns", {"row": "规章", "given": 2, "columns": 3}),
        (DOCUMENTS, "规章", "columns", {"row": "规章", "given": 0, "columns": 3}),
        (REQUESTS, "9 2", "columns", {"row": "一、本年新收政府信息公开申请数量", "given": 2, "columns": 6}),
        (FEES, "-3", "limits", {"min": 0}),
        (PENALTIES, "1 2 3", "too_many_rows", {"rows": 2}),
        (DOCUMENTS, "5\t3", "columns", {"row": "规章", "given": 2, "columns": 3}),
        (REQUESTS, "公开 3 0 0 0 0 0", "row", {"given": "公开"}),
    ],
)  # fmt: skip
def test_what_fits_nowhere_is_refused_with_its_kind(
    question: Question, message: str, code: str, details: dict[str, object]
) -> None:
    error = refused(question, message)
    assert error.code == code
    assert {key: error.details.get(key) for key in details} == details


@pytest.mark.parametrize(
    ("question", "message", "offered"),
    [
        (DOCUMENTS, "规张 1 2 3", ("规章",)),
        (DOCUMENTS, "许可 1 2 3", ("规章", "行政规范性文件")),
        (REQUESTS, "结转 1 0 0 0 0 0", ("二、上年结转政府信息公开申请数量", "四、结转下年度继续办理")),
        (REQUESTS, "无法提供 1 0 0 0 0 0", ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确")),
        (REQUESTS, "属于国家密秘\t1", ("1.属于国家秘密",)),
    ],
)  # fmt: skip
def test_an_unknown_row_is_answered_with_the_rows_that_may_be_meant(
    question: Question, message: str, offered: tuple[str, ...]
) -> None:
    assert refused(question, message).suggestions[: len(offered)] == offered


def test_a_refused_block_leaves_the_table_as_it_was() -> None:
    before = parse(DOCUMENTS, "规章 1 2 3", DAY).value
    with pytest.raises(Refused):
        parse(DOCUMENTS, "规章 9 9 9\n行政规范性文件 x", DAY, before)
    assert parse(DOCUMENTS, "文件 4 5 6", DAY, before).value == parse(DOCUMENTS, "1 2 3\n4 5 6", DAY).value


# Whatever is typed.


@given(st.text("0123456789.,，、- \t\n零无全余其为规章行政文件第（）()一二项件数件本年x", max_size=60))
def test_any_message_is_taken_or_refused(message: str) -> None:
    for question in (DOCUMENTS, REQUESTS, PENALTIES):
        try:
            value = parse(question, message, DAY).value
        except Refused:
            continue
        assert isinstance(value, TableCells)
        assert len(value.rows) == len(question.rows)
        assert all(cell is None or cell.is_finite() for line in value.rows for cell in line)


@given(st.data())
def test_a_table_pasted_by_names_comes_out_as_it_went_in(data: st.DataObject) -> None:
    columns, rows = REQUESTS.column_axis.typed, REQUESTS.row_axis.typed
    figure = st.integers(0, 999)
    cells = {row: data.draw(st.lists(figure, min_size=len(columns), max_size=len(columns))) for row in rows}
    order = data.draw(st.permutations(rows))
    part = data.draw(st.sampled_from((" ", "\t")))
    message = "\n".join(part.join([REQUESTS.row_axis.paths[row][-1], *map(str, cells[row])]) for row in order)
    value = parse(REQUESTS, message, DAY).value
    assert isinstance(value, TableCells)
    assert all(
        value.rows[row][c] == Decimal(n) for row in rows for c, n in zip(columns, cells[row], strict=True)
    )
