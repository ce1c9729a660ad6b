"""Two blocks for templates: `{% sentence %}` makes a sentence of clauses, `{% points %}` numbers sentences 一是, 二是.

Both leave out what nobody answered, so that an outline's author need not foresee every subset of answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from prompts.marks import ABSENT, OPEN, ZERO, unmarked
from prompts.numbering import chinese


class _Block(Extension):
    """A block whose rendered body one method turns into text; `options` are the arguments it may be given."""

    tag: ClassVar[str]
    options: ClassVar[frozenset[str]] = frozenset()

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        given: list[nodes.Keyword] = []
        while parser.stream.current.type != "block_end":
            if given:
                parser.stream.skip_if("comma")
            name = parser.stream.expect("name").value
            if name not in self.options:
                known = ", ".join(sorted(self.options)) or "nothing"
                parser.fail(f"{self.tag} takes {known}, not {name!r}", line)
            parser.stream.expect("assign")
            given.append(nodes.Keyword(name, parser.parse_expression(), lineno=line))
        body = parser.parse_statements((f"name:end{self.tag}",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_text", [], given), [], [], body).set_lineno(line)


class Sentence(_Block):
    """`{% sentence %}` … `{% endsentence %}`: each line a clause; see `_text`."""

    tag = "sentence"
    tags = {"sentence"}  # noqa: RUF012  (Jinja's own interface)
    options = frozenset({"lead", "join", "end", "keep", "zero"})

    def _text(
        self,
        caller: Callable[[], str],
        lead: str = "",
        join: str = "，",
        end: str = "。",
        keep: bool = False,
        zero: bool = False,
    ) -> str:
        """One sentence of the lines that hold.

        A line with an unanswered question is left out, and so is one whose figure is 0, which no report boasts of
        (`zero=true`: it stays). If lines mention answers and none of them holds, the whole sentence goes, so that
        nothing is claimed which nobody said (`keep=true`: the fixed lines stay). `lead` stands before the first
        line that holds an answer.
        """
        lines = [line.strip() for line in caller().splitlines() if line.strip()]
        held = [line for line in lines if ABSENT not in line and (zero or ZERO not in line)]
        first = next((i for i, line in enumerate(held) if OPEN in line), None)
        if first is None and len(held) < len(lines) and not keep:
            return ABSENT
        if not held:
            return ABSENT
        if first is not None:
            held[first] = lead + held[first]
        sentence = held[0]
        for line in held[1:]:
            sentence += line if sentence.endswith(("，", "；", "。", "：", "、")) else join + line
        return sentence if sentence.endswith(("。", "；")) else sentence.rstrip("，、") + end


class Points(_Block):
    """`{% points %}` … `{% endpoints %}`: each line (usually a sentence block; blank lines part them) is a point.

    Points read 一是…。二是…。; a single one stands without 一是, and those without an answer are left out.
    """

    tag = "points"
    tags = {"points"}  # noqa: RUF012  (Jinja's own interface)

    def _text(self, caller: Callable[[], str]) -> str:
        points = [line.strip() for line in caller().splitlines() if unmarked(line).strip()]
        if len(points) > 1:
            points = [f"{chinese(i)}是{point}" for i, point in enumerate(points, 1)]
        return "".join(points) or ABSENT
