"""Spreadsheets (xlsx, xlsm, xlsb, xls, ods) as the same rows of text that a CSV gives."""

import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from regulars.areas.intake.readers.layout import Cells, Layout
from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

MOST_COLUMNS = 1000
_TEXT = frozenset((str,))
_NUMBERS = (float, int)
NUMBERED = 1000  # first records in which a number is told from a text of digits (`Numeral`)
_EXACT = 10**16  # whole numbers below stand digit for digit: be it the 16 of a payment card, which is then found


class Numeral(str):
    """A cell that the workbook keeps as a number: it has lost every nought at its front."""

    __slots__ = ()


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """The sheets that a person sees, in order. A hidden one is never chosen. Raises `Refused` for a damaged file."""
    seen = (
        each.name
        for each in _workbook(path, name).sheets_metadata
        if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
    )
    return tuple(seen)


def with_rows(path: Path, names: tuple[str, ...], name: str, *, known: str) -> tuple[str, ...]:
    """Those of these sheets that hold more than a single row; of the one that is `known` to, nothing is read again.
    Raises `Refused` for a damaged file."""
    workbook = _workbook(path, name)
    return tuple(each for each in names if each == known or _read(workbook, each, name).height > 1)


def records(path: Path, layout: Layout, name: str = "") -> Iterator[Cells]:
    """Every row of the sheet from its first on, blank ones among them, each cell as text; in the first ones numbers are
    `Numeral`s. What a cell says that is merged over several rows, it says in each of them.

    Raises `Refused` for a sheet that is not there, for more than 1,000 columns, and for a damaged file.
    """
    sheet = _sheet(path, layout.sheet, name)
    if sheet.width > MOST_COLUMNS:
        raise refusal(
            _("The sheet {sheet} is {width} columns wide. A list has at most 1,000."),
            sheet=layout.sheet, width=str(sheet.width),
        )  # fmt: skip
    rows = iter(sheet.iter_rows())
    if tall := _tall(sheet):
        rows = _filled(rows, tall)
    yield from map(_numbered, islice(rows, NUMBERED))
    yield from map(_texts, rows)


def _tall(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """The cells that are merged over more than one row: by their first row each one's column and last row."""
    tall: dict[int, list[tuple[int, int]]] = {}
    left = sheet.start[1] if sheet.start else 0
    for (top, column), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top:
            tall.setdefault(top, []).append((column - left, bottom))
    return tall


def _filled(rows: Iterable[list[Any]], tall: dict[int, list[tuple[int, int]]]) -> Iterator[list[Any]]:
    """The rows with what merged cells say of them. A row of nothing else stays blank."""
    said: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows):
        if said and any(map(_is_filled, row)):
            for column, (_last, value) in said.items():
                row[column] = row[column] if _is_filled(row[column]) else value
        said = {column: held for column, held in said.items() if held[0] > number}
        said |= {column: (last, row[column]) for column, last in tall.get(number, ()) if 0 <= column < len(row)}
        yield row


def _is_filled(value: Any) -> bool:
    return value is not None and value != ""


def numeric(data: Iterable[Cells]) -> tuple[int, ...]:
    """The columns in which the workbook keeps numbers, by the first records."""
    some = (row for row in data if not _TEXT.issuperset(map(type, row)))
    return tuple(sorted({index for row in some for index, cell in enumerate(row) if type(cell) is Numeral}))


def _numbered(row: list[Any]) -> Cells:
    if _TEXT.issuperset(map(type, row)):
        return row
    return [Numeral(as_text(each)) if type(each) in _NUMBERS else as_text(each) for each in row]


def _texts(row: list[Any]) -> Cells:
    if _TEXT.issuperset(map(type, row)):  # most rows of a list
        return row
    return [value if type(value) is str else as_text(value) for value in row]


def as_text(value: Any) -> str:
    """A cell's value as a person reads it: 17850.0 is `17850`, a day is ISO, `00001` was text and stays."""
    if type(value) is float:  # most cells that are no text
        return _number(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) or value is not None else ""


def _number(value: float) -> str:
    if -_EXACT < value < _EXACT and value == (whole := int(value)):
        return str(whole)
    if not math.isfinite(value):
        return ""
    digits = f"{value:.15g}"
    return digits if "e" not in digits else format(Decimal(digits), "f")


def _sheet(path: Path, sheet: str, name: str) -> CalamineSheet:
    workbook = _workbook(path, name)
    if sheet not in workbook.sheet_names:
        known = ", ".join(sheet_names(path, name))
        raise refusal(_("{name} has no sheet called {sheet}. It has: {known}."), name=name, sheet=sheet, known=known)
    return _read(workbook, sheet, name)


def _read(workbook: CalamineWorkbook, sheet: str, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(sheet)
    except (CalamineError, ValueError, OSError):
        raise _damaged(name) from None


def _workbook(path: Path, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise refusal(LOCKED, name=name) from None
    except (CalamineError, ValueError, OSError):
        raise _damaged(name) from None


LOCKED = _("{name} is locked with a password. Save it without one and try again.")


def _damaged(name: str) -> Refused:
    return refusal(_("{name} is damaged and cannot be opened. Save it anew and try again."), name=name)
