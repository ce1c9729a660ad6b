"""Arithmetic, and figures that do not agree with each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.review import Finding

Found = Callable[..., list[Finding]]
Rules = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("全年排查矛盾纠纷126件，化解125件，化解率100%。", "rate"),
        ("共受理投诉80件，办结72件，办结率95%。", "rate"),
        ("接待来访445余人次。", "not-round"),
        ("设立51个网格358个微网格，", "run-together"),
        ("共化解纠纷100件，其中家庭纠纷120件。", "parts"),
        ("对126个矛盾纠纷分别制定措施，化解125件。", "two-units"),
        ("下派任务清单1100余人次。", "two-units"),
    ],
)
def test_what_does_not_add_up_is_found(rules_of: Rules, text: str, rule: str) -> None:
    assert rule in rules_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "全年排查矛盾纠纷126件，化解125件，化解率99%。",
        "全年排查矛盾纠纷126件，化解125件，化解率99.2%。",
        "受理326件，成功化解326件，化解率达100%。",
        "共化解纠纷100件，其中家庭纠纷20件、邻里纠纷80件。",
        "脱贫户18户56人，3年2个月，2小时30分。",
        "共受理信访221批587人次，其中初访57批173人次。",
        "发放资料3000余份、1.6万余条，约50人，近100场。",
        "参考率100%，及格率98%。",
        "出动执法人员120余人次，检查商户45户，整改隐患30处，整改率100%。",
        "办结率由62%提升至81%。",
    ],
)
def test_what_is_right_is_left_alone(found: Found, text: str) -> None:
    assert found(text) == []


def test_the_reason_shows_the_sum(found: Found) -> None:
    (finding,) = found("全年排查矛盾纠纷126件，化解120件，化解率99%。")
    assert "120÷126＝95.2%" in finding.reason


def test_one_fact_given_twice_must_agree(rules_of: Rules) -> None:
    assert "two-numbers" in rules_of("召开法治专题会议4次。", "会议记录显示，召开法治专题会议6次。")
    assert "two-numbers" not in rules_of("召开法治专题会议4次。", "去年召开法治专题会议6次。")


def test_all_settled_above_and_open_petitions_below_contradict(rules_of: Rules) -> None:
    text = (
        "一、工作情况",
        "受理来信来访326件，成功化解326件，化解率达100%。",
        "二、存在的不足",
        "群众长年上访、越级上访。",
    )
    assert "full-rate" in rules_of(*text)
    assert "full-rate" not in rules_of(*text[:3], "学习不够深入。")
