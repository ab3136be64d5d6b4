"""A card as vCard 3.0 (RFC 2426), the version every phone and address book reads."""

from collections.abc import Mapping
from typing import Any

import vobject
from vobject.vcard import Address, Name

from regulars.kernel import keyfile

_PHONE_KINDS = {"mobile": "CELL", "handy": "CELL", "mobil": "CELL", "fax": "FAX", "work": "WORK", "home": "HOME"}
_PLACE_KINDS = {"work": "WORK", "home": "HOME", "billing": "POSTAL", "delivery": "PARCEL"}
_SAID_BY_KINDS = frozenset(("", "mobile", "work", "home", "fax", "work fax", "home fax"))
_GENDERS = {"female": "F", "male": "M", "other": "O"}
_NO_YEAR = "1604"  # how Apple, and after it Google and others, write a birthday without a year in vCard 3.0


def vcard_of(card: Mapping[str, Any]) -> str:
    """The card as one vCard. Its UID lasts: an address book that takes the file in twice has her once, and so have we
    (`intake.readers.vcards` knows it). What vCard 3.0 has no word for stands as address books write it: Apple's labels
    and birthdays, `GENDER` and `LANG` of vCard 4.0.
    """
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
        if not card["given_name"] and not card["family_name"]:
            made.add("x-abshowas").value = "COMPANY"


def _points(made: Any, card: Mapping[str, Any]) -> None:
    for group, name, kinds in (("emails", "email", _PLACE_KINDS), ("phones", "tel", _PHONE_KINDS)):
        for each in card[group]:
            line = made.add(name)
            line.value = each["value"]
            _kinds(made, line, each, kinds)


def _kinds(made: Any, line: Any, each: Mapping[str, Any], kinds: Mapping[str, str]) -> None:
    """The kinds in the label, and the label itself beside them where it says more."""
    label = each["label"] or ""
    found = [kind for word, kind in kinds.items() if word in label.lower()]
    found += ["PREF"] if each.get("primary") else []
    if found:
        line.type_param = list(dict.fromkeys(found))
    if label not in _SAID_BY_KINDS:
        said = made.add("x-ablabel")
        said.value = label
        said.group = line.group = f"item{len(made.contents['x-ablabel'])}"


def _address(made: Any, each: Mapping[str, Any]) -> None:
    line = made.add("adr")
    line.value = Address(
        extended=each["street2"] or "",
        street=each["street"] or "",
        city=each["city"] or "",
        region=each["region"] or "",
        code=each["postcode"] or "",
        country=each["country"] or "",
    )
    _kinds(made, line, each, _PLACE_KINDS)


def _work(made: Any, card: Mapping[str, Any]) -> None:
    for each in card["works_at"][:1]:
        if not card["organisation_name"]:
            made.add("org").value = [part for part in (each["organisation"], each["department"]) if part]
        if each["job_title"]:
            made.add("title").value = each["job_title"]


def _rest(made: Any, card: Mapping[str, Any]) -> None:
    if card["birth_date"]:
        _birthday(made, card["birth_date"])
    if card["gender"] in _GENDERS:
        made.add("gender").value = _GENDERS[card["gender"]]
    if card["language"]:
        made.add("lang").value = card["language"]
    if card["tags"]:
        made.add("categories").value = card["tags"]
    for each in card["notes"]:
        line = made.add("note")
        line.value = each["text"]
        if each["kind"] != "note":
            line.params["X-REGULARS-KIND"] = [each["kind"]]
    made.add("rev").value = card["updated_at"]


def _birthday(made: Any, birth: str) -> None:
    line = made.add("bday")
    line.value = birth
    if birth.startswith("--"):
        line.value = f"{_NO_YEAR}-{birth[2:]}"
        line.params["X-APPLE-OMIT-YEAR"] = [_NO_YEAR]
