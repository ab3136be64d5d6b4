"""Where the header of a table is: titles above it are passed over, two rows of headings are joined."""

from dataclasses import dataclass

from regulars.areas.intake.readers.headings import BETWEEN, is_known
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.looks import is_value
from regulars.areas.intake.readers.row import Problem
from regulars.kernel.wording import marked as _

ABOVE = _("It stands above the headings.")
_WITHIN = 20  # records among which the header is looked for
_MOST_TOLD = 200  # characters of a row that is told


@dataclass(frozen=True, slots=True)
class Head:
    """The headings, `skip` records to the first data row, and the rows above that are none of both.

    `headed` is False where the file begins with data; then `cells` is empty.
    """

    cells: Cells
    skip: int
    headed: bool
    aside: tuple[Problem, ...] = ()


def head_of(first: list[Cells]) -> Head:
    """The header among these first records, as it was found."""
    at = _header(first)
    if at is None:
        return Head([], 0, headed=False)
    top, bottom = at, at
    if any(map(any, first[at + 2 :])) and _goes_on(first[at], _further(first[at], first[at + 1])):
        bottom = at + 1
    elif at and _goes_on(first[at - 1], _further(first[at - 1], first[at])):
        top = at - 1
    cells = first[at] if top == bottom else _joined(first[top], _further(first[top], first[bottom]))
    above = tuple(
        Problem(number, "", row_text(record), ABOVE)
        for number, record in enumerate(first[:top], 1)
        if any(cell.strip() for cell in record)
    )
    return Head(cells, bottom + 1, headed=True, aside=above)


def row_text(record: Cells) -> str:
    """A row in one line, as it is told."""
    return " · ".join(" ".join(cell.split()) for cell in record if cell.strip())[:_MOST_TOLD]


def filled(record: Cells) -> int:
    """How wide a record is without the empty cells at its end."""
    return next((at for at in range(len(record), 0, -1) if record[at - 1].strip()), 0)


def _header(first: list[Cells]) -> int | None:
    """The index of the record that is the header, None where the file begins with data.

    A title above the table is passed over: the header has known words, or it is the first record about as wide as the
    table in which nothing is plainly a value.
    """
    widths = sorted(filled(record) for record in first[:200] if filled(record))
    usual = widths[len(widths) // 2]
    best, most = None, 0
    for at, record in enumerate(first[:_WITHIN]):
        cells = [cell for cell in record if cell.strip()]
        if not cells or any(map(is_value, cells)):  # asked first: what a word may mean is looked up at length
            continue
        known = sum(is_known(cell) for cell in cells)
        if known <= most:
            continue
        if any(map(any, first[:at])) and not any(map(any, first[at + 1 :])):
            continue  # a last row that happens to hold a word of headings heads nothing
        if known * 2 >= len(cells) or known > 2:
            best, most = at, known
    if best is not None:
        return best
    for at, record in enumerate(first[:_WITHIN]):
        cells = [cell for cell in record if cell.strip()]
        if not cells or (len(cells) * 5 < usual * 3 and at + 1 < len(first)):
            continue
        return at if _can_head(cells, first[at + 1 :]) else None
    return None


def _can_head(cells: list[str], below: list[Cells]) -> bool:
    """Words that are nowhere repeated, with rows under them."""
    return len(set(cells)) == len(cells) and not any(map(is_value, cells)) and any(map(any, below))


def _further(upper: Cells, lower: Cells) -> Cells:
    """The lower of two rows without what the upper one says already: a heading that is merged over both."""
    return ["" if at < len(upper) and cell == upper[at] else cell for at, cell in enumerate(lower)]


def _goes_on(upper: Cells, lower: Cells) -> bool:
    """Whether the lower of two rows only says more of the upper: headings over several columns (`Address`) and, under
    them, the parts (`Street`, `City`).

    A row of data would say something under a heading of its own too, its first above all.
    """
    spans = _spans(upper)
    under = {at for at, cell in enumerate(lower) if cell.strip()}
    if len(spans) == 1 and not spans[0][0]:
        return False  # a title over the whole table
    wide = [span for span in spans if len(span) > 1]
    if not wide or len(under) < 2 or any(is_value(lower[at]) for at in under):
        return False
    if any(is_value(cell) for cell in upper if cell.strip()):
        return False
    within = {at for span in wide for at in span}
    first = spans[0][0]
    alone = {at for span in spans if len(span) == 1 for at in span}
    parted = [span for span in wide if len(under & set(span)) > 1]
    if not parted:
        return False
    if under <= within:
        return True
    # Headings of one column may stand in the lower row instead, under nothing: then the upper row is the poorer one.
    empty_above = {at for at in range(len(lower)) if at < first}
    return under <= within | empty_above and not under & alone


def _spans(upper: Cells) -> list[range]:
    """The columns that each heading of a row stands over: its own and the empty ones behind it."""
    starts = [at for at, cell in enumerate(upper) if cell.strip()]
    ends = [*starts[1:], len(upper)] if starts else []
    return [range(start, end) for start, end in zip(starts, ends, strict=True)]


def _joined(upper: Cells, lower: Cells) -> Cells:
    width = max(len(upper), len(lower))
    above, below = (row + [""] * (width - len(row)) for row in (upper, lower))
    over = {at: above[span[0]].strip() for span in _spans(above) for at in span}
    joined = []
    for at in range(width):
        part, whole = below[at].strip(), over.get(at, "")
        joined.append(f"{whole}{BETWEEN}{part}" if part and whole else part or above[at].strip())
    return joined
