"""Writing many cards at once, inside somebody's long deed: thousands of ready rows and payloads per transaction.

What comes is a chunk of `customers.card.ready.Maker`. `layout` tells the maker what the tables look like;
`bring_new` writes cards nobody knows yet; `recognising` says who that is, `updating` brings the known ones up to date.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, models

from regulars.areas.customers.card import keys, ready, sealing
from regulars.areas.customers.card.at_rest import RESTING as RESTING
from regulars.areas.customers.models import (
    Address,
    BankAccount,
    ContactPoint,
    Customer,
    CustomField,
    CustomValue,
    Employment,
    IdentityNumber,
    Note,
    Reference,
    SocialHandle,
    Standing,
    Tag,
)
from regulars.areas.customers.queries import keeper_of
from regulars.areas.house.queries import house
from regulars.areas.journal.actions.deeds import Link, take
from regulars.areas.journal.models import Journaled
from regulars.kernel import personkeys, registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import adapt, bulk_insert
from regulars.kernel.errors import Refused
from regulars.kernel.tables import Table, moment, table_of

_TABLES: tuple[type[Journaled], ...] = (
    Customer, ContactPoint, Address, Tag, Reference, Note, SocialHandle, Employment, CustomValue, Standing,
)  # fmt: skip
_SEALED = {"identity_numbers": IdentityNumber, "bank_accounts": BankAccount, "custom": CustomValue}

LateRow = tuple[type[models.Model], dict[str, Any], sealing.Sealer]


@dataclass(slots=True)
class Chunk:
    """A chunk as the maker made it, and what its late values turned out to be."""

    rows: list[int]
    own: list[list[Any]]
    more: dict[str, list[list[Any]]]
    texts: list[bytes]
    starts: list[int]
    ids: int
    specs: dict[int, list[int]]
    organisations: list[tuple[str, str]]
    firms: dict[str, int]
    found: list[str]
    late: dict[int, list[LateRow]]
    odd: dict[int, dict[str, Any]]
    only_new: dict[int, list[str]]
    refused: dict[int, Refused] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any], country: str) -> "Chunk":
        """Reads what came from the maker; values that cannot be sealed refuse their card (`refused`, by place)."""
        chunk = cls(
            rows=told["rows"],
            own=told["own"],
            more=told["more"],
            texts=told["texts"],
            starts=[*told["starts"], told["ids"]],
            ids=told["ids"],
            specs={int(place): spec for place, spec in told["specs"].items()},
            organisations=[(folded, name) for folded, name in told["organisations"]],
            firms=told["firms"],
            found=told["found"],
            late={},
            odd={int(place): odd for place, odd in told["odd"].items()},
            only_new={int(place): columns for place, columns in told["only_new"].items()},
        )
        for place, late in told["late"].items():
            try:
                chunk.late[int(place)] = list(_late_rows(late, country))
            except Refused as refused:
                chunk.refused[int(place)] = refused
        return chunk

    def __len__(self) -> int:
        return len(self.own)


def layout(
    *, by: Actor, at: datetime, further: Iterable[type[Journaled]] = (), sort_language: str | None = None
) -> dict[str, Any]:
    """What a maker must know: tables with their empty rows, the facts of the card's row, the business's own fields."""
    facts = {fact.name: fact for fact in registries.facts_of(None) if _is_own(fact)}
    sources = {name: fact.source for name, fact in facts.items() if fact.type != "customer"}
    own = {name: source.column for name, source in sources.items() if isinstance(source, registries.Column)}
    amounts = [fact.source for name, fact in facts.items() if fact.type == "money"]
    rules = house()
    return {
        "tables": [_told(table_of(model), at) for model in (*_TABLES, *further)],
        "own": own,
        "scaled": [own[name] for name, fact in facts.items() if fact.type == "decimal"],
        "amounts": {source.column: source.currency for source in amounts if isinstance(source, registries.Column)},
        "customers": [name for name, fact in facts.items() if fact.type == "customer"],
        "custom": {each.name: [each.pk, each.type] for each in CustomField.objects.all()},
        "language": sort_language or rules.default_language,
        "today": rules.day(at).isoformat(),
        "by": by.name[:200],
        "created": moment(at),
    }


def _is_own(fact: registries.Fact) -> bool:
    return isinstance(fact.source, registries.Column) and fact.writable


def _told(table: Table, at: datetime) -> dict[str, Any]:
    blank = [at if isinstance(each, models.DateTimeField) else each.get_default() for each in table.fields]
    ready_values = [adapt(connection, each, value) for each, value in zip(table.fields, blank, strict=True)]
    plain = [str(value) if isinstance(value, datetime) else value for value in ready_values]
    return {"label": table.label, "columns": table.columns, "pk": table.pk, "blank": plain}


# --- new cards --------------------------------------------------------------------------------------------------------


class Bringer:
    """What is the same for every chunk of one import: who brings it, when, and into which house."""

    def __init__(self, told: Mapping[str, Any], *, by: Actor, at: datetime, country: str, existing: str = "") -> None:
        self.maker = ready.Maker(told)
        self.by, self.at, self.country, self.existing = by, at, country, existing
        self.organisations = 0  # made on the way so far
        self.dry = False  # a trial makes no person's keys, and none to search by
        self.keys_rest = False  # the index of those is made when all is in

    def write_new(self, link: Link, chunk: Chunk, places: Sequence[int]) -> Sequence[int]:
        """Writes the cards at these places of the chunk as new ones and returns their numbers."""
        if not places:
            return ()
        given = link.numbers(len(places))
        numbers: list[int] = [0] * len(chunk)
        for place, number in zip(places, given, strict=True):
            numbers[place] = number
        firms = Firms(link, self, chunk, places, numbers)
        first = take("row", chunk.ids) if chunk.ids else 0
        _insert_own(link, chunk, places, numbers)
        for label, rows in _parted(chunk, places, numbers):
            _insert_more(link, label, rows, numbers, first, firms)
        payloads = _payloads(chunk, places, numbers, first, firms.numbers)
        if not self.dry:
            _insert_late(link, chunk, places, numbers, payloads)
        link.record_ready(payloads, customers=given)
        if not self.dry:
            found = [(numbers[place], chunk.found[place]) for place in places]
            keys.keep_new(found, at_rest=self.keys_rest)
        self.organisations += firms.made
        return given


def _insert_own(link: Link, chunk: Chunk, places: Sequence[int], numbers: list[int]) -> None:
    table = table_of(Customer)
    version = table.columns.index("version")
    rows = [chunk.own[place] for place in places]
    for row, place in zip(rows, places, strict=True):
        row[0] = row[version] = link.number
        row[1] = numbers[place]
    bulk_insert(connection, table.name, table.columns, rows)


def _parted(chunk: Chunk, places: Sequence[int], numbers: Sequence[int]) -> Iterable[tuple[str, list[list[Any]]]]:
    """The further rows of these cards, taken out of the chunk: their open places are about to be filled in."""
    for label, rows in chunk.more.items():
        if len(places) == len(chunk):
            chunk.more[label] = []
            yield label, rows
        else:
            chunk.more[label] = [row for row in rows if not numbers[row[2]]]
            yield label, [row for row in rows if numbers[row[2]]]


def _insert_more(link: Link, label: str, rows: list[list[Any]], numbers: list[int], first: int, firms: "Firms") -> None:
    table = table_of(registries.model_named(label))
    if table.columns[:3] != ["link", "id", "customer_id"]:
        raise RuntimeError(f"{label} does not begin with link, id, customer_id.")
    own = link.number
    for row in rows:
        row[0] = own
        row[1] += first
        row[2] = numbers[row[2]]
    if label == "customers.employment":
        at = table.columns.index("organisation_id")
        for row in rows:
            row[at] = firms.numbers[-2 - row[at]]
    bulk_insert(connection, table.name, table.columns, rows)


def _payloads(
    chunk: Chunk, places: Sequence[int], numbers: list[int], first: int, organisations: Sequence[int]
) -> list[bytes]:
    """The frozen payloads with their numbers filled in; those with late values still lack their end."""
    texts, starts, specs, found = chunk.texts, chunk.starts, chunk.specs, []
    for place in places:
        number = numbers[place]
        if place in specs:
            filled = [
                number if each == -1 else first + each if each >= 0 else organisations[-2 - each]
                for each in specs[place]
            ]
            found.append(texts[place] % tuple(filled))
        else:
            found.append(texts[place] % (number, number, *range(first + starts[place], first + starts[place + 1])))
    return found


class Firms:
    """The organisations that a chunk's people work at: found by name, among its own cards, or made on the way."""

    def __init__(
        self, link: Link, bringer: Bringer, chunk: Chunk, places: Iterable[int], numbers: Sequence[int]
    ) -> None:
        wanted = {-2 - each for place in places for each in chunk.specs.get(place, ()) if each < -1}
        names = {place: chunk.organisations[place] for place in sorted(wanted)}
        known = organisations_called(folded for folded, _name in names.values())
        beside = {folded: numbers[chunk.firms[folded]] for folded, _name in names.values() if folded in chunk.firms}
        known = {folded: number for folded, number in beside.items() if number} | known
        missing = [(folded, name) for folded, name in names.values() if folded not in known]
        known |= _made_on_the_way(link, bringer, missing)
        self.made = len(missing)
        self.numbers = [known.get(folded, 0) for folded, _name in chunk.organisations]


def _made_on_the_way(link: Link, bringer: "Bringer", named: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Cards of organisations that somebody works at and nobody knew."""
    if not named:
        return {}
    for _folded, name in named:
        bringer.maker.add(0, {"kind": "organisation", "organisation_name": name})
    chunk = Chunk.of(bringer.maker.made(), bringer.country)
    numbers = bringer.write_new(link, chunk, range(len(chunk)))
    return {folded: number for (folded, _name), number in zip(named, numbers, strict=True)}


def organisations_called(folded: Iterable[str]) -> dict[str, int]:
    """The organisations of these folded names; of several the first."""
    columns = ("organisation_fold", "number", "kind", "merged_into_id")
    rows = table_of(Customer).pick(columns, "organisation_fold", sorted(set(folded)))
    return {
        folded: number if merged is None else keeper_of(number)
        for folded, number, kind, merged in sorted(rows, key=lambda row: -row[1])
        if kind == "organisation"
    }


# --- values that are sealed -------------------------------------------------------------------------------------------


def _late_rows(late: Mapping[str, Any], country: str) -> Iterable[LateRow]:
    """Model, columns and sealer of each value to be sealed. Raises Refused."""
    for item in late.get("identity_numbers", ()):
        item = {"value": item} if isinstance(item, str) else item
        sealer, columns = sealing.sealed_identity(
            str(item["value"]), item.get("kind") or "", item.get("country") or country
        )
        yield IdentityNumber, columns, sealer
    for item in late.get("bank_accounts", ()):
        item = {"iban": item} if isinstance(item, str) else item
        text = str(item.get("iban") or item.get("number") or "")
        sealer, columns = sealing.sealed_bank_account(
            text, is_iban=bool(item.get("iban")), country=country, bic=str(item.get("bic") or "")
        )
        yield BankAccount, columns, sealer
    for name, value in late.get("custom", {}).items():
        field_id = CustomField.objects.values_list("pk", flat=True).get(name=name)
        sealer, columns = sealing.sealed_custom(str(value), field_id)
        yield CustomValue, {**columns, "field_id": field_id}, sealer


def sealed_instances(owned: Iterable[tuple[int, LateRow]]) -> dict[int, list[Any]]:
    """Instances with their ids and sealed values, by customer number; the persons' keys are made in one go."""
    owned = list(owned)
    if not owned:
        return {}
    personkeys.make_keys(number for number, _late in owned)
    found: dict[int, list[Any]] = defaultdict(list)
    seen: set[tuple[Any, ...]] = set()
    first = take("row", len(owned))
    for place, (number, (model, columns, sealer)) in enumerate(owned):
        key = (number, model, columns.get("field_id") or columns["blind"])
        if key in seen:
            continue
        seen.add(key)
        row: Any = model(id=first + place, customer_id=number, **columns)
        for name, value in sealer(row).items():
            setattr(row, name, value)
        found[number].append(row)
    return found


def _insert_late(link: Link, chunk: Chunk, places: Sequence[int], numbers: list[int], payloads: list[bytes]) -> None:
    owned = [(numbers[place], late) for place in places for late in chunk.late.get(place, ())]
    made = sealed_instances(owned)
    per: dict[type[models.Model], list[Any]] = defaultdict(list)
    for at, place in enumerate(places):
        if place not in chunk.late:
            continue
        for row in made.get(numbers[place], ()):
            row.link = link.number
            row.derive()
            per[row._meta.model].append(row)
            table = table_of(row._meta.model)
            frozen = orjson.dumps(table.canonical(row), option=orjson.OPT_SORT_KEYS)
            payloads[at] += b',["%s",%d,%s]' % (table.label.encode(), row.pk, frozen)
        payloads[at] += b"]}"
    for model, rows in per.items():
        table = table_of(model)
        bulk_insert(connection, table.name, table.columns, [table.prepared(row) for row in rows])
