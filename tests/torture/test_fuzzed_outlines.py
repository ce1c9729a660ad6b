"""Outlines as slips of the hand and broken disks leave them: refused in a line that names the file, or used; no third."""

from __future__ import annotations

import random
import re
import shutil
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prompts.errors import OutlineError
from prompts.loading import BUILT_IN, load_outline
from tests.conftest import OUTLINES
from tests.torture import length

SECONDS = 10  # what one outline may take at the very most, on any machine
KEYS = ["key", "ask", "type", "unit", "when", "derive", "suggest", "options", "columns", "rows", "required", "heading",
        "title", "let", "closing", "questions", "each", "change", "min", "max", "name", "due", "checks"]  # fmt: skip
VALUES = ['""', "0", "-1", "true", "[]", "{}", '"x"', "1e999", "nan", '["a", "a"]', '[{label = "a"}]', "1979-05-27", '"{{"',
          '"a" * 9', '"q for q in q"',  "'''\n'''", '"table"', '"count"', '"year"',
          '"(" * 300', '"range(10**9)|list|length"', '"02-30"', '"' + "(" * 500 + '"', '"' + "长" * 5000 + '"']  # fmt: skip
PIECES = ["{{", "}}", "{%", "%}", "{#", "#}", "+++", "[[questions]]", "{% if x %}", "{% endif %}", "{% for i in range(10**8) %}",
          "{% sentence %}", "{% endsentence %}", "{{ nosuch }}", "{{ self }}",
          "{% include 'x' %}", "{% raw %}", "\x00", "\ufeff", "\r", "'", '"', "\\", "|", "((((", "]]]]", "{{ " + "(" * 400]  # fmt: skip


Mutation = Callable[[bytes, random.Random], bytes]


def _a_byte(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + bytes([rng.randrange(256)]) + content[at + rng.randrange(2) :]


def _cut_off(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _a_block_of_nothing(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + bytes(rng.choice([1, 16, 512])) + content[at + 16 :]


def _lines(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[other])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines[at:at] = lines[min(at, other) : max(at, other)]
    return b"\n".join(lines)


def _a_key(content: bytes, rng: random.Random) -> bytes:
    new = rng.choice(KEYS).encode()
    return re.sub(rb"^\w+(?= =)", lambda m: new if rng.random() < 0.2 else m[0], content, flags=re.M)


def _a_value(content: bytes, rng: random.Random) -> bytes:
    found = list(re.finditer(rb"(?<= = ).+$", content, re.M))
    if not found:
        return content
    one = rng.choice(found)
    return content[: one.start()] + rng.choice(VALUES).encode() + content[one.end() :]


def _a_setting_more(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    lines.insert(rng.randrange(len(lines) + 1), f"{rng.choice(KEYS)} = {rng.choice(VALUES)}".encode())
    return b"\n".join(lines)


def _a_piece(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice(PIECES).encode() + content[at:]


def _braces(content: bytes, rng: random.Random) -> bytes:
    return bytes(
        rng.choice(b"{}[]()%+") if byte in b"{}[]()%+" and rng.random() < 0.05 else byte for byte in content
    )


def _a_word(content: bytes, rng: random.Random) -> bytes:
    words = re.findall(rb"\w+", content)
    if not words:
        return content
    return content.replace(rng.choice(words), rng.choice(words), rng.choice([1, -1]))


MUTATIONS: list[Mutation] = [
    _a_byte, _cut_off, _a_block_of_nothing, _lines, _a_key, _a_value, _a_setting_more, _a_piece, _braces, _a_word,
]  # fmt: skip


def mutated(folder: Path, rng: random.Random) -> Iterator[str]:
    """Change something in a folder; says what."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in rng.sample(files, min(len(files), rng.choice([1, 1, 1, 2]))):
        match rng.randrange(25):
            case 0:
                path.unlink()
                yield f"{path.name} removed"
            case 1:
                new = path.with_name(
                    rng.choice(["10-.md", "aa.md", "10-x", "99-甲.md", "10-pub.md", "section.md", "1-a.md"])
                )
                if not new.is_dir():
                    path.rename(new)
                    yield f"{path.name} renamed {new.name}"
            case 2:
                path.unlink()
                path.mkdir()
                yield f"{path.name} a folder"
            case _:
                mutation = rng.choice(MUTATIONS)
                for _ in range(rng.choice([1, 1, 2, 5])):
                    path.write_bytes(mutation(path.read_bytes(), rng))
                yield f"{path.name} {mutation.__name__}"


@pytest.mark.parametrize(
    ("source", "short", "full"), [(OUTLINES / "small", 100, 5000), (None, 80, 600)], ids=["small", "built in"]
)
def test_a_broken_outline_is_an_outline_error_or_an_outline_and_nothing_else(
    tmp_path: Path, rng: random.Random, source: Path | None, short: int, full: int
) -> None:
    built_in = sorted(path.parent for path in BUILT_IN.glob("*/outline.toml"))
    refused = used = 0
    slowest = (0.0, "")
    broken: dict[str, str] = {}
    for number in range(length(short, full)):
        original = source or rng.choice(built_in)
        folder = tmp_path / original.name
        shutil.copytree(original, folder)
        how = f"{number}: {original.name}: {'; '.join(mutated(folder, rng))}"
        began = time.monotonic()
        try:
            load_outline(folder)
            used += 1
        except OutlineError as error:
            refused += 1
            assert str(folder) in str(error) and len(str(error).splitlines()) == 1, f"{how}: {error!r}"
        except Exception as error:
            last = [f for f in traceback.extract_tb(error.__traceback__) if "prompts" in f.filename][-1]
            where = f"{type(error).__name__} at {Path(last.filename).name}: {last.line}"
            broken.setdefault(where, f"{how}: {str(error)[:120]}")
        took = time.monotonic() - began
        assert took < SECONDS, f"{how}: {took:.0f} s"
        slowest = max(slowest, (took, how))
        shutil.rmtree(folder)
    print(f"{refused} refused, {used} used; the slowest took {slowest[0] * 1000:.0f} ms ({slowest[1]})")
    assert refused and used
    assert not broken, "\n".join(f"{where}\n    {how}" for where, how in broken.items())
