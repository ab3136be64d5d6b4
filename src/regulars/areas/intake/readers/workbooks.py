"""Whether one person stands in a kept workbook.

Its cells are read as a list of them is read, so a row is hers by the same signs as in a CSV: 17 is a reference only in
a column of such, not in a price, a day or the innards of the file. What no cell shows but the file holds all the same
(remarks, copies behind a pivot table, the author, texts left over) is searched as text, and rather too much is found.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from python_calamine import CalamineWorkbook, SheetTypeEnum

from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.marks import Marks
from regulars.areas.intake.readers.sheets import as_text

_SHOWN = re.compile(r"(?:^|/)(?:sharedStrings\.|worksheets/sheet|content\.xml$)", re.IGNORECASE)
_MARKUP = re.compile(r"</?[\w:.-]+|[\w:.-]+=(?=\")")
_BLANK = "\t"  # between two texts


def is_in_workbook(data: bytes, marks: Marks, references: Sequence[int]) -> bool:
    """Whether she can be in it. `references` are the places of the columns that hold such, on every sheet.

    Raises `CalamineError` and `zipfile.BadZipFile` for what was no workbook.
    """
    rows = _rows(data)
    if any(marks.are_in(cells, [cells[at] for at in references if at < len(cells)]) for cells in rows):
        return True
    return any(marks.may_stand_in(text, scattered=scattered) for text, scattered in _texts(data))


def _rows(data: bytes) -> Iterator[Cells]:
    """Every row of every sheet, hidden ones among them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for each in book.sheets_metadata:
        if each.typ == SheetTypeEnum.WorkSheet:
            for row in book.get_sheet_by_name(each.name).iter_rows():
                yield [value if type(value) is str else as_text(value) for value in row]


def _texts(data: bytes) -> Iterator[tuple[str, bool]]:
    """What the file holds as text, and whether the parts of a name may stand apart in it: not where all cells do."""
    if not data.startswith(b"PK"):
        yield from ((text, False) for text in _spelled(data))
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for each in archive.infolist():
            part, scattered = archive.read(each), not _SHOWN.search(each.filename)
            if each.filename.lower().endswith(".bin"):
                yield from ((text, scattered) for text in _spelled(part))
            else:
                yield _MARKUP.sub(_BLANK, part.decode("utf-8", "ignore")), scattered


def _spelled(data: bytes) -> Iterator[str]:
    """The ways in which a binary part may hold texts: in one byte a letter, or in two from either place on."""
    yield data.decode("latin-1")
    yield data.decode("utf-16-le", "ignore")
    yield data[1:].decode("utf-16-le", "ignore")
