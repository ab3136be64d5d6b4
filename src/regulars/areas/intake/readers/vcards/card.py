"""One card of an address book as cells by column: `N FAMILY`, `EMAIL 1`, `EMAIL 1 TYPE`, `ADR 2 CITY`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from regulars.areas.intake.readers.vcards.lines import Property, parts, plain
from regulars.kernel.sheets import shield

Cells = dict[str, str]
MOST_OF_A_KIND = 50
BETWEEN = " ::: "  # as `split` says for this export: no tag holds it
_NAME = ("N FAMILY", "N GIVEN", "N ADDITIONAL", "N PREFIX", "N SUFFIX")
_NUMBER = "NUMBER REGULARS "
_ADDRESS = ("PO BOX", "EXTENDED", "STREET", "CITY", "REGION", "POSTCODE", "COUNTRY")
_MANY = ("EMAIL", "TEL", "ADR", "URL", "X-SOCIALPROFILE")
_SAY_NOTHING = frozenset(("internet", "voice", "pref", "x400", "text", "msg", "video", "textphone", "dom", "intl",
                          "postal", "parcel"))  # fmt: skip
_APPLE = re.compile(r"_\$!<(.*)>!\$_")
_OURS = re.compile(r"urn:regulars:([0-9a-f]{8})[0-9a-f]{8}:(\d+)")  # as `customers.card.vcards` writes it
_DAY = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:[T ].*)?")


def cells_of(card: list[Property]) -> Cells:
    """The card's cells. Of properties that have one place the first counts and the others stand beside it."""
    old = any(each.name == "VERSION" and each.value.strip() == "2.1" for each in card)
    labels = {each.group: _label_said(each) for each in card if each.name == "X-ABLABEL" and each.group}
    countries = {each.group: each.value for each in card if each.name == "X-ABADR" and each.group}
    found: Cells = {}
    for name in _MANY:
        same = sorted((each for each in card if each.name == name), key=_preference)
        for place, each in enumerate(same, 1):
            _one_of_many(found, f"{name} {place}", each, labels, countries, old=old)
    for each in card:
        if each.name not in _MANY and each.name not in _SILENT:
            _ONE.get(each.name, _further)(found, each, old)
    if _is_organisation(found):
        _as_organisation(found)
    if _is_ours(found):
        _as_ours(found)
    return {name: _literal(value) for name, value in found.items() if value and not value.isspace()}


def _literal(value: str) -> str:
    """The cell so that it means what it says: an apostrophe before `=` is one here, and no spreadsheet's shield."""
    if "'" not in value:
        return value
    return BETWEEN.join(shield(each) if each[:1] == "'" else each for each in value.split(BETWEEN))


def is_group(card: list[Property]) -> bool:
    """Whether this is no card of somebody but a list of others."""
    kinds = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
    return any(each.name in kinds and each.value.strip().lower() == "group" for each in card)


def most_of_a_kind(card: list[Property]) -> int:
    names = [each.name for each in card]
    return max((names.count(name) for name in set(names)), default=0)


_SILENT = frozenset(("VERSION", "PRODID", "REV", "X-ABLABEL", "X-ABADR", "X-PRODID", "CLASS", "PROFILE",
                     "X-ADDRESSBOOKSERVER-KIND", "CLIENTPIDMAP", "SOURCE", "PHOTO", "LOGO", "SOUND", "KEY",
                     "X-IMAGETYPE", "X-IMAGEHASH", "X-SHARED-PHOTO-DISPLAY-PREF"))  # fmt: skip


def _preference(one: Property) -> int:
    if "pref" in one.types:
        return 0
    said = one.parameters.get("PREF", "")
    return int(said) if said.isdigit() and len(said) < 4 else 500


def _one_of_many(
    found: Cells, column: str, one: Property, labels: dict[str, str], countries: dict[str, str], *, old: bool
) -> None:
    label = labels.get(one.group, "") or _label(one)
    if one.name == "ADR":
        pieces = [each.strip() for each in parts(one.value, ";", old=old)]
        for part, value in zip(_ADDRESS, pieces, strict=False):
            found[f"{column} {part}"] = value
        country = f"{column} COUNTRY"
        if any(pieces) and not found.get(country):
            found[country] = countries.get(one.group, "")
        label = label if any(pieces) else ""
    else:
        found[column] = _contact(one, plain(one.value, old=old))
        label = label if found[column] and one.name in ("EMAIL", "TEL") else ""
    if label:
        found[f"{column} TYPE"] = label


def _contact(one: Property, value: str) -> str:
    value = value.strip()
    if one.name == "TEL" and value[:4].lower() == "tel:":
        number, _semicolon, more = value[4:].partition(";")
        extension = re.search(r"(?:^|;)ext=(\d+)", more)
        return f"{number} ext. {extension[1]}" if extension else number
    return value[7:] if one.name == "EMAIL" and value[:7].lower() == "mailto:" else value


def _label_said(one: Property) -> str:
    """A label of its own, Apple's `_$!<Mobile>!$_` as the word in it."""
    value = plain(one.value).strip()
    known = _APPLE.fullmatch(value)
    return known[1].lower() if known else value


def _label(one: Property) -> str:
    """The kinds that a property says, as one label: `work`, `mobile`, `work fax`."""
    said = [each.removeprefix("x-") for each in one.types if each not in _SAY_NOTHING]
    if "fax" in said:
        where = next((each for each in said if each in ("work", "home")), "")
        return f"{where} fax".strip()
    if "cell" in said or "iphone" in said:
        return "mobile"
    return said[0] if said else ""


# --- what a card has once ---------------------------------------------------------------------------------------------


def _name(found: Cells, one: Property, old: bool) -> None:
    for column, value in zip(_NAME, parts(one.value, ";", old=old), strict=False):
        found.setdefault(column, " ".join(value.replace(",", " ").split()) if column != "N FAMILY" else value.strip())


def _organisation(found: Cells, one: Property, old: bool) -> None:
    name, *departments = [each.strip() for each in parts(one.value, ";", old=old)]
    if "ORG" in found:
        _further(found, one, old)
        return
    found["ORG"], found["ORG DEPARTMENT"] = name, ", ".join(filter(None, departments))


def _birthday(found: Cells, one: Property, old: bool) -> None:
    """The day as ISO, `--03-07` without its year; what is no whole day (`circa 1800`, `1996-04`) beside it as text."""
    value = plain(one.value, old=old).strip()
    day = _DAY.fullmatch(value)
    if day is None:
        found.setdefault("BDAY TEXT", value)
        return
    year = "--" if day[1] in ("--", one.parameters.get("X-APPLE-OMIT-YEAR")) else f"{day[1]}-"
    found.setdefault("BDAY", f"{year}{day[2]}-{day[3]}")


def _list(found: Cells, one: Property, old: bool) -> None:
    """Words in one cell, also where the property stands several times."""
    words = [each.strip() for each in parts(one.value, ",", old=old)]
    before = [found[one.name]] if one.name in found else []
    found[one.name] = BETWEEN.join([*before, *filter(None, words)])


def _nickname(found: Cells, one: Property, old: bool) -> None:
    found.setdefault("NICKNAME", ", ".join(each.strip() for each in parts(one.value, ",", old=old) if each.strip()))


def _gender(found: Cells, one: Property, old: bool) -> None:
    """The letter of RFC 6350 in words; unknown and not applicable say nothing."""
    letter = parts(one.value, ";", old=old)[0].strip()
    words = {"M": "male", "F": "female", "O": "other", "N": "", "U": ""}
    found.setdefault("GENDER", words.get(letter.upper(), letter))


def _uid(found: Cells, one: Property, old: bool) -> None:
    """The card's own id; of a card that a register like this wrote her number there, in a column of that house."""
    value = plain(one.value, old=old).strip()
    ours = _OURS.fullmatch(value)
    if ours is None:
        found.setdefault("UID", value.removeprefix("urn:uuid:"))
    else:
        found.setdefault(f"{_NUMBER}{ours[1]}", ours[2])


def _note(found: Cells, one: Property, old: bool) -> None:
    kind = one.parameters.get("X-REGULARS-KIND", "")
    _further(found, replace(one, name=f"NOTE [{kind}]") if kind.isalpha() else one, old)


def _further(found: Cells, one: Property, old: bool) -> None:
    """Its own column, a second one beside it; whoever looks at the columns sees what is left out."""
    value = plain(one.value, old=old).strip()
    name = next(name for name in _numbered(one.name) if name not in found or found[name] == value)
    found[name] = value


def _numbered(name: str) -> Iterator[str]:
    yield name
    for place in range(2, MOST_OF_A_KIND + 2):
        yield f"{name} {place}"


_ONE: dict[str, Callable[[Cells, Property, bool], None]] = {
    "N": _name,
    "ORG": _organisation,
    "BDAY": _birthday,
    "CATEGORIES": _list,
    "NICKNAME": _nickname,
    "GENDER": _gender,
    "X-GENDER": lambda found, one, old: _gender(found, one, old),
    "NOTE": _note,
    "UID": _uid,
}


def _is_organisation(found: Cells) -> bool:
    named = any(found.get(column) for column in _NAME)
    if not named and found.get("ORG") and found.get("FN") == found["ORG"]:
        return True
    return found.get("KIND", "").lower() == "org" or found.get("X-ABSHOWAS", "").upper() == "COMPANY"


def _as_organisation(found: Cells) -> None:
    """An organisation's card: its name is where the name of a person would be."""
    found["ORG"] = found.get("ORG") or found.get("FN", "")
    for column in ("FN", "X-ABSHOWAS", *_NAME):
        found.pop(column, None)
    found["KIND"] = "organisation"


def _is_ours(found: Cells) -> bool:
    return any(name.startswith(_NUMBER) for name in found)


def _as_ours(found: Cells) -> None:
    """A card that a register like this wrote: its name is in its parts, and what stands before them is the title."""
    found.pop("FN", None)
    found["N TITLE"] = found.pop("N PREFIX", "")
