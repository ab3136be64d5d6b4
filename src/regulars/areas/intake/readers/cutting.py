"""One person taken out of a kept file: her rows are emptied, everything else stays byte for byte.

A row keeps its line and its separators, so that every other row keeps its number: what somebody agreed to is proved by
the row it stood in. Only texts are cut here, by the standard library's own CSV reader. A workbook is packed and may
hold copies of itself, so it is only searched, and goes as a whole if she is in it.
"""

import csv
import io
import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from regulars.areas.intake.readers.dialect import LONGEST_CELL, Dialect
from regulars.areas.intake.readers.layout import Cells, Layout
from regulars.areas.intake.readers.vcards import cells_by_column
from regulars.kernel.text import fold

_DIGITS = 7  # of a phone, from its end, that must agree: the rest is written in many ways
_NOT_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True)
class Marks:
    """By what a person's rows are told: e-mail addresses, phones and references alone, names together.

    `names` are (given, family) pairs, of an organisation ("", name). A pair that others have as well, `shared`, counts
    only beside a street, a postcode or a birth date of hers (`beside`).
    """

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    names: frozenset[tuple[str, str]] = frozenset()
    shared: frozenset[tuple[str, str]] = frozenset()
    beside: frozenset[str] = frozenset()

    @cached_property
    def _tails(self) -> frozenset[str]:
        return frozenset(tail for each in self.phones if len(tail := _NOT_DIGITS.sub("", each)[-_DIGITS:]) == _DIGITS)

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Lower-case texts, one of which stands in every row of hers that is told by a text."""
        families = {family.lower() for _given, family in self.names}
        return tuple(
            sorted({each.lower() for each in self.emails} | {each.lower() for each in self.references} | families)
        )

    def may_be_in(self, text: str) -> bool:
        """A quick look whether she can be in it at all."""
        low = text.lower()
        return any(each in low for each in self.anchors) or bool(self._tails and self._phones.search(text))

    def places(self, text: str, data: bytes, encoding: str) -> list[int]:
        """Where in a text anything of hers may stand. `data` are its bytes: those are brought to lower case at a tenth
        of the time, and tell in which spelling to look for what."""
        low, found = data.lower(), set[int]()
        for spelled in {each for anchor in self.anchors for each in _spellings(anchor, low, data, encoding)}:
            found.update(at for at in _occurrences(text, spelled) if _is_whole(text, at, at + len(spelled)))
        if self._tails:
            found.update(each.start() for each in self._phones.finditer(text))
        return sorted(found)

    @cached_property
    def _phones(self) -> re.Pattern[str]:
        spelled = [r"[^\w,;|\t]{0,3}".join(tail) for tail in sorted(self._tails)]
        return re.compile("|".join(spelled))

    def are_in(self, cells: Sequence[str], references: Sequence[str]) -> bool:
        """Whether a row with these cells is hers; `references` are those that stand in a column of such."""
        if self.references & {each.strip() for each in references}:
            return True
        if self._tails and self._phones.search("\x1f".join(cells)):
            return True
        whole = fold(" ".join(cells))
        if any(fold(each) in whole for each in self.emails):
            return True
        return any(self._named(pair, whole) for pair in self.names)

    def _named(self, pair: tuple[str, str], whole: str) -> bool:
        if not all(_has_word(whole, fold(part)) for part in pair if part):
            return False
        return pair not in self.shared or any(fold(each) in whole for each in self.beside if each)


def _has_word(text: str, word: str) -> bool:
    return bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


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
        if is_in_workbook(data, marks):
            raise Uncuttable
        return Cut()
    errors = "surrogateescape" if layout.damaged and layout.encoding == "utf-8" else "replace"
    text = data.decode(layout.encoding, errors)
    if layout.kind == "vcf":  # its lines are folded and may be encoded once more: a quick look would miss her
        parts, rows = _cut_book(text, layout, marks, references)
    else:
        parts, rows = _cut_table(text, data, layout, marks, references)
    if rows and text.encode(layout.encoding, errors) != data:
        raise Uncuttable
    return Cut("".join(parts).encode(layout.encoding, errors), tuple(rows)) if rows else Cut(data)


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


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether what stands there is no part of a longer word or number."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _occurrences(text: str | bytes, part: Any) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _spellings(anchor: str, low: bytes, data: bytes, encoding: str) -> set[str]:
    """The spellings in which a text stands in the bytes, whatever their case."""
    wide = {"utf-16": "utf-16-le" if data[:2] == b"\xff\xfe" else "utf-16-be", "utf-8-sig": "utf-8"}
    exact, found = wide.get(encoding, encoding), set[str]()
    for form in {anchor, anchor.upper(), anchor.title()}:
        part = form.encode(exact, "ignore").lower()
        found |= {data[at : at + len(part)].decode(exact, "ignore") for at in _occurrences(low, part) if part}
    return found - {""}


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


def is_in_workbook(data: bytes, marks: Marks) -> bool:
    """Whether she can be in a workbook: its parts are searched as text, none is opened as what it is."""
    if not data.startswith(b"PK"):
        return any(marks.may_be_in(data.decode(encoding, "ignore")) for encoding in ("utf-16-le", "latin-1"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(marks.may_be_in(archive.read(each).decode("utf-8", "ignore")) for each in archive.infolist())


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
