"""Clean cards become rows ready to be written and payloads ready but for their numbers, thousands at a time.

This runs in the child process that reads a file: it knows no Django, no database and no key. What it must know of the
tables comes in a `layout` (`customers.actions.bringing.layout`). What it gives (`Maker.made`) is plain JSON, all but
the payloads:

- `rows`: the place in the file of each card; `own`: its row, columns in order, link and number left open;
- `more`: for each further table its rows, in which the id is an offset (from the chunk's first id) and the customer a
  place in the chunk;
- `texts`: the frozen payload of each card, bytes, with `%d` for number and ids; `starts`: the offset of each card's
  first id;
- `specs`: for cards that work somewhere, what the `%d`s are in order: an offset, -1 the number, -2-k organisation k;
- `organisations`: folded and written name of each organisation named; `firms`: the places of cards that are one;
- `found`: what each card is found by (`card.findable`);
- `late`: for cards with values to be sealed, those values (the payload is then left open at its end);
- `only_new`: for cards, the columns of their own row that say nothing about a card that stands already;
- `odd`: for cards that name other cards, what they say of them. That is written after all cards stand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from regulars.areas.customers.card import telling
from regulars.areas.customers.card.findable import NAMES, search_text
from regulars.kernel import money
from regulars.kernel.text import fold, fold_once, sort_key

Card = Mapping[str, Any]
Values = dict[str, Any]
Lines = tuple[list[str], list[str], list[str], list[str]]  # e-mail addresses, phones, towns, references to be found by
_SORTED = orjson.OPT_SORT_KEYS
_ODD = ("households", "relations")  # and the facts that name another customer
_LATE = ("identity_numbers", "bank_accounts")
CUSTOMER = "customers.customer"
_OPEN = "\x01"  # stands in a payload for a number that is not known yet; no clean value holds it
_OPEN_TEXT = orjson.dumps(_OPEN)


_fold = lru_cache(maxsize=100_000)(fold)  # names and places come again and again


def address_key(folded: Iterable[str]) -> str:
    """As `customers.models.address_key`, of parts that are folded: 16 hex digits of their digest."""
    return blake2b("|".join(folded).encode(), digest_size=8).hexdigest()


class Shape:
    """One table as the layout tells it: which column stands where, and a row of nothing."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.label: str = told["label"]
        self.columns: list[str] = told["columns"]
        self.at = {name: place for place, name in enumerate(self.columns)}
        self.blank: list[Any] = told["blank"]
        self.id = self.at[told["pk"]]
        self.customer = self.at.get("customer_id", 0)


class Maker:
    """Makes the rows of one chunk after another. Not for two threads."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self.shapes = {told["label"]: Shape(told) for told in layout["tables"]}
        self.owner = self.shapes[CUSTOMER]
        self.own_columns: dict[str, str] = layout["own"]
        self.scaled: list[str] = layout["scaled"]
        self.amounts: dict[str, str] = layout["amounts"]
        self.odd_names: list[str] = [*layout["customers"], *_ODD]
        self.aside = frozenset((*self.odd_names, *_LATE, "custom"))
        self.custom: dict[str, list[Any]] = layout["custom"]
        self.language: str = layout["language"]
        self.today: str = layout["today"]
        self.day = date.fromisoformat(self.today)
        self.by: str = layout["by"]
        self.created: str = layout["created"]
        self._clear()

    def _clear(self) -> None:
        self.offset = 0
        self.rows: list[int] = []
        self.own: list[list[Any]] = []
        self.more: dict[str, list[list[Any]]] = {}
        self.texts: list[bytes] = []
        self.starts: list[int] = []
        self.specs: dict[str, list[int]] = {}
        self.organisations: dict[str, tuple[int, str]] = {}
        self.firms: dict[str, int] = {}
        self.found: list[str] = []
        self.late: dict[str, dict[str, Any]] = {}
        self.odd: dict[str, dict[str, Any]] = {}
        self.only_new: dict[str, list[str]] = {}

    def made(self) -> dict[str, Any]:
        """The chunk as it stands; the next one begins."""
        told = {
            "rows": self.rows,
            "own": self.own,
            "more": self.more,
            "texts": self.texts,
            "starts": self.starts,
            "ids": self.offset,
            "specs": self.specs,
            "organisations": [[folded, name] for folded, (_place, name) in self.organisations.items()],
            "firms": self.firms,
            "found": self.found,
            "late": self.late,
            "odd": self.odd,
            "only_new": self.only_new,
        }
        self._clear()
        return told

    def add(self, row: int, card: Card) -> None:
        """Takes in one clean card that stands in this row of the file."""
        place = len(self.own)
        self.rows.append(row)
        self.starts.append(self.offset)
        self.new: list[list[Any]] = []
        self.lines: Lines = ([], [], [], [])
        self.named: dict[int, int] = {}
        self.seen: set[tuple[str, ...]] = set()
        own: Values = {}
        if "only_new" in card:
            self.only_new[str(place)] = list(card["only_new"])
        self.new.append([CUSTOMER, _OPEN, own])
        columns = self.own_columns
        for name, value in card.items():
            if value is None or value == "":
                continue
            if name in columns:
                own[columns[name]] = value
            elif name in _BUILDERS:
                _BUILDERS[name](self, place, value)
        self._own(place, own)
        self.found.append(search_text([own.get(name, "") for name in NAMES], *self.lines))
        if not self.aside.isdisjoint(card):
            self._aside(place, card)
        if self.named:
            self.specs[str(place)] = self._spec(self.starts[place])
        self.texts.append(self._payload(bool(self.late) and str(place) in self.late))

    def _spec(self, start: int) -> list[int]:
        spec = [-1, -1]
        for offset in range(start, self.offset):
            spec.append(offset)
            if offset in self.named:
                spec.append(self.named[offset])
        return spec

    def _payload(self, unfinished: bool) -> bytes:
        """The payload with `%d` for each number; without its end where sealed values are still to come."""
        text = orjson.dumps({"customer": _OPEN, "new": self.new}, option=_SORTED)
        if b"%" in text:
            text = text.replace(b"%", b"%%")
        text = text.replace(_OPEN_TEXT, b"%d")
        return text[:-2] if unfinished else text

    # --- the card's own row -----------------------------------------------------------------------------------------

    def _own(self, place: int, values: Values) -> None:
        given, family = values.get("given_name", ""), values.get("family_name", "")
        firm = values.get("organisation_name", "")
        if "kind" not in values:
            values["kind"] = "organisation" if firm and not given and not family else "person"
        if tell_by := telling.due(values, values["kind"], self.day):
            values["tell_by"] = tell_by.isoformat()
            self.only_new.setdefault(str(place), []).append("tell_by")
        shape = self.owner
        row, at = shape.blank.copy(), shape.at
        for column, value in values.items():
            row[at[column]] = value
        sorted_as = f"{family} {given}".strip() or firm or values.get("called_name", "")
        if values["kind"] == "organisation":
            sorted_as = firm or family
        row[at["sort_key"]] = sort_key(sorted_as, self.language)
        row[at["given_fold"]], row[at["family_fold"]] = _fold(given), _fold(family)
        row[at["organisation_fold"]] = folded = fold(firm)
        if folded and values["kind"] == "organisation":
            self.firms.setdefault(folded, place)
        birth = values.get("birth_date")
        for column in self.scaled:
            if column in values:
                row[at[column]] = values[column] = money.clean_decimal(values[column])
        for column, currency in self.amounts.items():
            if column in values:  # the readers give exact texts with their currency, `1234.5 EUR`
                values[column], values[currency] = money.clean_money(values[column], "")
                row[at[column]], row[at[currency]] = values[column], values[currency]
        row[at["birth_day"]] = int(birth[-5:].replace("-", "")) if birth else None
        self.own.append(row)
        values["created_at"] = self.created

    # --- the rows of the groups -------------------------------------------------------------------------------------

    def put(self, place: int, label: str, identity: tuple[str, ...], values: Values, derived: Values) -> None:
        """One row of a further table, unless the card has that one already; without `identity` it is the only one of
        its kind. `values` are without empty ones."""
        if identity:
            key = (label, *identity)
            if key in self.seen:
                return
            self.seen.add(key)
        shape = self.shapes[label]
        row, at = shape.blank.copy(), shape.at
        row[shape.id], row[shape.customer] = self.offset, place
        for column, value in values.items():
            row[at[column]] = value
        for column, value in derived.items():
            row[at[column]] = value
        if label in self.more:
            self.more[label].append(row)
        else:
            self.more[label] = [row]
        self.offset += 1
        self.new.append([label, _OPEN, values])

    def _aside(self, place: int, card: Card) -> None:
        late = {name: card[name] for name in _LATE if card.get(name)}
        sealed = {
            name: value
            for name, value in (card.get("custom") or {}).items()
            if value not in (None, "") and self.custom[name][1] == "sealed"
        }
        if sealed:
            late["custom"] = sealed
        if late:
            self.late[str(place)] = late
        odd = {name: card[name] for name in self.odd_names if card.get(name)}
        if odd:
            self.odd[str(place)] = odd

    def organisation(self, name: str) -> int:
        folded = fold(name)
        known = self.organisations.setdefault(folded, (len(self.organisations), name))
        return known[0]


def _given(item: Mapping[str, Any], names: frozenset[str]) -> Values:
    return {name: value for name, value in item.items() if name in names and value is not None and value != ""}


def _items(value: Any, plain: str = "value") -> Sequence[Mapping[str, Any]]:
    return [{plain: each} if isinstance(each, str) else each for each in value or ()]


_POINT = frozenset(("value", "label", "how"))
_ADDRESS = frozenset(
    ("label", "street", "street2", "postcode", "city", "region", "country", "valid_from", "valid_to", "how")
)
_REFERENCE = frozenset(("source", "value"))
_NOTE = frozenset(("kind", "day", "text"))
_HANDLE = frozenset(("network", "handle", "followers", "influence"))
_JOB = frozenset(("job_title", "department"))
_REASON = frozenset(("reason",))


def _points(kind: str) -> "Builder":
    def build(maker: Maker, place: int, value: Any) -> None:
        items, line = _items(value), maker.lines[kind == "phone"]
        first = items[0] if items else None
        if len(items) > 1:
            first = next((each for each in items if each.get("primary")), first)
        for item in items:
            values = {"kind": kind, **_given(item, _POINT)}
            if item is first:
                values["primary"] = True
            key = fold_once(values["value"]) if kind == "email" else values["value"]
            line.append(key)
            identity = (kind, key) if len(items) > 1 else ()
            maker.put(place, "customers.contactpoint", identity, values, {"key": key})

    return build


def _addresses(maker: Maker, place: int, value: Any) -> None:
    items = _items(value)
    for item in items:
        values = _given(item, _ADDRESS)
        said = values.get
        streets = [fold_once(said("street")), fold_once(said("street2"))]  # these hardly come again
        postcode, city, region = _fold(said("postcode")), _fold(said("city")), _fold(said("region"))
        key = address_key([*streets, postcode, city, region, _fold(said("country"))])
        derived = {"key": key, "city_fold": city, "postcode_fold": postcode, "region_fold": region}
        maker.lines[2].append(city)
        maker.put(place, "customers.address", (key,) if len(items) > 1 else (), values, derived)


def _tags(maker: Maker, place: int, value: Any) -> None:
    items = _items(value, "tag")
    for item in items:
        key = _fold(item["tag"]) or item["tag"]
        maker.put(place, "customers.tag", (key,) if len(items) > 1 else (), {"tag": item["tag"]}, {"key": key})


def _references(maker: Maker, place: int, value: Any) -> None:
    items = _items(value)
    for item in items:
        values = _given(item, _REFERENCE)
        maker.lines[3].append(fold_once(values["value"]))
        identity = (values.get("source", ""), values["value"]) if len(items) > 1 else ()
        maker.put(place, "customers.reference", identity, values, {})


def _notes(maker: Maker, place: int, value: Any) -> None:
    for item in _items(value, "text"):
        values = {"kind": "note", "day": maker.today, **_given(item, _NOTE)}
        if maker.by:
            values["by"] = maker.by
        maker.put(place, "customers.note", (values["kind"], values["text"]), values, {})


def _social(maker: Maker, place: int, value: Any) -> None:
    for item in _items(value, "handle"):
        values = _given(item, _HANDLE)
        key = fold(f"{values.get('network', '')} {values['handle'].lstrip('@')}") or values["handle"]
        maker.put(place, "customers.socialhandle", (key,), values, {"key": key})


def _works_at(maker: Maker, place: int, value: Any) -> None:
    """The organisation's number is not known yet: the row carries -2-k for the k-th organisation of the chunk."""
    for item in _items(value, "organisation"):
        values = _given(item, _JOB)
        values |= {column: item[name] for name, column in (("from", "since"), ("to", "until_day")) if item.get(name)}
        named = -2 - maker.organisation(item["organisation"])
        before = maker.offset
        maker.put(place, "customers.employment", (str(named),), {**values, "organisation_id": _OPEN}, {})
        if maker.offset > before:
            maker.more["customers.employment"][-1][maker.shapes["customers.employment"].at["organisation_id"]] = named
            maker.named[before] = named


def _custom(maker: Maker, place: int, value: Any) -> None:
    for name, each in (value or {}).items():
        field_id, type_ = maker.custom[name]
        if each is None or each == "" or type_ == "sealed":
            continue
        values: Values = {"field_id": field_id}
        if type_ == "money":  # the readers give exact texts with their currency, `1234.5 EUR`
            values["number"], values["currency"] = money.clean_money(each, "") if isinstance(each, str) else each
        elif type_ == "decimal":
            values["number"] = money.clean_decimal(each) if isinstance(each, str) else each
        else:
            values[_CUSTOM[type_]] = each
        maker.put(place, "customers.customvalue", (str(field_id),), values, {"key": fold(values.get("text", ""))[:200]})


_CUSTOM = {"text": "text", "code": "text", "number": "number", "decimal": "number", "date": "day", "yesno": "yes"}


def _standings(maker: Maker, place: int, value: Any) -> None:
    for item in _items(value, "kind"):
        values = {"kind": item["kind"], "since": item.get("since") or maker.today, **_given(item, _REASON)}
        maker.put(place, "customers.standing", (values["kind"],), values, {})


def _rows(maker: Maker, place: int, value: Sequence[Mapping[str, Any]]) -> None:
    """Rows of other rooms' tables: `{"table", "identity": […], "values": {…}}`."""
    for item in value or ():
        values = {name: each for name, each in item["values"].items() if each not in (None, "")}
        maker.put(place, item["table"], tuple(str(values.get(name, "")) for name in item["identity"]), values, {})


Builder = Callable[[Maker, int, Any], None]
_BUILDERS: dict[str, Builder] = {
    "emails": _points("email"),
    "phones": _points("phone"),
    "addresses": _addresses,
    "tags": _tags,
    "references": _references,
    "notes": _notes,
    "social": _social,
    "works_at": _works_at,
    "custom": _custom,
    "standings": _standings,
    "rows": _rows,
}
