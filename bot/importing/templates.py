"""A template read backwards: the answers with which it says exactly what stands in a report.

For the lines around the text only, which an outline words itself: title, addressee, closing, signature, date.
"""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from prompts.answers import Refused, parse, to_stored
from prompts.content import Answer, Content, Part
from prompts.draft import Source, Span
from prompts.marks import paragraphs
from prompts.normalise import fold, widened
from prompts.outline import Outline, Question, Template
from prompts.plan import Plan

LONGEST = 1000  # characters of what an outline words itself
STAND_IN = "\ue0f0"  # an answer that nobody types, to see where a template puts it
# How answers are printed that are not any words.
_SHAPES = {"year": r"(?:19|20)\d{2}", "date": r"\d{4}年\d{1,2}月\d{1,2}日"}
MOST_ASSUMED, MOST_TRIED, MOST_OPTIONS = 3, 6, 4  # answers at once, in all, and to one question


def answer_of(question: Question, typed: str, today: datetime.date) -> Answer | None:
    """What was written, as an answer; None where the question would refuse it."""
    try:
        parsed = parse(question, typed, today)
    except Refused:
        return None
    return Answer(value=to_stored(parsed.value), parts=(Part(typed),))


def answers_for(
    template: Template, text: str, outline: Outline, content: Content, today: datetime.date
) -> dict[str, Answer] | None:
    """The answers that make the template read like `text`, besides those in `content`; None where none do."""
    if len(text) > LONGEST:
        return None
    for assumed in _assumptions(template, outline, content, today):
        spans = _spans(template, outline, replace(content, answers={**content.answers, **assumed}), today)
        if assumed and not any(_is_wording(span) for span in spans):
            continue  # gaps alone would read any text
        found = _read(spans, text, outline, today)
        if found is None:
            continue
        given = {key: answer for key, answer in assumed.items() if answer.value != STAND_IN} | found
        said = _spans(template, outline, replace(content, answers={**content.answers, **given}), today)
        if same(_text(said), text):
            return given
    return None


def same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but blanks and the width of their characters."""
    return folded(one) == folded(other)


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _assumptions(
    template: Template, outline: Outline, content: Content, today: datetime.date
) -> Iterator[dict[str, Answer]]:
    """Answers that change what a template says, none first: a stand-in for words, 是, each choice."""
    spans = _spans(template, outline, content, today)
    plain = _text(spans)
    seen = {key for span in spans if span.source is Source.GAP for key in span.keys}
    matter = []
    for question in (*outline.intro, *outline.outro):
        if question.key in content.answers or question.key in seen:
            continue
        for answer in _tried(question, today):
            with_it = replace(content, answers={**content.answers, question.key: answer})
            if _text(_spans(template, outline, with_it, today)) != plain:
                matter.append((question.key, answer))
    for count in range(min(len(matter), MOST_ASSUMED) + 1):
        for chosen in itertools.combinations(matter[:MOST_TRIED], count):
            yield dict(chosen)


def _tried(question: Question, today: datetime.date) -> Iterator[Answer]:
    """What a question may have been answered, as far as a gap does not show where its answer goes."""
    if question.type == "yesno":
        typed = ["是"]
    elif question.type == "choice" and len(question.options) <= MOST_OPTIONS:
        typed = list(question.labels)
    else:
        typed = []
    yield from (answer for text in typed if (answer := answer_of(question, text, today)))
    if question.type == "text" and not question.required:
        yield Answer(value=STAND_IN)


def _spans(template: Template, outline: Outline, content: Content, today: datetime.date) -> list[Span]:
    rendered = template.render(Plan(outline, content, today).context)
    spans: list[Span] = []
    for paragraph in paragraphs(rendered):
        spans += [*([Span("\n")] if spans else []), *paragraph.spans]
    return spans


def _text(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)


def _read(
    spans: Sequence[Span], text: str, outline: Outline, today: datetime.date
) -> dict[str, Answer] | None:
    """What stands in the text where the template has gaps and stand-ins; None where the rest is not the same."""
    pattern = ""
    seen: set[str] = set()
    for span in spans:
        key = span.keys[0] if span.keys else ""
        if _is_wording(span):
            pattern += _pattern(span.text)
        elif key in seen:
            pattern += f"(?P={key})"
        else:
            seen.add(key)
            question = outline.questions.get(key)
            pattern += f"(?P<{key}>{_SHAPES.get(question.type, '.+?')})" if question else ".+?"
    match = re.fullmatch(pattern, _normal(text))
    if match is None:
        return None
    found: dict[str, Answer] = {}
    for key, typed in match.groupdict().items():
        question = outline.questions.get(key)
        answer = answer_of(question, fold(widened(typed)), today) if question else None
        if answer is None:
            return None
        found[key] = answer
    return found


def _is_wording(span: Span) -> bool:
    return span.source is not Source.GAP and STAND_IN not in span.text


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _pattern(text: str) -> str:
    """Blanks between two gaps part them; elsewhere they do not matter."""
    if not text.strip():
        return r"\s+"
    return r"\s*".join(re.escape(piece) for piece in re.split(r"\s+", unicodedata.normalize("NFKC", text)))
