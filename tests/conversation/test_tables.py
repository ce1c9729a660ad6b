"""Tables in the chat: row by row, pasted, as a file; seen, checked, taken back and handed out."""

from __future__ import annotations

import io
import itertools
import zipfile
from decimal import Decimal

import docx
import pytest
from openpyxl import Workbook, load_workbook

from bot.conversation.actions import Verb
from bot.conversation.events import Message, Upload
from bot.conversation.tables import lines_of, pasted
from bot.documents.sheets import write_form
from bot.incoming import rows_of
from prompts.answers import TableCells, parse
from prompts.grid import Grid
from prompts.library import Library
from prompts.loading import BUILT_IN
from prompts.outline import Question
from tests.conftest import OUTLINES, TODAY, Person

_number = itertools.count(1)


@pytest.fixture
def person(writer: Person) -> Person:
    """At the first row of the table."""
    writer.begins("某县某局", "2023")
    writer.sends("某县人民政府")
    return writer


def rows(person: Person, key: str = "requests") -> list[str]:
    """What is kept, a row a text; a cell that was not typed is `-`."""
    value = person.answer(key)
    assert isinstance(value, dict)
    return [" ".join("-" if cell is None else str(cell) for cell in row) for row in value["rows"]]


def sends_file(person: Person, name: str, content: bytes) -> str:
    n = next(_number)
    return person.takes(Upload(person=person.id, id=f"f{n}", message=f"f{n}", filename=name, content=content))


FULL = ("3 1 0", "0 0 0", "2 1 0", "1 0 0", "0 0 0")


# Row by row


def test_row_by_row_each_is_read_back_with_its_total(person: Person) -> None:
    assert "已填0/5行，合计自动算。\n下一行：一、新收\n依次发3个数：自然人、企业、其他。" in person.last.text
    assert "✓ 一、新收：自然人3，企业1，其他0，总计4" in person.sends("3 1 0")
    assert "下一行：二、上年结转" in person.last.text
    assert "✓ 三、结果 → 予以公开：自然人2，企业1，其他0，总计3" in person.sends("0，0，0", "2、1、0")
    person.sends("1 0 0")
    said = person.sends("0 0 0")
    assert "已填5/5行" in said and "表已填齐" in said and "⚠" not in said
    assert rows(person) == ["3 1 0 -", "0 0 0 -", "2 1 0 -", "1 0 0 -", "- - - -", "0 0 0 -"]
    assert "规范性文件制发" in person.presses("完成")


def test_a_row_is_named_in_any_order_and_can_be_corrected(person: Person) -> None:
    assert "✓ 三、结果 → 予以公开：自然人2" in person.sends("予以公开 2 1 0")
    assert "下一行：一、新收" in person.last.text
    person.sends("一、新收：3 1 0", "第2行 0 0 0")
    said = person.sends("新收 4 1 0")
    assert "其中改了1个：一、新收 自然人 3 → 4" in said
    assert rows(person)[:3] == ["4 1 0 -", "0 0 0 -", "2 1 0 -"]
    assert "与已填的一样，没有变化。" in person.sends("新收 4 1 0")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3 1", "“一、新收”这一行要3个数，您给了2个。没有的写0，还不知道的写“-”"),
        ("予以公开", "“予以公开”这一行要3个数，您给了0个"),
        ("3 1 0 4 9", "“一、新收”这一行要3个数，您给了5个"),
        ("3 一些 0", "不是"),
        ("新来的 3 1 0", "“新来的”不是表里的一行。行名是：一、新收、二、上年结转"),
        ("1.5 0 0", "要整数"),
        ("10余 0 0", "“10余”不是表里的一行，表里要准确的数"),
        ("新收 10余 0 0", "“一、新收”这一行里的“10余”不是数字"),
    ],
)
def test_what_cannot_be_a_row_says_why_and_changes_nothing(person: Person, typed: str, said: str) -> None:
    assert said in person.sends(typed)
    assert "下一行：一、新收" in person.last.text
    assert person.answer("requests") is None
    assert not any("用“" in label for label in person.labels)


def test_a_cell_that_is_not_known_yet_does_not_hold_up_the_next_row(person: Person) -> None:
    assert "✓ 一、新收：自然人3，企业＿，其他0\n" in person.sends("3 - 0")
    assert "下一行：二、上年结转" in person.last.text
    person.sends("0 0 0", "2 1 0", "1 0 0", "0 0 0")
    assert "下一行：一、新收（还没填齐）" in person.last.text
    assert "✓ 一、新收：自然人3，企业1，其他0，总计4" in person.sends("3 1 0")
    assert "表已填齐" in person.last.text


def test_a_table_of_one_row_asks_for_its_figures_and_no_more(person: Person) -> None:
    person.sends("其余全为0", "完成")
    said = person.last.text
    assert "依次发3个数：制发、废止、有效。" in said
    assert "整块粘贴" not in said and "下一行" not in said and "其余全为0" not in str(person.labels)
    said = person.sends("2 1 9")
    assert "✓ 规范性文件：制发2，废止1，有效9" in said and "（一）收到和处理申请情况（已齐）" in said
    assert rows(person, "rules") == ["2 1 9"]
    person.presses("重填", "完成")
    assert "已填好，按“完成”；要改就再发一次" in person.last.text
    assert "其中改了1个：规范性文件 有效 9 → 8" in person.sends("2 1 8")


# Zeros


def test_a_row_of_zeros_by_its_button_and_a_second_press_fills_no_other_row(person: Person) -> None:
    person.presses("本行全0")
    old = person.last
    assert "✓ 一、新收：自然人0，企业0，其他0，总计0" in old.text
    button = next(b for row in old.buttons for b in row if b.label == "本行全0")
    person.sends_data(button.data)
    person.sends_data(button.data)
    assert rows(person)[:3] == ["0 0 0 -", "0 0 0 -", "- - - -"]


def test_the_rest_is_filled_with_zeros_and_one_undo_takes_them_back(person: Person) -> None:
    person.sends("3 1 0", "予以公开 - 1 0")
    said = person.presses("其余全为0")
    assert "✓ 三、结果 → 予以公开：自然人0，企业1，其他0，总计1" in said and "表已填齐" in said
    assert rows(person) == ["3 1 0 -", "0 0 0 -", "0 1 0 -", "0 0 0 -", "- - - -", "0 0 0 -"]
    assert "予以公开 自然人 0 → 空" in person.sends("/undo")
    assert rows(person) == ["3 1 0 -", "- - - -", "- 1 0 -", "- - - -", "- - - -", "- - - -"]


# Pasted


def test_a_block_is_pasted_with_heads_and_totals(person: Person) -> None:
    said = person.sends(
        "情形\t\t自然人\t法人或其他组织\t\t总计\n"
        "\t\t\t企业\t其他\t\n"
        "一、新收\t\t3\t1\t0\t4\n"
        "二、上年结转\t\t0\t0\t0\t0\n"
        "三、结果\t予以公开\t2\t1\t0\t3\n"
        "\t不予公开\t1\t0\t0\t1\n"
        "\t小计\t3\t1\t0\t4\n"
        "四、结转下年\t\t0\t0\t0\t0"
    )
    assert "✓ 已记下15个数，共5行。" in said and "表已填齐" in said and "⚠" not in said
    assert rows(person) == ["3 1 0 -", "0 0 0 -", "2 1 0 -", "1 0 0 -", "- - - -", "0 0 0 -"]


def test_bare_figures_go_on_from_the_row_that_is_asked(person: Person) -> None:
    person.sends("3 1 0")
    person.sends("0\t0\t0\n2\t1\t0\n1\t0\t0\n0\t0\t0")
    assert rows(person) == ["3 1 0 -", "0 0 0 -", "2 1 0 -", "1 0 0 -", "- - - -", "0 0 0 -"]


def test_a_block_with_one_bad_cell_is_refused_as_a_whole(person: Person) -> None:
    person.sends("3 1 0")
    assert "“予以公开”这一行里的“若干”不是数字" in person.sends("二、上年结转\t0\t0\t0\n予以公开\t若干\t1\t0")
    assert "原来的回答没有变" in person.last.text
    assert rows(person)[:2] == ["3 1 0 -", "- - - -"]


# Files


def blank_form(person: Person) -> tuple[str, bytes]:
    assert "填好后把文件发给我就行" in person.presses("空白表")
    (file,) = person.last.attachments
    return file.filename, file.content


def filled(content: bytes, figures: tuple[str, ...] = FULL) -> bytes:
    """The form with its white cells filled in, top to bottom."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    white = [
        row for row in sheet.iter_rows(min_row=3, min_col=3, max_col=5)
        if not any(str(cell.value or "").startswith("=") for cell in row)
    ]  # fmt: skip
    for cells, given in zip(white, figures, strict=True):
        for cell, figure in zip(cells, given.split(), strict=True):
            cell.value = int(figure)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_blank_form_has_merged_heads_formulas_and_what_is_filled_in(person: Person) -> None:
    person.sends("3 1 0")
    name, content = blank_form(person)
    assert name == "某县某局申请情况表.xlsx"
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[3]] == ["一、新收", None, 3, 1, 0, "=C3+D3+E3"]
    assert sheet["C7"].value == "=C5+C6"
    assert {"A1:B2", "D1:E1", "A3:B3", "A5:A7"} <= {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["C7"].fill.fgColor.rgb.endswith("E7E6E6") and sheet["C3"].fill.fill_type is None


def test_the_form_comes_back_filled(person: Person) -> None:
    _, content = blank_form(person)
    said = sends_file(person, "申请情况表（填好）.xlsx", filled(content))
    assert "✓ 已记下15个数，共5行。" in said and "表已填齐" in said
    assert rows(person) == ["3 1 0 -", "0 0 0 -", "2 1 0 -", "1 0 0 -", "- - - -", "0 0 0 -"]


def test_a_form_that_comes_back_days_later_finds_its_table_and_leads_back(person: Person) -> None:
    _, content = blank_form(person)
    person.presses("返回", "跳过")
    person.presses("跳过")
    person.presses("下一节")
    assert "发放宣传材料" in person.last.text
    said = sends_file(person, "x.xlsx", filled(content))
    assert "这是“申请情况表”的表，填到那一题了" in said and "表已填齐" in said
    said = person.presses("完成")
    assert "回到刚才的题目" in said and "发放宣传材料" in said


def test_a_csv_in_gb18030_with_a_title_and_a_footer(person: Person) -> None:
    text = (
        "某县某局2023年申请情况表,,,,\n情形,,自然人,企业,其他\n一、新收,,3,1,0\n二、上年结转,,0,0,0\n"
        "三、结果,予以公开,2,1,0\n,不予公开,1,0,0\n四、结转下年,,0,0,0\n填表人：张三,,填表日期：2024年1月5日,,\n"
    )
    said = sends_file(person, "报表.csv", text.encode("gb18030"))
    assert "✓ 已记下15个数，共5行。" in said
    assert rows(person)[2] == "2 1 0 -"


def test_a_sheet_with_a_name_that_the_table_does_not_have_is_refused_with_the_names_it_has(
    person: Person,
) -> None:
    said = sends_file(person, "a.csv", "情况,数\n表扬,1,2,3\n".encode())
    assert "“表扬”不是表里的一行。行名是：一、新收" in said
    assert person.answer("requests") is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04junk", "打不开"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为不加密的 .xlsx"),
        ("a.xlsm", b"PK", "宏"),
        ("a.csv", b"", "没有文字"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    person: Person, name: str, content: bytes, said: str
) -> None:
    assert said in sends_file(person, name, content)
    assert "下一行：一、新收" in person.last.text


def test_a_sheet_where_no_table_is_asked_is_filed_nowhere(person: Person) -> None:
    book = Workbook()
    book.active["A1"], book.active["B1"] = "名单", 3  # type: ignore[index]
    out = io.BytesIO()
    book.save(out)
    person.sends("/skip", "/skip", "下一节")
    before = person.report.content
    assert "这个表格文件用不上" in sends_file(person, "名单.xlsx", out.getvalue())
    assert person.report.content == before


# Seen, checked, left open


def test_the_table_can_be_looked_at_as_an_image_or_as_text(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.sends("3 1 0")
    said = person.presses("看表格")
    files = person.last.attachments
    assert files or "一、新收" in said
    assert all(file.image and file.content.startswith(b"\x89PNG") for file in files)
    assert "下一行：二、上年结转" in person.presses("返回")

    def none(*_: object) -> None:
        from bot.documents import NotInstalled

        raise NotInstalled("no typesetter")

    monkeypatch.setattr("bot.documents.pdf.write_images", none)
    said = person.presses("看表格")
    assert not person.last.attachments
    assert "一、新收" in said and "＿" in said
    mark = person.last.marks[-1]
    assert "一、新收" in person.last.text[mark.start : mark.end]


def test_a_small_table_is_shown_with_the_question(person: Person) -> None:
    person.sends("其余全为0", "完成", "2 - 9")
    assert "规范性文件  2     ＿    9" in person.last.text


def test_a_balance_that_does_not_hold_is_said_and_is_a_must_in_the_review(person: Person) -> None:
    said = person.sends("3 1 0", "其余全为0")
    assert "⚠ 勾稽关系不平：一、新收 + 二、上年结转 = 小计 + 四、结转下年（自然人：左边3，右边0；" in said
    assert said.count("勾稽关系不平") == 1
    assert "总计：" not in said[said.index("⚠") :]
    said = person.sends("/check")
    assert "【必错】（一）收到和处理申请情况：勾稽关系" in said
    assert "“申请情况表”的勾稽关系不平" in said and "自然人左边3、右边0" in said
    number = next(line for line in said.splitlines() if "勾稽关系" in line).split(".")[0]
    assert "全年收到和处理申请多少件" in person.presses(f"看{number}")
    person.sends("予以公开 3 1 0")
    assert "⚠" not in person.last.text
    assert "勾稽" not in person.sends("/check")


def test_two_findings_on_one_section_are_let_be_one_by_one(person: Person) -> None:
    person.sends("3 1 0", "其余全为0", "完成", "2 1 9")
    said = person.sends("/check")
    number = next(line for line in said.splitlines() if "勾稽关系" in line).split(".")[0]
    assert "勾稽" not in person.presses(f"略{number}")
    person.sends("/undo")
    assert "勾稽" in person.sends("/check")


def test_a_table_that_is_not_full_stays_open_and_is_missing(person: Person) -> None:
    person.sends("3 1 0")
    said = person.presses("完成")
    assert "“申请情况表”还有4行没填完，先放下了，填过的都在" in said
    assert "规范性文件制发" in said
    said = person.sends("/missing")
    assert "申请情况表" in said
    assert "〔待填〕" in person.sends("/draft") and "3 | 1 | 0 | 4" in person.last.text
    person.sends("/missing")
    person.presses("申请情况表")
    assert "已填1/5行" in person.last.text and "下一行：二、上年结转" in person.last.text
    person.sends("其余全为0", "予以公开 3 1 0")
    person.presses("完成")
    assert "申请情况表" not in person.sends("/missing")


def test_nothing_typed_is_skipped_like_any_question(person: Person) -> None:
    assert "已跳过“申请情况表”" in person.presses("跳过")


# Taken back


def test_clearing_and_undo(person: Person) -> None:
    person.sends("3 1 0", "0 0 0")
    assert "已清空“申请情况表”" in person.presses("清空")
    assert person.answer("requests") is None
    person.sends("/undo")
    assert rows(person)[:2] == ["3 1 0 -", "0 0 0 -"]
    assert "已撤销：“申请情况表”里二、上年结转 自然人 0 → 空" in person.sends("/undo")
    person.sends("/undo")
    assert person.answer("requests") is None
    person.sends("/redo", "/redo")
    assert rows(person)[:2] == ["3 1 0 -", "0 0 0 -"]


def test_not_applicable_and_back_again(person: Person) -> None:
    person.sends("3 1 0")
    person.presses("不涉及")
    assert "一、新收" not in person.sends("/draft")
    person.sends("/resume", "上一问")
    person.presses("恢复原答")
    assert rows(person)[0] == "3 1 0 -"


def test_an_edited_message_changes_its_row_only(person: Person) -> None:
    person.takes(Message(person=person.id, id="t1", message="one", text="3 1 0"))
    person.takes(Message(person=person.id, id="t2", message="two", text="0 0 0"))
    person.edits("one", "5 1 0")
    assert rows(person)[:3] == ["5 1 0 -", "0 0 0 -", "- - - -"]
    assert "原来的回答没有变" in person.edits("two", "0 0")
    assert rows(person)[:2] == ["5 1 0 -", "0 0 0 -"]


def test_a_forged_row_changes_nothing_else(person: Person) -> None:
    person.sends("3 1 0")
    person.sends_data(f"{Verb.VALUE}:{person.report.id}:requests:第9行 全0")
    assert rows(person)[0] == "3 1 0 -"


# Last year's table


def test_last_years_row_is_carried_over_and_the_next_row_is_the_one_that_is_said(person: Person) -> None:
    person.sends("3 1 0", "0 0 0", "1 1 0", "1 0 0", "1 0 0", "完成", "2 1 9")
    person.sends("/new")
    person.presses("以《某县某局2023年度工作报告》为基础")
    person.presses("用“2024”")
    assert "“二、上年结转”按上年报告带入（自然人1，企业0，其他0，总计1）" in person.last.text
    assert "下一行：三、结果 → 予以公开" in person.sends("5 0 0")
    assert "✓ 三、结果 → 予以公开：自然人6" in person.sends("6 0 0")
    assert rows(person) == ["5 0 0 -", "- - - -", "6 0 0 -", "- - - -", "- - - -", "- - - -"]
    person.presses("本行全0")
    assert "表已填齐" in person.sends("其余全为0")
    assert rows(person)[1] == "- - - -"
    assert "二、上年结转 |  | 1 | 0 | 0 | 1" in person.sends("/draft")
    person.sends("/resume")
    said = person.sends("二、上年结转 2 0 0")
    assert "⚠ “二、上年结转”（自然人）填的是2，上年报告是1。" in said
    said = person.sends("/check")
    assert "【疑似】（一）收到和处理申请情况：与上年不接" in said
    assert "“二、上年结转”与上年报告不同：自然人，填2，上年1" in said


def test_a_balance_with_last_year_is_doubted_and_not_judged(person: Person) -> None:
    person.sends("其余全为0", "完成", "2 1 9")
    person.sends("/new")
    person.presses("以《某县某局2023年度工作报告》为基础")
    person.presses("用“2024”")
    person.sends("其余全为0", "完成")
    said = person.sends("1 0 9")
    assert "上年/有效 + 制发 - 废止 = 有效" in said
    said = person.sends("/check")
    assert "【疑似】（一）收到和处理申请情况：勾稽关系" in said and "请核对这张表和上年报告" in said


# Handed out


def test_every_export_has_the_table(person: Person) -> None:
    person.sends(
        "一、新收 3 1 0", "二、上年结转 0 0 0", "予以公开 2 1 0", "不予公开 1 0 0", "四、结转下年 0 0 0"
    )
    person.presses("完成")
    person.sends("/export")
    handed = {}
    for label in ("Word", "纯文本", "Markdown"):
        person.sends("/export")
        person.presses(label)
        handed[label] = person.last.attachments[0].content
    (table,) = docx.Document(io.BytesIO(handed["Word"])).tables
    assert [cell.text for cell in table.rows[3].cells] == ["二、上年结转", "二、上年结转", "0", "0", "0", "0"]
    assert [cell.text for cell in table.rows[6].cells] == ["三、结果", "小计", "3", "1", "0", "4"]
    assert "三、结果 | 予以公开 | 2 | 1 | 0 | 3\n | 不予公开 | 1 | 0 | 0 | 1" in handed["纯文本"].decode(
        "utf-8-sig"
    )
    assert "| 三、结果 | 予以公开 | 2 | 1 | 0 | 3 |" in handed["Markdown"].decode()
    person.sends("/export")
    if "没能生成" not in person.presses("PDF") and "没有安装" not in person.last.text:
        assert person.last.attachments[0].content.startswith(b"%PDF")


def test_the_checked_copy_is_written_with_findings_about_a_table(person: Person) -> None:
    person.sends("3 1 0", "其余全为0")
    person.sends("/check")
    person.presses("核对稿")
    content = person.last.attachments[0].content
    comments = zipfile.ZipFile(io.BytesIO(content)).read("word/comments.xml").decode()
    assert "勾稽关系" in comments


def test_figures_stay_exact(person: Person) -> None:
    person.sends("100000000000000 0 0", "其余全为0")
    assert person.answer("requests")["rows"][0][0] == str(Decimal(10) ** 14)  # type: ignore[index]


# Every form there is

FORMS = [
    pytest.param(question, id=f"{id}-{key}")
    for id, outline in Library(BUILT_IN, OUTLINES).items()
    for key, question in outline.questions.items()
    if question.type == "table"
]


@pytest.mark.parametrize("question", FORMS)
@pytest.mark.parametrize("without_totals", [False, True])
def test_every_blank_form_comes_back_as_it_was_filled(question: Question, without_totals: bool) -> None:
    grid = Grid(question, None)
    book = load_workbook(io.BytesIO(write_form(grid)))
    sheet = book.worksheets[0]
    top, left = grid.columns.depth + 1, sheet.max_column - len(grid.columns.paths) + 1
    figures: dict[tuple[int, int], int] = {}
    for number, (row, column) in enumerate(itertools.product(grid.rows.typed, grid.columns.typed)):
        if (number + 1) % 3:  # every third stays open
            sheet.cell(top + row, left + column).value = figures[row, column] = number
    out = io.BytesIO()
    book.save(out)
    rows = rows_of("表.xlsx", out.getvalue())
    if without_totals:  # as someone copies it who leaves the grey columns out
        gone = {left - 1 + column for column in grid.columns.sums}
        rows = [[cell for i, cell in enumerate(row) if i not in gone] for row in rows]
    block = "\n".join("\t".join(row) for row in rows)
    for lines in ("\n".join(lines_of(question, rows)), pasted(question, block)):
        value = parse(question, lines, TODAY.date()).value
        assert isinstance(value, TableCells)
        read = Grid(question, value)
        for row, column in itertools.product(grid.rows.typed, grid.columns.typed):
            assert read.typed(row, column) == figures.get((row, column)), (row, column)
