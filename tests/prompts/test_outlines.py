"""Every outline that comes with the program: its examples, its sample, and how it reads whatever was answered."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.answers import Refused, Value, parse, to_stored
from prompts.content import Answer, Content, State
from prompts.draft import Role
from prompts.expanding import expanded
from prompts.loading import BUILT_IN, load_outline
from prompts.outline import Outline, Question
from prompts.plan import Plan
from prompts.render import draft
from prompts.sample import Sample, content_of, read_sample

# By name, and each loaded when it is needed: one that is broken fails its own tests and no others.
IDS = sorted(path.parent.name for path in BUILT_IN.glob("*/outline.toml"))
TODAY = datetime.date(2026, 1, 20)
TICKED = {"choice", "choices", "yesno"}  # answered by a button, so there is no example to give
NONE = Answer(state=State.NONE)
SLIP = re.compile(
    r"[，、：；。]{2,}|^[，、。；：]|[，、]$|（）|“”|《》|\{\{|None|False|True|[\ufdd0-\ufddf]|、等|全年全年|其中其中"
)

every_outline = pytest.mark.parametrize("id", IDS)


def slips(lines: list[str]) -> list[str]:
    """The lines that no office would send: commas left dangling, brackets around nothing, words of the program."""
    return [line for line in lines if SLIP.search(line)]


class Office:
    """An outline with everything that can be answered to it: `answers[key]` from the most telling to the least."""

    def __init__(self, id: str) -> None:
        self.outline: Outline = load_outline(BUILT_IN / id)
        self.sample: Sample | None = read_sample(self.outline) if self.outline.sample.exists() else None
        self.last: Content | None = self.sample.before(self.outline) if self.sample else None
        self.whole = expanded(self.outline, self.last)  # with what is asked about last year's answers
        self.answers = {key: tuple(self._possible(asked)) for key, asked in self.whole.questions.items()}

    def lines(self, answers: Mapping[str, Answer], *, last: bool = True) -> list[str]:
        """What a report with these answers reads like; `last` is whether there is one of the year before."""
        plan = Plan(self.outline, Content(answers=dict(answers)), TODAY, self.last if last else None)
        return [line.text for line in draft(plan).lines() if line.role is not Role.TABLE]

    def sampled(self, *, last: bool = True) -> Plan:
        assert self.sample is not None, "an outline has a sample.toml: the model text that staff can read"
        content = content_of(self.sample, self.outline)
        return Plan(self.outline, content, self.sample.today, self.last if last else None)

    @property
    def basic(self) -> dict[str, Answer]:
        """What is asked first, as far as it must be answered: who reports, and on which year."""
        return {q.key: self.answers[q.key][0] for q in self.whole.intro if q.required}

    def _possible(self, question: Question) -> Iterator[Answer]:
        sampled = self.sample.messages(question.key) if self.sample else []
        for typed in (sampled if sampled != ["不涉及"] else [], *_typed(question)):
            if typed:
                value: Value | None = None
                for message in typed:
                    value = parse(question, message, TODAY, value).value
                yield Answer(value=to_stored(value))


def _typed(question: Question) -> Iterator[list[str]]:
    """Messages that answer a question of this type, one answer after another."""
    match question.type:
        case "choice":
            yield from ([label] for label in question.labels)
        case "choices":
            yield from (["1 2"], ["全部"], [question.labels[-1]])
        case "yesno":
            yield from (["是"], ["否"])
        case "table":
            row = "\t".join("3" for _ in question.column_axis.typed)
            yield ["\n".join(row for _ in question.row_axis.typed)]
            yield ["其余全为0"]
        case "items":
            yield [question.example]
            yield [question.example, question.example]
        case "count" | "money":
            yield [question.example]
            if not question.min:
                yield ["0"]
        case "change":
            yield from ([question.example], ["下降1.5%"], ["持平"])
        case _:
            yield [question.example]


office = cache(Office)


@every_outline
def test_every_example_is_an_answer_to_its_question(id: str) -> None:
    for key, question in load_outline(BUILT_IN / id).questions.items():
        if question.example:
            try:
                doubt = parse(question, question.example, TODAY).doubt
            except Refused as refused:  # pragma: no cover
                pytest.fail(f"{key}: {question.example}: {refused.code}")
            assert doubt is None, key


@every_outline
def test_every_figure_has_a_unit_and_everything_asked_for_has_a_label_and_an_example(id: str) -> None:
    for key, question in load_outline(BUILT_IN / id).questions.items():
        assert question.unit or question.type not in {"count", "money"}, key
        assert question.example or question.type in {*TICKED, "table"}, key
        assert question.label, key


@every_outline
@pytest.mark.parametrize("last", [True, False], ids=["after-last-year", "the-first-year"])
def test_the_sample_has_no_gaps_and_reads_without_a_slip(id: str, last: bool) -> None:
    plan = office(id).sampled(last=last)
    document = draft(plan)
    assert slips([line.text for line in document.lines() if line.role is not Role.TABLE]) == []
    if last:
        assert [gap.label for gap in document.gaps] == []
        assert plan.unplaced() == []


@every_outline
def test_each_answer_alone_leaves_its_section_readable(id: str) -> None:
    one = office(id)
    for key, possible in one.answers.items():
        for answer in possible:
            assert slips(one.lines({**one.basic, key: answer})) == [], key


@every_outline
def test_it_reads_without_a_slip_where_everything_or_nothing_was_done(id: str) -> None:
    one = office(id)
    for position in (0, 1, -1):  # the sample's answers, other ones, and 0 or no wherever that can be said
        answers = {key: given[min(position, len(given) - 1)] for key, given in one.answers.items() if given}
        assert slips(one.lines(answers)) == []
    assert slips(one.lines({**dict.fromkeys(one.answers, NONE), **one.basic})) == []


@every_outline
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_subset_of_answers_reads_without_a_slip(id: str, data: st.DataObject) -> None:
    one = office(id)
    known = sorted(key for key, given in one.answers.items() if given)
    numbers = data.draw(st.lists(st.integers(0, 9), min_size=len(known), max_size=len(known)))
    least = data.draw(st.sampled_from((1, 8)))  # nearly everything is answered, or little
    answers = {
        key: (*one.answers[key], NONE)[number % (len(one.answers[key]) + 1)]
        for key, number in zip(known, numbers, strict=True)
        if number >= least
    }
    for line in one.lines(answers, last=data.draw(st.booleans())):
        assert not SLIP.search(line), line
        numbered = line.startswith(("（", "一是")) and len(line) >= 60  # a paragraph and no heading by itself
        assert not numbered or line.endswith(("。", "：", "〕")), line
