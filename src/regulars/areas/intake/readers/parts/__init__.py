"""The parts of a compiled mapping: each knows its columns and adds one kind of thing to a row.

A part is called with the row, its card, the cells and `at`, on which it notes the column that it is reading.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts.addresses import addresses
from regulars.areas.intake.readers.parts.answers import answers, standings
from regulars.areas.intake.readers.parts.contacts import emails, phones
from regulars.areas.intake.readers.parts.lists import custom, households, notes, references, socials, tags
from regulars.areas.intake.readers.parts.naming import names, organisations, salutations
from regulars.areas.intake.readers.parts.placing import At, Member, Part, Placed, member
from regulars.areas.intake.readers.parts.sealed import accounts, identities
from regulars.areas.intake.readers.targets import FURTHER, target
from regulars.kernel.wording import refusal

__all__ = ["At", "Parts", "compiled"]

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


@dataclass(frozen=True, slots=True)
class Parts:
    """`own` are the columns that go straight to a fact of the card; `rest` runs after them, in this order."""

    own: tuple[Member, ...]
    rest: tuple[Part, ...]


def compiled(mapping: Mapping, context: Context) -> Parts:
    """The parts of this mapping. Raises `Refused` where no column goes anywhere."""
    placed = [Placed(column, target(column.to)) for column in mapping.used()]
    if not placed:
        raise refusal(_("No column goes anywhere. Say for at least one what it is."))
    own = tuple(member(each, context) for each in placed if not each.target.group and each.target.key not in FURTHER)
    return Parts(own, tuple(part for make in _MAKERS for part in make(placed, mapping, context)))
