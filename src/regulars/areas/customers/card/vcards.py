"""A card as vCard 3.0 (RFC 2426), the version every phone and address book reads."""

from collections.abc import Mapping
from typing import Any

import vobject
from vobject.vcard import Address, Name

from regulars.kernel import keyfile

_PHONE_KINDS = {"mobile": "CELL", "handy": "CELL", "mobil": "CELL", "fax": "FAX", "work": "WORK", "home": "HOME"}
_PLACE_KINDS = {"work": "WORK", "home": "HOME", "billing": "POSTAL", "delivery": "PARCEL"}


def vcard_of(card: Mapping[str, Any]) -> str:
    """The card as one vCard. Its UID lasts: an address book that takes the file in twice has her once."""
    made = vobject.vCard()
    made.add("uid").value = f"urn:regulars:{keyfile.keys().home[:16]}:{card['number']}"
    _name(made, card)
    _points(made, card)
    for each in card["addresses"]:
        _address(made, each)
    _work(made, card)
    _rest(made, card)
    text: str = made.serialize()
    return text


def _name(made: Any, card: Mapping[str, Any]) -> None:
    made.add("n").value = Name(
        family=card["family_name"] or "",
        given=card["given_name"] or "",
        additional=card["middle_name"] or "",
        prefix=card["title"] or "",
        suffix=card["suffix"] or "",
    )
    made.add("fn").value = card["name"]
    if card["called_name"]:
        made.add("nickname").value = card["called_name"]
    if card["organisation_name"]:
        made.add("org").value = [card["organisation_name"]]


def _points(made: Any, card: Mapping[str, Any]) -> None:
    for group, name, kinds in (("emails", "email", _PLACE_KINDS), ("phones", "tel", _PHONE_KINDS)):
        for each in card[group]:
            line = made.add(name)
            line.value = each["value"]
            _kinds(line, each, kinds)


def _kinds(line: Any, each: Mapping[str, Any], kinds: Mapping[str, str]) -> None:
    label = (each["label"] or "").lower()
    found = [kind for word, kind in kinds.items() if word in label]
    found += ["PREF"] if each.get("primary") else []
    if found:
        line.type_param = found


def _address(made: Any, each: Mapping[str, Any]) -> None:
    line = made.add("adr")
    line.value = Address(
        street=", ".join(filter(None, (each["street"], each["street2"]))),
        city=each["city"] or "",
        region=each["region"] or "",
        code=each["postcode"] or "",
        country=each["country"] or "",
    )
    _kinds(line, each, _PLACE_KINDS)


def _work(made: Any, card: Mapping[str, Any]) -> None:
    for each in card["works_at"][:1]:
        if not card["organisation_name"]:
            made.add("org").value = [part for part in (each["organisation"], each["department"]) if part]
        if each["job_title"]:
            made.add("title").value = each["job_title"]


def _rest(made: Any, card: Mapping[str, Any]) -> None:
    birth = card["birth_date"]
    if birth and birth[:1].isdigit():
        made.add("bday").value = birth
    if card["tags"]:
        made.add("categories").value = card["tags"]
    for each in card["notes"]:
        made.add("note").value = each["text"]
    made.add("rev").value = card["updated_at"]
