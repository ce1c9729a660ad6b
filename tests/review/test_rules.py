"""Every rule that is data finds its examples and leaves the others alone; what is wrong with a rule is said at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.errors import OutlineError
from prompts.normalise import fold
from prompts.rules import BUILT_IN, COMPUTED, Rule, load_rules

RULES = load_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_examples_and_leaves_the_others_alone(rule: Rule) -> None:
    for example in rule.finds:
        assert any(rule.matches(fold(example))), example
    for example in rule.leaves:
        assert not any(rule.matches(fold(example))), example


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.words or rule.replacement is not None], ids=lambda r: r.id
)
def test_a_mend_mends(rule: Rule) -> None:
    for example in rule.finds:
        for _ in range(3):
            match = next(rule.matches(example), None)
            if match is None:
                break
            example = example[: match.start] + match.mend + example[match.end :]
        assert not any(rule.matches(example)), example


def test_every_rule_says_why_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.reason.endswith("。"), rule.id
        assert rule.words or rule.advice or rule.replacement is not None, rule.id


def test_a_rule_has_one_place() -> None:
    assert not {rule.id for rule in RULES} & COMPUTED


RULE = """[[rules]]
id = "mine"
level = "疑似"
kind = "用词"
find = '{find}'
mend = "好"
reason = "本单位的规定。"
finds = ["{finds}"]
leaves = ["{leaves}"]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE.format(find="坏(", finds="坏", leaves="好"), r"mine.*find:"),
        (RULE.format(find="坏", finds="优", leaves="好"), r"does not find its example '优'"),
        (RULE.format(find="坏", finds="坏", leaves="很坏"), r"finds '很坏', which it should leave alone"),
        (RULE.format(find="坏", finds="坏", leaves="好").replace("疑似", "也许"), r"rules\.toml.*也许"),
        (RULE.format(find="坏", finds="坏", leaves="好") + 'colour = "red"\n', r"colour"),
        (RULE.format(find="坏", finds="坏", leaves="好").replace("finds =", "# finds ="), r"needs examples"),
        (
            RULE.format(find="坏", finds="坏", leaves="好").replace('"mine"', '"misspelt"'),
            r"two of this name",
        ),
        ("[[rules]", r"rules\.toml"),
    ],
)
def test_what_is_wrong_with_an_office_s_rule_is_said_with_its_file(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    with pytest.raises(OutlineError, match=said):
        load_rules(BUILT_IN, tmp_path)


def test_an_office_s_rules_come_beside_the_built_in_ones_and_any_can_be_switched_off(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(RULE.format(find="坏", finds="坏", leaves="好"), encoding="utf-8")
    ids = {rule.id for rule in load_rules(BUILT_IN, tmp_path, off=["misspelt", "no-addressee"])}
    assert "mine" in ids
    assert "misspelt" not in ids
    with pytest.raises(OutlineError, match="no rule is called nonsense"):
        load_rules(BUILT_IN, off=["nonsense"])
