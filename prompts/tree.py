"""The tree of files that an outline is: which of them are sections, in which order, and what they may be called."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from prompts.errors import OutlineError
from prompts.outline import MAX_SECTION_ID

_NAME = r"[^\W_][\w-]*"  # letters of any script, figures, - and _
_NUMBERED = re.compile(rf"(\d+)-({_NAME})")


def entries(folder: Path) -> list[tuple[Path, str]]:
    """The files and folders of sections with their names, in order.

    Raises `OutlineError` for one that was meant to be a section and is none, and for two of one name.
    """
    found: dict[str, Path] = {}
    for path in sorted(filter(_is_section, folder.iterdir()), key=_order):
        match = _match(path)
        assert match
        name = unicodedata.normalize("NFC", match[2])
        if name in found:
            raise OutlineError(
                path, f"there is {found[name].name} of the same name; names tell sections apart"
            )
        found[name] = path
    return [(path, name) for name, path in found.items()]


def _is_section(path: Path) -> bool:
    is_folder = path.is_dir()
    if _match(path) and (is_folder or path.suffix == ".md"):
        return True
    if path.name[0].isdigit() or _looks_like_a_section(path):
        what = "folder of sections is named like 10-work" if is_folder else "section is named like 10-work.md"
        raise OutlineError(
            path,
            f"a {what} or 20-工作{'' if is_folder else '.md'}: a number, -, letters of any script, figures, - and _",
        )
    return False


def _match(path: Path) -> re.Match[str] | None:
    return _NUMBERED.fullmatch(path.name if path.is_dir() else path.stem)


def _order(path: Path) -> tuple[int, str]:
    return int(path.name.split("-", 1)[0]), path.name


def _looks_like_a_section(path: Path) -> bool:
    """Whether a file or folder without a number is a section all the same, which would be left out unseen."""
    if path.name.startswith((".", "~", "_")) or path.name == "section.md":
        return False
    if path.is_dir():
        return (path / "section.md").is_file()
    if path.suffix not in (".md", ".txt"):
        return False
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"+++")
    except OSError:
        return False


def wrong_id(path: Path, id: str) -> OutlineError | None:
    """A section's id, made of its name and those of the folders it is in, that no chat button can carry."""
    if len(id.encode()) <= MAX_SECTION_ID:
        return None
    most = f"{MAX_SECTION_ID} letters or {MAX_SECTION_ID // 3} Chinese characters"
    return OutlineError(
        path, f"the section's id {id!r} is too long: {most} at most, with the folders that it is in"
    )


def outline_id(folder: Path) -> str:
    """The id of the outline in a folder. Raises `OutlineError` where its name cannot be one."""
    if problem := wrong_name(folder.name):
        raise OutlineError(folder, problem)
    return unicodedata.normalize("NFC", folder.name)


def wrong_name(name: str) -> str:
    """What is wrong with the name of an outline's folder; "" where nothing is."""
    if re.fullmatch(_NAME, name) and len(name.encode()) <= MAX_SECTION_ID:
        return ""
    return (
        "an outline's folder is named with letters, figures, - and _, such as flood-control or 防汛工作报告: "
        f"{MAX_SECTION_ID} letters or {MAX_SECTION_ID // 3} Chinese characters at most"
    )
