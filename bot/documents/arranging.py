"""Draft -> elements on paper: which style, face, indent and space each line has. The writers only translate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.documents import layout
from bot.documents.layout import Face, Style
from bot.documents.settings import DocumentSettings
from bot.documents.titles import title_lines
from prompts.draft import Draft, Line, Role, Source, Table

TITLE_BREAK = "\n"  # inside an element's text: a new line of the same paragraph


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters in one face. `face` is None where the style's own applies."""

    text: str
    face: Face | None = None
    gap: bool = False  # 〔待填：…〕, to be highlighted


@dataclass(frozen=True, slots=True)
class Element:
    """One paragraph or table on paper. Indents are in characters of 3号, `before` in lines.

    `line` is the index of the draft's line that it shows, so that a remark finds its place; -1 for none.
    `keep` keeps it on one page with what follows.
    """

    style: Style
    pieces: tuple[Piece, ...] = ()
    line: int = -1
    before: float = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    keep: bool = False
    table: Table | None = None

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def arranged(draft: Draft, settings: DocumentSettings) -> list[Element]:
    """Everything between the head and the imprint, in order."""
    elements: list[Element] = []
    lines = list(draft.lines())
    attachments = [line.text for line in lines if line.role is Role.ATTACHMENT]
    seen = 0
    for index, line in enumerate(lines):
        match line.role:
            case Role.TITLE:
                elements.append(_title(line, index, draft, settings))
            case Role.SUBTITLE:
                elements.append(Element(layout.SUBTITLE, _pieces(line), index))
            case Role.ADDRESSEE:
                elements.append(Element(layout.ADDRESSEE, _pieces(line), index, before=1))
            case Role.HEADING:
                level = min(max(line.level, 1), 4)
                elements.append(
                    Element(layout.HEADINGS[level], _pieces(line), index, before=_above(elements))
                )
            case Role.BODY:
                style = layout.RUN_IN_HEADINGS[min(line.level, 4)] if line.lead else layout.BODY
                elements.append(Element(style, _pieces(line), index, before=_above(elements)))
            case Role.TABLE:
                elements.extend(_table(line, index))
            case Role.ATTACHMENT:
                seen += 1
                elements.append(_attachment(line, index, seen, len(attachments)))
            case Role.SIGNATURE | Role.DATE:
                pass  # placed together, below
            case Role.NOTE:
                pass
    return _signed(elements, lines, settings)


def remarked(pieces: Sequence[Piece], cuts: Sequence[int]) -> list[Piece]:
    """The pieces cut at these offsets too, so that a remark can begin and end there."""
    done: list[Piece] = []
    position = 0
    wanted = sorted(set(cuts))
    for piece in pieces:
        start = 0
        for cut in wanted:
            inside = cut - position
            if start < inside < len(piece.text):
                done.append(replace(piece, text=piece.text[start:inside]))
                start = inside
        done.append(replace(piece, text=piece.text[start:]))
        position += len(piece.text)
    return done


def _title(line: Line, index: int, draft: Draft, settings: DocumentSettings) -> Element:
    """7.3.1: two blank lines below the red line; at the top of the page where there is none."""
    parts = title_lines(line.text, draft.unit)
    pieces = []
    ends, length = set(), 0
    for part in parts[:-1]:
        length += len(part)
        ends.add(length)
    position = 0
    for piece in remarked(_pieces(line), sorted(ends)):
        position += len(piece.text)
        pieces.append(piece)
        if position in ends:
            pieces.append(Piece(TITLE_BREAK))
    before = 2 if settings.head.issuer and not settings.letterhead else 0
    return Element(layout.TITLE, tuple(pieces), index, before=before)


def _above(elements: Sequence[Element]) -> float:
    """One blank line between the title and a text that has no addressee (the usual place of 主送机关, 7.3.2)."""
    return 1 if elements and elements[-1].style in (layout.TITLE, layout.SUBTITLE) else 0


def _pieces(line: Line) -> tuple[Piece, ...]:
    face = layout.heading_face(line.level) if line.lead and line.role is Role.BODY else None
    return tuple(
        Piece(span.text, face if number < line.lead else None, span.source is Source.GAP)
        for number, span in enumerate(line.paragraph.spans)
        if span.text
    )


def _table(line: Line, index: int) -> Iterator[Element]:
    if line.text:
        yield Element(layout.CAPTION, _pieces(line), index)
    yield Element(layout.CELL, (), index, table=line.table)


def _attachment(line: Line, index: int, number: int, count: int) -> Element:
    """7.3.4: one blank line below the text, two characters in; continuation lines below the name's first."""
    lead = ("附件：" if number == 1 else "　　　") + (f"{number}." if count > 1 else "")
    hanging = layout.width(lead)
    return Element(
        layout.ATTACHMENT,
        (Piece(lead), *_pieces(line)),
        index,
        before=1 if number == 1 else 0,
        left=2 + hanging,
        hanging=hanging,
    )


def _signed(elements: list[Element], lines: Sequence[Line], settings: DocumentSettings) -> list[Element]:
    """署名, 成文日期 and 附注 at the end, kept on one page with the last of the text."""
    places = {line.role: (index, line) for index, line in enumerate(lines)}
    signature, date = places.get(Role.SIGNATURE), places.get(Role.DATE)
    name, day = (found[1].text if found else "" for found in (signature, date))
    name_right, day_right = sealed(name, day) if settings.seal else unsealed(name, day)
    if elements and (signature or date) and elements[-1].table is None:
        elements = [*elements[:-1], replace(elements[-1], keep=True)]
    above = 2.0 if settings.seal else 1.0  # a seal reaches up to within a line of the text (7.3.5.1)
    for found, style, right in ((signature, layout.SIGNATURE, name_right), (date, layout.DATE, day_right)):
        if found:
            elements.append(Element(style, _pieces(found[1]), found[0], before=above, right=right))
            above = 0
    if Role.NOTE in places:
        index, line = places[Role.NOTE]
        elements.append(Element(layout.NOTE, (Piece("（"), *_pieces(line), Piece("）")), index))  # 7.3.6
    return elements


def sealed(name: str, day: str) -> tuple[float, float]:
    """How far from the right 署名 and 成文日期 stand where a seal is set: 7.3.5.1, the name centred over the date."""
    day_right = 4.0
    name_right = day_right + (layout.width(day) - layout.width(name)) / 2
    if name_right < 0:  # a very long name: both move in, so that it stays centred over the date
        day_right, name_right = day_right - name_right, 0.0
    return name_right, day_right


def unsealed(name: str, day: str) -> tuple[float, float]:
    """The same where no seal is set: 7.3.5.2, the date's first character two to the right of the name's."""
    long, short = layout.width(name), layout.width(day)
    if not name:
        return 0.0, 2.0
    day_right = long - short  # the name two from the right, the date begins two after it
    if day_right >= 0:
        return 2.0, day_right
    return 4.0 + short - long, 2.0
