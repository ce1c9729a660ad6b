"""What an outline is: a kind of report, as frozen values. Reading one from files is `prompts.loading`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import msgspec

from prompts.grid import Axis

MAX_KEY = 24  # a key and a report's id must fit the 64 bytes that a chat button can carry
MAX_SECTION_ID = 40
ABOUT = r"\{\{\s*about\s*\}\}"  # where the `ask` of a question with `each` has the item


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One choice: `label` on the button, `text` in the document (the label where it is empty)."""

    label: str
    text: str = ""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing asked. The fields are those of `[[questions]]` in a section file; see docs/outlines.md."""

    key: str
    ask: str
    type: str = "text"
    label: str = ""  # a few words for lists and gaps; the question itself where empty
    unit: str = ""
    example: str = ""
    why: str = ""
    required: bool = False
    decimals: bool = False
    min: float | None = None
    max: float | None = None
    options: tuple[Option | str, ...] = ()
    rows: tuple[str, ...] = ()  # of a table, as the rest down to `corner`; see prompts/grid.py
    columns: tuple[str, ...] = ()
    row_sums: dict[str, str] = {}  # a total's name -> what it is the sum of
    column_sums: dict[str, str] = {}
    balances: tuple[str, ...] = ()  # "a + b = c + d" over rows or over columns
    carry: dict[str, str] = {}  # a row -> the row of last year's table that it is
    caption: str = ""
    corner: str = ""  # what stands above the names of the rows
    row_heads: bool = True
    each: str = ""  # a question's key: asked once for every item that last year's report answered to it
    when: str = ""  # an expression: asked only where it is true
    derive: str = ""  # an expression: where it gives an answer, it is not asked
    suggest: str = ""  # an expression: an answer offered as a button
    stable: bool = False  # the same every year: offered again in next year's report

    @property
    def name(self) -> str:
        """A few words for lists and gaps."""
        return self.label or re.split(r"[？?（(。]", self.ask, maxsplit=1)[0]

    @property
    def row_axis(self) -> Axis:
        return _axis(self.rows, tuple(self.row_sums.items()))

    @property
    def column_axis(self) -> Axis:
        return _axis(self.columns, tuple(self.column_sums.items()))

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(option if isinstance(option, str) else option.label for option in self.options)

    def wording(self, label: str) -> str:
        """What the document says for the option with this label."""
        for option in self.options:
            if isinstance(option, Option) and option.label == label:
                return option.text or option.label
        return label


@lru_cache(maxsize=512)
def _axis(names: tuple[str, ...], sums: tuple[tuple[str, str], ...]) -> Axis:
    return Axis(names, dict(sums))


@dataclass(frozen=True)
class Expression:
    """A compiled expression of an outline; `over` gives its value over the answers by name."""

    source: str
    over: Callable[[Mapping[str, Any]], Any]


class Template(Protocol):
    """Text with answers in it."""

    def render(self, values: Mapping[str, Any], /) -> str: ...


@dataclass(frozen=True)
class Section:
    """A heading with its questions and its template. `parent` is "" at the top; `depth` is 1 there."""

    id: str
    parent: str
    depth: int
    heading: Template | None  # None: text without a heading, such as the opening
    questions: tuple[Question, ...]
    template: Template
    heading_text: str = ""  # the sources of both
    body: str = ""
    run_in: bool = False
    drop_empty: bool = False  # with nothing answered it is left out instead of showing a gap
    note: str = ""  # one line of help for the whole section
    checks: tuple[Expression, ...] = ()
    path: Path = Path()


@dataclass(frozen=True, eq=False)
class Outline:
    """A kind of report: data that was checked when it was loaded. Compared by identity."""

    id: str
    name: str
    kind: str  # in a few words, for file names
    basis: str
    due: tuple[int, int] | None  # month and day in the year after the one reported on
    version: str  # changes whenever a file of the outline does
    folder: Path
    intro: tuple[Question, ...]  # asked first
    outro: tuple[Question, ...]  # asked last
    let: tuple[tuple[str, Expression], ...]
    sections: tuple[Section, ...]  # in the order of the files, parents before their children
    title: Template
    subtitle: tuple[Template, ...]
    addressee: Template | None
    closing: Template | None
    signature: Template | None
    date: Template | None
    note: Template | None
    conditions: dict[str, dict[str, Expression]]  # question key -> when, derive, suggest
    uses: dict[str, frozenset[str]] = field(
        default_factory=dict
    )  # section id, question key -> keys that it depends on
    each: dict[str, tuple[str, ...]] = field(default_factory=dict)  # key with `each` -> last year's items

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its key, in the order they are asked."""
        asked = (*self.intro, *(q for section in self.sections for q in section.questions), *self.outro)
        return {question.key: question for question in asked}

    @cached_property
    def section_of(self) -> dict[str, str]:
        """The id of the section that asks a question; INTRO and OUTRO for those asked first and last."""
        of = {q.key: section.id for section in self.sections for q in section.questions}
        return of | {q.key: INTRO for q in self.intro} | {q.key: OUTRO for q in self.outro}

    def section(self, id: str) -> Section | None:
        return next((section for section in self.sections if section.id == id), None)

    @property
    def sample(self) -> Path:
        """A complete set of answers from a real report."""
        return self.folder / "sample.toml"


INTRO = "^"  # the questions asked first
OUTRO = "$"  # the questions asked last
