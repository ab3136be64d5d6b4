"""The rows of a table on its way out, read column by column: a card is made of nobody.

The same values as on the card (`exporting.Place.value`), a thousand customers at a time: one statement for their own
row and one a table of theirs. Groups whose values are made of further rows (employers, facts of our own) are read as
the card reads them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import Col

from regulars.areas.customers.card import showing
from regulars.areas.customers.models import Customer, Standing
from regulars.areas.segments.language.meaning import Ground
from regulars.areas.segments.language.places import CUSTOMER, field_of
from regulars.areas.segments.queries.columns import values_of
from regulars.areas.segments.queries.places import Place
from regulars.kernel import registries
from regulars.kernel.dialect import quoted
from regulars.kernel.registries import Column, Defined, Fact, Ledger, Member, Present, Several, model_named

_NAME_PARTS = ("title", "given_name", "middle_name", "family_name", "suffix", "organisation_name", "called_name")
_PLAIN = {"text", "code", "email", "phone", "number", "date", "country", "language", "customer"}
_POINTS = ("emails", "phones", "addresses", "social")
Rows = dict[int, list[Any]]
Slots = list[dict[int, Sequence[Any]]]


class Leaving:
    """Reads these columns of any customers. `kept_back(number, group)` says whose contact points stay here."""

    def __init__(self, places: Sequence[Place], *, everyone: bool, ground: Ground) -> None:
        self.places, self.ground = places, ground
        self.own = self._own_columns()
        self.groups = sorted({p.fact.source.group for p in places if isinstance(p.fact.source, Member)})
        self.plain = [name for name in self.groups if _is_plain(name, places)]
        self.keys = {name: self._keys_of(name) for name in self.plain}
        self.made = [name for name in self.groups if name not in self.plain]
        self.worked = list(dict.fromkeys(p.fact for p in places if isinstance(p.fact.source, Ledger | Defined)))
        self.marks = any(isinstance(p.fact.source, Present) for p in places)
        self.guarded = not everyone and any(name in _POINTS for name in self.groups)

    def rows(self, part: Sequence[int]) -> Iterator[Sequence[Any]]:
        """A row for each of them, in order."""
        own = self._read_own(part)
        plain = {name: self._read_group(name, part) for name in self.plain}
        made = showing.groups_of(part, self.made) if self.made else {}
        marks = _standings(part) if self.marks or self.guarded else {}
        worked_out = values_of(part, self.worked, by=self.ground.by, ground=self.ground) if self.worked else {}
        there = [number for number in part if number in own]
        rows = [own[number] for number in there]
        columns = [
            [_told(worked_out[number][place.fact.name]) for number in there]
            if place.fact in self.worked
            else self._column(place, there, rows, own, plain, made, marks)
            for place in self.places
        ]
        yield from zip(*columns, strict=True)

    def _column(
        self,
        place: Place,
        there: Sequence[int],
        rows: Sequence[Sequence[Any]],
        own: dict[int, Sequence[Any]],
        plain: dict[str, Slots],
        made: dict[str, Rows],
        marks: dict[int, set[str]],
    ) -> list[Any]:
        """The values of one column, a column at a time: a call for each cell would be the longer part."""
        fact, source = place.fact, place.fact.source
        if isinstance(source, Column) and fact.type in _PLAIN - {"date"}:
            at = self.own.index(source.column)
            return [None if (value := row[at]) == "" else value for row in rows]
        if isinstance(source, Member) and source.group in plain:
            return self._member_column(place, there, plain[source.group], marks)
        take = self._taker(place, own, made, marks)
        return [take(number) for number in there]

    def _member_column(self, place: Place, there: Sequence[int], slots: Slots, marks: dict[int, set[str]]) -> list[Any]:
        group, slot = place.fact.group or "", place.slot - 1
        at = self._place_of(group, place.fact.key)
        if place.within:
            inner, value = self._place_of(group, place.within[0]), place.within[1]
            hers = _nth(there, slots, slot, lambda row: (row[inner] or "") == value)
        else:
            hers = slots[slot] if slot < len(slots) else {}
        rows = [hers.get(number) for number in there]
        found = [None if row is None or (value := row[at]) == "" else value for row in rows]
        if self.guarded and marks:
            kept = {number for number, each in marks.items() if _kept_back(group, each)}
            found = [None if number in kept else value for number, value in zip(there, found, strict=True)]
        return found

    def _place_of(self, group: str, key: str) -> int:
        return 1 + list(self.keys[group]).index(key)

    # --- own --------------------------------------------------------------------------------------------------------

    def _own_columns(self) -> list[str]:
        facts = [place.fact for place in self.places]
        columns = {fact.source.column for fact in facts if isinstance(fact.source, Column)}
        if any(isinstance(fact.source, Several) for fact in facts):
            columns |= set(_NAME_PARTS)
        return ["number", *sorted(columns - {"number"})]

    def _read_own(self, part: Sequence[int]) -> dict[int, Sequence[Any]]:
        model = model_named(CUSTOMER)
        fields = [field_of(model, name) for name in self.own]
        turned = _turned(_rows(model, fields, _among("number", part)), fields)
        return {row[0]: row for row in turned}

    # --- groups -----------------------------------------------------------------------------------------------------

    def _keys_of(self, name: str) -> dict[str, str]:
        """What is asked of a group: the columns of its rows by what the card calls them."""
        keys = {fact.key: _column(fact) for fact in registries.facts_of(name) if not _source(fact).where}
        asked = [place for place in self.places if place.fact.group == name]
        keys |= {place.within[0]: place.within[0] for place in asked if place.within}
        wanted = {place.fact.key for place in asked} | {place.within[0] for place in asked if place.within}
        return {key: column for key, column in keys.items() if key in wanted}

    def _read_group(self, name: str, part: Sequence[int]) -> Slots:
        """Everybody's first row of the group, everybody's second …"""
        group = registries.groups()[name]
        model = model_named(group.model)
        fields = [field_of(model, column) for column in ("customer_id", *self.keys[name].values())]
        fixed = "".join(f" AND {quoted(column)} = '{value}'" for column, value in group.where)
        # by customer first: the index has them so, and what is left to sort are the few rows of each
        order = ", ".join(_by(model, each) for each in ("customer_id", *showing.ORDER_SHOWN.get(name, ("id",))))
        slots: Slots = []
        taken: dict[int, int] = {}
        for row in _turned(_rows(model, fields, f"{_among('customer_id', part)}{fixed} ORDER BY {order}"), fields):
            number = row[0]
            slot = taken.get(number, 0)
            if slot == len(slots):
                slots.append({})
            slots[slot][number] = row
            taken[number] = slot + 1
        return slots

    # --- one column -------------------------------------------------------------------------------------------------

    def _taker(
        self, place: Place, own: dict[int, Sequence[Any]], groups: dict[str, Rows], marks: dict[int, set[str]]
    ) -> Callable[[int], Any]:
        fact, source = place.fact, place.fact.source
        if isinstance(source, Present):
            return lambda number: "yes" if fact.name in marks.get(number, ()) else None
        if isinstance(source, Several):
            at = {name: self.own.index(name) for name in (*_NAME_PARTS, "number")}
            called = vars(Customer)["name"].fget
            return lambda number: called(SimpleNamespace(**{name: own[number][place] for name, place in at.items()}))
        if isinstance(source, Column):
            return _own_taker(fact, self.own.index(source.column), own)
        assert isinstance(source, Member)
        return self._member_taker(place, source.group, groups[source.group], marks)

    def _member_taker(self, place: Place, group: str, rows: Rows, marks: dict[int, set[str]]) -> Callable[[int], Any]:
        key, slot, within = place.fact.key, place.slot - 1, place.within
        if group == "custom":
            return lambda number: next((row["value"] for row in rows.get(number, ()) if row["field"] == key), None)

        def take(number: int) -> Any:
            hers: Sequence[Any] = rows.get(number, ())
            if not hers or (self.guarded and number in marks and _kept_back(group, marks[number])):
                return None
            if within:
                hers = [row for row in hers if (row[within[0]] or "") == within[1]]
            if slot >= len(hers):
                return None
            row = hers[slot]
            return row.get(key) if isinstance(row, dict) else row

        return take


def _own_taker(fact: Fact, at: int, own: dict[int, Sequence[Any]]) -> Callable[[int], Any]:
    show = showing.shown_as(fact)

    def take(number: int) -> Any:
        value = own[number][at]
        return None if value is None or value == "" else show(value)

    return take


def _is_plain(name: str, places: Sequence[Place]) -> bool:
    """Whether the values of a group stand in its rows as the card shows them."""
    facts = [place.fact for place in places if place.fact.group == name]
    return name != "custom" and all(
        fact.type in _PLAIN and not _source(fact).via and not _source(fact).where for fact in facts
    )


def _source(fact: Fact) -> Member:
    assert isinstance(fact.source, Member)
    return fact.source


def _column(fact: Fact) -> str:
    return _source(fact).column


def _kept_back(group: str, marks: set[str]) -> bool:
    """Whether the contact points of who bears these marks stay in the house."""
    secret = group == "addresses" and "secret_address" in marks
    return group in _POINTS and (secret or bool(marks & {"deceased", "do_not_contact"}))


def _standings(part: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    fields = [field_of(Standing, name) for name in ("customer_id", "kind")]
    for number, kind in _rows(Standing, fields, _among("customer_id", part)):
        found[number].add(kind)
    return found


def _nth(
    there: Sequence[int], slots: Slots, slot: int, fits: Callable[[Sequence[Any]], bool]
) -> dict[int, Sequence[Any]]:
    """Everybody's so-manieth row of those that fit."""
    found: dict[int, Sequence[Any]] = {}
    for number in there:
        hers = [row for each in slots if (row := each.get(number)) is not None and fits(row)]
        if slot < len(hers):
            found[number] = hers[slot]
    return found


def _among(column: str, part: Sequence[int]) -> str:
    """A condition that keeps these customers; the numbers are whole ones of ours, and nothing else."""
    first, last = min(part), max(part)
    if last - first + 1 == len(part):  # a stretch without gaps is read at one go
        return f"{column} BETWEEN {first} AND {last}"
    return f"{column} IN ({', '.join(map(str, part))})"


def _by(model: type[Model], name: str) -> str:
    column = quoted(field_of(model, name.removeprefix("-")).column)
    return f"{column} DESC" if name.startswith("-") else column


def _rows(model: type[Model], fields: Sequence[Any], rest: str) -> list[tuple[Any, ...]]:
    chosen = ", ".join(quoted(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {chosen} FROM {quoted(model._meta.db_table)} WHERE {rest}")
        return list(cursor.fetchall())


def _told(value: Any) -> Any:
    """A yes-or-no fact as a standing is told: `yes`, or nothing."""
    return ("yes" if value else None) if isinstance(value, bool) else value


def _turned(rows: list[tuple[Any, ...]], fields: Sequence[Any]) -> list[Any]:
    """The rows with each value as Python has it."""
    turns = [(place, turn) for place, field in enumerate(fields) if (turn := _turn(field)) is not None]
    if not turns:
        return rows
    found = []
    for row in rows:
        values = list(row)
        for place, turn in turns:
            if values[place] is not None:
                values[place] = turn(values[place])
        found.append(values)
    return found


def _turn(field: Any) -> Callable[[Any], Any] | None:
    column = Col("t", field)
    turns = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
    if not turns:
        return None

    def turned(value: Any) -> Any:
        for turn in turns:
            value = turn(value, column, connection)
        return value

    return turned
