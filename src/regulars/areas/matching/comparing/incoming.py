"""A card that is not kept yet, as the contract's JSON tells it, ready to be compared."""

from collections.abc import Mapping
from typing import Any

from regulars.areas.matching.comparing.features import Card
from regulars.kernel.errors import Refused
from regulars.kernel.phones import clean_phone
from regulars.kernel.text import fold

# What the contract calls a fact, and what it is called here.
COLUMN_OF = {
    "given_name": "given", "middle_name": "middle", "family_name": "family", "called_name": "called",
    "suffix": "suffix", "organisation_name": "organisation", "birth_date": "birth", "gender": "gender",
}  # fmt: skip


def read_card(card: Mapping[str, Any], country: str) -> Card:
    """A card of the contract's JSON as it is compared; what cannot be read is left out."""
    told = {name: str(card.get(name) or "") for name in COLUMN_OF}
    person = bool(told["given_name"] or told["family_name"]) or not told["organisation_name"]
    return Card(
        number=0,
        person=card["kind"] == "person" if card.get("kind") else person,
        given=told["given_name"],
        middle=told["middle_name"],
        family=told["family_name"],
        called=told["called_name"],
        suffix=told["suffix"],
        organisation=told["organisation_name"],
        birth=told["birth_date"] if len(told["birth_date"]) in (7, 10) else "",
        gender=told["gender"],
        emails=[fold(value) for value in _values(card, "emails")],
        phones=[phone for value in _values(card, "phones") if (phone := _phone(value, country))],
        addresses=[_place(each) for each in card.get("addresses") or ()],
    )


def _values(card: Mapping[str, Any], group: str) -> list[str]:
    return [str(each["value"]) for each in card.get(group) or () if each.get("value")]


def _place(address: Mapping[str, Any]) -> tuple[str, str, str, str]:
    street, street2, postcode, city = (
        str(address.get(name) or "") for name in ("street", "street2", "postcode", "city")
    )
    return street, street2, postcode, city


def _phone(typed: str, country: str) -> str:
    try:
        return clean_phone(typed, country)
    except Refused:
        return ""
