"""Cells that a file does not have: several columns as one, one column once more, a fixed text; and words translated.

A made column stands behind the file's own and is read like any other. What it is made of is in the mapping: `of` the
indexes of its columns, `joined` the sign between them, or a fixed `text`. `values` of a column say what its words mean:
they are compared folded, before anything else reads the cell.
"""

from collections.abc import Callable, Sequence

from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Column, Mapping
from regulars.kernel.text import fold

Make = Callable[[Cells], Cells]


def maker(mapping: Mapping) -> Make | None:
    """What turns a row of the file into the row that is read; None where that is the same."""
    made = tuple(_made(each) for each in mapping.made)
    words = tuple((each.index, _dictionary(each)) for each in (*mapping.columns, *mapping.made) if each.values)
    if not made and not words:
        return None

    def make(cells: Cells) -> Cells:
        row = [*cells, *(one(cells) for one in made)]
        for index, known in words:
            row[index] = known.get(fold(row[index]), row[index])
        return row

    return make


def joined(cells: Sequence[str], sign: str) -> str:
    """The filled cells with the sign between them."""
    return sign.join(text for each in cells if (text := each.strip()))


def _made(column: Column) -> Callable[[Cells], str]:
    if not column.of:
        return lambda _cells: column.text
    indexes, sign = tuple(column.of), column.joined
    return lambda cells: joined([cells[index] for index in indexes], sign)


def _dictionary(column: Column) -> dict[str, str]:
    return {fold(said): meant for said, meant in column.values}
