"""The draft: what a report reads like now.

`Draft` is the one structure that every document writer and every check reads. It is a plain value: numbers are
already in front of the headings, gaps are already visible, and every stretch of text knows where it came from,
so that a writer can highlight a gap and the review can say which answer a figure was typed for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Source(StrEnum):
    """Where a stretch of text came from."""

    TEMPLATE = "template"  # the outline's wording, the same for every office
    ANSWER = "answer"  # typed by a person in answer to a question
    COMPUTED = "computed"  # computed from answers: a rate, a total, next year
    OWN = "own"  # the staff's own wording in place of the outline's
    GAP = "gap"  # 〔待填：…〕


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text from one source. `keys` are the questions it was typed for or computed from."""

    text: str
    source: Source = Source.TEMPLATE
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, without its indent."""

    spans: tuple[Span, ...] = ()

    @cached_property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    def __bool__(self) -> bool:
        return bool(self.text)

    @classmethod
    def of(cls, text: str, source: Source = Source.TEMPLATE, *keys: str) -> Paragraph:
        return cls((Span(text, source, keys),) if text else ())


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. It covers `colspan` columns and `rowspan` rows, as in HTML: a covered place has no cell."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    numeric: bool = False
    source: Source = Source.TEMPLATE
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first `header_rows` rows repeat at the top of each page. `widths` are relative."""

    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 1
    caption: str = ""
    widths: tuple[float, ...] = ()


Block = Paragraph | Table


@dataclass(frozen=True)
class DraftSection:
    """A section as it reads now.

    `level` is 0 for a section without a heading (the opening), else 1 to 4 for 一、 （一） 1. （1）.
    `run_in` says that the heading ends with 。 and the first paragraph follows it on the same line.
    `own` says that the staff's own wording stands in place of the outline's. `normalised` counts the places where
    what was typed was mended for the draft (half-width punctuation and the like).
    """

    id: str
    level: int = 0
    number: str = ""
    heading: Paragraph = Paragraph()
    run_in: bool = False
    own: bool = False
    blocks: tuple[Block, ...] = ()
    normalised: int = 0


class Role(StrEnum):
    """What a line is in the document; the layout follows from it."""

    TITLE = "title"
    SUBTITLE = "subtitle"  # below the title: ——2024年1月10日在…会议上; office and name of the speaker
    ADDRESSEE = "addressee"  # 主送机关 or 称呼
    HEADING = "heading"  # a heading alone on its line
    BODY = "body"  # a paragraph; with a run-in heading, its first `lead` spans are the heading
    TABLE = "table"
    ATTACHMENT = "attachment"  # one line of 附件说明
    SIGNATURE = "signature"
    DATE = "date"
    NOTE = "note"  # 附注, without its brackets


@dataclass(frozen=True)
class Line:
    """One printed paragraph (or table) in reading order.

    `level` is the heading level that applies (0: none). `lead` counts the leading spans that are a number and a
    heading: all of them for HEADING, some for a BODY with a run-in heading, none otherwise.
    """

    role: Role
    paragraph: Paragraph = Paragraph()
    section: str = ""
    level: int = 0
    lead: int = 0
    table: Table | None = None

    @property
    def text(self) -> str:
        return self.paragraph.text


@dataclass(frozen=True, slots=True)
class Gap:
    """Something required that nobody has answered yet; `key` is empty where a whole section is empty."""

    section: str
    key: str
    label: str


@dataclass(frozen=True)
class Draft:
    """A whole report as it reads now. Texts are empty where the document has no such element."""

    title: Paragraph
    sections: tuple[DraftSection, ...]
    subtitle: tuple[Paragraph, ...] = ()
    addressee: Paragraph = Paragraph()
    closing: tuple[Paragraph, ...] = ()
    signature: Paragraph = Paragraph()
    date: Paragraph = Paragraph()
    attachments: tuple[str, ...] = ()
    note: str = ""
    gaps: tuple[Gap, ...] = ()
    unit: str = ""  # the office, for file names and document properties
    year: int | None = None  # the year reported on
    kind: str = ""  # what kind of report, in a few words, for file names

    @property
    def normalised(self) -> int:
        """In how many places typed text was mended for the draft."""
        return sum(section.normalised for section in self.sections)

    def lines(self) -> Iterator[Line]:
        """Every printed paragraph and table in reading order, run-in headings joined to their text."""
        yield Line(Role.TITLE, self.title)
        for paragraph in self.subtitle:
            yield Line(Role.SUBTITLE, paragraph)
        if self.addressee:
            yield Line(Role.ADDRESSEE, self.addressee)
        for section in self.sections:
            yield from _section_lines(section)
        for paragraph in self.closing:
            yield Line(Role.BODY, paragraph)
        for name in self.attachments:
            yield Line(Role.ATTACHMENT, Paragraph.of(name))
        if self.signature:
            yield Line(Role.SIGNATURE, self.signature)
        if self.date:
            yield Line(Role.DATE, self.date)
        if self.note:
            yield Line(Role.NOTE, Paragraph.of(self.note))

    def section(self, id: str) -> DraftSection | None:
        return next((section for section in self.sections if section.id == id), None)


def _section_lines(section: DraftSection) -> Iterator[Line]:
    blocks = section.blocks
    if section.heading:
        head = (Span(section.number), *section.heading.spans) if section.number else section.heading.spans
        first = blocks[0] if blocks else None
        if section.run_in and isinstance(first, Paragraph):
            run_in = (*head, Span("。"))
            joined = Paragraph(run_in + first.spans)
            yield Line(Role.BODY, joined, section.id, section.level, lead=len(run_in))
            blocks = blocks[1:]
        else:
            yield Line(Role.HEADING, Paragraph(head), section.id, section.level, lead=len(head))
    for block in blocks:
        match block:
            case Table():
                yield Line(Role.TABLE, Paragraph.of(block.caption), section.id, section.level, table=block)
            case Paragraph():
                yield Line(Role.BODY, block, section.id, section.level)
