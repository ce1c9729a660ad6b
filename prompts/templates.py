"""The language that outlines are worded in: Jinja, sandboxed and strict, and a few words of our own.

- A question's key is its answer. It prints as an official document writes it, is false in `{% if %}` when it has
  not been answered, and shows a gap when it was required.
- `{% sentence %}` makes one sentence of its lines: a line that mentions an unanswered question is left out.
- `rate(done, total)`, `total(a, b)`, `change(now, then) | compared`: computed figures. `stack(a, b)`: one table of several.
- `| as_sentences`, `| as_points`, `| joined("、")`: lists.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from prompts.answers import Figure, TableCells, Trend, Value, print_value
from prompts.draft import Source
from prompts.grid import Grid
from prompts.marks import ABSENT, ZERO, block, marked, unmarked
from prompts.numbering import chinese, heading_number
from prompts.offices import Office
from prompts.outline import Question
from prompts.sentences import Points, Sentence


class Given(str):
    """An answer inside a template: its text, printed with its marks; figures also compare and compute."""

    __slots__ = ("amount", "keys", "source")
    amount: Decimal | None
    keys: tuple[str, ...]
    source: Source

    def __new__(
        cls, text: str, keys: tuple[str, ...], source: Source = Source.ANSWER, amount: Decimal | None = None
    ) -> Given:
        self = super().__new__(cls, text)
        self.keys, self.source, self.amount = keys, source, amount
        return self

    def __str__(self) -> str:
        text = str.__str__(self)
        if self.source is Source.ANSWER and "\n" in text:  # a line break that someone typed parts paragraphs
            text = "\n\n".join(part for part in text.splitlines() if part.strip())
        return marked(text, self.source, self.keys) + (ZERO if self.amount == 0 else "")

    def __bool__(self) -> bool:
        return str.__len__(self) > 0

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __eq__(self, other: object) -> bool:
        number = _amount(other)
        if self.amount is not None and number is not None and not isinstance(other, str):
            return self.amount == number
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other  # str has an own `!=`, which would not ask our `==`

    def _compared(self, other: object, how: Callable[[Decimal, Decimal], bool]) -> bool:
        number = _amount(other)
        return self.amount is not None and number is not None and how(self.amount, number)

    def __lt__(self, other: object) -> bool:
        return self._compared(other, lambda a, b: a < b)

    def __le__(self, other: object) -> bool:
        return self._compared(other, lambda a, b: a <= b)

    def __gt__(self, other: object) -> bool:
        return self._compared(other, lambda a, b: a > b)

    def __ge__(self, other: object) -> bool:
        return self._compared(other, lambda a, b: a >= b)

    def __add__(self, other: Any) -> Any:
        number = _amount(other)
        if self.amount is None or number is None:
            return str(self) + str(other) if isinstance(other, str | Absent) else NotImplemented
        return computed(self.amount + number, "", (self, other))

    def __radd__(self, other: Any) -> Any:
        return str(other) + str(self) if isinstance(other, str) else self.__add__(other)

    def __sub__(self, other: Any) -> Any:
        number = _amount(other)
        if self.amount is None or number is None:
            return NotImplemented
        return computed(self.amount - number, "", (self, other))


class Flag:
    """A yes or no inside a template: true or false, and answered or not."""

    def __init__(self, value: bool, keys: tuple[str, ...]) -> None:
        self.value, self.keys = value, keys

    def __bool__(self) -> bool:
        return self.value

    def __str__(self) -> str:
        return marked("是" if self.value else "否", Source.ANSWER, self.keys)


class GivenList:
    """A list inside a template: `for` walks its items, printing it joins them with 、."""

    def __init__(self, items: Iterable[Given], keys: tuple[str, ...]) -> None:
        self.items, self.keys = tuple(items), keys

    def __iter__(self) -> Iterator[Given]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, label: object) -> bool:
        return any(str.__eq__(item, label) or getattr(item, "label", None) == label for item in self.items)

    def __str__(self) -> str:
        return "、".join(str(item) for item in self.items)


class Chosen(GivenList):
    """The options that were ticked: `"label" in measures`; printed they read as the outline words them."""

    def __init__(self, question: Question, labels: Iterable[str]) -> None:
        self.labels = tuple(labels)
        keys = (question.key,)
        super().__init__(
            (Given(question.wording(label), keys, Source.TEMPLATE) for label in self.labels), keys
        )

    def __contains__(self, label: object) -> bool:
        return label in self.labels


class ChosenOne(Given):
    """The option that was chosen: equal to its label, printed as the outline words it."""

    __slots__ = ("label",)
    label: str

    @classmethod
    def of(cls, question: Question, label: str) -> ChosenOne:
        self = cls(question.wording(label), (question.key,), Source.TEMPLATE)
        self.label = label
        return self

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True or self.label == other

    def __hash__(self) -> int:
        return hash(self.label)


class AboutItem(Given):
    """An answer to a question that was asked about an item of last year's report: `about` is the item."""

    __slots__ = ("about",)
    about: Given

    @classmethod
    def of(cls, answer: Given, about: str) -> AboutItem:
        self = cls(str.__str__(answer), answer.keys, answer.source, answer.amount)
        self.about = Given(about, answer.keys)
        return self


class GivenTable:
    """A table inside a template: printed on a line of its own it becomes the table; `at` gives a cell."""

    def __init__(self, grid: Grid, keys: tuple[str, ...]) -> None:
        self.grid, self.keys = grid, keys

    def at(self, row: str, column: str) -> Any:
        """The figure of a cell by its names; absent while it is not known."""
        value = self.grid.value(self.grid.rows.index(row), self.grid.columns.index(column))
        return Absent(self.keys) if value is None else computed(value, self.grid.question.unit, (self,))

    def __str__(self) -> str:
        return block(self.keys)


class Absent:
    """No answer: not given yet, or 不涉及. False and unprintable, unless required: then a gap."""

    amount = None

    def __init__(self, keys: tuple[str, ...], gap: str = "") -> None:
        self.keys, self.gap = keys, gap

    def __bool__(self) -> bool:
        return bool(self.gap)

    def __str__(self) -> str:
        return marked(f"〔待填：{self.gap}〕", Source.GAP, self.keys) if self.gap else ABSENT

    def __iter__(self) -> Iterator[Given]:
        return iter([Given(f"〔待填：{self.gap}〕", self.keys, Source.GAP)] if self.gap else ())

    def __len__(self) -> int:
        return 1 if self.gap else 0

    def __contains__(self, label: object) -> bool:
        return False

    def at(self, row: str, column: str) -> Absent:
        """A cell of a table that is not there."""
        return Absent(self.keys)

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(self.keys)

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __add__(self, other: object) -> Absent:
        return self

    __radd__ = __sub__ = __rsub__ = __add__


def given(question: Question, value: Value, last: Value | None = None) -> Any:
    """A parsed answer as templates see it; `last` is last year's answer, for what a table carries over."""
    keys = (question.key,)
    match value:
        case bool():
            return Flag(value, keys)
        case Figure():
            return Given(print_value(question, value), keys, amount=value.amount)
        case int():
            return Given(str(value), keys, amount=Decimal(value))
        case datetime.date():
            return Given(print_value(question, value), keys)
        case TableCells():
            return GivenTable(Grid(question, value, last if isinstance(last, TableCells) else None), keys)
        case Trend():
            return Given(
                print_value(question, value), keys, amount=value.by or None
            )  # 持平 is no zero to be passed over
        case tuple() if question.type == "choices":
            return Chosen(question, value)
        case tuple():
            return GivenList((Given(item, keys) for item in value), keys)
        case str() if question.type == "choice":
            return ChosenOne.of(question, value)
        case str():
            return Given(value, keys)


def computed(number: Decimal, unit: str, of: Iterable[object]) -> Given:
    """A figure computed from answers."""
    keys = tuple(dict.fromkeys(key for part in of for key in getattr(part, "keys", ())))
    return Given(f"{number:f}{unit}", keys, Source.COMPUTED, number)


def rate(done: Any, total: Any, digits: int = 1) -> Any:
    """`done` of `total` in percent, rounded half up; 100% only where they are equal. Absent where either is vague."""
    part, whole = _amount(done), _amount(total)
    if part is None or whole is None or whole == 0 or not (_exact(done) and _exact(total)):
        return _first_absent(done, total)
    percent = (part * 100 / whole).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    if percent == 100 and part != whole:
        percent = Decimal(100) - Decimal(1).scaleb(-digits) if part < whole else percent
    return computed(_shortest(percent), "%", (done, total))


def total(*parts: Any) -> Any:
    """The sum of those that were answered; absent where none was or one is vague."""
    known = [part for part in parts if _amount(part) is not None]
    if not known or not all(_exact(part) for part in known):
        return _first_absent(*parts)
    return computed(sum((_amount(part) or Decimal(0) for part in known), Decimal(0)), "", known)


def change(now: Any, then: Any, digits: int = 1) -> Any:
    """`now` against `then`: 增长5.2%, 下降3%, 与上年持平; of rates 提高1.2个百分点.

    Absent where either is vague or missing (a required one has its gap where it is printed itself), and where there is
    nothing to compare with: no figure grows by so many percent from 0.
    """
    new, old = _amount(now), _amount(then)
    if new is None or old is None or not (_exact(now) and _exact(then)):
        return Absent(getattr(now, "keys", ()))
    if isinstance(now, str) and str.__str__(now).endswith("%"):
        trend = Trend(_rounded(new - old, digits), points=True)
    elif new == old:
        trend = Trend(Decimal(0))
    elif old <= 0:
        return Absent(getattr(now, "keys", ()))
    else:
        trend = Trend(_rounded((new - old) * 100 / old, digits))
    return Given(trend.print(), getattr(now, "keys", ()), Source.COMPUTED, trend.by or None)


def compared(trend: Any, lead: str = "较上年") -> Any:
    """A change with the words that stand before it: 较上年增长5.2%; 与上年持平 stands by itself."""
    plain = str.__str__(trend) if isinstance(trend, Given) else str(trend)
    return trend if not trend or plain.startswith("与") else f"{lead}{trend!s}"


def _rounded(number: Decimal, digits: int) -> Decimal:
    rounded = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    if rounded == 0 and number:  # a small change is no standstill
        return _rounded(number, digits + 1) if digits < 6 else rounded
    return _shortest(rounded)


def stack(*tables: Any) -> Any:
    """One table of several, below each other; those not filled in are left out."""
    keys = [key for table in tables if isinstance(table, GivenTable) for key in table.keys]
    return block(keys) if keys else _first_absent(*tables)


def as_sentences(value: Any) -> Any:
    """Each item a sentence of its own."""
    if isinstance(value, Given):
        value = [value]
    return "".join(f"{item!s}。" if not _ended(item) else str(item) for item in value) or ABSENT


def as_points(value: Any) -> Any:
    """一是…；二是…；三是…。 A single item stands without 一是."""
    items = list(value)
    if not items:
        return ABSENT
    if len(items) == 1:
        return as_sentences(items)
    return "；".join(f"{chinese(i)}是{item!s}" for i, item in enumerate(items, 1)) + "。"


def as_numbered_sentences(value: Any) -> Any:
    """一是…。二是…。: for points of several clauses each."""
    items = list(value)
    if len(items) < 2:
        return as_sentences(items)
    return "".join(f"{chinese(i)}是{item!s}。" for i, item in enumerate(items, 1))


def joined(value: Any, by: str = "、", last: str = "") -> Any:
    """The items joined with `by`, the last one with `last` where that is given: 甲、乙和丙."""
    items = [str(item) for item in value]
    if last and len(items) > 1:
        items[-2:] = [items[-2] + last + items[-1]]
    return by.join(items) or ABSENT


def listed(*values: Any) -> Any:
    """One list of all that was answered: figures, lists, and texts such as `"合同" ~ contracts` that hold."""
    items: list[Any] = []
    for value in values:
        if isinstance(value, GivenList | Absent):
            items.extend(value)  # not +=, which would ask Absent's own addition
        elif not any(sign in str(value) for sign in (ABSENT, ZERO)):
            items.append(value)
    return GivenList(items, ()) if items else _first_absent(*values)


def titles(value: Any) -> Any:
    """Names of laws and documents, each in 《》, without 、 between them (GB/T 15834—2011, 4.5.3.5)."""
    items = list(value)
    names = [str.__str__(item) if isinstance(item, Given) else str(item) for item in items]
    text = ""
    for i, (item, name) in enumerate(zip(items, names, strict=True)):
        bare = not ("《" in name or getattr(item, "source", None) is Source.GAP)
        apart = i and not bare and not (names[i - 1].endswith("》") or "《" not in names[i - 1])
        text += "、" if apart or (i and not bare and not name.startswith("《")) else ""
        text += f"《{item!s}》" if bare else str(item)
    return text or ABSENT


def where(text: Any, condition: Any) -> Any:
    """The outline's own words, said only where `condition` holds: in a sentence they count as an answer."""
    return Given(unmarked(str(text)), (), Source.TEMPLATE) if condition else Absent(())


def office(name: Any) -> Office:
    """What an office's full name says: `(unit | office).level`."""
    return Office.of(str.__str__(name)) if isinstance(name, str) else Office()


def paragraphs(value: Any) -> Any:
    """Each item a paragraph of its own."""
    return "\n\n".join(f"{item!s}。" if not _ended(item) else str(item) for item in value) or ABSENT


def numbered(value: Any, level: int = 2) -> Any:
    """Each item a numbered paragraph: （一）… A single item stands without a number."""
    items = list(value)
    if len(items) < 2:
        return paragraphs(items)
    return "\n\n".join(f"{heading_number(level, i)}{item!s}。" for i, item in enumerate(items, 1))


def _ended(item: Any) -> bool:
    plain = str.__str__(item) if isinstance(item, Given) else str(item)
    return isinstance(item, Given) and item.source is not Source.ANSWER and plain.endswith(("。", "！", "？"))


def _amount(value: object) -> Decimal | None:
    match value:
        case Given():
            return value.amount
        case bool():
            return None
        case int() | Decimal():
            return Decimal(value)
        case _:
            return None


def _exact(value: object) -> bool:
    return not (isinstance(value, Given) and any(mark in str.__str__(value) for mark in "余约近超不至以"))


def _first_absent(*values: Any) -> Any:
    return next((value for value in values if isinstance(value, Absent)), Absent(()))


def _shortest(number: Decimal) -> Decimal:
    return number.to_integral_value() if number == number.to_integral_value() else number


def environment() -> ImmutableSandboxedEnvironment:
    """The environment of outline templates: what an office writes cannot reach beyond its answers."""
    env = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Sentence, Points],
        finalize=_finalize,
    )
    env.globals = {"rate": rate, "total": total, "listed": listed, "change": change, "stack": stack}
    env.filters |= {
        "as_sentences": as_sentences,
        "as_points": as_points,
        "as_numbered_sentences": as_numbered_sentences,
        "joined": joined,
        "compared": compared,
        "numbered": numbered,
        "paragraphs": paragraphs,
        "titles": titles,
        "where": where,
        "office": office,
    }
    return env


class Lazy:
    """A template that was parsed and checked, and is compiled when it is first needed: most are not, in one start."""

    def __init__(self, env: ImmutableSandboxedEnvironment, source: str) -> None:
        self._env, self.source = env, source
        self._template: Template | None = None

    def render(self, values: Mapping[str, Any], /) -> str:
        if self._template is None:
            self._template = self._env.from_string(self.source)
        return self._template.render(values)


def lazy_expression(env: ImmutableSandboxedEnvironment, source: str) -> Callable[[Mapping[str, Any]], Any]:
    """An expression that was parsed and checked, compiled when it is first needed."""
    compiled: list[Callable[..., Any]] = []

    def over(values: Mapping[str, Any]) -> Any:
        if not compiled:
            compiled.append(env.compile_expression(source, undefined_to_none=False))
        try:
            return compiled[0](values)
        except Exception as error:
            error.add_note(source)  # which of an outline's expressions it was
            raise

    return over


def _finalize(value: Any) -> Any:
    return ABSENT if value is None or value is False else value


Context = Mapping[str, Any]
