"""What must not be published is found, and what looks like it is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.review import is_classified, scan

Rules = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("身份证号11010519491231002X的居民", "id-number"),
        ("联系电话13800138000", "mobile"),
        ("打到6222021234567890128账户", "bank-card"),
        ("车牌渝A12345的货车", "number-plate"),
        ("住在解放路12号3栋", "address"),
        ("【机密★5年】", "secrecy"),
        ("信访人张建国反映", "named-person"),
        ("社区矫正对象3名", "small-count"),
    ],
)
def test_what_is_private_is_found(text: str, rule: str) -> None:
    assert rule in {found.rule for found in scan(text)}


@pytest.mark.parametrize(
    "text",
    [
        "文件编号110105194912310021",  # the check digit is wrong
        "拨打12345热线1048件",
        "投入资金13800138000元以上" * 0 + "投入资金1380万元",
        "当事人张某某反映",
        "当事人于当日到场",
        "社区矫正对象32名",
        "保守国家秘密，机密文件管理规范",
        "信访人方面的诉求",
        "第3组12号文件",
        "渝府发〔2024〕12号",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert list(scan(text)) == []


def test_a_mark_of_secrecy_is_told_from_the_word() -> None:
    assert is_classified("秘密★1年")
    assert is_classified("绝密")
    assert not is_classified("保守工作秘密")


def test_an_office_s_address_may_stand_in_a_disclosure_report(rules_of: Rules) -> None:
    address = "地址：某县解放路12号，联系电话023-57688888。"
    assert "address" in rules_of("某局2024年工作总结", address)
    assert "address" not in rules_of("某局2024年政府信息公开工作年度报告", address)


def test_a_reason_never_repeats_what_was_found() -> None:
    from bot.review import Review

    for finding in Review().text(["身份证号11010519491231002X，电话13800138000。"]):
        assert not finding.text or finding.text not in finding.reason + finding.advice
