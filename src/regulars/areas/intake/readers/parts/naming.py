"""Who the row is about: whole names, forms of address, organisations and jobs."""

import re
from typing import Any

from regulars.areas.intake.readers import cells as reading
from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts.jotted import MORE, name_in
from regulars.areas.intake.readers.parts.placing import At, Card, Guarded, Member, Part, Placed, guarded, member, slots
from regulars.areas.intake.readers.row import Row
from regulars.areas.intake.readers.targets import Target
from regulars.kernel.names import without_birth_name
from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import short

_TWO = re.compile(r"\w(?: (?:und|u\.|and|og|en|और|एवं) | ?[&+] ?)\w|\w{3} ?/ ?\w{3}")  # `Anna und Peter Berg`
_COUPLE = _(
    "“{text}” may be two people on one card. A card is one person's: give each a row of their own, and both the same "
    "household."
)


def names(placed: list[Placed], mapping: Mapping, context: Context) -> list[Guarded]:
    """A whole name is taken apart only where its parts are not given, and where it is no firm's (`Fa. Ott KG`). A
    family name alone with a legal form in it is a firm's too; one with a comma is whole (`Berg, Anna`)."""
    in_parts, text_of_firm = reading.full_name(context), reading.text_of(context.longest("organisation_name"))

    def make(index: int, heading: str) -> Part:
        def part(row: Row, card: Card, cells: Cells, at: At) -> None:
            if "given_name" not in card and "family_name" not in card:
                at.index = index
                text = cells[index]
                if MORE.search(text):
                    text = name_in(card, text, context.country)
                if firm := reading.named_firm(text):
                    card.setdefault("organisation_name", text_of_firm(firm))
                    card.setdefault("kind", "organisation")
                    return
                for name, value in in_parts(text).items():
                    card.setdefault(name, value)
                if _TWO.search(text):
                    row.doubt(heading, text, _COUPLE, {"text": short(text)})

        return part

    def pair(index: int, heading: str) -> Part:
        def part(row: Row, card: Card, cells: Cells, _at: At) -> None:
            if _TWO.search(cells[index]) and "given_name" in card:
                row.doubt(heading, cells[index], _COUPLE, {"text": short(cells[index])})

        return part

    def surname(_row: Row, card: Card, _cells: Cells, _at: At) -> None:
        name = card.get("family_name", "")
        if " " not in name:
            return
        if "given_name" not in card and "organisation_name" not in card:
            if not says_kind and (said := reading.named_firm(name) or (name if reading.has_legal_form(name) else "")):
                del card["family_name"]
                card["organisation_name"] = said
                card.setdefault("kind", "organisation")
                return
            parts = in_parts(name) if "," in name else {}
            if "given_name" in parts and "family_name" in parts:
                card.update(parts)
                return
        if (
            "given_name" in card and not says_kind and not mapping.exporter and (firm := reading.named_firm(name))
        ):  # `Ott GmbH` | `Anna Ott`
            del card["family_name"]
            card.update(in_parts(card.pop("given_name")))
            card.setdefault("works_at", []).append({"organisation": firm})
            return
        bare, born = without_birth_name(name)
        if born and "suffix" not in card:
            card["family_name"], card["suffix"] = bare, born

    whole = [each for each in placed if each.target.key == "full_name"]
    given = [each for each in placed if each.target.key == "given_name" and not each.target.group]
    family = [each for each in placed if each.target.key == "family_name" and not each.target.group]
    says_kind = any(each.target.key == "kind" for each in placed)  # the list says itself who is a firm
    return [
        *(guarded([each], make(each.column.index, each.column.column)) for each in whole),
        *(guarded([each], surname) for each in family),
        *(guarded([each], pair(each.column.index, each.column.column)) for each in given),
    ]


def salutations(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    whole = [each.column.index for each in placed if each.target.key == "full_name"]
    firms = [each.column.index for each in placed if each.target.key == "organisation"]
    text_of_firm = reading.text_of(context.longest("organisation_name"))
    is_firm = reading.remembered(reading.is_firm)

    def make(index: int) -> Part:
        look = reading.remembered(reading.title_and_gender(context))

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            at.index = index
            if is_firm(cells[index]):
                named, beside = (_first(cells, indexes) for indexes in (whole, firms))
                _as_firm(card, text_of_firm(named) or "", beside)
                return
            title, gender = look(cells[index])
            if title:
                card.setdefault("title", title)
            if gender:
                card.setdefault("gender", gender)

        return part

    forms = [each for each in placed if each.target.key == "salutation" and not each.target.group]
    return [guarded([each], make(each.column.index)) for each in forms]


def _first(cells: Cells, indexes: list[int]) -> str:
    return next((cells[index].strip() for index in indexes if cells[index].strip()), "")


_PARTS = ("given_name", "middle_name", "family_name")


def _as_firm(card: Card, whole: str, beside: str) -> None:
    """A row addressed as a firm (`Firma`): the name in it is the organisation's, unless it is somebody's who works at
    the one `beside`, or a given and a family name without a legal form."""
    name = whole or " ".join(card[part] for part in _PARTS if part in card)
    if card.get("kind") == "person" or (name and beside and fold(name) != fold(beside)):
        return
    if name and not whole and "given_name" in card and not reading.has_legal_form(name):
        return
    for part in (*_PARTS, "title", "suffix"):
        card.pop(part, None)
    card["kind"] = "organisation"
    if name:
        card.setdefault("organisation_name", name)


def organisations(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    """Where somebody works; the organisation itself where the row names no person."""
    places = slots(placed, "works_at")
    lone = [each for each in placed if not each.target.group and each.target.key == "organisation"]
    if lone:
        column = Placed(lone[0].column, Target("works_at", "organisation"))
        places = [[*places[0], column], *places[1:]] if places else [[column]]
    return [guarded(slot, _organisation([member(each, context) for each in slot])) for slot in places]


def _organisation(members: list[Member]) -> Part:
    def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
        item: dict[str, Any] = {}
        for index, key, clean in members:
            text = cells[index]
            if text:
                at.index = index
                value = clean(text)
                if value is not None:
                    item.setdefault(key, value)
        if not item:
            return
        if "organisation" not in item:
            _without_organisation(card, item)
        elif card.get("kind") == "organisation" or not (
            "given_name" in card or "family_name" in card or "called_name" in card
        ):
            _its_own(card, item)
        else:
            there = card.setdefault("works_at", [])
            if not any(fold(each["organisation"]) == fold(item["organisation"]) for each in there):
                there.append(item)

    return part


def _its_own(card: dict[str, Any], item: dict[str, Any]) -> None:
    """A row without a person is the organisation itself."""
    if "organisation_name" not in card:
        card["organisation_name"] = item["organisation"]
        card.setdefault("kind", "organisation")


def _without_organisation(card: dict[str, Any], item: dict[str, Any]) -> None:
    """A job without an employer is an occupation; a department alone is noted."""
    if "job_title" in item:
        card.setdefault("occupation", item["job_title"][:100])
    if "department" in item:
        card.setdefault("notes", []).append({"kind": "note", "text": item["department"]})
