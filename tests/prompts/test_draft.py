"""Outline + answers -> draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.answers import parse, to_stored
from prompts.content import Added, Answer, Content, State, Wording
from prompts.draft import Draft, Source
from prompts.outline import Outline
from prompts.plan import Plan
from prompts.render import characters, draft
from tests.conftest import TODAY

FULL = {
    "unit": "某县龙门街道办事处", "year": "2023", "banners": "30余", "boards": "6", "practice": "第一\n第二", "received": "126",
    "resolved": "125", "ways": "1 2", "court": "有", "plans": "继续努力。", "signed": "2024年1月29日",
}  # fmt: skip


def content(outline: Outline, **typed: str) -> Content:
    answers = {}
    for key, text in typed.items():
        if text == "不涉及":
            answers[key] = Answer(State.NONE)
        else:
            answers[key] = Answer(value=to_stored(parse(outline.questions[key], text, TODAY.date()).value))
    return Content(answers=answers)


def text(document: Draft) -> str:
    return "\n".join(line.text for line in document.lines())


def drafted(outline: Outline, given: Content) -> Draft:
    return draft(Plan(outline, given, TODAY.date()))


def test_a_whole_draft_reads_as_a_document(small: Outline) -> None:
    assert text(drafted(small, content(small, **FULL))).splitlines() == [
        "某县龙门街道办事处2023年度法治政府建设情况报告",
        "2023年，某县龙门街道办事处坚持以习近平新时代中国特色社会主义思想为指导。现将有关情况报告如下：",
        "一、2023年工作开展情况",
        "（一）加大宣传力度，营造良好氛围。充分利用微信、横幅、标语等进行宣传，全年悬挂标语30余条，制作展板6块。一是第一；二是第二。",
        "（二）排查矛盾纠纷，做到应调尽调。共受理矛盾纠纷126件，化解125件，化解率99.2%。人民调解，落实领导干部定期接访制度。组织旁听庭审。",
        "二、2024年工作打算",
        "继续努力。",
        "特此报告。",
        "某县龙门街道办事处",
        "2024年1月29日",
    ]


def test_what_is_required_and_missing_shows_as_a_gap(small: Outline) -> None:
    document = drafted(small, content(small, unit="某镇人民政府", banners="5"))
    assert "〔待填：年份〕" in text(document)
    assert [gap.label for gap in document.gaps] == ["年份", "受理件数", "成文日期"]


def test_a_clause_without_its_answer_is_left_out_and_the_rest_reads_on(small: Outline) -> None:
    document = drafted(small, content(small, **{**FULL, "banners": "不涉及"}))
    assert "宣传，全年制作展板6块。" in text(document)


def test_a_sentence_that_nobody_gave_a_fact_for_is_not_claimed(small: Outline) -> None:
    document = drafted(small, content(small, **{**FULL, "banners": "不涉及", "boards": "不涉及"}))
    assert "充分利用" not in text(document)


def test_a_section_with_nothing_answered_is_a_gap_or_dropped_as_staff_choose(small: Outline) -> None:
    given = content(small, unit="某镇人民政府", year="2023")
    assert "（一）加大宣传力度，营造良好氛围。〔待填：本节内容〕" in text(drafted(small, given))
    dropping = Content(answers=given.answers, settings={"empty": "drop"})
    assert "加大宣传" not in text(drafted(small, dropping))


def test_a_rate_is_computed_and_says_100_only_when_all_is_done(small: Outline) -> None:
    for received, resolved, rate in [
        ("3000", "2999", "99.9%"),
        ("126", "126", "100%"),
        ("8", "1", "12.5%"),
        ("126", "0", "0%"),
    ]:
        document = drafted(small, content(small, **{**FULL, "received": received, "resolved": resolved}))
        assert f"化解率{rate}" in text(document)


def test_no_rate_is_computed_from_a_vague_figure(small: Outline) -> None:
    document = drafted(small, content(small, **{**FULL, "received": "100余", "resolved": "90"}))
    assert "化解率" not in text(document)
    assert "化解90件。" in text(document)


def test_numbers_follow_what_is_dropped_moved_and_added(small: Outline) -> None:
    given = content(small, **FULL)
    own = Content(
        answers=given.answers,
        dropped={"work/pub": True},
        added={"own1": Added("创新基层治理", "", "work"), "own2": Added("加强学习", "work", "work/disputes")},
        wordings={"own1": Wording("做了一件事。\n又做了一件事。"), "own2": Wording("学了。")},
        orders={"work": ("own2", "work/disputes", "work/pub")},
    )
    headings = [
        section.number + section.heading.text for section in drafted(small, own).sections if section.level
    ]
    assert headings == [
        "一、2023年工作开展情况",
        "（一）加强学习",
        "（二）排查矛盾纠纷，做到应调尽调",
        "二、创新基层治理",
        "三、2024年工作打算",
    ]


def test_own_wording_replaces_a_section_and_is_known_as_such(small: Outline) -> None:
    given = content(small, **FULL)
    own = Content(
        answers=given.answers, wordings={"work/pub": Wording("我们自己写。")}, headings={"work/pub": "宣传"}
    )
    section = drafted(small, own).section("work/pub")
    assert section and section.own
    assert section.heading.text == "宣传"
    assert [span.source for block in section.blocks for span in block.spans] == [Source.OWN]  # type: ignore[union-attr]


def test_own_wording_is_stale_once_an_answer_of_its_section_changes(small: Outline) -> None:
    given = content(small, **FULL)
    section = small.section("work/pub")
    assert section
    wordings = {"work/pub": Wording("自拟", given.digest(section.questions))}
    assert not Plan(small, Content(answers=given.answers, wordings=wordings), TODAY.date()).stale("work/pub")
    changed = {**given.answers, **content(small, banners="31").answers}
    assert Plan(small, Content(answers=changed, wordings=wordings), TODAY.date()).stale("work/pub")


def test_an_answer_that_follows_from_another_is_not_asked(small: Outline) -> None:
    plan = Plan(small, content(small, unit="某县龙门街道办事处"), TODAY.date())
    assert "level" not in [question.key for question in plan.intro]
    assert plan.context["level"] == "街道"
    asked = Plan(small, content(small, unit="某某管委会"), TODAY.date())
    assert "level" in [question.key for question in asked.intro]


def test_answers_whose_question_is_gone_are_kept_as_unplaced(small: Outline) -> None:
    given = content(small, **FULL)
    old = Content(
        answers={**given.answers, "renamed": Answer(value="旧"), "banners": Answer(value={"now": "a table"})}
    )
    assert Plan(small, old, TODAY.date()).unplaced() == ["banners", "renamed"]
    assert "悬挂标语" not in text(drafted(small, old))


def test_every_stretch_of_a_draft_knows_where_it_came_from(small: Outline) -> None:
    document = drafted(small, content(small, **FULL))
    spans = {span.text: span for line in document.lines() for span in line.paragraph.spans}
    assert (spans["30余条"].source, spans["30余条"].keys) == (Source.ANSWER, ("banners",))
    assert (spans["99.2%"].source, spans["99.2%"].keys) == (Source.COMPUTED, ("resolved", "received"))
    typed, supplied = characters(document)
    assert typed + supplied == sum(len(line.text) for line in document.lines())


def test_one_stop_is_enough_where_typed_text_meets_the_template(small: Outline) -> None:
    document = drafted(small, content(small, **{**FULL, "practice": "做了一件事。"}))
    assert "做了一件事。" in text(document)
    assert "。。" not in text(document)


@pytest.mark.parametrize(
    "typed", ["{{ 7*7 }}", "{% for x in y %}", "<b>&amp;", "{{ unit }}", "一行\n\n另一行", "￼􀀀"]
)
def test_what_was_typed_is_never_evaluated(small: Outline, typed: str) -> None:
    document = drafted(small, content(small, **{**FULL, "plans": typed}))
    assert all(line in text(document) for line in typed.split("\n\n"))
    assert "49" not in text(document)


@given(keys=st.sets(st.sampled_from(sorted(FULL))), none=st.sets(st.sampled_from(sorted(FULL))))
def test_any_subset_of_answers_reads_without_dangling_punctuation(
    small: Outline, keys: set[str], none: set[str]
) -> None:
    typed = {key: "不涉及" if key in none else FULL[key] for key in keys}
    shown = text(drafted(small, content(small, **typed)))
    for wrong in ("，。", "，，", "。。", "、。", "：。", "，、", "\n，", "\n。", "None", "False"):
        assert wrong not in shown
