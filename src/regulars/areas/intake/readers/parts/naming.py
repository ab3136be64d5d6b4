"""Who the row is about: whole names, forms of address, organisations and jobs."""

from typing import Any

from regulars.areas.intake.readers import cells as reading
from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts.placing import At, Card, Guarded, Member, Part, Placed, guarded, member, slots
from regulars.areas.intake.readers.row import Row
from regulars.areas.intake.readers.targets import Target
from regulars.kernel.text import fold


def names(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    """A whole name is taken apart only where its parts are not given."""
    in_parts = reading.full_name(context)

    def make(index: int) -> Part:
        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            if "given_name" not in card and "family_name" not in card:
                at.index = index
                for name, value in in_parts(cells[index]).items():
                    card.setdefault(name, value)

        return part

    whole = [each for each in placed if each.target.key == "full_name"]
    return [guarded([each], make(each.column.index)) for each in whole]


def salutations(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    def make(index: int) -> Part:
        look = reading.remembered(reading.title_and_gender(context))

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            at.index = index
            title, gender = look(cells[index])
            if title:
                card.setdefault("title", title)
            if gender:
                card.setdefault("gender", gender)

        return part

    forms = [each for each in placed if each.target.key == "salutation" and not each.target.group]
    return [guarded([each], make(each.column.index)) for each in forms]


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
