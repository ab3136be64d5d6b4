"""The parts of a compiled mapping: each knows its columns and adds one kind of thing to a row.

A part is called with the row, its card, the cells and `at`, on which it notes the column that it is reading.
"""

from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts.addresses import addresses
from regulars.areas.intake.readers.parts.answers import answers, standings
from regulars.areas.intake.readers.parts.contacts import emails, phones
from regulars.areas.intake.readers.parts.lists import custom, households, notes, references, socials, tags
from regulars.areas.intake.readers.parts.naming import names, organisations, salutations
from regulars.areas.intake.readers.parts.placing import At, Card, Guarded, Member, Part, Placed, member
from regulars.areas.intake.readers.parts.sealed import accounts, identities
from regulars.areas.intake.readers.row import Row
from regulars.areas.intake.readers.targets import FURTHER, placed_at
from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

__all__ = ["At", "compiled"]

# Addresses come before phones, whose country they say; names before organisations.
_MAKERS = (
    names,
    salutations,
    addresses,
    emails,
    phones,
    organisations,
    custom,
    tags,
    notes,
    references,
    identities,
    accounts,
    socials,
    households,
    answers,
    standings,
)


def compiled(mapping: Mapping, context: Context) -> Part:
    """All parts of this mapping as one. Raises `Refused` where no column goes anywhere."""
    placed = [Placed(column, placed_at(column.to)) for column in mapping.used()]
    if not placed:
        raise refusal(_("No column goes anywhere. Say for at least one what it is."))
    # Of two columns for one fact the first that is filled counts: it is read last.
    own = [member(each, context) for each in placed if not each.target.group and each.target.key not in FURTHER]
    return _joined(tuple(reversed(own)), tuple(part for make in _MAKERS for part in make(placed, mapping, context)))


def _joined(own: tuple[Member, ...], parts: tuple[Guarded, ...]) -> Part:
    def fill(row: Row, card: Card, cells: Cells, at: At) -> None:
        index = 0
        try:
            for index, name, clean in own:
                text = cells[index]
                if text:
                    value = clean(text)
                    if value is not None:
                        card[name] = value
        except Refused:
            at.index = index
            raise
        for columns, part in parts:
            for index in columns:
                if cells[index]:
                    part(row, card, cells, at)
                    break

    return fill
