"""Plan -> Draft: pure, and the only place where outline wording and answers meet."""

from __future__ import annotations

from collections.abc import Iterator

from prompts.content import State
from prompts.draft import Block, Draft, DraftSection, Gap, Paragraph, Source, Span
from prompts.grid import stacked
from prompts.marks import line, paragraphs, pieces
from prompts.normalise import normalised
from prompts.outline import INTRO, OUTRO, Template
from prompts.plan import Plan, Planned
from prompts.templates import GivenTable


def draft(plan: Plan) -> Draft:
    """What the report reads like now."""
    outline = plan.outline
    whole = plan.sees(OUTRO)
    closing = None if plan.content.settings.get("closing") == "own" else outline.closing
    year = plan.context.get("year")
    return Draft(
        title=title(plan),
        subtitle=_subtitle(plan),
        addressee=_addressee(plan),
        sections=tuple(draft_section(plan, section) for section in plan.sections if section.shown),
        closing=paragraphs(closing.render(plan.context)) if closing and whole else (),
        signature=_line(plan, outline.signature) if whole else Paragraph(),
        date=_line(plan, outline.date) if whole else Paragraph(),
        note=plan.content.settings.get("note") or _line(plan, outline.note).text,
        gaps=tuple(gaps(plan)),
        unit=_plain(plan, "unit"),
        year=int(year.amount) if year is not None and year.amount is not None else None,
        kind=outline.kind,
    )


def title(plan: Plan) -> Paragraph:
    """What the report is headed."""
    own = plan.content.settings.get("title")
    return Paragraph.of(own, Source.OWN) if own else _line(plan, plan.outline.title)


def draft_section(plan: Plan, planned: Planned) -> DraftSection:
    """One section as it reads now."""
    wording = plan.content.wordings.get(planned.id)
    if wording is not None:
        blocks: tuple[Block, ...] = tuple(
            Paragraph.of(text.strip(), Source.OWN) for text in wording.text.splitlines() if text.strip()
        )
    elif not plan.sees(planned.id):
        blocks = ()
    elif planned.section is None or _nothing_in(plan, planned):
        blocks = (_empty(planned.id),)
    else:
        blocks = tuple(_blocks(plan, plan.rendered(planned.section)))
    changed = 0
    if plan.content.normalise:
        blocks, changed = _normalised(blocks)
    own_heading = planned.id in plan.content.headings or planned.section is None
    if own_heading or planned.section is None or planned.section.heading is None:
        heading = Paragraph.of(planned.heading, Source.OWN if own_heading else Source.TEMPLATE)
    else:
        heading = line(planned.section.heading.render(plan.context))
    return DraftSection(
        id=planned.id,
        level=planned.depth if planned.heading else 0,
        number=planned.number,
        heading=heading,
        run_in=planned.run_in and bool(blocks),
        own=wording is not None,
        blocks=blocks,
        normalised=changed,
    )


def gaps(plan: Plan) -> Iterator[Gap]:
    """What the draft lacks: required questions that are open, and shown sections with nothing in them."""
    for question in plan.intro:
        if plan.lacks(question):
            yield Gap(INTRO, question.key, question.name)
    for planned in plan.sections:
        if not planned.shown or planned.id in plan.content.wordings or not plan.sees(planned.id):
            continue
        missing = [q for q in planned.asked if plan.lacks(q)]
        yield from (Gap(planned.id, question.key, question.name) for question in missing)
        if planned.section is None or _nothing_in(plan, planned):
            yield Gap(planned.id, "", planned.heading or planned.label)
    for question in plan.outro:
        if plan.lacks(question):
            yield Gap(OUTRO, question.key, question.name)


def characters(draft: Draft) -> tuple[int, int]:
    """How many of a draft's characters people typed, and how many the assistant supplied (gaps are neither)."""
    typed = supplied = 0
    for printed in draft.lines():
        for span in printed.paragraph.spans:
            size = len(span.text)
            if span.source in (Source.ANSWER, Source.OWN):
                typed += size
            elif span.source is not Source.GAP:
                supplied += size
    return typed, supplied


def _blocks(plan: Plan, rendered: str) -> Iterator[Block]:
    for piece in pieces(rendered):
        if isinstance(piece, str):
            yield from paragraphs(piece)
            continue
        found = [plan.context.get(key) for key in piece]
        grids = [table.grid for table in found if isinstance(table, GivenTable)]
        if grids:
            yield stacked(grids)


def _normalised(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], int]:
    done: list[Block] = []
    total = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            block, changed = normalised(block)
            total += changed
        done.append(block)
    return tuple(done), total


def _nothing_in(plan: Plan, planned: Planned) -> bool:
    """Whether a section is one gap: nothing answered, and nothing required that would show as a gap of its own."""
    asks = planned.section is not None and planned.section.questions
    return (
        bool(asks) and not plan.touched(planned) and not any(question.required for question in planned.asked)
    )


def _empty(section: str) -> Paragraph:
    return Paragraph((Span("〔待填：本节内容〕", Source.GAP),))


def _subtitle(plan: Plan) -> tuple[Paragraph, ...]:
    if own := plan.content.settings.get("subtitle"):
        return tuple(Paragraph.of(text, Source.OWN) for text in own)
    return tuple(p for template in plan.outline.subtitle if (p := _line(plan, template)))


def _addressee(plan: Plan) -> Paragraph:
    """主送机关; not its colon alone."""
    found = _line(plan, plan.outline.addressee)
    return found if found.text.strip("：:、 ") else Paragraph()


def _line(plan: Plan, template: Template | None) -> Paragraph:
    return line(template.render(plan.context)) if template else Paragraph()


def _plain(plan: Plan, key: str) -> str:
    answer = plan.content.answers.get(key)
    value = plan.context.get(key)
    return str.__str__(value) if isinstance(value, str) and answer and answer.state is State.GIVEN else ""
