"""Text tables, streamed: memory stays flat however long the file is."""

import csv
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from regulars.areas.intake.readers.dialect import (
    END,
    LONGEST_CELL,
    Dialect,
    dialect_of,
    separator_named,
    without_formulas,
)
from regulars.areas.intake.readers.encoding import encoding_of, usable
from regulars.areas.intake.readers.layout import Cells, Layout
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

_SAMPLE = 128 * 1024  # characters
_BUFFER = 2**20
_MOST_BROKEN = 200


def layout_of(path: Path, name: str, *, encoding: str = "", delimiter: str = "") -> Layout:
    """Encoding and dialect of a text table, as found or as said. Raises `Refused` where what was said does not fit."""
    damaged = False
    if encoding and not usable(path, encoding):
        raise refusal(_("{name} is not in the encoding {encoding}."), name=name, encoding=encoding)
    if not encoding:
        encoding, damaged = encoding_of(path)
    layout = Layout("csv", encoding=encoding, damaged=damaged)
    with _opened(path, layout) as file:
        text = file.read(_SAMPLE)
        whole = not file.read(1)
    text = text.lstrip("\ufeff").replace("\0", "")
    named = separator_named(text)
    if named:
        text = text.partition("\n")[2]
    dialect = dialect_of(text, whole=whole, delimiter=delimiter or named)
    nuls, formulas = _looked_through(path, encoding)
    return Layout(
        "csv",
        encoding=encoding,
        damaged=damaged,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        sep_line=bool(named),
        skip=0,
        nuls=nuls,
        formulas=formulas,
    )


def _looked_through(path: Path, encoding: str) -> tuple[bool, bool]:
    """Whether NUL bytes stray in the text, of which the wide encodings are made, and whether some cell is a formula."""
    wide = encoding.startswith(("utf-16", "utf-32"))
    nuls = formulas = False
    before = b""
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_BUFFER), b""):
            nuls = nuls or (not wide and b"\0" in chunk)
            formulas = formulas or b'="' in before + (chunk.replace(b"\0", b"") if wide or nuls else chunk)
            before = chunk[-8:].replace(b"\0", b"")
    return nuls, formulas


class Broken(Cells):
    """A row whose quotation mark is never closed: its first line as it stands. The rows after it are read on."""


def records(path: Path, layout: Layout, name: str = "") -> Iterator[Cells]:
    """Every record, blank ones and the header among them, in order; a `Broken` one for an open quotation mark.

    Raises `Refused` where more than 200 rows are broken: then it is not the rows.
    """
    read = _records(path, layout, name)
    return map(without_formulas, read) if layout.formulas else read


def _records(path: Path, layout: Layout, name: str) -> Iterator[Cells]:
    csv.field_size_limit(LONGEST_CELL)
    dialect = Dialect(layout.delimiter, layout.quote, layout.escape)
    begun = 0
    with _opened(path, layout) as file:
        reader = dialect.reader(_lines(file, layout), strict=True)
        try:
            for record in reader:
                yield record
                begun = reader.line_num
        except csv.Error:  # a quote where none may be, none where one must be, or a cell beyond the limit
            pass
        else:
            return
    with _opened(path, layout) as file:
        yield from _carefully(itertools.islice(_lines(file, layout), begun, None), dialect, name)


def _carefully(lines: Iterator[str], dialect: Dialect, name: str) -> Iterator[Cells]:
    """Reads on from a record that cannot be read: it is given up after its first line, the next begins there."""
    again: deque[str] = deque()
    broken = 0
    while True:
        held: list[str] = []  # the lines of the record being read; a cell beyond the limit ends it, so they are few
        try:
            for record in dialect.reader(_holding(again, lines, held), strict=True):
                yield record
                held.clear()
        except csv.Error:
            pass
        else:
            return
        alone = _alone(held[0], dialect)
        broken += isinstance(alone, Broken)
        if broken > _MOST_BROKEN:
            raise refusal(
                _("{name} cannot be read as a table: quotation marks are opened and never closed in many rows."),
                name=name,
            )
        yield alone
        again.extendleft(reversed(held[1:]))


def _alone(line: str, dialect: Dialect) -> Cells:
    """A line by itself, read leniently (`"Anna" x` is Anna x), `Broken` where its quotation mark stays open."""
    try:
        found = list(dialect.reader([line.rstrip("\r\n") + "\n", END]))
    except csv.Error:
        found = []
    return found[0] if len(found) == 2 and found[1] == [END] else Broken([line.rstrip("\r\n")])


def _holding(again: deque[str], lines: Iterator[str], held: list[str]) -> Iterator[str]:
    """The lines given back, then the file's; each is kept in `held` too."""
    while line := again.popleft() if again else next(lines, ""):
        held.append(line)
        yield line


def _lines(file: TextIO, layout: Layout) -> Iterable[str]:
    return (line.replace("\0", "") for line in file) if layout.nuls else file


def _opened(path: Path, layout: Layout) -> TextIO:
    """The file at its first record: a byte order mark and a `sep=` line are behind it."""
    errors = "strict" if not layout.damaged else "surrogateescape" if layout.encoding == "utf-8" else "replace"
    file = path.open(encoding=layout.encoding, errors=errors, newline="", buffering=_BUFFER)
    if layout.sep_line:
        file.readline()
    return file
