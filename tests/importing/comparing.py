"""What went in against what a draft says: nothing lost, in the same order, nearly the same text."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from bot.documents.text import text_of
from bot.importing import Proposal, best_outline, propose, read_report
from bot.incoming import Written, paragraphs_of
from prompts.outline import Outline
from prompts.plan import Plan
from prompts.render import draft

TODAY = datetime.date(2024, 1, 29)
NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分[、:]?|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)[、.]?|\d{1,2}[、.)])"
)
DATE = re.compile(r"[\d二〇零○一三四五六七八九]{4}年[\d一二三四五六七八九十]+月[\d一二三四五六七八九十]+日$")


def folded(text: str) -> str:
    """Without blanks and what parts cells, and with characters of one width."""
    return re.sub(r"[\s|]", "", unicodedata.normalize("NFKC", text))


def unnumbered(line: str) -> str:
    """A folded line without its number, and without the 。 that a heading alone on its line does not have."""
    bare = NUMBER.sub("", folded(line))
    return bare[:-1] if bare.endswith("。") else bare


@dataclass(frozen=True)
class Again:
    """A file, imported and drafted again."""

    lines: list[Written]
    proposal: Proposal
    text: str

    @property
    def source(self) -> list[str]:
        """The file's lines that are not a web page's."""
        out = list(self.proposal.report.left_out)
        kept = []
        for line in self.lines:
            if line.text.strip(" \t\u3000\xa0\ufeff") in out:
                out.remove(line.text.strip(" \t\u3000\xa0\ufeff"))
            elif line.text.strip():
                kept.append(line.text)
        return kept

    @property
    def ratio(self) -> float:
        theirs, ours = folded("\n".join(self.source)), folded(self.text)
        if theirs == ours:
            return 1.0  # comparing takes its time
        return difflib.SequenceMatcher(None, theirs, ours, autojunk=False).ratio()

    def lost(self) -> Iterator[str]:
        """Lines that the draft does not have, headings by any number and dates in any spelling."""
        ours = folded(self.text)
        for line in self.source:
            if DATE.sub("", unnumbered(line)) not in ours:
                yield line

    def doubled(self) -> Iterator[str]:
        """Lines of the text that the draft has more often than the file."""
        theirs, ours = folded("\n".join(self.source)), folded(self.text)
        for line in self.proposal.report.text.split("\n"):
            bare = unnumbered(line)
            if len(bare) > 8 and ours.count(bare) > theirs.count(bare):
                yield line

    def in_order(self) -> bool:
        """Whether the lines of the text come in the order in which they were written."""
        report, ours = self.proposal.report, folded(self.text)
        at = ours.find(folded(report.opening[0])) if report.opening else 0
        for line in report.text.split("\n"):
            found = ours.find(unnumbered(line), max(at, 0))
            if found < 0:
                return False
            at = found
        return True

    @property
    def places(self) -> dict[str, str]:
        """Heading, without its number, -> section."""
        return {unnumbered(one.heading): one.section for one in self.proposal.placed}


def again(
    filename: str,
    content: bytes,
    outlines: Mapping[str, Outline],
    *,
    outline: str = "",
    as_typed: bool = False,
) -> Again:
    """Read, placed and drafted. `as_typed`: with doubled punctuation and blanks left as they are."""
    lines = paragraphs_of(filename, content)
    report = read_report(lines)
    chosen = outlines[outline] if outline else best_outline(report, outlines)
    proposal = propose(report, chosen, TODAY)
    content_ = proposal.kept(figures=True)
    if as_typed:
        content_ = replace(content_, settings={**content_.settings, "normalise": "off"})
    document = draft(Plan(chosen, content_, TODAY))
    return Again(lines, proposal, text_of(document.lines()))
