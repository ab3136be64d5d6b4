"""A file looked through once, from its first byte to its last: where the table is, how long, what it leaves open."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_noop as _

from regulars.areas.intake.readers import delimited, sheets
from regulars.areas.intake.readers.blackout import Blackout
from regulars.areas.intake.readers.headings import is_known, meaning, plain
from regulars.areas.intake.readers.layout import Cells, Doubt, Inspected, Layout, Numbered
from regulars.areas.intake.readers.looks import is_date, is_value
from regulars.kernel.dates import Evidence
from regulars.kernel.errors import Refused
from regulars.kernel.forbidden import blacked
from regulars.kernel.money import Marks
from regulars.kernel.wording import refusal

SAMPLE = 200
_FIRST = 1000  # records from which the header is found and the columns to watch are chosen
_HEADER_WITHIN = 20
_SEEN_AT_ONCE = 200_000
_DATE_PATHS = ("birth_date", "standing.deceased")


def inspect(
    path: Path, name: str, kind: str, *, today: date, sheet: str = "", encoding: str = "", delimiter: str = ""
) -> Inspected:
    """What a recognised file (`csv` or `sheet`) is. Raises `Refused` for one without rows, and as the readers do."""
    if kind == "sheet":
        return _inspected_workbook(path, name, today, sheet)
    layout = delimited.layout_of(path, name, encoding=encoding, delimiter=delimiter)
    return _inspected(path, name, layout, today)


def records(path: Path, layout: Layout, name: str = "") -> Iterator[Cells]:
    """Every record of the table, header and blank ones included."""
    return sheets.records(path, layout, name) if layout.kind == "sheet" else delimited.records(path, layout, name)


def rows(path: Path, layout: Layout, name: str = "") -> Iterator[Numbered]:
    """The data rows that hold anything, each with its number: the file's first record is row 1, as in a spreadsheet."""
    source = itertools.islice(records(path, layout, name), layout.skip, None)
    for number, cells in enumerate(source, layout.skip + 1):
        if cells and (cells[0] or any(cells)):
            yield number, cells


def _inspected_workbook(path: Path, name: str, today: date, sheet: str) -> Inspected:
    """The sheet asked for, else the first that looks like a table."""
    names = sheets.sheet_names(path, name)
    last: Refused | None = None
    for each in (sheet,) if sheet else names:
        try:
            found = _inspected(path, name, Layout("sheet", sheet=each, skip=0), today)
        except Refused as refused:
            last = refused
            continue
        if sheet or len(found.columns) > 1 or len(names) == 1:
            return replace(found, sheets=names)
    raise last or refusal(_("{name} has no sheet with a list in it."), name=name)


def _inspected(path: Path, name: str, layout: Layout, today: date) -> Inspected:
    source = records(path, layout, name)
    first = list(itertools.islice(source, _FIRST))
    if not any(any(cell.strip() for cell in record) for record in first):
        raise refusal(_("{name} is empty. Choose the file with the list in it."), name=name)
    at = _header(first)
    layout = replace(layout, skip=at + 1 if at is not None else 0, headed=at is not None)
    data = [record for record in first[layout.skip :] if any(record)]
    width = len(first[at]) if at is not None else max(map(len, data))
    headings = _headings(
        first[at] if at is not None else [], max(width, *(_filled(each) for each in data), 0) if at is None else width
    )
    black = Blackout.of(headings, data)
    watch = _Watch(_watched(headings, data, today, headed=layout.headed), today, black)
    count, sample = _counted(first, source, layout, watch)
    if not count:
        raise refusal(_("{name} has a header but no rows under it."), name=name)
    return Inspected(
        name,
        layout,
        tuple(map(blacked, headings)),
        count,
        tuple((number, black.row(cells, range(len(cells)))[0]) for number, cells in sample),
        doubts=watch.doubts(),
        hidden=black.hidden,
        numbered=black.numbered,
        secret=watch.secret,
    )


def _counted(first: list[Cells], rest: Iterator[Cells], layout: Layout, watch: "_Watch") -> tuple[int, list[Numbered]]:
    """Goes through to the end: how many rows hold anything, the first of them, and every watched cell."""
    data = [(number, record) for number, record in enumerate(first[layout.skip :], layout.skip + 1) if any(record)]
    watch.add([record for _number, record in data])
    count = len(data)
    for chunk in itertools.batched(rest, _FIRST, strict=False):
        filled = [record for record in chunk if record and (record[0] or any(record))]
        watch.add(filled)
        count += len(filled)
    return count, [(number, [cell[:2000] for cell in record]) for number, record in data[:SAMPLE]]


def _filled(record: Cells) -> int:
    return next((at for at in range(len(record), 0, -1) if record[at - 1].strip()), 0)


def _header(first: list[Cells]) -> int | None:
    """The index of the record that is the header, None where the file begins with data.

    A title above the table is passed over: the header has known words, or it is the first record about as wide as the
    table in which nothing is plainly a value.
    """
    widths = sorted(_filled(record) for record in first[:200] if _filled(record))
    usual = widths[len(widths) // 2]
    best, most = None, 0
    for at, record in enumerate(first[:_HEADER_WITHIN]):
        filled = [cell for cell in record if cell.strip()]
        known = sum(is_known(cell) for cell in filled)
        if not filled or any(map(is_value, filled)) or known <= most:
            continue
        if any(map(any, first[:at])) and not any(map(any, first[at + 1 :])):
            continue  # a last row that happens to hold a word of headings heads nothing
        if known * 2 >= len(filled) or known > 2:
            best, most = at, known
    if best is not None:
        return best
    for at, record in enumerate(first[:_HEADER_WITHIN]):
        filled = [cell for cell in record if cell.strip()]
        if not filled or (len(filled) * 5 < usual * 3 and at + 1 < len(first)):
            continue
        return at if _can_head(filled, first[at + 1 :]) else None
    return None


def _can_head(filled: list[str], below: list[Cells]) -> bool:
    """Words that are nowhere repeated, with rows under them."""
    return len(set(filled)) == len(filled) and not any(map(is_value, filled)) and any(map(any, below))


def _headings(header: Cells, width: int) -> tuple[str, ...]:
    named = [cell.strip().lstrip("\ufeff") for cell in header[: max(width, 1)]]
    while len(named) > 1 and not named[-1]:
        named.pop()
    named += [""] * (width - len(named) if not header else 0)
    return tuple(heading or f"Column {at}" for at, heading in enumerate(named, 1))


@dataclass(slots=True)
class _Watched:
    """A column that may hold dates, amounts, or both: its different values, until they are weighed."""

    dated: bool
    counted: bool
    seen: set[str] = field(default_factory=set)
    dates: Evidence = field(default_factory=Evidence)
    marks: Marks = field(default_factory=Marks)

    def weigh(self, today: date) -> None:
        for text in sorted(self.seen):
            if self.dated:
                self.dates.add(text, today)
            if self.counted:
                self.marks.add(text)
        self.seen.clear()


class _Watch:
    """Columns whose every value counts, because together they decide what one alone cannot."""

    def __init__(self, columns: dict[int, _Watched], today: date, black: Blackout) -> None:
        self.columns = {index: column for index, column in columns.items() if index not in black.hidden}
        self.today = today
        self.black = black
        self.secret = False  # whether any row holds what must not be kept

    def add(self, rows: list[Cells]) -> None:
        self.secret = self.secret or any(map(self.black.holds, rows))
        for index, column in self.columns.items():
            column.seen.update([row[index] for row in rows if len(row) > index])
            if len(column.seen) > _SEEN_AT_ONCE:
                column.weigh(self.today)

    def doubts(self) -> dict[int, Doubt]:
        for column in self.columns.values():
            column.weigh(self.today)
        return {index: _doubt(column) for index, column in self.columns.items()}


def _doubt(column: _Watched) -> Doubt:
    days, marks = column.dates, column.marks
    return Doubt(
        order=days.decided or "",
        orders=days.choices,
        order_examples=tuple(days.examples),
        serials=tuple(days.serials),
        mark=marks.decided or "",
        marks=marks.choices,
        mark_examples=tuple(marks.examples),
        dates=days.read,
        unread=days.unread,
    )


def _watched(headings: tuple[str, ...], data: list[Cells], today: date, *, headed: bool) -> dict[int, _Watched]:
    """Columns that are or may be dates or amounts, by heading or by the first values."""
    chosen = {}
    for index, heading in enumerate(headings):
        said = meaning(heading) if headed and plain(heading) else None
        if said is not None and said.path not in _DATE_PATHS:
            continue
        filled = (record[index].strip() for record in data if index < len(record))
        values = list(dict.fromkeys(each for each in filled if each))[:100]
        dated = said is not None or sum(is_date(each, today) for each in values) * 2 > len(values)
        counted = said is None and sum(_is_amount(each) for each in values) * 2 > len(values)
        if dated or counted:
            chosen[index] = _Watched(dated, counted)
    return chosen


def _is_amount(text: str) -> bool:
    if not any(ch.isdigit() for ch in text) or len(text) > 30 or text.isdigit():
        return False
    marks = Marks()
    marks.add(text)
    return not marks.unread
