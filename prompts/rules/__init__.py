"""Proofreading rules: data, in the TOML files beside this one and in an office's own folder.

A rule finds a pattern in folded text (half-width punctuation between Chinese characters reads as full-width) and says
why it is doubtful and what stands there instead. Its examples are part of it: a rule that does not find what it says it
finds, or flags what it says it leaves alone, is refused when it is loaded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import msgspec

from prompts.errors import OutlineError

BUILT_IN = Path(__file__).parent


class Level(StrEnum):
    """How sure a rule is: a law, a standard or arithmetic says so; usage says so; a matter of taste."""

    MUST = "必错"
    DOUBT = "疑似"
    HINT = "提示"


class _RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields of `[[rules]]`; see docs/rules.md."""

    id: str
    level: Level
    kind: str
    find: str = ""
    words: dict[str, str] = {}
    mend: str | None = None
    advice: str = ""
    reason: str
    leave: str = ""
    needs: str = ""
    unless: str = ""
    once: bool = False
    finds: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rules: tuple[_RuleFile, ...] = ()


@dataclass(frozen=True)
class Match:
    """Where a rule found something in a line, and what should stand there ("" where only a person can say)."""

    start: int
    end: int
    mend: str


@dataclass(frozen=True)
class Rule:
    """One rule. `advice` says what to do where no replacement can be given.

    `needs` must occur somewhere in the document for the rule to apply, `unless` must not. `once` reports only the first.
    """

    id: str
    level: Level
    kind: str
    reason: str
    pattern: re.Pattern[str]
    replacement: str | None
    words: dict[str, str]
    advice: str
    leave: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    once: bool
    finds: tuple[str, ...]
    leaves: tuple[str, ...]

    def applies(self, whole: str) -> bool:
        """Whether the rule is about a document with this text."""
        return not (self.needs and not self.needs.search(whole)) and not (
            self.unless and self.unless.search(whole)
        )

    def matches(self, line: str) -> Iterator[Match]:
        """What the rule finds in a folded line."""
        left = [m.span() for m in self.leave.finditer(line)] if self.leave else []
        for match in self.pattern.finditer(line):
            start, end = match.span()
            if end > start and not any(a < end and b > start for a, b in left):
                yield Match(start, end, self._mend(match))

    def _mend(self, match: re.Match[str]) -> str:
        if self.words:
            return self.words[match.group()]
        return match.expand(self.replacement) if self.replacement is not None else ""

    @cached_property
    def erases(self) -> bool:
        """Whether the mend is to take the words away."""
        return self.replacement == ""


def load_rules(*folders: Path, off: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules of these folders without those switched off. Raises `OutlineError`."""
    rules: dict[str, Rule] = {}
    for folder in folders or (BUILT_IN,):
        for path in sorted(folder.glob("*.toml")):
            for rule in _read(path):
                if rule.id in rules:
                    raise OutlineError(path, f"rule {rule.id!r}: there are two of this name")
                rules[rule.id] = rule
    unknown = set(off) - set(rules) - COMPUTED
    if unknown:
        raise OutlineError(BUILT_IN, f"no rule is called {', '.join(sorted(unknown))}")
    return tuple(rule for id, rule in rules.items() if id not in set(off))


# Rules that need computing, in bot/review; named here so that an office can switch them off like the others.
COMPUTED = {
    "rate", "parts", "not-round", "run-together", "two-units", "two-numbers", "full-rate", "report-year", "closing-date",
    "day-names", "two-leaders", "numbering", "brackets", "half-width", "no-title", "no-addressee", "no-causes", "five-contents",
    "guiding-thought", "no-facts", "long-paragraph", "repeated-sentence", "gaps", "check", "table-years", "carried-over", "year-on-year", "last-year",
    "own-figures", "id-number", "mobile", "bank-card", "number-plate", "address", "secrecy", "named-person", "small-count",
}  # fmt: skip


def _read(path: Path) -> Iterator[Rule]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        file = msgspec.convert(tomllib.loads(text), _File)
    except OSError as error:
        raise OutlineError(path, f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise OutlineError(path, str(error)) from error
    for given in file.rules:
        yield _checked(path, given, _line_of(text, given.id))


def _line_of(text: str, id: str) -> int | None:
    match = re.search(rf'^\s*id\s*=\s*["\']{re.escape(id)}["\']', text, re.M)
    return text[: match.start()].count("\n") + 1 if match else None


def _checked(path: Path, given: _RuleFile, line: int | None) -> Rule:
    def wrong(problem: str) -> OutlineError:
        return OutlineError(path, f"rule {given.id!r}: {problem}", line)

    def compiled(name: str, source: str) -> re.Pattern[str]:
        try:
            return re.compile(source)
        except re.error as error:
            raise wrong(f"{name}: {error} in {source!r}") from error

    if bool(given.find) == bool(given.words):
        raise wrong("needs either `find`, a pattern, or `words`, wrong = right")
    finds = given.finds or tuple(given.words)
    if not finds or not (given.leaves or given.words):
        raise wrong("needs examples: `finds` and `leaves`")
    source = given.find or "|".join(map(re.escape, sorted(given.words, key=len, reverse=True)))
    rule = Rule(
        id=given.id,
        level=given.level,
        kind=given.kind,
        reason=given.reason,
        pattern=compiled("find", source),
        replacement=given.mend,
        words=given.words,
        advice=given.advice,
        leave=compiled("leave", given.leave) if given.leave else None,
        needs=compiled("needs", given.needs) if given.needs else None,
        unless=compiled("unless", given.unless) if given.unless else None,
        once=given.once,
        finds=finds,
        leaves=(*given.leaves, *given.words.values()),
    )
    try:
        for example in rule.finds:
            if not any(rule.matches(example)):
                raise wrong(f"does not find its example {example!r}")
        for example in rule.leaves:
            if any(rule.matches(example)):
                raise wrong(f"finds {example!r}, which it should leave alone")
    except (re.error, IndexError) as error:
        raise wrong(f"mend: {error}") from error
    return rule
