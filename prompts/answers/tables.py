"""table: fixed rows and columns of numbers, typed row by row or pasted from a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING

from prompts.answers.numerals import fold, read_number
from prompts.answers.values import Parsed, Refused, TableCells

if TYPE_CHECKING:
    from prompts.outline import Question

_BLANK = {"", "-", "—", "--", "——", "/", "\\", "空", "〔待填〕"}
_ZEROS = {"0", "无", "没有", "零", "全0", "全为0", "都是0", "均为0", "全部为0"}
REST_ZERO = {"其余全为0", "其余为0", "其余都是0", "其他全为0", "其它全为0", "其余0"}
ZERO_ROW = "全0"
_ORDER = re.compile(r"\s*第?\s*(\d{1,3})\s*行\s*[:：]?\s*")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
# What stands around a row's name in a form and is seldom typed, in folded text: （一） 一、 1. and a last （…）.
_NUMBERING = re.compile(r"^(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)])")
_REMARK = re.compile(r"\([^()]*\)$")
_SUGGESTED = 6

Rows = list[list[Decimal | None]]


def parse_table(typed: str, question: Question, before: TableCells | None) -> Parsed:
    """Rows of numbers, each on a line: with its name in front, or in order from the first row still empty.

    Cells are parted by tabs, or by blanks, commas or 、. Only what is filled in need be given; totals that come with
    a pasted block are passed over, they are computed. `before` is what the table holds already; a cell left blank
    stays as it was. A row's name may leave out its numbering and its remark in brackets, or be a part that only this
    row has. `全0` is a row of zeros, `其余全为0` fills what is still empty, a row carried over from last year's report
    not before the others are full. Raises `Refused`.
    """
    lines = _lines(typed)
    if not lines:
        raise Refused("empty")
    return Parsed(_Reading(question, before).read(lines))


class _Reading:
    """One message being read into a table, line by line."""

    def __init__(self, question: Question, before: TableCells | None) -> None:
        self.question = question
        self.rows, self.columns = question.row_axis, question.column_axis
        shape = (len(self.rows.paths), len(self.columns.paths))
        kept = before.rows if before and (len(before.rows), len(before.rows[0])) == shape else ()
        self.grid: Rows = [list(row) for row in kept] or [[None] * shape[1] for _ in range(shape[0])]
        self.following: int | None = next(filter(self._is_empty, self.rows.typed), self.rows.typed[0])
        self.pasted = False  # from a spreadsheet or a page: a place that is empty stays open
        self.began = False  # a row was read: no title and no head of the table is to come
        self.headed = False  # the head of the table came with the paste
        self.totals = False  # the head that came with the paste has the columns of totals
        self.covered = False  # the cells that merged heads cover came with the paste, as empty ones

    def read(self, lines: Sequence[str]) -> TableCells:
        self.pasted = any("\t" in line for line in lines)  # of a last line the blanks at its end are cut off
        for number, line in enumerate(lines):
            if fold(line).rstrip("。.") in REST_ZERO:
                self._fill_rest()
                self.began = True
            elif len(lines) == 1 or not self._is_heading(line):
                self._read_row(line, first=number == 0)
                self.began = True
        if not self.began:  # a title or the head of the table, and nothing below it
            raise Refused("empty") if self.headed else self._unknown(lines[0])
        return TableCells(tuple(tuple(row) for row in self.grid))

    def _read_row(self, line: str, *, first: bool) -> None:
        cells = _cells(line)
        index, given = self._row_of(line, cells)
        column = (
            [cell for cell in given if fold(cell)] if index is None and len(self.columns.typed) == 1 else []
        )
        if len(column) > 1:  # typed in one line
            for cell in column:
                self._put(self.following, [cell])
            return
        if index is None and "\t" in line and first and len(given) < len(self.columns.typed):
            # Its first cells may have been empty: programs cut the blanks at the ends of what they copy.
            raise Refused("columns", row=self._next_name(), given=len(given), columns=len(self.columns.typed))
        at = self.following if index is None else index
        if not self.pasted and at is not None and at not in self.rows.sums and self._too_few(given):
            raise Refused(
                "columns", row=self.rows.paths[at][-1], given=len(given), columns=len(self.columns.typed)
            )
        self._put(at, given)

    def _too_few(self, cells: list[str]) -> bool:
        """Whether a row that was typed out leaves cells open: whoever means to, types a sign for none."""
        alone = len(cells) == 1 and fold(cells[0]) in _ZEROS
        return len(cells) < len(self.columns.typed) and not alone

    def _put(self, index: int | None, cells: list[str]) -> None:
        if index is None:
            raise Refused("too_many_rows", rows=len(self.rows.typed))
        if index not in self.rows.sums:  # a pasted total is computed
            self._fill(index, cells)
            self.following = next((i for i in self.rows.typed if i > index), None)

    def _fill(self, index: int, cells: list[str]) -> None:
        name, typed = self.rows.paths[index][-1], self.columns.typed
        whole = len(self.columns.paths)
        said = [fold(cell) for cell in cells if fold(cell)]
        if len(said) == 1 and said[0] in (_ZEROS - {"0", "零"} if self.pasted else _ZEROS):
            cells = ["0"] * whole  # a pasted 0 is the 0 of one cell
        while len(cells) > len(typed) and len(cells) != whole and not fold(cells[-1]):
            cells = cells[:-1]
        if self.pasted and (self.totals or len(cells) > len(typed)):  # with totals, its last blanks cut off
            cells = cells + [""] * (whole - len(cells))
        if len(cells) == whole:
            cells = [cells[column] for column in typed]
        if len(cells) > len(typed):
            raise Refused("columns", row=name, given=len(cells), columns=len(typed))
        for column, cell in zip(typed, cells, strict=False):
            if fold(cell) not in _BLANK:
                self.grid[index][column] = self._number(cell, name)

    def _number(self, cell: str, row: str) -> Decimal:
        text = self._without_unit(fold(cell))
        if text in _ZEROS:
            return Decimal(0)
        number = _figure(text)
        if number is None:
            raise Refused("cell", row=row, given=cell.strip()[:20])
        least, most = self.question.min, self.question.max
        if (least is not None and number < least) or (most is not None and number > most):
            raise Refused("limits", min=least, max=most, given=text)
        whole = number.to_integral_value()
        if number == whole:
            return whole or Decimal(0)
        if not self.question.decimals:
            raise Refused("whole", given=text)
        return number

    def _fill_rest(self) -> None:
        """Zeros where nothing stands; in a row that last year's report gives only when no other is left."""
        empty = [
            (row, column)
            for row in self.rows.typed
            for column in self.columns.typed
            if self.grid[row][column] is None
        ]
        carried = {self.rows.index(name) for name in self.question.carry}
        for row, column in [place for place in empty if place[0] not in carried] or empty:
            self.grid[row][column] = Decimal(0)

    def _is_empty(self, row: int) -> bool:
        return all(self.grid[row][column] is None for column in self.columns.typed)

    def _next_name(self) -> str:
        return self.rows.paths[self.following][-1] if self.following is not None else ""

    def _is_heading(self, line: str) -> bool:
        """Whether a line of a block is no row but the table's head, or a title above it: it has no figure."""
        cells = [fold(cell) for cell in _cells(line) if fold(cell)]
        if any(self._is_figure(cell) for cell in cells):
            return False
        heads = {fold(part) for path in self.columns.paths for part in path}
        heads |= {fold(text) for text in (self.question.caption, self.question.corner, self.question.name)}
        if not cells or any(cell in heads for cell in cells):
            totals = {fold(self.columns.paths[column][-1]) for column in self.columns.sums}
            self.totals = self.totals or not totals.isdisjoint(cells)
            self.headed = self.headed or bool(cells)
            return True
        return not self.began and not any(self._begins(cell) for cell in cells)

    def _begins(self, cell: str) -> bool:
        """Whether a folded cell begins with the name of a row."""
        return any(cell.startswith((fold(path[-1]), _bare(fold(path[-1])))) for path in self.rows.paths)

    # Which row a line is about.

    def _row_of(self, line: str, cells: list[str]) -> tuple[int | None, list[str]]:
        """The row, None for the next one, and the cells behind its name. Raises `Refused` for an unknown name."""
        index: int | None
        if (match := _ORDER.match(line)) and (rest := line[match.end() :]).strip():
            return self._by_order(int(match[1])), _cells(rest)
        if "\t" in line:
            return self._row_pasted(cells)
        folded = fold(line)
        for index, name in self._by_length:
            behind = self._behind_name(line, name) if folded.startswith(name) else None
            if behind is not None:
                return index, _cells(behind) if behind else []
        split = len(cells)
        while split and self._is_figure(cells[split - 1]):
            split -= 1
        if not split:
            return None, cells
        # Where no name is left of the figures, the longest one at the front: then what follows it is no figure.
        for length in (split, *range(split - 1, 0, -1)):
            index = self._named("".join(cells[:length]).rstrip(":："))
            if index is not None:
                return index, cells[length:]
        raise self._unknown("".join(cells[:split]))

    def _by_order(self, number: int) -> int:
        if not 1 <= number <= len(self.rows.typed):
            raise self._unknown(f"第{number}行")
        return self.rows.typed[number - 1]

    def _row_pasted(self, cells: list[str]) -> tuple[int | None, list[str]]:
        first = next((i for i, cell in enumerate(cells) if self._is_figure(cell)), len(cells))
        named = [i for i in range(first) if fold(cells[i])]
        if not named:
            return None, cells
        for last in reversed(named):
            groups = [fold(cells[i]) for i in named if i < last]
            index = self._named(cells[last], groups, exactly=last != named[-1])
            if index is not None:
                return index, self._behind(cells[last + 1 :], index)
        raise self._unknown(cells[named[-1]])

    def _behind(self, cells: list[str], index: int) -> list[str]:
        """The cells behind a name, without the empty ones that its merged head covers."""
        spare = self.rows.depth - len(self.rows.paths[index])
        may_be = 0 < spare <= len(cells) and not any(fold(cell) for cell in cells[:spare])
        whole = len(cells) in (len(self.columns.typed), len(self.columns.paths))
        if may_be and (self.covered or not whole):
            self.covered = True
            return cells[spare:]
        return cells

    def _named(self, name: str, groups: Sequence[str] = (), *, exactly: bool = False) -> int | None:
        """The one row of a name as people write it; `groups` are the heads that stand in front of it."""
        wanted, bare = fold(name), _bare(fold(name))
        paths = [[fold(part) for part in path] for path in self.rows.paths]
        tiers = [
            [wanted in (path[-1], "".join(path), "/".join(path)) for path in paths],
            [bare == _bare(path[-1]) for path in paths],
        ]
        for tier in tiers:
            found = [i for i, holds in enumerate(tier) if holds]
            if len(found) > 1 and groups:
                found = [i for i in found if set(groups) <= set(paths[i])] or found
            if found:  # of several, the one that is next
                return found[0] if len(found) == 1 else self.following if self.following in found else None
        part_of = [i for i, path in enumerate(paths) if len(bare) > 1 and bare in path[-1]]
        if len(part_of) == 1 and not exactly:
            return part_of[0]
        return None

    @property
    def _by_length(self) -> list[tuple[int, str]]:
        """The rows by the folded names that a line may begin with, the longest first; a name of several is of none."""
        found: dict[str, set[int]] = {}
        for i, path in enumerate(self.rows.paths):
            for name in {fold(path[-1]), fold("".join(path)), _bare(fold(path[-1]))}:
                found.setdefault(name, set()).add(i)
        rows = {
            name: self.following if self.following in of else min(of) if len(of) == 1 else None
            for name, of in found.items()
        }
        return [(i, name) for name, i in sorted(rows.items(), key=lambda row: -len(row[0])) if i is not None]

    def _behind_name(self, line: str, name: str) -> str | None:
        """What follows a row's folded name, which may have blanks in the line; None where a longer word begins so."""
        seen, position = "", 0
        while position < len(line) and len(seen) < len(name):
            seen = fold(line[: position + 1])
            position += 1
        rest = line[position:]
        trimmed = rest.strip(" \t:：|,，、;；")
        apart = not trimmed or rest[0] in " \t　:：|,，、;；"
        return trimmed if apart or self._is_figure(_cells(trimmed)[0]) else None

    def _unknown(self, given: str) -> Refused:
        """The refusal of a name, with the rows that may be meant: those it is a part of, or like, or else the first."""
        wanted = _bare(fold(given))
        paths = [self.rows.paths[i] for i in self.rows.typed]
        near = [path[-1] for path in paths if wanted and any(wanted in fold(part) for part in path)]
        if not near:
            bare = {_bare(fold(path[-1])): path[-1] for path in paths}
            near = [bare[name] for name in get_close_matches(wanted, bare, _SUGGESTED)]
        names = near or [path[-1] for path in paths]
        return Refused("row", *names[:_SUGGESTED], given=given.strip()[:20])

    def _is_figure(self, cell: str) -> bool:
        """Whether a cell holds a figure or a sign for none, rather than a name or nothing."""
        text = self._without_unit(fold(cell))
        if text in _ZEROS | _BLANK:
            return bool(text)
        return _figure(text) is not None and not any(text == fold(path[-1]) for path in self.rows.paths)

    def _without_unit(self, text: str) -> str:
        unit = self.question.unit
        return text.removesuffix(unit) if unit else text


def _lines(typed: str) -> list[str]:
    """The lines that are not empty; a line break inside a spreadsheet's quoted cell parts nothing."""
    if "\t" in typed and re.search(r'(?:^|\t)"', typed, re.M):
        rows = csv.reader(io.StringIO(typed), delimiter="\t")
        return ["\t".join("".join(cell.splitlines()) for cell in row) for row in rows if any(row)]
    return [line for line in typed.splitlines() if line.strip()]


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return line.split("\t")
    return re.split(r"[\s,，、;；|]+", line.strip(" \t|,，、;；"))


def _bare(name: str) -> str:
    """A folded name without its numbering and its last remark in brackets."""
    bare = _REMARK.sub("", _NUMBERING.sub("", name))
    return bare or name


def _figure(text: str) -> Decimal | None:
    """The number of a cell: 12, -3.5, 十二; none that counts in 万, for what the table counts in is not known here."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    found = read_number(text)
    return found[0] if found and not found[1] else None
