"""A file looked through once, from its first byte to its last: where the table is, how long, what it leaves open."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from regulars.areas.intake.readers.blackout import Blackout, run_together
from regulars.areas.intake.readers.exporters import OURS, recognised
from regulars.areas.intake.readers.feet import Tail
from regulars.areas.intake.readers.garbled import Garbled, mended_row
from regulars.areas.intake.readers.headings import meaning, plain
from regulars.areas.intake.readers.heads import filled, head_of
from regulars.areas.intake.readers.layout import Cells, Doubt, Inspected, Layout, Numbered
from regulars.areas.intake.readers.looks import is_date
from regulars.areas.intake.readers.row import Problem
from regulars.kernel.dates import Evidence
from regulars.kernel.errors import Refused
from regulars.kernel.forbidden import blacked
from regulars.kernel.money import Marks
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

SAMPLE = 200
_FIRST = 1000  # records from which the header is found and the columns to watch are chosen
_SEEN_AT_ONCE = 200_000
_DATE_PATHS = ("birth_date", "standing.deceased")


def inspect(
    path: Path,
    name: str,
    kind: str,
    *,
    today: date,
    sheet: str = "",
    encoding: str = "",
    delimiter: str = "",
    repair: str = "",
    feet: str = "",
) -> Inspected:
    """What a recognised file (`csv`, `sheet`, `vcf` or `json`) is.

    Raises `Refused` for one without rows, and as the readers do.
    """
    if kind == "sheet":
        return _inspected_workbook(path, name, today, sheet, repair, feet)
    if kind in ("vcf", "json"):
        return _inspected_book(_reader(kind), path, name, encoding, repair)
    layout = _reader(kind).layout_of(path, name, encoding=encoding, delimiter=delimiter)
    return _inspected(path, name, replace(layout, repair=repair), today, feet)


def records(path: Path, layout: Layout, name: str = "") -> Iterator[Cells]:
    """Every record of the table, header and blank ones included."""
    read: Iterator[Cells] = _reader(layout.kind).records(path, layout, name)
    return map(mended_row, read) if layout.repair == "yes" else read


def _reader(kind: str) -> Any:
    """The shelf that reads files of this kind. Of the others nothing is loaded."""
    return import_module(f"regulars.areas.intake.readers.{_READERS[kind]}")


_READERS = {"csv": "delimited", "sheet": "sheets", "vcf": "vcards", "json": "cards"}


def rows(path: Path, layout: Layout, name: str = "") -> Iterator[Numbered]:
    """The data rows that hold anything, each with its number: the file's first record is row 1, as in a spreadsheet."""
    source = itertools.islice(records(path, layout, name), layout.skip, layout.last or None)
    for number, cells in enumerate(source, layout.skip + 1):
        if cells and (cells[0] or any(cells)):
            yield number, cells


def _inspected_workbook(path: Path, name: str, today: date, sheet: str, repair: str, feet: str) -> Inspected:
    """The sheet asked for, else the first that looks like a table."""
    sheets = _reader("sheet")
    names = sheets.sheet_names(path, name)
    last: Refused | None = None
    for each in (sheet,) if sheet else names:
        try:
            found = _inspected(path, name, Layout("sheet", sheet=each, skip=0, repair=repair), today, feet)
        except Refused as refused:
            last = refused
            continue
        if sheet or len(found.columns) > 1 or len(names) == 1:
            return replace(found, sheets=sheets.with_rows(path, names, name, known=each) if len(names) > 1 else names)
    raise last or refusal(_("{name} has no sheet with a list in it."), name=name)


def _inspected_book(book: Any, path: Path, name: str, encoding: str, repair: str) -> Inspected:
    """What is a card after a card: `book` is the shelf that reads it."""
    found: Inspected = book.looked_through(path, name, SAMPLE, encoding=encoding)
    layout = replace(found.layout, repair=repair)
    sample = list(itertools.islice(rows(path, layout, name), SAMPLE))
    black = Blackout.of(found.columns, (cells for _number, cells in sample))
    garbled, secret = Garbled(), False
    for _number, cells in rows(path, layout, name):
        secret = secret or black.holds(cells)
        if not repair:
            garbled.look([cells], run_together([cells]))
    return replace(
        found,
        layout=layout,
        columns=tuple(map(blacked, found.columns)),
        sample=_shown(sample, black),
        hidden=black.hidden,
        numbered=black.numbered,
        secret=secret,
        garbled=_examples(garbled),
    )


def _inspected(path: Path, name: str, layout: Layout, today: date, asked: str) -> Inspected:
    source = records(path, layout, name)
    first = list(itertools.islice(source, _FIRST))
    if not any(any(cell.strip() for cell in record) for record in first):
        raise refusal(_("{name} is empty. Choose the file with the list in it."), name=name)
    head = head_of(first)
    layout = replace(layout, skip=head.skip, headed=head.headed)
    data = [record for record in first[layout.skip :] if any(record)]
    width = _width(head.cells, data, layout.kind) if head.headed else max(filled(each) for each in data)
    headings = _headings(head.cells, width)
    black = Blackout.of(headings, data)
    watch = _Watch(_watched(headings, data, today, headed=layout.headed), today, black)
    ours = _is_ours(headings)  # of what this register wrote nothing is doubted: it stands as it stands on the cards
    seen = _Seen(watch, garbled=not layout.repair and not ours)
    seen.garbled.look([head.cells], run_together([head.cells]))
    _counted(first, source, layout, seen)
    feet = seen.tail.feet(len(headings)) if asked != "in" and not ours else []
    if feet:
        layout = replace(layout, last=feet[0].row - 1)
    count = seen.count - len(feet)
    if not count:
        raise refusal(_("{name} has a header but no rows under it."), name=name)
    sample = (each for each in seen.sample if not layout.last or each[0] <= layout.last)
    return Inspected(
        name,
        layout,
        tuple(map(blacked, headings)),
        count,
        _shown(sample, black),
        doubts=watch.doubts(),
        hidden=black.hidden,
        numbered=black.numbered,
        numeric=_reader("sheet").numeric(data) if layout.kind == "sheet" else (),
        secret=watch.secret,
        aside=tuple(replace(each, value=blacked(each.value)) for each in (*head.aside, *feet)),
        notices=(Problem(0, "", "", NULS),) if layout.nuls else (),
        garbled=_examples(seen.garbled),
    )


def _is_ours(headings: tuple[str, ...]) -> bool:
    known = recognised(headings)
    return known is not None and known.name == OURS


def _shown(sample: Iterable[Numbered], black: Blackout) -> tuple[Numbered, ...]:
    """The first rows without what must not be kept."""
    rows = ((number, [cell[:2000] for cell in cells]) for number, cells in sample)
    return tuple((number, black.row(cells, range(len(cells)))[0]) for number, cells in rows)


def _examples(garbled: Garbled) -> tuple[tuple[str, str], ...]:
    return tuple((blacked(before), blacked(after)) for before, after in garbled.examples())


NULS = _("The file holds NUL characters between the letters. They are passed over.")


class _Seen:
    """What is noticed while a table goes by: how many rows hold anything, the first and the last of them."""

    def __init__(self, watch: "_Watch", *, garbled: bool) -> None:
        self.watch, self.tail, self.garbled, self.count = watch, Tail(), Garbled(), 0
        self.sample: list[Numbered] = []
        if not garbled:
            self.garbled.left = 0

    def add(self, numbered: list[Numbered]) -> None:
        records = [record for _number, record in numbered]
        text = run_together(records)
        self.watch.add(records, text)
        self.tail.add(numbered)
        self.garbled.look(records, text)
        self.sample += numbered[: max(0, SAMPLE - len(self.sample))]
        self.count += len(numbered)


def _counted(first: list[Cells], rest: Iterator[Cells], layout: Layout, seen: _Seen) -> None:
    """Goes through the table to its end."""
    seen.add([(number, record) for number, record in enumerate(first[layout.skip :], layout.skip + 1) if any(record)])
    numbered = enumerate(rest, len(first) + 1)
    for chunk in itertools.batched(numbered, _FIRST, strict=False):
        seen.add([(number, record) for number, record in chunk if record and (record[0] or any(record))])


def _width(header: Cells, data: list[Cells], kind: str) -> int:
    """How many columns a table with this header has: those with a heading, and what few rows jot beside it (in a
    workbook any: there no sign without quotes can move a row's cells). Beside a single heading all rows may go on.
    """
    named = filled(header)
    widths = sorted(filled(each) for each in data) or [0]
    if named == 1:
        return max(1, widths[len(widths) // 2])
    few = kind == "sheet" or widths[len(widths) // 2] <= named
    return max(named, min(len(header), widths[-1]) if few else 0, 1)


def _headings(header: Cells, width: int) -> tuple[str, ...]:
    named = [cell.strip().lstrip("\ufeff") for cell in header]
    named = named[:width] + [""] * (width - len(named))
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

    def add(self, rows: list[Cells], text: str) -> None:
        self.secret = self.secret or self.black.holds_any(rows, text)
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
