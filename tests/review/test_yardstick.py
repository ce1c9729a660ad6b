"""A real report, and what a careful proofreader found in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.review import Finding, Review

DATA = Path(__file__).parents[1] / "data"
LINES = (DATA / "longmen-2023.txt").read_text(encoding="utf-8").splitlines()
KNOWN: dict[str, Any] = json.loads((DATA / "longmen-2023-findings.json").read_text(encoding="utf-8"))
FOUND = Review().text(LINES)
WHOLE = {
    "half-width",
    "no-title",
    "no-addressee",
    "long-paragraph",
    "downward-tone",
}  # KNOWN["whole_document"]


def at(finding: Finding, known: dict[str, Any]) -> bool:
    """Whether a finding is about these words."""
    start = LINES[known["line"] - 1].index(known["text"])
    end = start + len(known["text"])
    return (
        bool(finding.text)
        and finding.line == known["line"] - 1
        and finding.start < end
        and finding.end > start
    )


@pytest.mark.parametrize(("level", "share"), [("必错", 0.85), ("疑似", 0.5)])
def test_enough_is_found_at_the_right_words(level: str, share: float) -> None:
    known = [k for k in KNOWN["findings"] if k["level"] == level]
    hit = [k for k in known if any(at(finding, k) for finding in FOUND)]
    assert len(hit) >= share * len(known), [k["text"] for k in known if k not in hit]


def test_at_most_one_finding_in_ten_is_wrong() -> None:
    wrong = [f for f in FOUND if f.rule not in WHOLE and not any(at(f, known) for known in KNOWN["findings"])]
    assert len(wrong) <= len(FOUND) / 10, wrong


def test_a_finding_s_words_stand_where_it_says() -> None:
    for finding in FOUND:
        assert LINES[finding.line][finding.start : finding.end] == finding.text


@pytest.mark.parametrize(
    "words",
    [
        "2024年1月29日", "30余条", "3000余份", "50余场次", "2万余条", "1.6万余条", "《宪法》《民法典》", "化解率99%",
        "《物业管理条例》《信访工作条例》《人民调解法》《反间谍法》《禁毒法》", "召之即来、来之能战、战之能胜",
        "肇事肇祸等严重精神障碍患者", "一体化治理智治平台", "(一)加强组织领导,健全组织机构。",
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(words: str) -> None:
    line = next(i for i, text in enumerate(LINES) if words in text)
    start = LINES[line].index(words)
    about = [
        f for f in FOUND if f.text and f.line == line and f.start >= start and f.end <= start + len(words)
    ]
    assert about == []
