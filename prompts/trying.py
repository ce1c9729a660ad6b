"""Trying an outline out before anyone fills it in: with nothing answered, with examples, with its sample, a year later.

What a template does with an answer shows only when it is rendered; a fault found here is one that no one meets in a chat.
"""

from __future__ import annotations

import datetime
import re
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from prompts.answers import Refused, Value, parse, to_stored
from prompts.answers.tables import REST_ZERO
from prompts.content import Answer, Content, Part
from prompts.errors import OutlineError
from prompts.expanding import expanded
from prompts.outline import Outline, Question, Template
from prompts.plan import Plan
from prompts.render import draft
from prompts.sample import content_of, read_sample

ZEROS = next(iter(sorted(REST_ZERO)))


def try_out(outline: Outline) -> None:
    """Render the outline with all kinds of answers. Raises `OutlineError` with the file and line that cannot be."""
    for plan in plans(outline):
        _try(outline, plan)


def plans(outline: Outline) -> Iterator[Plan]:
    """Reports to try it with. Raises `OutlineError` for a sample that is no set of answers."""
    today = datetime.date.today()
    full = examples(outline)
    yield Plan(outline, Content(), today)
    yield Plan(outline, full, today)
    yield Plan(outline, examples(outline, other=True), today)
    yield Plan(outline, examples(outline, full), today, full)
    if outline.sample.exists():
        sample = read_sample(outline)
        yield Plan(outline, content_of(sample, outline), sample.today, sample.before(outline))


def examples(outline: Outline, last: Content | None = None, *, other: bool = False) -> Content:
    """The answers that the questions' own examples give; where there is none, something of the kind.

    `other` is the opposite of those that can be: no instead of yes, the last option, 0.
    """
    today = datetime.date.today()
    answers: dict[str, Answer] = {}
    for key, question in expanded(outline, last).questions.items():
        typed = _example(question, other=other)
        try:
            value: Value | None = parse(question, typed, today).value if typed else None
        except Refused:
            continue
        if value is not None:
            answers[key] = Answer(value=to_stored(value), parts=(Part(typed),))
    return Content(answers=answers)


def _example(question: Question, *, other: bool) -> str:
    match question.type:
        case "yesno":
            return "否" if other else "是"
        case "choice":
            return question.labels[-1 if other else 0]
        case "choices":
            return question.labels[0] if other else "全部"
        case "table":
            return f"{ZEROS}\n{ZEROS}"
        case "count" | "percent" | "money" if other:
            return "0"
        case "text" | "items":
            return question.example or f"（{question.name}）"
        case "year":
            return question.example or str(datetime.date.today().year - 1)
        case "date":
            return question.example or "今天"
        case _:
            return question.example


def example_fault(question: Question) -> str:
    """What is wrong with a question's example, which staff see when they are stuck; "" where nothing is."""
    if not question.example or question.type in ("text", "items", "table", "choice", "choices", "yesno"):
        return ""
    try:
        parse(question, question.example, datetime.date.today())
    except Refused:
        return f"question {question.key!r}: its own example {question.example!r} is no answer to it"
    return ""


def unused(outline: Outline) -> Iterator[Question]:
    """Questions whose answers nothing makes use of: they would be asked for and left out."""
    whole = "\n".join(_sources(outline))
    sources = {question.each for question in outline.questions.values()}
    for key, question in outline.questions.items():
        if key not in sources and not re.search(rf"\b{key}\b", whole):
            yield question


def _sources(outline: Outline) -> Iterator[str]:
    """Everything in an outline that can make use of an answer."""
    for template in _head(outline):
        yield getattr(template, "source", "")
    for section in outline.sections:
        yield section.heading_text
        yield section.body
        yield from (check.source for check in section.checks)
    yield from (expression.source for _, expression in outline.let)
    for found in outline.conditions.values():
        yield from (expression.source for expression in found.values())


def _head(outline: Outline) -> Iterator[Template]:
    """What is printed outside of the sections."""
    templates = (outline.title, *outline.subtitle, outline.addressee, outline.closing, outline.signature,
                 outline.date, outline.note)  # fmt: skip
    yield from (template for template in templates if template is not None)


def _try(outline: Outline, plan: Plan) -> None:
    context = _one(outline, "", lambda: plan.context)
    for question in plan.outline.questions.values():
        _one(outline, "", partial(plan.applies, question))
        _one(outline, "", partial(plan.suggestion, question))
    for template in _head(outline):
        source = getattr(template, "source", "")
        _one(outline, source, partial(template.render, context), outline.folder / "outline.toml")
    for section in outline.sections:
        if section.heading:
            _one(outline, section.heading_text, partial(section.heading.render, context), section.path)
        _one(outline, section.body, partial(section.template.render, context), section.path)
        for check in section.checks:
            _one(outline, "", partial(check.over, context), section.path)
    _one(outline, "", lambda: draft(plan))


def _one(outline: Outline, source: str, render: Callable[[], Any], path: Path | None = None) -> Any:
    """Render, and say in which file and line of the outline it broke."""
    try:
        return render()
    except Exception as error:
        notes = [note.strip() for note in getattr(error, "__notes__", ())]
        source = notes[0] if notes else source
        within = 1 if notes else _line_within(error)
        file, first = _found(outline, source, path)
        raise OutlineError(
            file, f"template: {_said(error)}", first + within - 1 if first else None
        ) from error


def _line_within(error: Exception) -> int:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    return frames[-1].lineno or 1 if frames else 1


def _found(outline: Outline, source: str, path: Path | None) -> tuple[Path, int | None]:
    """The file that has this text, and the line where it begins there."""
    files = [path] if path else [outline.folder / "outline.toml", *(s.path for s in outline.sections)]
    for file in files:
        text = file.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
        at = text.find(source) if source else -1
        if at >= 0:
            return file, text[:at].count("\n") + 1
    return files[0], None


def _said(error: Exception) -> str:
    """The error in a line, without the names of our own classes."""
    text = " ".join(str(error).split()) or type(error).__name__
    text = re.sub(
        r"'?(?:prompts\.templates\.)?(?:Given\w*|Absent|Flag|Chosen\w*|AboutItem)(?: object)?'",
        "an answer",
        text,
    )
    if isinstance(error, KeyError):
        return f"the table has no row or column {text}"
    if "unsupported operand" in text or "can only concatenate" in text:
        return f"{text}; figures can be added, subtracted and compared, and rate(a, b) is a share"
    return text if isinstance(error, TemplateError) else f"{type(error).__name__}: {text}"
