"""Delimiter and quotes of a text table, by our own rules (docs/decisions/0021).

The right delimiter is the one that gives most records the same width. No sniffing of single characters: a street with a
comma in every row would win.
"""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import _csv

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 131_072
_RECORDS = 300
_FORMULA = re.compile(r'="((?:[^"]|"")*)"\s*')
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    quote: str = '"'
    escape: str = ""

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> "_csv.Reader":
        """Python's reader for these rules. It raises csv.Error on a cell beyond 131,072 characters.

        Where `strict` it also does for a quotation mark left open, and for one closed inside a cell.
        """
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape or None,
            doublequote=not self.escape,
            strict=strict,
        )


def without_formulas(cells: list[str]) -> list[str]:
    """The row with the text of each cell that is a formula saying it: `="01067"`, which keeps its nought."""
    for index, cell in enumerate(cells):
        if cell[:2] == '="' and (said := _FORMULA.fullmatch(cell)):
            cells[index] = said[1].replace('""', '"')
    return cells


def separator_named(text: str) -> str:
    """The delimiter that a first line `sep=;` names, else ''."""
    first, _newline, _rest = text.partition("\n")
    match = _SEP_LINE.fullmatch(first)
    return match[1] if match else ""


def dialect_of(text: str, *, whole: bool, delimiter: str = "") -> Dialect:
    """The rules under which the text is a table. `whole` says that the text is not cut off; `delimiter` fixes that."""
    lines = list(io.StringIO(text, newline=""))  # not splitlines(): that breaks at form feeds and U+2028 too
    if not whole and len(lines) > 1:
        lines.pop()
    best, best_score = Dialect(delimiter or ","), (0.0, 0)
    for candidate in _candidates(text, (delimiter,) if delimiter else DELIMITERS):
        score = _score(candidate, lines, whole=whole)
        better = score > best_score or (score == best_score != (0.0, 0) and _is_prose(best.delimiter, text))
        if better and (candidate.quote or score[0] > best_score[0]):
            best, best_score = candidate, score
    return best if best.quote or not _is_one_column(lines) else Dialect(delimiter or ",")


def _is_prose(delimiter: str, text: str) -> bool:
    """Whether a blank follows wherever this stands, as in `Berg, Anna`: another sign that parts as well is likelier."""
    return delimiter in text and text.count(delimiter) == text.count(f"{delimiter} ")


def _is_one_column(lines: list[str]) -> bool:
    """Whether nearly every line under the first is one quoted cell: `"Anna Ott, 0171 234567"`."""
    rows = [row for line in lines[1:] if (row := line.strip())]
    whole = sum(len(row) > 1 and row[0] == row[-1] == '"' and '"' not in row[1:-1] for row in rows)
    return whole > 0.8 * len(rows)


def _candidates(text: str, delimiters: Iterable[str]) -> Iterable[Dialect]:
    """Doubled quotes before escaped ones before none: the first of equals wins, none only where more agree."""
    delimiters = tuple(delimiters)
    yield from (Dialect(each) for each in delimiters)
    if '\\"' in text:
        yield from (Dialect(each, escape="\\") for each in delimiters)
    if '"' in text:
        yield from (Dialect(each, quote="") for each in delimiters)


def _score(dialect: Dialect, lines: list[str], *, whole: bool) -> tuple[float, int]:
    """The share of records that have the commonest width, and that width. Nothing for one column.

    An open quotation mark at the end costs a tenth: one bad row is likelier than a table without quoting.
    """
    widths: Counter[int] = Counter()
    read = 0
    last: list[str] = []
    reader = dialect.reader(lines)
    try:
        for last in reader:
            read += 1
            widths[len(last)] += bool(last)
            if read == _RECORDS:
                break
    except csv.Error:
        opened = True
    else:
        opened = whole and reader.line_num == len(lines) and bool(dialect.quote) and _unclosed(dialect, lines)
    if not whole and read < _RECORDS and last:
        widths[len(last)] -= 1  # may be cut in the middle
    widths[0] = 0
    if not widths or not (total := widths.total()):
        return (0.0, 0)
    width, count = max(widths.items(), key=lambda each: (each[1], each[0]))
    return (round(count / total * (0.9 if opened else 1), 3), width) if width > 1 else (0.0, 0)


END = (
    "\u0091end of file\u0092"  # stands in no file that was decoded; read as a record of its own unless a quote is open
)


def _unclosed(dialect: Dialect, lines: list[str]) -> bool:
    apart = [] if not lines or lines[-1].endswith(("\n", "\r")) else ["\n"]
    try:
        return deque(dialect.reader([*lines, *apart, END]), maxlen=1).pop() != [END]
    except csv.Error:
        return True
