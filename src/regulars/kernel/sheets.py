"""Tables for spreadsheets: cells that open harmlessly, and come back unchanged (H5).

A spreadsheet takes a CSV cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula. Such a cell
gets an apostrophe before it. A text that has apostrophes before such a sign already gets one more, so that taking one
away always gives back what was written; `'t Hooft` is neither and stays as it is. Cells of an xlsx are typed as text:
there only a text that looks shielded already gets its apostrophe.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import batched
from typing import Any

MOST_ROWS = 1_048_576  # of an xlsx sheet, with its header
_LONGEST = 32_767  # characters of an xlsx cell
_AT_ONCE = 500
_DANGEROUS = "=+\\-@\t\r\n\0＝＋－＠"
_SUSPECT = frozenset(["'", *"=+-@\t\r\n\0＝＋－＠"])  # how a cell begins that has to be looked at
_BEGINS = re.compile(f"\n['{_DANGEROUS}]")  # some cell of many, one a line, that has to be looked at
_SHIELD = re.compile(f"'*[{_DANGEROUS}]")
_SHIELDED = re.compile(f"'+[{_DANGEROUS}]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def shield(text: str) -> str:
    """The text as a CSV cell that no spreadsheet computes."""
    return f"'{text}" if _SHIELD.match(text) else text


def unshield(cell: str) -> str:
    """The text of a cell that `shield` wrote, for files of our own making: `unshield(shield(x)) == x` for every x."""
    return cell[1:] if _SHIELDED.match(cell) else cell


def harmless(cell: str) -> str:
    """A cell of somebody else's file so that no spreadsheet computes it: it means, brought in again, what it meant."""
    return cell if cell.startswith("'") else shield(cell)


def printable(text: str) -> str:
    """The text without the control characters that no xlsx may hold."""
    return _UNPRINTABLE.sub("", text)


def csv_of(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, shield: Callable[[str], str] = shield
) -> Iterator[bytes]:
    """The table as CSV that any spreadsheet opens right: UTF-8 with its mark, commas, every cell shielded."""
    into = io.StringIO()
    out = csv.writer(into, lineterminator="\r\n")
    out.writerow([shield(each) for each in header])
    yield b"\xef\xbb\xbf" + _taken(into)
    for several in batched(rows, _AT_ONCE, strict=False):
        if len({len(row) for row in several}) == 1:
            out.writerows(zip(*(_shielded(column, shield) for column in zip(*several, strict=True)), strict=True))
        else:
            out.writerows(_shielded(row, shield) for row in several)
        yield _taken(into)


def _shielded(cells: Sequence[Any], shield: Callable[[str], str]) -> Sequence[Any]:
    """Cells as texts that no spreadsheet computes; one look at all of a column spares one at each."""
    try:
        text = "\n".join(["", *(each for each in cells if each is not None)])
    except TypeError:  # not texts alone
        pass
    else:
        if _BEGINS.search(text) is None:
            return cells
    return [
        each
        if each is None or (type(each) is str and each[:1] not in _SUSPECT) or (type(each) is int and each >= 0)
        else f"'{each}"  # phones; a call for every cell would take longer than all the rest
        if type(each) is str and each[0] != "'"
        else _cell(each, shield)
        for each in cells
    ]


def xlsx_of(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> Iterator[bytes]:
    """The table as xlsx: figures as numbers, everything else typed as text, so that no cell is a formula.

    Raises ValueError for more rows than a sheet holds.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_typed(sheet, each) for each in header])
    for count, row in enumerate(rows, start=2):
        if count > MOST_ROWS:
            raise ValueError(count)
        sheet.append([_typed(sheet, value) for value in row])
    from tempfile import TemporaryFile  # whoever reads files needs none of it

    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while part := file.read(1 << 16):
            yield part


def cell_text(value: Any) -> str:
    """A value as the text of a cell: yes and no, ISO days and UTC moments, lists with semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "; ".join(map(cell_text, value))
    return str(value)


def _cell(value: Any, shield: Callable[[str], str]) -> str:
    return "" if value is None else shield(cell_text(value))


def _typed(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = printable(cell_text(value))[:_LONGEST]
    cell = WriteOnlyCell(sheet, f"'{text}" if _SHIELDED.match(text) else text)
    cell.data_type = "s"
    return cell


def _taken(into: io.StringIO) -> bytes:
    text = into.getvalue()
    into.seek(0)
    into.truncate()
    return text.encode()
