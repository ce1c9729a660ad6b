"""`python -m bot outlines`: for whoever writes an office's own outlines."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.documents.text import text_of
from bot.settings import SettingsError
from prompts.errors import OutlineError
from prompts.loading import load_outline
from prompts.outline import Outline, Question
from prompts.render import draft
from prompts.tree import wrong_name
from prompts.trying import example_fault, plans, try_out, unused

STARTER = Path(__file__).parents[1] / "prompts" / "starter"


def list_(outlines: Iterable[Outline]) -> None:
    """A line for each outline."""
    for outline in outlines:
        print(_line(outline))


def _line(outline: Outline) -> str:
    return (
        f"{outline.id}\t{outline.name}\t{len(outline.sections)} sections, {len(outline.questions)} questions"
    )


def check(what: str, own: Path | None) -> int:
    """Say what is wrong with an outline, by its id or folder, or with all in a folder; how many are not right.

    Each is loaded, rendered with all kinds of answers, and its sample played. Raises `SettingsError`, and
    `OutlineError` where there is nothing to check.
    """
    faulty = 0
    for folder in _to_check(what, own):
        try:
            outline = load_outline(folder)
            try_out(outline)
            for question in outline.questions.values():
                if fault := example_fault(question):
                    raise OutlineError(*_place_of(outline, question, fault))
        except OutlineError as error:
            print(error, file=sys.stderr)
            faulty += 1
            continue
        print(f"{_line(outline)}\tok")
        for question in unused(outline):
            path, problem, line = _place_of(
                outline, question, f"question {question.key!r} is asked, and its answer is used nowhere"
            )
            print(f"{path}:{line}: note: {problem}", file=sys.stderr)
    return faulty


def _to_check(what: str, own: Path | None) -> list[Path]:
    folder = Path(what) if what else own
    if folder is None:
        raise SettingsError(
            "outlines check: name a folder, such as prompts/outlines, or set outlines.folder in config.toml"
        )
    if what and not folder.is_dir() and own is not None:
        folder = own / what
    if (folder / "outline.toml").is_file():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/outline.toml")) if folder.is_dir() else []
    if not found:
        where = f" (nor is it in {own})" if what and own is not None and not folder.is_dir() else ""
        problem = "holds no outline" if folder.is_dir() else "no such folder"
        raise OutlineError(
            Path(what) if what else folder, f"{problem}{where}; an outline is a folder with an outline.toml"
        )
    return found


def _place_of(outline: Outline, question: Question, problem: str) -> tuple[Path, str, int | None]:
    """The file and line where a question is asked."""
    section = outline.section(outline.section_of[question.key])
    path = section.path if section else outline.folder / "outline.toml"
    lines = path.read_bytes().decode("utf-8-sig", "replace").splitlines()
    line = next((i for i, text in enumerate(lines, 1) if "key" in text and f'"{question.key}"' in text), None)
    return path, problem, line


def begin(id: str, to: Path | None, own: Path | None) -> None:
    """A commented starter of an outline of this id below `to`, or among the office's own. Raises `SettingsError`."""
    folder = to or own
    if folder is None:
        raise SettingsError(
            'outlines new: say where with --to FOLDER, or set outlines.folder in config.toml, such as "outlines"'
        )
    if not id:
        raise SettingsError("outlines new: give it an id, such as  outlines new flood-control")
    if problem := wrong_name(id):
        raise SettingsError(f"outlines new: {id!r}: {problem}")
    target = folder / id
    if target.exists():
        raise SettingsError(f"outlines new: {target} is there already; choose another id or remove it")
    try:
        shutil.copytree(STARTER, target)
    except OSError as error:
        raise SettingsError(f"outlines new: {target}: {error.strerror}") from error
    named = id if to is None else f'"{target}"'
    print(f"{target}\nChange the files (docs/outlines.md says what they can hold), then:")
    print(f"  python -m bot outlines check {named}")
    print(f"  python -m bot outlines preview {named}")


def preview(what: str, folders: Sequence[Path]) -> None:
    """Every question in order, and the draft with the sample's answers, or with the questions' examples.

    `what` is a folder, or the id of an outline below one of `folders`, the last of which counts first. Raises
    `SettingsError`, `OutlineError`.
    """
    candidates = [Path(what), *(folder / what for folder in reversed(folders))] if what else []
    found = next((folder for folder in candidates if (folder / "outline.toml").is_file()), None)
    if found is None:
        known = sorted({path.parent.name for folder in folders for path in folder.glob("*/outline.toml")})
        asked = f"there is no outline {what!r}" if what else "name an outline"
        raise SettingsError(f"outlines preview: {asked}; there are {', '.join(known)}")
    outline = load_outline(found)
    print(outline.name)
    for line in _questions(outline):
        print(line)
    if not outline.sample.exists():
        print(
            "\n(There is no sample.toml: the questions' examples stand for answers, and for those of last year.)"
        )
    *_, plan = plans(outline)
    sys.stdout.write(f"\n{text_of(draft(plan).lines())}\n")


def _questions(outline: Outline) -> Iterator[str]:
    numbers = itertools.count(1)
    groups = [("asked first", outline.intro), *((s.heading_text or s.id, s.questions) for s in outline.sections),
              ("asked last", outline.outro)]  # fmt: skip
    for heading, questions in groups:
        if questions:
            yield f"\n{heading}"
        yield from (f"{next(numbers):3}. {question.ask}{_about(question)}" for question in questions)


def _about(question: Question) -> str:
    notes = [question.type if question.type != "text" else "", "required" if question.required else "",
             f"only if {question.when}" if question.when else "", f"for each of last year's {question.each}" if question.each else "",
             " / ".join(question.labels)]  # fmt: skip
    said = "; ".join(note for note in notes if note)
    return f"  [{said}]" if said else ""
