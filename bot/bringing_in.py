"""`python -m bot import FILE`: a report that was written elsewhere becomes a report here."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from bot.conversation.session import edits_of
from bot.importing import Proposal, best_outline, propose, read_report
from bot.incoming import FILE_LIMIT, NotRead, paragraphs_of
from bot.review import is_classified
from bot.service import Service
from bot.settings import SettingsError
from store import local_time, now


def bring_in(service: Service, file: Path, outline_id: str, person: str, *, yes: bool) -> int:
    """Say what would go where; with a yes (or `yes`) keep it and print the new report's id. The exit status."""
    proposal = _proposal(service, file, outline_id)
    for line in _summary(proposal):
        print(line, file=sys.stderr)
    if not yes and not _confirmed():
        print("nothing was kept", file=sys.stderr)
        return 1
    report = service.store.reports.create(
        proposal.outline.id, proposal.outline.version, owner=person, at=now(local_time),
        edits=tuple(edits_of(proposal.kept(figures=True))),
    )  # fmt: skip
    with service.store.people.using(person) as opened:
        opened.update(reports=[*opened.person.reports, report.id])
    print(report.id)
    return 0


def _proposal(service: Service, file: Path, outline_id: str) -> Proposal:
    if outline_id and outline_id not in service.outlines:
        raise SettingsError(
            f"import: there is no outline {outline_id!r}; there are {', '.join(service.outlines)}"
        )
    try:
        with file.open("rb") as opened:
            content = opened.read(FILE_LIMIT + 1)  # what is more is refused unread
        lines = paragraphs_of(file.name, content)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except NotRead as error:
        raise SettingsError(f"{file}: {error}") from error
    if any(is_classified(line.text) for line in lines):
        raise SettingsError(f"{file}: carries a mark of secrecy; it cannot be kept here")
    report = read_report(lines)
    outline = service.outlines[outline_id] if outline_id else best_outline(report, service.outlines)
    return propose(report, outline, datetime.date.today())


def _summary(proposal: Proposal) -> list[str]:
    lines = [f"{proposal.report.title or '(no title)'} -> {proposal.outline.id}"]
    lines += [
        f"  {one.heading or '(opening)'} ({one.characters}) -> {one.section or 'a section of its own'}"
        for one in proposal.placed
    ]
    lines += [f"  not taken, web page: {line}" for line in proposal.report.left_out]
    lines += [f"  {found.label}: {found.typed} <- {found.sentence}" for found in proposal.figures]
    return lines


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        print("not a terminal: say --yes to keep it", file=sys.stderr)
        return False
    print("Keep it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")
