"""What the review makes of a text before it looks for anything."""

from __future__ import annotations

import pytest

from bot.review import Review
from bot.review.reading import read_lines
from prompts.draft import Role


def test_each_line_is_told_by_how_it_looks() -> None:
    reading = read_lines(
        ["某街道2024年法治政府建设年度报告", "某县委、某县政府：", "一、工作情况", "（一）加强领导。召开会议4次。", "1.学习。全年12次。",
         "某街道办事处", "2025年1月29日"]
    )  # fmt: skip
    assert [line.role for line in reading.lines] == [
        Role.TITLE, Role.ADDRESSEE, Role.HEADING, Role.BODY, Role.BODY, Role.SIGNATURE, Role.DATE]  # fmt: skip
    assert [line.level for line in reading.lines] == [0, 0, 1, 2, 3, 0, 0]
    assert reading.year == 2024
    assert reading.lines[3].top == "一、工作情况"


PIECES = (
    "长",
    "1",
    "x",
    "（《“",
    "提高",
    "其中",
    "其中12件",
    "，完成12件",
    "、",
    "12.34",
    "一二三四五",
    "“一，二”",
    " ",
    "\t",
    "法治、",
)


def reviewed(piece: str, size: int) -> None:
    text = piece * (size // len(piece))
    for finding in Review().text([text]):
        assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize("piece", PIECES)
def test_a_line_of_ten_thousand_characters_of_anything_is_reviewed(piece: str) -> None:
    reviewed(piece, 10_000)


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_a_hundred_thousand_characters_of_anything_are_reviewed(piece: str) -> None:
    reviewed(piece, 100_000)
