"""One person taken out of a kept file: her rows are emptied, everything else stays byte for byte.

A row keeps its line and its separators, so that every other row keeps its number: what somebody agreed to is proved by
the row it stood in. Only texts are cut here, by the standard library's own CSV reader. A workbook is packed and may
hold copies of itself, so it is only searched (`workbooks`), and goes as a whole if she is in it.
"""

import csv
import io
import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from python_calamine import CalamineError

from regulars.areas.intake.readers.cards import cards_in, cells_of, emptied, is_of_lines
from regulars.areas.intake.readers.dialect import LONGEST_CELL, Dialect, without_formulas
from regulars.areas.intake.readers.layout import Cells, Layout
from regulars.areas.intake.readers.marks import Marks
from regulars.areas.intake.readers.vcards import cells_by_column
from regulars.areas.intake.readers.workbooks import is_in_workbook


class Uncuttable(Exception):
    """This file cannot be cut row by row with certainty."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A file without her: its bytes, and the numbers of the rows that were emptied. Neither where she was not in it."""

    data: bytes = b""
    rows: tuple[int, ...] = ()


def cut(data: bytes, layout: Layout, marks: Marks, references: Sequence[int]) -> Cut:
    """The file without her rows. `references` are the places of the columns that hold such.

    Raises Uncuttable for one that she is in and that cannot be cut.
    """
    if layout.kind == "sheet":
        return _searched(data, marks, references)
    errors = "surrogateescape" if layout.damaged and layout.encoding == "utf-8" else "replace"
    text = data.decode(layout.encoding, errors)
    if layout.kind == "vcf":  # its lines are folded and may be encoded once more: a quick look would miss her
        parts, rows = _cut_book(text, layout, marks, references)
    elif layout.kind == "json":
        parts, rows = _cut_cards(text, layout, marks, references)
    else:
        parts, rows = _cut_table(text, data, layout, marks, references)
    if rows and text.encode(layout.encoding, errors) != data:
        raise Uncuttable
    return Cut("".join(parts).encode(layout.encoding, errors), tuple(rows)) if rows else Cut(data)


def _searched(data: bytes, marks: Marks, references: Sequence[int]) -> Cut:
    try:
        if is_in_workbook(data, marks, references):
            raise Uncuttable
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError):
        raise Uncuttable from None
    return Cut()


def _cut_cards(text: str, layout: Layout, marks: Marks, references: Sequence[int]) -> tuple[list[str], list[int]]:
    rows = []
    for number, card in enumerate(cards_in(text), 1):
        cells = cells_of(card)
        known = [cells.get(layout.fields[place], "") for place in references if place < len(layout.fields)]
        if marks.are_in(list(cells.values()), known):
            rows.append(number)
    if rows and not is_of_lines(text):
        raise Uncuttable
    return [emptied(text, rows)], rows


def _cut_table(
    text: str, data: bytes, layout: Layout, marks: Marks, references: Sequence[int]
) -> tuple[list[str], list[int]]:
    found = marks.places(text, data, layout.encoding)
    if not found:
        return [], []
    lines = list(io.StringIO(text, newline=""))
    starts = [0, *accumulate(map(len, lines))]
    suspect = sorted({bisect_right(starts, place) - 1 for place in found})
    dialect, rows = Dialect(layout.delimiter, layout.quote, layout.escape), []
    ends = _ends(lines, layout, dialect, suspect[-1])
    for at in sorted({bisect_right(ends, line) for line in suspect}):
        first, last = ends[at - 1] if at else int(layout.sep_line), ends[at]
        raw = "".join(lines[first:last])
        cells = _cells(raw, dialect)
        cells = without_formulas(cells) if layout.formulas else cells
        if at >= layout.skip and marks.are_in(cells, _at(cells, references)):
            lines[first:last] = [_emptied(raw, layout), *[""] * (last - first - 1)]
            rows.append(at + 1)
    return lines, rows


_AHEAD = (1, 2, 4, 16, 256, 4096)  # lines that a record may have


def _ends(lines: Sequence[str], layout: Layout, dialect: Dialect, until: int) -> list[int]:
    """Behind which line each record ends, as the reader of files counts records, up to the one with this line.

    A line with an even number of quotation marks is a record by itself; only at another one the reader is asked.
    """
    at, ends = int(layout.sep_line), list[int]()
    marks = (layout.quote, layout.escape) if layout.escape else (layout.quote,)
    asked = [line for line in range(at, until + 1) if _is_open(lines[line], marks)] if layout.quote else []
    for line in asked:
        if line >= at:
            ends.extend(range(at + 1, line + 1))
            at = _end(lines, line, dialect)
            ends.append(at)
    return ends + list(range(at + 1, until + 2))


def _cells(raw: str, dialect: Dialect) -> Cells:
    try:
        return next(dialect.reader(io.StringIO(raw.replace("\0", ""), newline=""), strict=True), [])
    except csv.Error:
        raise Uncuttable from None


def _is_open(line: str, marks: Sequence[str]) -> bool:
    return bool(line.count(marks[0]) % 2) or any(each in line for each in marks[1:])


def _end(lines: Sequence[str], first: int, dialect: Dialect) -> int:
    """Behind which line the record ends that begins with this one."""
    csv.field_size_limit(LONGEST_CELL)
    for many in _AHEAD:
        reader = dialect.reader((line.replace("\0", "") for line in lines[first : first + many]), strict=True)
        try:
            next(reader)
        except csv.Error:
            continue
        return first + reader.line_num
    raise Uncuttable


_BEGIN, _END = (re.compile(rf"\s*(?:[\w-]+\.)?{word}\s*:\s*VCARD\s*$", re.IGNORECASE) for word in ("BEGIN", "END"))


def _cut_book(text: str, layout: Layout, marks: Marks, references: Sequence[int]) -> tuple[list[str], list[int]]:
    parts, rows, number = [], [], 0
    for lines in _cards(text):
        raw = "".join(lines)
        if _BEGIN.match(lines[0]):
            number += 1
            cells = cells_by_column(lines)
            known = [cells.get(layout.fields[place], "") for place in references if place < len(layout.fields)]
            if marks.are_in(list(cells.values()), known):
                raw = "".join(line for line in lines if _BEGIN.match(line) or _END.match(line))
                rows.append(number)
        parts.append(raw)
    return parts, rows


def _cards(text: str) -> Iterator[list[str]]:
    """The lines of each card, and what stands between cards."""
    held: list[str] = []
    for line in io.StringIO(text, newline=""):
        if held and _BEGIN.match(line):
            yield held
            held = []
        held.append(line)
        if _END.match(line):
            yield held
            held = []
    if held:
        yield held


def _at(cells: Cells, places: Sequence[int]) -> list[str]:
    return [cells[place] for place in places if place < len(cells)]


def _emptied(raw: str, layout: Layout) -> str:
    """The record with as many cells on as many lines, and nothing in them. A quotation mark opens only where a cell
    begins, or doubled, as the reader sees it."""
    parts: list[str] = []
    lines, quoted, opens, escaped = "", False, True, False
    for sign in raw:
        if escaped or sign == layout.escape:
            escaped = not escaped
            lines += sign if sign in "\r\n" else ""
            opens = False
        elif layout.quote and sign == layout.quote and (quoted or opens):
            quoted, opens = not quoted, quoted  # one that closes may be the first of two
        elif quoted:
            lines += sign if sign in "\r\n" else ""
        elif sign == layout.delimiter or sign in "\r\n":
            parts += (f"{layout.quote}{lines}{layout.quote}" if lines else "", sign)
            lines, opens = "", True
        else:
            opens = False
    return "".join(parts) + (f"{layout.quote}{lines}{layout.quote}" if lines else "")
