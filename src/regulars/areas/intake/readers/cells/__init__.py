"""One cell to one value of the card, compiled per column: what is known of the column is decided once, not per row.

A cleaner takes the cell's text (never empty) and gives the value, or None for nothing; it raises `Refused`.
"""

from regulars.areas.intake.readers.cells.answers import claims, says_yes
from regulars.areas.intake.readers.cells.context import Context, Declared
from regulars.areas.intake.readers.cells.declared import birthday, day, declared, up_to_150, whole
from regulars.areas.intake.readers.cells.persons import (
    full_name,
    has_legal_form,
    is_firm,
    kind,
    named_firm,
    title_and_gender,
)
from regulars.areas.intake.readers.cells.places import account, bic, known_country, known_language, postcode_of, social
from regulars.areas.intake.readers.cells.texts import Cleaner, bare, reference, remembered, says_nothing, text_of
from regulars.areas.intake.readers.mapping import Column
from regulars.areas.intake.readers.targets import DAYS, GROUPS, Target
from regulars.kernel import genders

__all__ = [
    "Cleaner",
    "Context",
    "Declared",
    "account",
    "bare",
    "bic",
    "claims",
    "cleaner",
    "full_name",
    "has_legal_form",
    "is_firm",
    "known_country",
    "named_firm",
    "postcode_of",
    "reference",
    "remembered",
    "says_nothing",
    "says_yes",
    "social",
    "text_of",
    "title_and_gender",
]

_SELDOM_REPEATED = ("street", "street2", "whole", "house_number", "name_spoken", "greeting")


def cleaner(target: Target, column: Column, context: Context) -> Cleaner:
    """The cleaner of a column's cells for its place. Contact points are not cleaned here (`contacts`)."""
    if target.group == "custom":
        return declared(context.custom.get(target.key, Declared("text")), column, context)
    place = f"{target.group}.{target.key}" if target.group else target.key
    if place in ("birth_date",):
        return remembered(bare(birthday(column, context)))
    if place in DAYS:
        return remembered(bare(day(column, context)))
    if place in _OF_PLACE:
        return remembered(_OF_PLACE[place])
    if place in ("age", "children"):
        return up_to_150
    if place == "social.followers":
        return whole
    if not target.group and target.key in context.own and context.own[target.key].type != "text":
        return declared(context.own[target.key], column, context)
    longest = GROUPS[target.group][target.key] if target.group else context.longest(target.key)
    return text_of(longest) if target.key in _SELDOM_REPEATED else remembered(text_of(longest))


_OF_PLACE: dict[str, Cleaner] = {
    "gender": genders.clean_gender,
    "language": known_language,
    "kind": kind,
    "addresses.country": known_country,
    "identity_numbers.country": known_country,
    "bank_accounts.bic": bic,
}
