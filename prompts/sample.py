"""A sample: a complete set of answers from a real report, as `sample.toml` beside its outline.

Staff read it as a model text; the demo plays it through the conversation; tests hold the outline to it.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from prompts import faults
from prompts.answers import Refused, Value, parse, to_stored
from prompts.content import Added, Answer, Content, Part, State, Wording
from prompts.errors import OutlineError
from prompts.expanding import expanded
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
    last: dict[str, str | list[str]] = {}  # last year's answers, where the year before counts
    dropped: tuple[str, ...] = ()
    headings: dict[str, str] = {}
    wordings: dict[str, str] = {}
    added: tuple[AddedSection, ...] = ()
    orders: dict[str, tuple[str, ...]] = {}

    def messages(self, key: str) -> list[str]:
        """What is typed for a question, message by message; nothing where the office left it open.

        Of a question that is asked once for every item of last year (`plan_results_2`) it is that item's message.
        """
        stem, _, number = key.rpartition("_")
        if key not in self.answers and number.isdigit() and stem in self.answers:
            return _messages(self.answers[stem])[int(number) - 1 : int(number)]
        return _messages(self.answers.get(key, []))

    def before(self, outline: Outline) -> Content | None:
        """Last year's report, as far as the sample tells it. Raises `OutlineError`."""
        if not self.last:
            return None
        return Content(
            answers=_answers(outline, {key: _messages(given) for key, given in self.last.items()}, self)
        )


def read_sample(outline: Outline, path: Path | None = None) -> Sample:
    """The sample of an outline, or another set of answers for it. Raises `OutlineError`."""
    path = path or outline.sample
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        sample = msgspec.convert(tomllib.loads(text), Sample)
    except OSError as error:
        raise OutlineError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OutlineError(path, "is not UTF-8 text; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        problem, line = faults.toml(error, text)
        raise OutlineError(path, problem, line or text.count("\n") + 1) from error
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at `$.")
        problem = faults.field(problem, Sample.__struct_fields__)
        named = re.findall(r"[\w-]+", where) or re.findall(r"`(\w+)`", problem)
        place = f"{where.rstrip('`')}: " if where else ""
        raise OutlineError(path, place + problem, _line_of(text, named[-1]) if named else None) from error
    sections = {section.id for section in outline.sections}
    for key in (*sample.answers, *sample.last):
        if key not in outline.questions:
            near = faults.nearest(key, outline.questions)
            raise OutlineError(
                path, f"answers.{key}: the outline has no such question{near}", _line_of(text, key)
            )
    for id in (*sample.dropped, *sample.headings, *sample.wordings, *(added.after for added in sample.added)):
        if id not in sections:
            near = faults.nearest(id, sections)
            raise OutlineError(path, f"the outline has no section {id!r}{near}", _line_of(text, id))
    return sample


def _line_of(text: str, key: str) -> int | None:
    """The line of a file that gives `key`, or names it."""
    match = re.search(rf'^\s*"?{re.escape(key)}"?\s*=', text, re.M) or re.search(re.escape(key), text)
    return text[: match.start()].count("\n") + 1 if match else None


def _messages(typed: str | list[str]) -> list[str]:
    return [typed] if isinstance(typed, str) else list(typed)


def _answers(
    outline: Outline, typed: Mapping[str, list[str]], sample: Sample, path: Path | None = None
) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for key, messages in typed.items():
        value: Value | None = None
        if messages == [NONE]:
            answers[key] = Answer(state=State.NONE)
            continue
        for text in messages:
            try:
                value = parse(outline.questions[key], text, sample.today, value).value
            except Refused as refused:
                file = path or outline.sample
                content = file.read_bytes().decode("utf-8-sig", "replace")
                raise OutlineError(
                    file,
                    f"answers.{key}: {text!r} is no answer to “{outline.questions[key].ask}”: "
                    f"{faults.refused(refused)}",
                    _line_of(content, key),
                ) from refused
        if value is not None:
            answers[key] = Answer(value=to_stored(value), parts=tuple(Part(text) for text in messages))
    return answers


def content_of(sample: Sample, outline: Outline, path: Path | None = None) -> Content:
    """The sample as if it had been typed. Raises `OutlineError` for an answer its question refuses."""
    whole = expanded(outline, sample.before(outline))
    answers = _answers(whole, {key: sample.messages(key) for key in whole.questions}, sample, path)
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
