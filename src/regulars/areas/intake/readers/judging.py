"""Rows become cards, or are refused with the reason: a mapping compiled once, then run a million times.

What can be decided per column (which cleaner, which group, which label) is decided in `compile_judge`; per row only the
cells are touched. Nothing here reads a file, a table or a clock.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Any, Protocol

from regulars.areas.intake.readers.blackout import Blackout, run_together
from regulars.areas.intake.readers.cells import Context, says_nothing
from regulars.areas.intake.readers.delimited import Broken
from regulars.areas.intake.readers.layout import Cells, Numbered
from regulars.areas.intake.readers.making import maker
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts import At, compiled
from regulars.areas.intake.readers.row import Problem, Row
from regulars.areas.intake.readers.targets import SPANS, placed_at
from regulars.kernel.crypto import sha256
from regulars.kernel.errors import Refused
from regulars.kernel.forbidden import BLACK, CARD, PASSWORD, TOLD
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

_MOST_TOLD = 200  # characters of a cell in a report


_AT_ONCE = 50  # rows at which one look is taken for what must not be kept


class Judge(Protocol):
    def __call__(self, number: int, cells: Cells, look: bool = True) -> Row: ...


_BACKWARDS = _("This day lies before the one on which the same begins. Correct one of the two.")
BLACKED = {
    CARD: _("The number of a payment card stood here. It was blacked out; the rest came in."),
    PASSWORD: _("A password or a card's security code stood here. It was blacked out; the rest came in."),
}
_NAMES = ("given_name", "family_name", "organisation_name", "middle_name", "called_name")


def judge(rows: Iterable[Numbered], mapping: Mapping, context: Context) -> Iterator[Row]:
    """Each row judged, in order. Raises `Refused` for a mapping that names no place on a card."""
    judged = compile_judge(mapping, context)
    black = Blackout(context.hidden, context.numbered)
    for some in batched(rows, _AT_ONCE, strict=False):
        look = black.may_hold_any(run_together(cells for _number, cells in some))  # one look spares many
        for number, cells in some:
            yield judged(number, cells, look)


def compile_judge(mapping: Mapping, context: Context, at: At | None = None) -> Judge:
    """The function that judges one row under this mapping, for one thread at a time. On `at` it notes the column that
    it reads last. It is told whether to look for what must not be kept.

    Raises `Refused` for a mapping that makes no card.
    """
    fill = compiled(mapping, context)
    at = at or At()
    width = len(mapping.columns)
    headings = [column.column for column in mapping.all()]
    make = maker(mapping)
    black = Blackout(context.hidden, context.numbered)
    notes, used = _texts(mapping), _used(mapping)
    nobody = _nobody(mapping)
    places = {(at.group, at.key): column for column in mapping.columns for at in [placed_at(column.to)]}
    spans = [(*each, places[each[0], each[2]]) for each in SPANS if (each[0], each[2]) in places]

    def once(number: int, cells: Cells, look: bool) -> Row:
        if len(cells) != width:
            try:
                cells = fitted(cells, width)
            except Refused as refused:
                return Row(number, None, problem=_problem(number, "", "", refused))
        card: dict[str, Any] = {}
        row = Row(number, card)
        if look:
            cells, found = black.row(cells, notes)
            for index, kind in found:
                if index in used and index not in notes:
                    at.index = index
                    return Row(number, None, problem=Problem(number, headings[index], BLACK, TOLD[kind]))
                if index in used:
                    row.blacked = [*row.blacked, Problem(number, headings[index], BLACK, BLACKED[kind])]
        own = cells
        if make is not None:
            cells = make(cells)
        try:
            fill(row, card, cells, at)
        except Refused as refused:
            return Row(number, None, problem=_problem(number, headings[at.index], cells[at.index], refused))
        for group, begin, end, column in spans:
            if any(each.get(end) and each.get(begin, "") > each[end] for each in card.get(group, ())):
                return Row(
                    number, None, problem=_problem(number, column.column, cells[column.index], refusal(_BACKWARDS))
                )
        if not ("references" in card or "emails" in card or "phones" in card):
            if not any(map(card.__contains__, _NAMES)):
                return Row(number, None, problem=Problem(number, "", "", nobody))
            row.digest = digest_of(own)
        return row

    def judged(number: int, cells: Cells, look: bool = True) -> Row:
        row = once(number, cells, look)
        while row.problem and row.problem.column and at.index < len(cells) and says_nothing(cells[at.index]):
            cells = [*cells[: at.index], "", *cells[at.index + 1 :]]
            row = once(number, cells, look)
        return row

    return judged


def compile_reasons(mapping: Mapping, context: Context) -> Callable[[int, Cells], tuple[list[Problem], Row]]:
    """The function that tells every reason against a row, and the row without the cells that are no good: each bad
    cell is emptied once it is told, and the row judged anew.
    """
    at = At()
    judged = compile_judge(mapping, context, at)

    def reasons(number: int, cells: Cells) -> tuple[list[Problem], Row]:
        left = cells if isinstance(cells, Broken) else list(cells)
        found: list[Problem] = []
        while (problem := (row := judged(number, left)).problem) is not None:
            whole = not problem.column  # of the row as a whole; without its bad cells it may well be too little
            if not (whole and found):
                found.append(problem)
            if whole or at.index >= len(left) or not left[at.index]:
                break
            left[at.index] = ""
        return found, row

    return reasons


def _used(mapping: Mapping) -> frozenset[int]:
    """The file's columns that go anywhere, be it within a made one."""
    return frozenset(index for each in mapping.used() for index in (each.of or (each.index,)))


def _texts(mapping: Mapping) -> frozenset[int]:
    """The columns whose cells are texts in which something may be blacked out: notes, and what is left out anyway."""
    elsewhere = {index for each in mapping.used() if each.to != "note" for index in (each.of or (each.index,))}
    return frozenset(each.index for each in mapping.columns) - elsewhere


def digest_of(cells: Cells) -> str:
    """SHA-256 of the row's cells, trailing empty ones left out: the key of a row that has no other."""
    last = len(cells)
    while last and not cells[last - 1]:
        last -= 1
    return sha256("\x1f".join(cells[:last]).encode("utf-8", "surrogatepass")).hex()


def _nobody(mapping: Mapping) -> str:
    if mapping.exporter == "shopify_orders":
        return _("This order has no buyer: no name, e-mail address or phone.")
    return _("This row names nobody: it has no name, organisation, e-mail address, phone or reference.")


def fitted(cells: Cells, width: int) -> Cells:
    """The cells at the table's width: missing ones at the end are empty, further ones must be."""
    if isinstance(cells, Broken):
        raise refusal(_("A quotation mark is opened in this row and never closed. Close it or take it out."))
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    if any(cell.strip() for cell in cells[width:]):
        raise refusal(
            _("This row has {count} cells, the header {width}. Is a sign inside a cell not in quotes?"),
            count=len(cells),
            width=width,
        )
    return cells[:width]


def _problem(number: int, column: str, value: str, refused: Refused) -> Problem:
    told = refused.more.get("told") or {}
    shown = value if len(value) <= _MOST_TOLD else short(value, _MOST_TOLD)
    return Problem(number, column, _printable(shown), refused.more.get("template") or str(refused), dict(told))


def _printable(text: str) -> str:
    """The cell as it may stand in a report: bytes that are no text become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
