"""Every sentence that the assistant itself says, as Jinja templates beside this file.

`NAME.j2` is a message; `phrases.toml` holds the short ones: button labels and lines that go into messages. To
change how the assistant speaks, change those files; nothing else holds a sentence.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError

from prompts.errors import OutlineError

FOLDER = Path(__file__).parent

_MARKS = {"strong": ("\ufdd4", "\ufdd5"), "fixed": ("\ufdd6", "\ufdd7")}
_MARK = re.compile("[\ufdd4-\ufdd7]")


class Said(NamedTuple):
    """A message: plain text, and which stretches of it are emphasised, as (start, end, "strong" or "fixed")."""

    text: str
    marks: tuple[tuple[int, int, str], ...]


class Wording:
    """The assistant's sentences. Values are data: whatever a person typed comes out as typed.

    Raises `OutlineError` when a file cannot be used.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._sources = _sources(folder)
        self._plain: dict[str, str] = {}  # phrases that are always the same
        self._env = Environment(
            loader=DictLoader(self._sources),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # plain text, never markup
            auto_reload=False,
            cache_size=-1,
        )
        for name in _MARKS:
            self._env.filters[name] = _marker(name)
        self._env.filters["short"] = short
        for name, source in self._sources.items():
            try:
                self._env.parse(source)  # compiled when it is first said
            except TemplateError as error:
                raise OutlineError(
                    folder / name, f"template: {error}", getattr(error, "lineno", None)
                ) from error

    def say(self, name: str, /, **values: Any) -> Said:
        """The message `name`, filled with `values`."""
        return _read_marks(re.sub(r"\n{3,}", "\n\n", self._env.get_template(name).render(values)).strip())

    def phrase(self, name: str, /, **values: Any) -> str:
        """A short phrase as plain text: a button's label, a line for another message."""
        if values:
            return self.say(name, **values).text
        if name not in self._plain:
            self._plain[name] = self.say(name).text
        return self._plain[name]

    def has(self, name: str) -> bool:
        return name in self._sources


def short(value: object, length: int = 60) -> str:
    """One line of at most `length` characters; says how long the whole is when it was cut."""
    text = " ".join(str(value).split())
    return text if len(text) <= length else f"{text[:length]}……（共{len(str(value))}字）"


def _sources(folder: Path) -> dict[str, str]:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.j2"))}
    phrases = folder / "phrases.toml"
    try:
        groups = tomllib.loads(phrases.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise OutlineError(phrases, str(error)) from error
    for group, lines in groups.items():
        sources |= {f"{group}.{name}": text for name, text in lines.items()}
    return sources


def _marker(name: str) -> Any:
    before, after = _MARKS[name]
    return lambda value: f"{before}{value}{after}" if str(value) else ""


def _read_marks(text: str) -> Said:
    plain: list[str] = []
    marks: list[tuple[int, int, str]] = []
    started: dict[str, int] = {}
    length = position = 0
    for match in _MARK.finditer(text):
        plain.append(text[position : match.start()])
        length += match.start() - position
        position = match.end()
        for name, (before, after) in _MARKS.items():
            if match.group() == before:
                started[name] = length
            elif match.group() == after and length > started.get(name, length):
                marks.append((started.pop(name), length, name))
    plain.append(text[position:])
    return Said("".join(plain), tuple(sorted(marks)))
