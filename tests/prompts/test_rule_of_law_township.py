"""The first outline, held to a real published report and to offices with very different facts."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from pathlib import Path

import pytest

from prompts.answers import parse, to_stored
from prompts.content import Answer, Content, State
from prompts.draft import Role
from prompts.loading import BUILT_IN, load_outline
from prompts.plan import Plan
from prompts.render import characters, draft
from prompts.sample import content_of, read_sample
from tests.prompts.test_outlines import slips

OUTLINE = load_outline(BUILT_IN / "rule-of-law-township")
SAMPLE = read_sample(OUTLINE)
PUBLISHED = Path(__file__).parents[1] / "data" / "longmen-2023.txt"
TODAY = datetime.date(2026, 1, 20)


def folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def reads(content: Content) -> list[str]:
    return [line.text for line in draft(Plan(OUTLINE, content, TODAY)).lines()]


def answered(**typed: str | list[str]) -> Content:
    answers: dict[str, Answer] = {}
    for key, given_ in typed.items():
        if given_ == "不涉及":
            answers[key] = Answer(State.NONE)
            continue
        value = None
        for text in [given_] if isinstance(given_, str) else given_:
            value = parse(OUTLINE.questions[key], text, TODAY, value).value
        assert value is not None
        answers[key] = Answer(value=to_stored(value))
    return Content(answers=answers)


def test_the_published_report_comes_out_of_its_answers() -> None:
    document = draft(Plan(OUTLINE, content_of(SAMPLE, OUTLINE), SAMPLE.today))
    ours = "\n".join(line.text for line in document.lines() if line.role is not Role.TITLE)
    theirs = "\n".join(PUBLISHED.read_text(encoding="utf-8").strip().splitlines()[:-3])
    ratio = difflib.SequenceMatcher(None, folded(ours), folded(theirs), autojunk=False).ratio()
    typed, supplied = characters(document)
    assert ratio >= 0.98
    assert supplied / (typed + supplied) >= 0.40
    assert not document.gaps


STREET = {
    "unit": "某市南湖区东塔街道办事处", "short": "东塔街道", "year": "2025", "addressee": "区委、区政府",
    "spirit": "党的二十大和二十届历次全会精神", "group_head": "党工委书记", "meetings": "4", "study_laws": ["宪法", "行政处罚法"],
    "reviewed": "45", "reviewed_contracts": "30", "advisers": "2", "officers": "12", "enforcement_checks": "120",
    "days": "1 3 5", "leaflets": "2万余", "petitions": "80", "petitions_settled": "79", "shortcomings": ["学法不够深入", "方式单一"],
    "causes": "重业务轻法治", "plans": ["加强学习。每月一次", "规范执法"], "formal_end": "是", "signed": "2026年1月15日",
}  # fmt: skip
TOWN = {
    "unit": "巫山县官渡镇人民政府", "short": "官渡镇", "year": "2025", "addressee": "县委、县政府", "spirit": "党的二十大精神",
    "group_head": "党委书记", "group_deputy": "镇长", "org_measures": "1 3 5", "fines": "3.5万元", "enforcement_cases": "4",
    "disputes": "100余", "disputes_resolved": "98", "hazards": "30", "rectified": "30", "lawsuits": "0", "reviews": "1",
    "duty_measures": "3", "duty_meetings": "4", "shortcomings": "力量薄弱", "causes": ["编制少", "培训少"], "plans": "配强力量",
    "formal_end": "是", "signed": "2026年2月1日",
}  # fmt: skip
VILLAGE = {"unit": "某县白石乡人民政府", "short": "白石乡", "year": "2025"}


def test_a_street_is_no_government_and_its_district_is_above_it() -> None:
    text = "\n".join(reads(answered(**{**STREET, "org_measures": "1 2"})))
    assert "某市南湖区东塔街道办事处2025年度法治政府建设情况报告\n区委、区政府：\n" in text
    assert "在区委、区政府的坚强领导下" in text
    assert "街道党工委、办事处有力领导下" in text
    assert "党委、政府有力" not in text
    assert "化解率达98.8%" in text
    assert "其中合同30件" in text
    assert "“4·15”全民国家安全教育日、“6·26”国际禁毒日、“12·4”国家宪法日" in text
    assert "特此报告。\n某市南湖区东塔街道办事处\n2026年1月15日" in text


def test_a_town_is_a_government_below_a_county() -> None:
    text = "\n".join(reads(answered(**{**TOWN, "org_measures": "1 2 5"})))
    assert "镇党委、政府有力领导下" in text
    assert "在县委、县政府的坚强领导下" in text
    assert "罚款3.5万元" in text
    assert "化解率" not in text  # 100余 is no exact figure to compute a rate from
    assert "整改率100%" in text
    assert "被申请行政复议1件，被提起行政诉讼0件" in text
    assert "四、2026年" in text


def test_an_office_that_has_answered_almost_nothing_claims_nothing() -> None:
    lines = reads(answered(**VILLAGE))
    text = "\n".join(lines)
    assert text.count("〔待填：本节内容〕") == 10 + 1
    for claim in ("高度重视", "深入开展", "领导小组", "提供了坚强", "严格执行"):
        assert claim not in text
    dropping = Content(answers=answered(**VILLAGE).answers, settings={"empty": "drop"})
    assert "本节内容" not in "\n".join(reads(dropping))


@pytest.mark.parametrize("office", [STREET, TOWN, VILLAGE], ids=["street", "town", "village"])
def test_three_offices_read_without_a_slip(office: dict[str, str | list[str]]) -> None:
    assert slips(reads(answered(**office))) == []
