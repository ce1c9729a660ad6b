"""What staff have given to one report: their answers, and their own changes to the outline.

A plain value. The store keeps it as JSON; `Content.of` reads that, forgiving what an older or newer version of the
program left there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from prompts.answers import TableCells, Value, from_stored
from prompts.grid import fits
from prompts.outline import Question

T = TypeVar("T")


class State(StrEnum):
    GIVEN = "given"
    NONE = "none"  # 不涉及: an answer of its own; the sentence goes and no gap stays


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one message brought to an answer, as it was typed. `message` finds it again when it is edited."""

    typed: str
    message: str = ""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was answered to one question, by whom and when (ISO 8601)."""

    state: State = State.GIVEN
    value: Any = None  # as `prompts.answers.to_stored` gives it
    parts: tuple[Part, ...] = ()
    by: str = ""
    at: str = ""
    carried: bool = False  # taken over from last year's report and not confirmed by an answer of this year


class Wording(msgspec.Struct, frozen=True, omit_defaults=True):
    """The staff's own text for a section. `basis` is the digest of the answers it was written over."""

    text: str
    basis: str = ""
    by: str = ""
    at: str = ""
    message: str = ""


class Added(msgspec.Struct, frozen=True, omit_defaults=True):
    """A section of the staff's own, placed after its sibling `after` ("" for first) below `parent`."""

    heading: str
    parent: str = ""
    after: str = ""


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """That someone finished, returned or approved something, and what they said to it."""

    by: str = ""
    at: str = ""
    text: str = ""


WHOLE = "*"  # the whole report, where a section is named


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything given so far. Keys are question keys (answers, skipped) or section ids (the rest)."""

    answers: dict[str, Answer] = {}
    skipped: dict[str, bool] = {}
    headings: dict[str, str] = {}
    dropped: dict[str, bool] = {}
    restored: dict[str, bool] = {}
    wordings: dict[str, Wording] = {}
    added: dict[str, Added] = {}
    orders: dict[str, tuple[str, ...]] = {}
    alone: dict[
        str, bool
    ] = {}  # whether a section's heading has its line to itself, where it was said otherwise
    settings: dict[str, Any] = {}
    about: dict[str, tuple[str, ...]] = {}  # by a question's key: the items of last year that it asks about
    proposed: dict[str, tuple[Answer, ...]] = {}  # given while someone else had answered: the drafter chooses
    finished: dict[str, Note] = {}  # sections that a colleague says are done
    returned: dict[str, Note] = {}  # sections that the drafter gave back, with what is to be done
    approved: dict[str, Note] = {}  # sections, or WHOLE, that may not be changed until reopened
    due: dict[str, str] = {}  # own dates (ISO 8601) of sections, or of the WHOLE
    ignored: dict[str, bool] = {}  # findings of the review that staff have looked at and let be

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Content:
        """The content in what the store keeps."""
        return msgspec.convert(kept, cls)

    def only(self, keys: Collection[str], sections: Collection[str]) -> Content:
        """What someone may see who is let into these questions and sections; how the report is arranged stays."""

        def among(values: dict[str, T], allowed: Collection[str]) -> dict[str, T]:
            return {id: value for id, value in values.items() if id in allowed}

        whole = {*sections, WHOLE}
        return msgspec.structs.replace(
            self,
            answers=among(self.answers, keys),
            skipped=among(self.skipped, keys),
            proposed=among(self.proposed, keys),
            wordings=among(self.wordings, sections),
            finished=among(self.finished, sections),
            returned=among(self.returned, sections),
            approved=among(self.approved, whole),
            due=among(self.due, whole),
        )

    def value(self, question: Question) -> Value | None:
        """The parsed answer, or None where there is none, it is 不涉及, or it fits the question no more."""
        answer = self.answers.get(question.key)
        if answer is None or answer.state is not State.GIVEN:
            return None
        value = from_stored(question, answer.value)
        return None if isinstance(value, TableCells) and not fits(question, value) else value

    def answered(self, question: Question) -> bool:
        """Whether nothing more need be asked: a fitting answer, or 不涉及."""
        answer = self.answers.get(question.key)
        return answer is not None and (answer.state is State.NONE or self.value(question) is not None)

    @property
    def drop_empty(self) -> bool:
        """Staff's choice that sections with nothing answered are left out instead of showing a gap."""
        return self.settings.get("empty") == "drop"

    @property
    def normalise(self) -> bool:
        """Staff's choice whether typing is mended for the draft: punctuation, blanks."""
        return self.settings.get("normalise") != "off"

    def digest(self, questions: tuple[Question, ...]) -> str:
        """Changes when an answer to one of `questions` does."""
        given = [[q.key, a.state, a.value] for q in questions if (a := self.answers.get(q.key))]
        return hashlib.sha256(msgspec.json.encode(given)).hexdigest()[:12]
