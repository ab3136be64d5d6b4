"""What a row may have several of: the business's own facts, tags, notes, references, handles, households."""

from typing import Any

from regulars.areas.intake.readers import cells as reading
from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.exporters import OURS
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Column, Mapping
from regulars.areas.intake.readers.parts.placing import (
    At,
    Card,
    Guarded,
    Part,
    Placed,
    guarded,
    member,
    of_group,
    slots,
)
from regulars.areas.intake.readers.row import Row


def custom(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    members = [member(each, context) for each in of_group(placed, "custom")]
    if not members:
        return []

    def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
        for index, name, clean in members:
            text = cells[index]
            if text:
                at.index = index
                value = clean(text)
                if value is not None:
                    card.setdefault("custom", {})[name] = value

    return [guarded(of_group(placed, "custom"), part)]


def tags(placed: list[Placed], mapping: Mapping, _context: Context) -> list[Guarded]:
    """Tags, split at the mapping's sign or at any of `,;|` and line breaks; Google's own groups (`* …`) are none, and
    quotes around one are not part of it. What this register wrote is taken as it stands."""
    ours = mapping.exporter == OURS

    def make(column: Column) -> Part:
        index, sign = column.index, column.split
        clean = reading.text_of(100)

        def apart(text: str) -> tuple[str, ...]:
            pieces = (
                text.split(sign.strip() or sign)
                if sign
                else text.replace(";", ",").replace("|", ",").replace("\n", ",").split(",")
            )
            said = pieces if ours else [_unquoted(each.strip()) for each in pieces if not each.strip().startswith("* ")]
            return tuple(dict.fromkeys(tag for tag in map(clean, said) if tag))

        look = reading.remembered(apart)

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            at.index = index
            found = look(cells[index])
            if not found:
                return
            there = card.get("tags")
            if there is None:
                card["tags"] = list(found)
            else:
                there += [tag for tag in found if tag not in there]

        return part

    return [guarded([each], make(each.column)) for each in of_group(placed, "tags")]


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def notes(placed: list[Placed], _mapping: Mapping, _context: Context) -> list[Guarded]:
    def make(column: Column) -> Part:
        index, before = column.index, f"{column.label}: " if column.label else ""
        clean = reading.text_of(20_000 - len(before))

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            text = cells[index]
            if before and text.startswith("0/0/0"):
                return
            at.index = index
            value = clean(text)
            if value:
                card.setdefault("notes", []).append({"kind": column.kind or "note", "text": before + value})

        return part

    return [guarded([each], make(each.column)) for each in of_group(placed, "notes")]


def references(placed: list[Placed], mapping: Mapping, _context: Context) -> list[Guarded]:
    def make(column: Column, source: str) -> Part:
        index = column.index

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            at.index = index
            value = reading.reference(cells[index])
            if value:
                item = {"source": source, "value": value}
                if "references" in card:
                    card["references"].append(item)
                else:
                    card["references"] = [item]

        return part

    columns = of_group(placed, "references")
    usual = "" if mapping.exporter == "regulars" else mapping.source
    return [guarded([each], make(each.column, each.column.source or usual)) for each in columns]


def socials(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    def make(slot: list[Placed]) -> Part:
        column = next(each.column for each in slot if each.target.key == "handle")
        others = [member(each, context) for each in slot if each.target.key != "handle"]

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            at.index = column.index
            item: dict[str, Any] | None = reading.social(cells[column.index], column.network)
            if not item:
                return
            for index, key, clean in others:
                at.index = index
                value = clean(cells[index]) if cells[index] else None
                if value is not None:
                    item[key] = value
            card.setdefault("social", []).append(item)

        return part

    handled = [slot for slot in slots(placed, "social") if any(each.target.key == "handle" for each in slot)]
    return [guarded([each for each in slot if each.target.key == "handle"], make(slot)) for slot in handled]


def households(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    def make(slot: list[Placed]) -> Part:
        members = [member(each, context) for each in slot]

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            item: dict[str, Any] = {}
            for index, key, clean in members:
                if cells[index]:
                    at.index = index
                    value = clean(cells[index])
                    if value:
                        item[key] = value
            if "name" in item:
                card.setdefault("households", []).append(item)

        return part

    return [guarded(slot, make(slot)) for slot in slots(placed, "households")]
