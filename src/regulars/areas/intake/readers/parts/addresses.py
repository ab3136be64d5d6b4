"""Postal addresses, with the parts that lists write and cards do not."""

import re
from typing import Any

from regulars.areas.intake.readers import cells as reading
from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts.contacts import star
from regulars.areas.intake.readers.parts.placing import At, Card, Guarded, Part, Placed, guarded, member, slots
from regulars.areas.intake.readers.row import Row
from regulars.areas.intake.readers.targets import GROUPS
from regulars.kernel import phones, postal
from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _


def addresses(placed: list[Placed], mapping: Mapping, context: Context) -> list[Guarded]:
    own = mapping.exporter == "regulars"
    calls = tuple(each.column.index for each in placed if (each.target.group, each.target.key) == ("phones", "value"))
    return [guarded(slot, _address(slot, calls, context, own=own)) for slot in slots(placed, "addresses")]


def _address(slot: list[Placed], calls: tuple[int, ...], context: Context, *, own: bool) -> Part:
    """One address of a row, which has telephones in the columns `calls`. In our `own` export every part stands in its
    place already."""
    members = tuple(member(each, context) for each in slot if each.target.key != "postcode")
    postcodes = tuple(each.column for each in slot if each.target.key == "postcode")
    both, heading = next(
        ((each.column.index, each.column.column) for each in slot if each.target.key == "postcode_city"), (0, "")
    )
    label = next((each.column.label for each in slot if each.column.label), "")
    keys = [each.target.key for each in slot]
    odd = not own and (len(set(keys)) < len(keys) or not _PLAIN.issuperset(keys))
    house = context.country
    numeric = frozenset(context.numeric)

    def part(row: Row, card: Card, cells: Cells, at: At) -> None:
        item: dict[str, Any] = {}
        for index, key, clean in members:
            text = cells[index]
            if text:
                at.index = index
                value = clean(text)
                if value is not None:
                    item[key] = value if key not in item else f"{item[key]} {value}"
        if "postcode_city" in item:
            code, town = _code_and_town(item.pop("postcode_city"), item.get("country") or house)
            at.index = both
            if "country" not in item and (before := postal.country_before(code)):
                item["country"] = before
            _postcode(row, item, code, heading, house, [cells[index] for index in calls], numeric=False)
            item.setdefault("city", town) if town else None
        for column in postcodes:
            text = cells[column.index]
            if text:
                at.index = column.index
                spoken = [cells[index] for index in calls]
                if not own and "country" not in item and (before := postal.country_before(text)):
                    item["country"] = before
                _postcode(row, item, text, column.column, house, spoken, numeric=column.index in numeric)
        if odd or ("\n" in item.get("street", "") and not own):
            _settle(item, house)
        if "street" in item or "city" in item or "postcode" in item or "region" in item or "street2" in item:
            if label and "label" not in item:
                item["label"] = label
        elif "country" in item:
            item = {"country": item["country"]}
        else:
            return
        if "addresses" in card:
            card["addresses"].append(item)
        else:
            card["addresses"] = [item]

    return part


_PLAIN = frozenset(("street", "street2", "postcode", "city", "region", "country", "valid_from", "valid_to"))


def _postcode(
    row: Row, item: dict[str, Any], text: str, heading: str, house: str, spoken: Cells, *, numeric: bool
) -> None:
    """Takes the postcode, read as the row's country writes it, else the `house`'s.

    A nought that a spreadsheet took off is put back, unless a telephone of the row (`spoken`) is of another country
    than the house's, whose postcode it would be. Nothing is doubted where both are plain: the cell was a number, and
    the row names the country.
    """
    named = item.get("country")
    country = named or house
    code = reading.postcode_of(text, country)
    if not code:
        return
    item["postcode"] = code
    if not country or not postal.doubt_of_postcode(code, country):
        return
    told = {"text": code, "country": country}
    whole = postal.with_lost_zeros(code, country)
    if not whole or (not named and any(phones.is_abroad(number, country) for number in spoken)):
        row.doubt(heading, text, postal.DOUBT_POSTCODE, told)
        return
    item["postcode"] = whole
    if not (numeric and named):
        row.doubt(heading, text, _LOST_ZERO, {**told, "code": whole})


_LOST_ZERO = _(
    "“{text}” came in as {code}, with the zero in front that spreadsheets lose. Put it right if the address is not in "
    "{country}."
)


def _code_and_town(text: str, country: str) -> tuple[str, str]:
    """`D-10115 Berlin`, `1012 AB Amsterdam`: the postcode and the town behind it, '' for the one that is not there."""
    words = postal.BEFORE_CODE.sub(r"\1-", text).split()
    for many in (2, 1):
        code, town = " ".join(words[:many]), " ".join(words[many:])
        if town and (postal.country_before(code) or postal.is_postcode(code, country)):
            return code, town
    return (words[0], " ".join(words[1:])) if words and _has_digit(words[0]) else ("", " ".join(words))


def _settle(item: dict[str, Any], house: str) -> None:
    """The parts that lists write and cards do not: house numbers, whole addresses, second lines, post boxes, stars."""
    country = item.get("country") or house
    if "whole" in item:
        _take_apart(item, item.pop("whole"))
    if "house_number" in item:
        number, street = item.pop("house_number"), item.get("street", "")
        item["street"] = (f"{number} {street}" if postal.number_first(country) else f"{street} {number}").strip()
    if "po_box" in item:
        _add_line(item, item.pop("po_box"))
    if "\n" in item.get("street", ""):
        first, _newline, rest = item["street"].partition("\n")
        item["street"] = first.strip()
        _add_line(item, ", ".join(line.strip() for line in rest.split("\n") if line.strip()))
    if "label" in item:
        label = star(item.pop("label"))[1].lower()
        if label:
            item["label"] = label


def _add_line(item: dict[str, Any], line: str) -> None:
    if not item.get("street"):
        item["street"] = line
    else:
        item["street2"] = ", ".join(filter(None, (item.get("street2", ""), line)))[:300]


def _take_apart(item: dict[str, Any], whole: str) -> None:
    """`Hauptstr. 1, 10115 Berlin, Germany` in parts, and `1 Main St  Oxford  OX1 4AB  GB` as Mailchimp writes it; what
    is not understood stays in the street."""
    parts = [part for part in _GAP.split(whole.strip()) if part]
    if len(parts) > 2 and "\n" not in whole and item.keys().isdisjoint(_PLAIN) and _taken_by_gaps(item, parts):
        return
    lines = [line.strip() for line in whole.replace("\n", ",").split(",") if line.strip()]
    if len(lines) > 1 and "country" not in item and (country := _country(lines[-1])):
        item["country"] = country
        lines.pop()
    for at in range(len(lines) - 1, 0, -1):
        code, _blank, city = lines[at].partition(" ")
        if _has_digit(code) and city and not _has_digit(city):
            item.setdefault("postcode", code)
            item.setdefault("city", city)
            lines.pop(at)
            break
    item.setdefault("street", ", ".join(lines)[:300])


_GAP = re.compile(r"\s{2,}")


def _taken_by_gaps(item: dict[str, Any], parts: list[str]) -> bool:
    """`12 High St`, `Apt 4`, `Springfield`, `IL`, `62704`, `US`: whether country and postcode say what the rest is.

    Of three parts left the middle one may be a second line or the city: where neither the country's regions nor a
    number in it tells, they stay together in the street.
    """
    country = _country(parts[-1])
    if not country or not postal.is_postcode(parts[-2], country) or max(map(len, parts)) > GROUPS["addresses"]["city"]:
        return False
    item.update(country=country, postcode=postal.clean_postcode(parts[-2], country))
    street, *rest = parts[:-2]
    if len(rest) > 1 and postal.is_region(rest[-1], country) and not (len(rest) == 2 and _has_digit(rest[0])):
        item["region"] = rest.pop()
    if len(rest) == 1 and not _has_digit(rest[0]):
        item.update(street=street, city=rest[0])
    elif len(rest) == 2 and not _has_digit(rest[1]) and ("region" in item or _has_digit(rest[0])):
        item.update(street=street, street2=rest[0], city=rest[1])
    else:
        item["street"] = ", ".join([street, *rest])[:300]
    return True


def _has_digit(text: str) -> bool:
    return any(ch.isdigit() for ch in text)


def _country(text: str) -> str:
    try:
        return postal.clean_country(text)
    except Refused:
        return ""
