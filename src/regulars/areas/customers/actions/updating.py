"""Bringing cards the register has up to date from a file, a whole chunk at a time.

`update`: what the file says is newer and takes the place of what stands. `fill`: only what is empty is filled. In
neither does an empty cell erase anything; contact points, addresses, tags, notes and references are added, never
replaced, and what somebody refused stays refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import batched
from typing import Any, Literal

from regulars.areas.customers import models
from regulars.areas.customers.actions.bringing import Bringer, Chunk, Firms, sealed_instances
from regulars.areas.customers.card import drafts
from regulars.areas.customers.queries import own_source
from regulars.areas.journal.actions import Link
from regulars.kernel import registries
from regulars.kernel.tables import Table, table_of

Mode = Literal["update", "fill"]
Row = list[Any]
_BATCH = 2_000
_NONE: tuple[str, ...] = ()

# By what two rows of one card are the same; other rooms' tables say so by their one uniqueness.
_IDENTITY = {
    "customers.contactpoint": ("kind", "key"),
    "customers.address": ("key",),
    "customers.tag": ("key",),
    "customers.reference": ("source", "value"),
    "customers.note": ("kind", "text"),
    "customers.socialhandle": ("key",),
    "customers.employment": ("organisation_id",),
    "customers.customvalue": ("field_id",),
    "customers.standing": ("kind",),
}
_ONLY_ADDED = ("customers.tag", "customers.reference", "customers.note", "customers.standing")
_OF_NEW_ONES = "prospect"  # a list of prospects makes no customer a prospect
_PARTS = ("street", "street2", "postcode", "city", "region", "country")


class Desk:
    """The cards that one chunk touches, read in a few questions; changes are collected and written by `put_back`."""

    def __init__(self, link: Link, bringer: Bringer, chunk: Chunk, matched: Sequence[tuple[int, int, bool]]) -> None:
        self.link, self.chunk, self.by, self.at = link, chunk, bringer.by, bringer.at
        self.dry = bringer.dry
        numbers = sorted({number for _place, number, _ref in matched})
        places = {place for place, _number, _ref in matched}
        self.given: dict[int, list[tuple[str, Row]]] = defaultdict(list)
        for label, rows in chunk.more.items():
            for row in rows:
                if row[2] in places:
                    self.given[row[2]].append((label, row))
        self.firms = Firms(link, bringer, chunk, sorted(places), [0] * len(chunk))
        labels = {label for rows in self.given.values() for label, _row in rows}
        self.own = _fetched(table_of(models.Customer), numbers)
        self.rows = {label: _by_identity(label, numbers) for label in labels}
        self.own_changes: dict[int, dict[str, Any]] = defaultdict(dict)
        self.row_changes: dict[str, dict[int, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
        self.fresh: list[Any] = []
        self.taken = _taken(self.given)

    def apply(self, place: int, number: int, mode: Mode) -> bool:
        """Takes one row of the file into one card. Whether anything differs. Raises Refused before anything is done."""
        differs = place in self.chunk.odd and self._odd(place, number, mode)
        differs |= self._own(place, number, mode)
        for label, row in self.given.get(place, ()):
            differs |= self._row(label, row, number, mode)
        differs |= self._late(place, number)
        return differs

    # --- the card's own row -----------------------------------------------------------------------------------------

    def _own(self, place: int, number: int, mode: Mode) -> bool:
        table, row, standing = table_of(models.Customer), self.chunk.own[place], self.own[number][0]
        differs, passed = False, self.chunk.only_new.get(place, _NONE)
        for column, at in _own_columns():
            value = row[at]
            if value == "" or value is None or column in passed or _same(value, standing[at]):
                continue
            if mode == "fill" and not _empty(standing[at]) and not _completes(column, value, standing[at]):
                continue
            if mode == "fill" and column in ("middle_name", "suffix") and not _same_name(table, row, standing):
                continue
            if column == "kind" and (value == "person" or mode == "fill" or _has_name(table, standing)):
                continue
            standing[at] = value
            self.own_changes[number][column] = value
            differs = True
        return differs

    # --- the rows of the groups -------------------------------------------------------------------------------------

    def _row(self, label: str, row: Row, number: int, mode: Mode) -> bool:
        table = table_of(registries.model_named(label))
        values = {
            column: value
            for column, value in zip(table.columns[3:], row[3:], strict=True)
            if value != "" and value is not None and not (value is False and column == "primary")
        }
        if label == "customers.employment":
            values["organisation_id"] = self.firms.numbers[-2 - values["organisation_id"]]
        if label == "customers.standing" and values["kind"] == _OF_NEW_ONES:
            return False
        standing = self.rows[label].setdefault(number, {})
        there = standing.get(_identity(label, values))
        if there is None and label == "customers.address":
            there = _alike(table, standing.values(), values)
            if there is None and standing and mode == "fill":
                return False
        if there is not None:
            return self._bring(label, table, there, values, mode)
        if label == "customers.reference" and values.get("source") == own_source():
            return False  # her number in our own export
        if (
            label == "customers.reference"
            and self.taken.get((values.get("source", ""), values["value"]), number) != number
        ):
            return False
        if label == "customers.contactpoint" and _has_primary(table, standing.values(), values["kind"]):
            values["primary"] = False
        self._add(label, table, number, values)
        return True

    def _bring(self, label: str, table: Table, there: Row, values: dict[str, Any], mode: Mode) -> bool:
        if label in _ONLY_ADDED:
            return False
        if hasattr(table.model, "outranks"):
            return self._answer(label, table, there, values)
        differs = False
        derived = getattr(table.model, "journal_derived", ())
        for column, value in values.items():
            at = table.columns.index(column)
            if (
                column == "primary"
                or column in derived
                or _same(value, there[at])
                or (mode == "fill" and not _empty(there[at]))
            ):
                continue
            if column in _identity_columns(label) and label != "customers.address":
                continue
            there[at] = value
            self._note(label, table, there, column, value)
            differs = True
        return differs

    def _answer(self, label: str, table: Table, there: Row, values: dict[str, Any]) -> bool:
        """Tables whose rows have a rule of their own for what a file may replace: then the row is replaced whole."""
        standing = dict(zip(table.columns, there, strict=True))
        if not table.model.outranks(values, standing):  # type: ignore[attr-defined]
            return False
        for field, column in table.kept:
            value = values.get(column, None if field.null else "")
            if column not in _identity_columns(label):
                there[table.columns.index(column)] = value
                self._note(label, table, there, column, value)
        return True

    def _note(self, label: str, table: Table, there: Row, column: str, value: Any) -> None:
        pk = there[table.columns.index(table.pk)]
        if pk is None:
            instance = there[0]
            setattr(instance, column, value)
        else:
            self.row_changes[label][pk][column] = value

    def _add(self, label: str, table: Table, number: int, values: dict[str, Any]) -> None:
        instance: Any = table.model(customer_id=number, **values)
        self.fresh.append(instance)
        row: Row = [values.get(column, "") for column in table.columns]
        row[0], row[table.columns.index(table.pk)] = instance, None  # not written yet: `_note` changes the instance
        self.rows[label][number][_identity(label, values)] = row

    # --- what is sealed, and what names other cards -----------------------------------------------------------------

    def _late(self, place: int, number: int) -> bool:
        late = self.chunk.late.get(place, ())
        missing = []
        for each in late:
            model, columns, _sealer = each
            where = {"field_id": columns["field_id"]} if "field_id" in columns else {"blind": columns["blind"]}
            if not model._default_manager.filter(customer_id=number, **where).exists():
                missing.append((number, each))
        for rows in sealed_instances(missing).values() if not self.dry else ():
            self.link.add(*rows)
        return bool(missing)

    def _odd(self, place: int, number: int, mode: Mode) -> bool:
        from regulars.areas.customers.actions.cards import ground, naming_columns, refuse_circle, write_groups

        odd = dict(self.chunk.odd[place])
        before = len(self.link.subjects), bool(self.link)
        card = models.Customer.objects.get(pk=number)
        named = {column: int(odd.pop(name)) for name, column in naming_columns().items() if odd.get(name)}
        new = {
            column: other
            for column, other in named.items()
            if getattr(card, column) != other and (getattr(card, column) is None or mode == "update")
        }
        if "referred_by_id" in new:
            refuse_circle(card, new["referred_by_id"])
        if new:
            self.own_changes[number] |= new
        draft = drafts.read(odd, ground(self.at))
        write_groups(self.link, card, draft, by=self.by, at=self.at)
        return bool(new) or (len(self.link.subjects), bool(self.link)) != before

    # --- writing ----------------------------------------------------------------------------------------------------

    def put_back(self) -> None:
        """Writes everything that `apply` found to differ."""
        self.link.add(*sorted(self.fresh, key=lambda row: row._meta.label_lower))
        for part in batched(sorted(self.own_changes), _BATCH):
            cards = models.Customer.objects.in_bulk(part)
            self.link.rewrite([(cards[number], self.own_changes[number]) for number in part])
        for label, changes in self.row_changes.items():
            model: Any = registries.model_named(label)
            for some in batched(sorted(changes), _BATCH):
                rows = model._default_manager.in_bulk(some)
                self.link.rewrite([(rows[pk], changes[pk]) for pk in some])


def _fetched(table: Table, numbers: Sequence[int]) -> dict[int, list[Row]]:
    """The raw rows of these customers."""
    found: dict[int, list[Row]] = defaultdict(list)
    at = table.columns.index(str(table.subject))
    for row in table.pick(table.columns, str(table.subject), numbers):
        found[row[at]].append(list(row))
    return found


def _by_identity(label: str, numbers: Sequence[int]) -> dict[int, dict[tuple[str, ...], Row]]:
    table = table_of(registries.model_named(label))
    places = [table.columns.index(column) for column in _identity_columns(label)]
    return {
        number: {tuple(str(row[at]) for at in places): row for row in rows}
        for number, rows in _fetched(table, numbers).items()
    }


def _identity(label: str, values: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(values.get(column, "")) for column in _identity_columns(label))


@cache
def _identity_columns(label: str) -> tuple[str, ...]:
    if label in _IDENTITY:
        return _IDENTITY[label]
    (unique,) = [each for each in registries.model_named(label)._meta.constraints if hasattr(each, "fields")]
    return tuple(name for name in unique.fields if name != "customer")


@cache
def _own_columns() -> tuple[tuple[str, int], ...]:
    """The columns of a card that a file may bring, with their places."""
    table = table_of(models.Customer)
    facts = [fact.source for fact in registries.facts_of(None) if fact.writable and fact.type != "customer"]
    sources = [source for source in facts if isinstance(source, registries.Column)]
    names = {column for source in sources for column in (source.column, source.currency) if column}
    return tuple((column, table.columns.index(column)) for _field, column in table.kept if column in names)


def _taken(given: dict[int, list[tuple[str, Row]]]) -> dict[tuple[str, str], int]:
    """Whom the references in this chunk belong to already: a reference is never taken off somebody."""
    values = [row for rows in given.values() for label, row in rows if label == "customers.reference"]
    if not values:
        return {}
    at = table_of(models.Reference).columns.index("value")
    wanted = sorted({row[at] for row in values})
    rows = table_of(models.Reference).pick(("source", "value", "customer_id"), "value", wanted)
    return {(source, value): number for source, value, number in rows}


def _alike(table: Table, standing: Iterable[Row], values: dict[str, Any]) -> Row | None:
    """An address on the card that says the same with more or fewer parts: no part contradicts another."""
    from regulars.kernel.text import fold

    for row in standing:
        pairs = [(fold(str(row[table.columns.index(part)])), fold(values.get(part, ""))) for part in _PARTS]
        shared = [one for one, two in pairs if one and two]
        if shared and all(not one or not two or one == two for one, two in pairs) and _local(pairs):
            return row
    return None


def _local(pairs: Sequence[tuple[str, str]]) -> bool:
    """More than a country or a region has to be shared."""
    return any(one and two for one, two in pairs[:4])


def _has_primary(table: Table, standing: Iterable[Row], kind: str) -> bool:
    at, primary = table.columns.index("kind"), table.columns.index("primary")
    return any(row[at] == kind and row[primary] for row in standing)


def _has_name(table: Table, row: Row) -> bool:
    return any(row[table.columns.index(name)] for name in ("given_name", "family_name"))


def _same_name(table: Table, row: Row, standing: Row) -> bool:
    """Whether given and family name agree: only then are the lesser parts of a name parts of the same name.

    Two files may cut one name differently: `Maria José` `de la Cruz`, or `Maria` `José` `de la Cruz`.
    """
    names = [table.columns.index(name) for name in ("given_name", "family_name")]
    return all(_same(row[at] or "", standing[at] or "") for at in names)


def _completes(column: str, value: Any, standing: Any) -> bool:
    """A whole birth date where only day and month were known fills an empty year."""
    return column == "birth_date" and str(standing).startswith("--") and str(value).endswith(str(standing)[1:])


def _empty(value: Any) -> bool:
    return value is None or value == ""


def _same(one: Any, two: Any) -> bool:
    return bool(one == two) or str(one) == str(two)
