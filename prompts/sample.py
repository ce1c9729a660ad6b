"""A sample: a complete set of answers from a real report, as `sample.toml` beside its outline.

Staff read it as a model text; the demo plays it through the conversation; tests hold the outline to it.
"""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import msgspec

from prompts.answers import Refused, Value, parse, to_stored
from prompts.content import Added, Answer, Content, Part, State, Wording
from prompts.errors import OutlineError
from prompts.outline import Outline

NONE = "不涉及"


class AddedSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section of the office's own, after the section `after`, on its level."""

    after: str
    heading: str
    text: str


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one office answered and changed. Keys are question keys, or section ids.

    `today` is the day on which it is played. An answer is one message, or a list of messages; 不涉及 is an answer.
    """

    today: datetime.date
    source: str = ""
    answers: dict[str, str | list[str]] = {}
    dropped: tuple[str, ...] = ()
    headings: dict[str, str] = {}
    wordings: dict[str, str] = {}
    added: tuple[AddedSection, ...] = ()
    orders: dict[str, tuple[str, ...]] = {}

    def messages(self, key: str) -> list[str]:
        """What is typed for a question, message by message; nothing where the office left it open."""
        typed = self.answers.get(key, [])
        return [typed] if isinstance(typed, str) else list(typed)


def read_sample(outline: Outline, path: Path | None = None) -> Sample:
    """The sample of an outline, or another set of answers for it. Raises `OutlineError`."""
    path = path or outline.sample
    try:
        sample = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Sample)
    except OSError as error:
        raise OutlineError(path, f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise OutlineError(path, str(error)) from error
    sections = {section.id for section in outline.sections}
    for key in sample.answers:
        if key not in outline.questions:
            raise OutlineError(path, f"answers.{key}: the outline has no such question")
    for id in (*sample.dropped, *sample.headings, *sample.wordings, *(added.after for added in sample.added)):
        if id not in sections:
            raise OutlineError(path, f"the outline has no section {id!r}")
    return sample


def content_of(sample: Sample, outline: Outline, path: Path | None = None) -> Content:
    """The sample as if it had been typed. Raises `OutlineError` for an answer its question refuses."""
    answers: dict[str, Answer] = {}
    for key in sample.answers:
        value: Value | None = None
        messages = sample.messages(key)
        if messages == [NONE]:
            answers[key] = Answer(state=State.NONE)
            continue
        for typed in messages:
            try:
                value = parse(outline.questions[key], typed, sample.today, value).value
            except Refused as refused:
                raise OutlineError(
                    path or outline.sample,
                    f"answers.{key}: {typed!r} is no answer: {refused.code} {refused.details}",
                ) from refused
        if value is None:
            continue
        answers[key] = Answer(value=to_stored(value), parts=tuple(Part(typed) for typed in messages))
    added, wordings = {}, {id: Wording(text) for id, text in sample.wordings.items()}
    for i, own in enumerate(sample.added, 1):
        after = outline.section(own.after)
        added[f"own{i}"] = Added(own.heading, after.parent if after else "", own.after)
        wordings[f"own{i}"] = Wording(own.text)
    return Content(
        answers=answers,
        dropped=dict.fromkeys(sample.dropped, True),
        headings=dict(sample.headings),
        wordings=wordings,
        added=added,
        orders=dict(sample.orders),
    )
