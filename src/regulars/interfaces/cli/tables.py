"""Tables for a terminal: columns as wide as they need to be, the widest cut where the line would not hold them."""

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

_GAP = "  "
_LEAST = 8


def show_table(heads: Sequence[str], rows: Iterable[Sequence[Any]], *, right: frozenset[int] = frozenset()) -> None:
    """Prints the rows under their heads. `right` names the columns that are set flush right (figures)."""
    cells = [[in_a_cell(value) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
    fitted = _fitted(widths, shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else None)
    for line in [list(heads), *cells]:
        print(
            _GAP.join(_set(cell, w, i in right) for i, (cell, w) in enumerate(zip(line, fitted, strict=True))).rstrip()
        )


def in_a_cell(value: Any) -> str:
    """A value in one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return ", ".join(in_a_cell(each) for each in value)
    return " ".join(str(value).split())


def width(text: str) -> int:
    """How many places a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _fitted(widths: list[int], room: int | None) -> list[int]:
    fitted = list(widths)
    while room is not None and sum(fitted) + len(_GAP) * (len(fitted) - 1) > room and max(fitted) > _LEAST:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _set(cell: str, places: int, flush_right: bool) -> str:
    while width(cell) > places:
        cell = cell.rstrip("…")[:-1] + "…" if places > 1 else cell[:places]
    blanks = " " * (places - width(cell))
    return blanks + cell if flush_right else cell + blanks
