"""Reading a PDF back: its lines with where they stand and what they are set in."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pdfplumber

MM = 72 / 25.4
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@dataclass(frozen=True)
class PrintedLine:
    """Positions in millimetres from the left and the top edge of the paper; `baseline` too."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    fonts: tuple[str, ...]  # of each character


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    lines: tuple[PrintedLine, ...]

    @property
    def body(self) -> list[PrintedLine]:
        """The lines of the type area: without the page number."""
        return [line for line in self.lines if line.baseline < 37 + 225]

    @property
    def number(self) -> PrintedLine:
        return next(line for line in self.lines if line.baseline > 37 + 225)


def read(pdf: bytes) -> list[Page]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_page(page) for page in document.pages]


def _page(page: pdfplumber.page.Page) -> Page:
    height = float(page.height)
    by_line: dict[int, list[dict]] = defaultdict(list)
    for char in page.chars:
        if char["text"].strip():
            by_line[round((height - char["matrix"][5]) / 3)].append(char)
    lines = []
    for _, found in sorted(by_line.items()):
        chars = sorted(found, key=lambda char: char["x0"])
        lines.append(
            PrintedLine(
                "".join(char["text"] for char in chars),
                chars[0]["matrix"][4] / MM,
                chars[-1]["x1"] / MM,
                (height - chars[0]["matrix"][5]) / MM,
                chars[0]["size"],
                tuple(char["fontname"].partition("+")[2] for char in chars),
            )
        )
    return Page(float(page.width) / MM, height / MM, tuple(lines))


def by_libreoffice(docx: bytes, folder: Path) -> bytes:
    """The .docx as LibreOffice prints it."""
    assert SOFFICE
    (folder / "a.docx").write_bytes(docx)
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "a.docx"],
        cwd=folder, check=True, capture_output=True, timeout=170,
    )  # fmt: skip
    return (folder / "a.pdf").read_bytes()
