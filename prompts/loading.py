"""Reads outlines from their folders and checks everything before the first user is greeted.

A fault is an `OutlineError` that names file and line. What is checked: the TOML and its keys, types and options,
duplicate keys, Jinja syntax, and that every variable of a template is a question or a `let` of its outline.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from prompts import faults
from prompts.answers import TYPES
from prompts.errors import OutlineError
from prompts.grid import check as check_table
from prompts.outline import ABOUT, MAX_KEY, Expression, Option, Outline, Question, Section
from prompts.templates import Lazy, environment, lazy_expression
from prompts.tree import entries, outline_id, wrong_id

_T = TypeVar("_T")

BUILT_IN = Path(__file__).parent / "outlines"

_SECTION = re.compile(r"\A\ufeff?\s*^\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)(.*)\Z", re.S | re.M)
_FIELDS = {name for model in (Question, Option) for name in model.__struct_fields__}
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = {
    "today",
    "last",
    "rate",
    "total",
    "change",
    "stack",
    "listed",
    "about",
    "true",
    "false",
    "none",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
}


class _Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str = ""
    signature: str = ""
    date: str = ""
    note: str = ""
    questions: tuple[Question, ...] = ()


class _OutlineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    title: str
    kind: str = ""
    basis: str = ""
    due: str = ""
    subtitle: tuple[str, ...] = ()
    addressee: str = ""
    let: dict[str, str] = {}
    questions: tuple[Question, ...] = ()
    closing: _Closing = _Closing()


class _SectionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    heading: str = ""
    run_in: bool | None = None
    drop_empty: bool = False
    note: str = ""
    checks: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def load_outline(folder: Path) -> Outline:
    """The outline in a folder. Raises `OutlineError`."""
    return _Loader(folder).load()


@dataclass
class _Place:
    """A file and the line where some text of it begins, for messages."""

    path: Path
    source: str
    line: int = 1

    def error(self, problem: str, near: str = "", after: int = 0) -> OutlineError:
        """An error at the first line at or after `after` that has `near` (a piece of text) in it."""
        lines = self.source.splitlines()
        at = next((i for i in range(after, len(lines)) if near and near in lines[i]), after if near else None)
        return OutlineError(self.path, problem, None if at is None else at + 1)


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = environment()
        self.keys: dict[str, Path] = {}
        self.places: dict[Path, _Place] = {}
        self.digest = hashlib.sha256()
        self.used: list[tuple[_Place, str, nodes.Template, int]] = []
        self.names: dict[str, frozenset[str]] = {}  # of each compiled text
        self.conditions: dict[str, dict[str, Expression]] = {}

    def load(self) -> Outline:
        id = outline_id(self.folder)
        place = self._read(self.folder / "outline.toml")
        head = self._toml(place, place.source, 0, _OutlineFile)
        intro = self._questions(place, head.questions)
        sections = tuple(self._sections(self.folder, "", 1))
        if not sections:
            raise OutlineError(self.folder, "has no section; add a file such as 10-work.md")
        outro = self._questions(place, head.closing.questions)
        for name in head.let:
            if not _KEY.fullmatch(name) or name in self.keys or name in _RESERVED:
                raise place.error(f"let.{name}: not a free name of a-z, 0-9 and _", name)
        optional = [self._line(place, text) if text else None for text in
                    (head.addressee, head.closing.text, head.closing.signature, head.closing.date, head.closing.note)]  # fmt: skip
        outline = Outline(
            id=id,
            name=head.name,
            kind=head.kind or head.name,
            basis=head.basis,
            due=self._due(place, head.due),
            version=self.digest.hexdigest()[:12],
            folder=self.folder,
            intro=intro,
            outro=outro,
            let=tuple((name, self._expression(place, source)) for name, source in head.let.items()),
            sections=sections,
            title=self._line(place, head.title),
            subtitle=tuple(self._line(place, text) for text in head.subtitle),
            each={q.key: () for q in (*intro, *(q for s in sections for q in s.questions), *outro) if q.each},
            addressee=optional[0],
            closing=optional[1],
            signature=optional[2],
            date=optional[3],
            note=optional[4],
            conditions=self.conditions,
        )
        outline.uses.update(self._uses(outline))
        self._check_variables({*self.keys, *head.let})
        self._check_each(outline)
        return outline

    def _uses(self, outline: Outline) -> dict[str, frozenset[str]]:
        """Which answers each section's text, and each question's being asked, depends on, by way of whatever."""
        direct: dict[str, set[str]] = {
            key: set().union(*(self.names[f"{{{{ ({one.source}) }}}}"] for one in found.values()))
            for key, found in outline.conditions.items()
        }
        direct |= {name: set(self.names[f"{{{{ ({one.source}) }}}}"]) for name, one in outline.let}

        def closed(names: Iterable[str]) -> frozenset[str]:
            seen: set[str] = set()
            todo = list(names)
            while todo:
                name = todo.pop()
                if name not in seen:
                    seen.add(name)
                    todo += direct.get(name, ())
            return frozenset(seen)

        uses = {key: closed({key}) for key in outline.questions}
        for section in outline.sections:
            named = set(self.names[section.body]) | (
                self.names[section.heading_text] if section.heading_text else set()
            )
            uses[section.id] = closed(named | {q.key for q in section.questions}) | uses.get(
                section.id, frozenset()
            )  # a question may be called alike
        return uses

    def _check_each(self, outline: Outline) -> None:
        for key, question in outline.questions.items():
            named = outline.questions.get(question.each)
            if question.each and (named is None or named.type != "items"):
                lists = [q.key for q in outline.questions.values() if q.type == "items"]
                raise self.places[self.keys[key]].error(
                    f"question {key!r}: `each` names no question of type items: {question.each!r}"
                    f"{faults.nearest(question.each, lists)}", f'each = "{question.each}"',
                )  # fmt: skip

    def _read(self, path: Path) -> _Place:
        try:
            content = path.read_bytes()
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except OSError as error:
            raise OutlineError(path, f"cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise OutlineError(path, "is not UTF-8 text; save it as UTF-8") from error
        self.digest.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + content + b"\0")
        self.places[path] = _Place(path, text)
        return self.places[path]

    def _toml(self, place: _Place, text: str, offset: int, model: type[_T]) -> _T:
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problem, at = faults.toml(error, text)
            line = at + offset if at else offset + text.count("\n") + 1
            raise OutlineError(place.path, problem, line) from error
        except RecursionError:
            raise OutlineError(place.path, "not valid TOML: too many brackets inside each other") from None
        try:
            return msgspec.convert(data, model)
        except msgspec.ValidationError as error:
            known = _FIELDS | set(getattr(model, "__struct_fields__", ())) | set(_Closing.__struct_fields__)
            raise self._located(place, text, offset, str(error), known) from error

    def _located(self, place: _Place, text: str, offset: int, message: str, known: set[str]) -> OutlineError:
        """msgspec says what is wrong and the path to it (`$.questions[2].typ`); find that path's line."""
        problem, _, path = message.partition(" - at `")
        line = 0
        lines = text.splitlines()
        unknown = re.search(r"unknown field `(.+?)`", problem)
        for name, index in re.findall(r"\.(\w+)(?:\[(\d+)\])?", path + (f".{unknown[1]}" if unknown else "")):
            pattern = re.compile(
                rf"\s*\[\[(?:\w+\.)?{name}\]\]" if index else rf"\s*(?:\[(?:\w+\.)?{name}\]|{name}\s*=)"
            )
            hits = [i for i, content in enumerate(lines) if i >= line and pattern.match(content)]
            wanted = int(index or 0)
            if wanted < len(hits):
                line = hits[wanted]
        names = re.findall(r"\.(\w+)", path)
        what = f"{names[-1]}: " if names and problem.startswith("Expected") else ""
        return OutlineError(place.path, what + faults.field(problem, known), offset + line + 1)

    def _sections(self, folder: Path, parent: str, depth: int) -> Iterable[Section]:
        for path, name in entries(folder):
            id = f"{parent}/{name}" if parent else name
            if error := wrong_id(path, id):
                raise error
            if depth > 4:
                raise OutlineError(path, "sections nest four levels deep at most: 一、 （一） 1. （1）")
            if path.is_dir():
                if not (path / "section.md").is_file():
                    raise OutlineError(path, "a folder of sections needs a section.md with its heading")
                yield self._section(path / "section.md", id, parent, depth)
                yield from self._sections(path, id, depth + 1)
            else:
                yield self._section(path, id, parent, depth)

    def _section(self, path: Path, id: str, parent: str, depth: int) -> Section:
        place = self._read(path)
        match = _SECTION.match(place.source)
        if not match:
            raise OutlineError(path, "begins with its front matter between two lines of +++", 1)
        front, body = match.groups()
        file = self._toml(place, front, place.source[: match.start(1)].count("\n"), _SectionFile)
        questions = self._questions(place, file.questions)
        first_line = place.source[: match.start(2)].count("\n")
        if wide := faults.FULL_WIDTH.search(body):
            line = first_line + body[: wide.start()].count("\n") + 1
            raise OutlineError(
                path, f"template: {wide.group()} is full-width; write {{{{ }}}} and {{% %}}", line
            )
        return Section(
            id=id,
            parent=parent,
            depth=depth,
            heading=self._line(place, file.heading) if file.heading else None,
            questions=questions,
            template=self._compile(place, body, first_line),
            heading_text=file.heading,
            body=body,
            run_in=depth > 1 if file.run_in is None else file.run_in,
            drop_empty=file.drop_empty,
            note=file.note,
            checks=tuple(self._expression(place, check) for check in file.checks),
            path=path,
        )

    def _questions(self, place: _Place, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        for question in questions:
            self._check_question(place, question)
            self.keys[question.key] = place.path
        for question in questions:
            sources = {"when": question.when, "derive": question.derive, "suggest": question.suggest}
            found = {name: self._expression(place, source) for name, source in sources.items() if source}
            if found:
                self.conditions[question.key] = found
        return questions

    def _check_question(self, place: _Place, question: Question) -> None:
        def wrong(problem: str, near: str = "") -> OutlineError:
            lines = place.source.splitlines()
            # A key may be written in another way, 'such' or with an escape; then the file is named without its line.
            key = max((i for i, line in enumerate(lines) if f'"{question.key}"' in line), default=0)
            found = any(near in line for line in lines[key:]) and near
            return place.error(
                f"question {question.key!r}: {problem}", near if found else f'"{question.key}"', key
            )

        if not _KEY.fullmatch(question.key) or len(question.key) > MAX_KEY or question.key in _RESERVED:
            raise wrong(f"a key is a-z, 0-9 and _, {MAX_KEY} characters at most, and no word of the language")
        if question.key in self.keys:
            raise wrong(f"this key is asked already in {self.keys[question.key].name}")
        if question.type not in TYPES:
            raise wrong(
                f"there is no type {question.type!r}{faults.nearest(question.type, TYPES)}"
                f"; there are {', '.join(TYPES)}",
                f'"{question.type}"',
            )
        if not question.ask.strip():
            raise wrong("`ask` is empty", "ask")
        if question.min is not None and question.max is not None and question.min > question.max:
            raise wrong("min is larger than max", "min")
        if question.type in {"choice", "choices"} and len(question.options) < 2:
            raise wrong(f"a {question.type} needs two options or more")
        if len(set(question.labels)) < len(question.labels):
            raise wrong("two options have the same label")
        if question.type == "table":
            if not (question.rows and question.columns):
                raise wrong("a table needs rows and columns")
            if problem := check_table(question):
                raise wrong(problem)
        if question.each and (question.type != "text" or not re.search(ABOUT, question.ask)):
            raise wrong(
                "a question with `each` is a text, and its `ask` has {{ about }} in it", question.each
            )
        if question.each and len(question.key) > MAX_KEY - 3:
            raise wrong(f"a key with `each` has {MAX_KEY - 3} characters at most")

    def _due(self, place: _Place, text: str) -> tuple[int, int] | None:
        if not text:
            return None
        match = re.fullmatch(r"(\d{2})-(\d{2})", text)
        try:
            day = datetime.date(2023, int(match[1]), int(match[2])) if match else None
        except ValueError:
            day = None
        if day is None:
            raise place.error('due is a month and a day, such as "03-01"', "due")
        return day.month, day.day

    def _line(self, place: _Place, text: str) -> Any:
        at = next((i for i, line in enumerate(place.source.splitlines()) if text and text in line), 0)
        return self._compile(place, text, at)

    def _expression(self, place: _Place, source: str) -> Expression:
        at = next((i for i, line in enumerate(place.source.splitlines()) if source in line), 0)
        try:
            self._compile(place, f"{{{{ ({source}) }}}}", at)
        except OutlineError as error:
            problem = error.problem.removeprefix("template: ")
            raise OutlineError(place.path, faults.expression(source, problem), at + 1) from error
        return Expression(source, lazy_expression(self.env, source))

    def _compile(self, place: _Place, text: str, offset: int) -> Any:
        try:
            tree = self.env.parse(text)
            _check_words(self.env, tree)
            self.used.append((place, text, tree, offset))
            self.names[text] = _named(tree)
            return Lazy(self.env, text)
        except TemplateSyntaxError as error:
            problem = self._with_nearest(str(error.message))
            raise OutlineError(place.path, f"template: {problem}", offset + error.lineno) from error
        except RecursionError:
            raise OutlineError(
                place.path, "template: too many brackets or blocks inside each other", offset + 1
            ) from None

    def _with_nearest(self, problem: str) -> str:
        """What Jinja says, with the filter or test that was meant."""
        if named := re.match(r"No (filter|test) named '(\w+)'", problem):
            known = self.env.filters if named[1] == "filter" else self.env.tests
            return f"{named.group()}{faults.nearest(named[2], known)}"
        return problem

    def _check_variables(self, known: set[str]) -> None:
        for place, text, tree, offset in self.used:
            unknown = self.names[text] - known - {"today", "last"} - set(self.env.globals)
            for node in tree.find_all((nodes.Name, nodes.Filter, nodes.Test, nodes.Getattr)):
                if problem := self._unknown(node, unknown, known):
                    raise OutlineError(place.path, f"template: {problem}", offset + node.lineno)

    def _unknown(self, node: nodes.Node, unknown: frozenset[str] | set[str], known: set[str]) -> str:
        """What a part of a template names that is not there; "" where it is."""
        match node:
            case nodes.Name(name=name) if name in unknown and node.ctx == "load":
                return f"no question or let defines {name!r}{faults.nearest(name, known)}"
            case nodes.Filter(name=name) if name not in self.env.filters:
                return self._with_nearest(f"No filter named {name!r}")
            case nodes.Test(name=name) if name not in self.env.tests:
                return self._with_nearest(f"No test named {name!r}")
            case nodes.Getattr(node=nodes.Name(name="last"), attr=name) if name not in self.keys:
                return f"last.{name}: there is no question {name!r}{faults.nearest(name, self.keys)}"
            case _:
                return ""


def _check_words(env: Environment, tree: nodes.Template) -> None:
    """Filters and tests that there are none of: Jinja says so only when it compiles. Raises `TemplateSyntaxError`."""
    for kind, known in ((nodes.Filter, env.filters), (nodes.Test, env.tests)):
        for node in tree.find_all(kind):
            if node.name not in known:
                raise TemplateSyntaxError(f"No {kind.__name__.lower()} named {node.name!r}.", node.lineno)


def _named(tree: nodes.Template) -> frozenset[str]:
    """The names that a template takes from outside. Jinja's own finder compiles it; that is needed only for scopes."""
    names = list(tree.find_all(nodes.Name))
    if any(name.ctx != "load" for name in names):
        return frozenset(meta.find_undeclared_variables(tree))
    return frozenset(name.name for name in names)
