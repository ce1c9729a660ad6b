"""What is wrong with an outline's file, in words that say how to mend it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable

from prompts.answers.values import Refused

FULL_WIDTH = re.compile(r"｛\s*[｛%％]|[%％]\s*｝|｝\s*｝|｛\s*#|\{\s*｛|｝\s*\}|\{％|％\}")
_TYPES = {
    "bool": "true or false, without quotes",
    "str": 'a text in "quotes"',
    "int": "a whole number, without quotes",
    "float": "a number, without quotes",
    "array": "a list, such as [\"…\", \"…\"]",
    "object": "a table of its own, such as { \"…\" = \"…\" }",
}  # fmt: skip


def toml(error: tomllib.TOMLDecodeError, text: str) -> tuple[str, int | None]:
    """What is wrong, and in which line of `text`, counted from 1; None where only its end was too early."""
    at = re.search(r"line (\d+)", str(error))
    number = int(at[1]) if at else None
    lines = text.splitlines()
    line = lines[number - 1] if number and number <= len(lines) else ""
    problem = str(error).split(" (at")[0]
    problem = problem[:1].lower() + problem[1:]
    return f"not valid TOML: {problem}{_hint(problem, line)}", number


def _hint(problem: str, line: str) -> str:
    bare = re.sub(r'"[^"]*"|\'[^\']*\'|#.*', "", line)  # without what stands in quotes, or behind #
    if re.search(r"[“”‘’＂]", bare):
        return '; write straight quotes "…" around a text, not “…”'
    if found := re.search(r"[＝，［］｛｝．]", bare):
        return f"; {found.group()} is the full-width sign, write the half-width one"
    if problem.startswith("illegal character '\\n'"):
        return '; a " is missing at the end of the text'
    if problem.startswith(("cannot overwrite", "cannot declare")):
        return "; it stands there twice, or below the wrong [...] line"
    if problem.startswith("unescaped '\\'") or "escape" in problem:
        return r"; write \\ for \, or put the text between single quotes"
    if problem.startswith("unclosed array"):
        return "; a ] is missing"
    return ""


def field(problem: str, known: Iterable[str]) -> str:
    """What a value of a file should have been: `problem` is msgspec's sentence."""
    problem = problem[:1].lower() + problem[1:]
    if unknown := re.search(r"unknown field `(.+?)`", problem):
        return f"unknown field `{unknown[1]}`{nearest(unknown[1], known) or '; docs/outlines.md lists the fields there are'}"
    if types := re.fullmatch(r"expected `(.+?)`, got `(.+?)`", problem):
        wanted = " or ".join(_TYPES.get(name, name) for name in types[1].split(" | ") if name != "null")
        return f"expected {wanted}"
    return problem


def expression(source: str, problem: str) -> str:
    """What is wrong with an expression, such as that of `when`."""
    if re.search(r"(?<![=<>!])=(?!=)", source):
        return f"expression {source!r}: write == to compare"
    if re.search(r"[“”‘’＝＜＞（）]", re.sub(r"'[^']*'|\"[^\"]*\"", "", source)):
        return f"expression {source!r}: write half-width signs and quotes in it"
    return f"expression {source!r}: {problem}"


def refused(error: Refused) -> str:
    """Why an answer was not taken."""
    details = error.details
    match error.code:
        case "vague" | "number":
            return "there is no figure in it"
        case "unit":
            return f"it counts in {details.get('unit') or 'nothing'}, not in {details.get('given')}"
        case "limits":
            return f"it must be from {details.get('min')} to {details.get('max')}"
        case "columns":
            return f"the row {details.get('row')!r} has {details.get('columns')} figures, not {details.get('given')}"
        case "row":
            return f"{details.get('given')!r} is no row of the table"
        case "choice":
            return "it is none of the options"
        case code:
            return f"{code} {details or ''}".strip()


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where there is something like it."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""
