"""`python -m bot outlines`: for whoever writes an office's own outlines."""

from __future__ import annotations

import datetime
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.documents.text import text_of
from bot.settings import SettingsError
from prompts.answers import Refused, Value, parse, to_stored
from prompts.content import Answer, Content
from prompts.errors import OutlineError
from prompts.loading import load_outline, load_outlines
from prompts.outline import Outline, Question
from prompts.plan import Plan
from prompts.render import draft
from prompts.sample import content_of, read_sample

STARTER = Path(__file__).parents[1] / "prompts" / "starter"


def list_(outlines: Iterable[Outline]) -> None:
    """A line for each outline."""
    for outline in outlines:
        print(
            f"{outline.id}\t{outline.name}\t{len(outline.sections)} sections, {len(outline.questions)} questions"
        )


def check(folder: Path | None) -> None:
    """Say what is wrong with a folder of outlines, or one outline and its sample. Raises `OutlineError`."""
    if folder is None:
        raise SettingsError("outlines check: name the folder, such as prompts/outlines or one outline in it")
    single = (folder / "outline.toml").is_file()
    found = {folder.name: load_outline(folder)} if single else load_outlines(folder)
    if not found:
        raise OutlineError(folder, "holds no outline; an outline is a folder with an outline.toml")
    for outline in found.values():
        if outline.sample.exists():
            content_of(read_sample(outline), outline)
    list_(found.values())


def begin(id: str, folder: Path | None) -> None:
    """A commented starter of an outline of this id below `folder`. Raises `SettingsError`."""
    if folder is None:
        raise SettingsError(
            'outlines new: say where with --to FOLDER, or set outlines.folder in config.toml, such as "outlines"'
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", id):
        raise SettingsError(f"outlines new: {id!r}: an id is a-z, 0-9 and -, such as flood-control")
    target = folder / id
    if target.exists():
        raise SettingsError(f"outlines new: {target} is there already; choose another id or remove it")
    try:
        shutil.copytree(STARTER, target)
    except OSError as error:
        raise SettingsError(f"outlines new: {target}: {error.strerror}") from error
    print(f"{target}\nNext: change the files, then  python -m bot outlines check {target}")
    print(f"and look at it with           python -m bot outlines preview {id}")


def preview(id: str, outlines: Mapping[str, Outline]) -> None:
    """Every question in order, and the draft with the sample's answers, or with the questions' examples."""
    outline = outlines.get(id)
    if outline is None:
        raise SettingsError(f"outlines preview: there is no outline {id!r}; there are {', '.join(outlines)}")
    print(f"{outline.name}\n")
    for number, question in enumerate(outline.questions.values(), 1):
        print(f"{number:3}. {question.ask}{_about(question)}")
    if outline.sample.exists():
        sample = read_sample(outline)
        plan = Plan(outline, content_of(sample, outline), sample.today, sample.before(outline))
    else:
        plan = Plan(outline, _examples(outline), datetime.date.today())
    sys.stdout.write(f"\n{text_of(draft(plan).lines())}\n")


def _about(question: Question) -> str:
    notes = [question.type if question.type != "text" else "", "required" if question.required else "",
             f"only if {question.when}" if question.when else "", f"for each of last year's {question.each}" if question.each else "",
             " / ".join(question.labels)]  # fmt: skip
    said = "; ".join(note for note in notes if note)
    return f"  [{said}]" if said else ""


def _examples(outline: Outline) -> Content:
    """The answers that the questions' own examples give."""
    today = datetime.date.today()
    answers: dict[str, Answer] = {}
    for key, question in outline.questions.items():
        typed = (
            question.example or "、".join(question.labels[:1]) or ("是" if question.type == "yesno" else "")
        )
        value: Value | None = None
        try:
            value = parse(question, typed, today).value if typed else None
        except Refused:
            continue
        if value is not None:
            answers[key] = Answer(value=to_stored(value))
    return Content(answers=answers)
