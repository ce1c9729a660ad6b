"""A whole report as draft, review, .docx, PDF and page images, beside the plainest tools for the same text."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import msgspec
from docxtpl import DocxTemplate

from bot.documents import DocumentError, DocumentSettings
from bot.documents.pdf import write_images, write_pdf
from bot.documents.word import write_word
from bot.review import Review
from prompts.content import Content
from prompts.draft import Draft
from prompts.loading import BUILT_IN, load_outline
from prompts.outline import Outline
from prompts.plan import Plan
from prompts.render import draft
from prompts.sample import Sample, content_of, read_sample
from tests.bench.measuring import Effort, Row, compared, in_turns, limited, timed

OUTLINE = "rule-of-law-township"


def rows(folder: Path, effort: Effort) -> Iterator[Row]:
    outline = load_outline(BUILT_IN / OUTLINE)
    sample = read_sample(outline)
    kept = msgspec.to_builtins(content_of(sample, outline))
    document = draft(_plan(kept, outline, sample))
    settings = DocumentSettings()
    review = Review()
    paragraphs = [line.text for line in document.lines()]
    template = _template(folder / "template.docx")
    found = in_turns(
        {
            "draft": timed(lambda: draft(_plan(kept, outline, sample))),
            "review": timed(lambda: review.report(_plan(kept, outline, sample))),
            "word": timed(lambda: write_word(document, settings)),
            "python-docx": timed(lambda: _plain(paragraphs)),
            "docxtpl": timed(lambda: _templated(template, paragraphs)),
        },
        effort.rounds,
        max(1, effort.batch // 4),
    )
    yield limited(
        f"the whole draft, {len(paragraphs)} paragraphs, {_length(document):,} characters",
        found["draft"],
        0.01,
    )
    yield Row("the review of it, with its draft", str(found["review"]))
    ratio = found["word"].over(found["python-docx"])
    beside = f"python-docx, the same paragraphs with no layout: {found['python-docx']}"
    yield limited("the .docx in the national layout", found["word"], 0.1, beside, str(ratio))
    yield compared("the same", found["word"], "docxtpl, the same paragraphs in a template", found["docxtpl"])
    yield from _pages(folder, effort, document, settings)


def _plan(kept: dict[str, Any], outline: Outline, sample: Sample) -> Plan:
    return Plan(outline, Content.of(kept), sample.today)


def _length(document: Draft) -> int:
    return sum(len(line.text) for line in document.lines())


def _plain(paragraphs: list[str]) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _template(path: Path) -> Path:
    document = docx.Document()
    for text in ("{%p for text in paragraphs %}", "{{ text }}", "{%p endfor %}"):
        document.add_paragraph(text)
    document.save(str(path))
    return path


def _templated(template: Path, paragraphs: list[str]) -> bytes:
    document = DocxTemplate(str(template))
    document.render({"paragraphs": paragraphs}, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pages(folder: Path, effort: Effort, document: Draft, settings: DocumentSettings) -> Iterator[Row]:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    source = folder / "report.docx"
    source.write_bytes(write_word(document, settings))
    variants = {
        "pdf": timed(lambda: write_pdf(document, settings)),
        "images": timed(lambda: write_images(document, settings)),
    }
    try:
        pages = len(write_images(document, settings))
    except DocumentError as error:
        yield Row("the PDF and its page images", f"skipped: {error}")
        return
    if soffice and effort.libreoffice:
        variants["office"] = timed(lambda: _converted(soffice, source))
    found = in_turns(variants, 3 if effort.libreoffice else 1, 1)
    if "office" in found:
        name = "LibreOffice, our .docx to PDF, started for it"
        yield compared("the PDF", found["pdf"], name, found["office"])
        yield compared(f"{pages} page images", found["images"], name, found["office"])
    else:
        skipped = "LibreOffice: skipped, " + ("not installed" if not soffice else "too slow for --quick")
        yield Row("the PDF", str(found["pdf"]), skipped)
        yield Row(f"{pages} page images", str(found["images"]), skipped)


def _converted(soffice: str, source: Path) -> None:
    profile = (source.parent / "office-profile").resolve().as_uri()
    subprocess.run(
        [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
         str(source.parent), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
