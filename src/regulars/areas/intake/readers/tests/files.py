"""Small files of our own, as programs and people write them."""

import csv
import io
import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from regulars.areas.intake.readers import Context, Inspected, Mapping, guess, judge
from regulars.areas.intake.readers.content import recognise
from regulars.areas.intake.readers.inspecting import inspect, rows

TODAY = date(2026, 11, 23)
GERMANY = Context("DE", "EUR", TODAY)


def written(folder: Path, content: str | bytes, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def table(records: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(records)
    return text.getvalue()


def looked_at(path: Path, **said: str) -> Inspected:
    """As the child looks at it, in this process."""
    return inspect(path, path.name, recognise(path, path.name), today=TODAY, **said)


def brought(path: Path, mapping: Mapping | None = None, context: Context = GERMANY) -> list[Any]:
    inspected = looked_at(path)
    chosen = mapping or guess(inspected, today=TODAY)
    return list(judge(rows(path, inspected.layout), chosen, context))


def cards(path: Path, context: Context = GERMANY) -> list[Any]:
    return [row.card for row in brought(path, context=context)]


def workbook(folder: Path, sheets: dict[str, Any], hidden: tuple[str, ...] = (), merged: tuple[str, ...] = ()) -> Path:
    """Sheets of these rows; in each of them the ranges `merged` are one cell."""
    book = Workbook()
    book.remove(book.active)
    for name, records in sheets.items():
        sheet = book.create_sheet(name)
        for record in records:
            sheet.append(record)
        for each in merged:
            sheet.merge_cells(each)
        if name in hidden:
            sheet.sheet_state = "hidden"
    path = folder / "list.xlsx"
    book.save(path)
    return path


def zipped(folder: Path, entries: dict[str, bytes], name: str = "list.xlsx") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)
    return path


def claiming_entries(folder: Path, entries: int) -> Path:
    """A zip whose end record names more entries than anyone should read."""
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, entries, entries, 0, 0, 0)
    return written(folder, b"PK\3\4" + b"\0" * 100 + end, "list.xlsx")
