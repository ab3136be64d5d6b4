"""Taking a customer out of the register and out of its history: what no other deed does, and none takes back.

Her rows go, live and past, and the payloads that tell of them are blanked: their text and their salt are gone, their
digests stay, so that the chain still holds (decision 1). Where a payload tells of the house as well, what remains of it
is said anew in the link of the forgetting. Nothing of her stands in that link.

Where rows of hers stood on another's card for a time (two cards that were merged and un-merged), these versions go as
well, and what the other's payloads said beside them is said anew. What was put into the other's own rows says again
what it was before.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import batched, chain
from typing import Any

import orjson
from django.db import connection
from django.db.models import ForeignKey, Q

from regulars.areas.journal import models
from regulars.areas.journal.actions.deeds import Link
from regulars.areas.journal.actions.lending import NOW, lent, on_other_cards, spans
from regulars.areas.journal.actions.payloads import header_of
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.models import Forgotten, journaled_models
from regulars.areas.journal.queries.deeds import links_of
from regulars.kernel import registries
from regulars.kernel.mentions import Mentions
from regulars.kernel.tables import Canonical, Table, table_of
from regulars.kernel.text import fold_once

_HERS = b'{"customer":%d'
_OF_THE_HOUSE = b'{"customer":null'
_HEADER = b'{"at":'
INSTEAD = "forgotten %d"  # what stands in the place of a text that named her: no language's, it is kept


@dataclass(frozen=True, slots=True)
class Held:
    """One version of a row that is hers; `until` is None for the one that stands."""

    table: Table
    pk: int
    link: int
    until: int | None
    row: Canonical


class Erasure:
    """A forgetting at work, within its deed; without a `link` it only looks. `numbers` are all of the one person.

    `prepared` is where stores keep what they worked out before the deed, to be used in it where it still fits.
    """

    def __init__(
        self, link: Link | None, number: int, numbers: Collection[int], prepared: dict[Any, Any] | None = None
    ) -> None:
        self.prepared: dict[Any, Any] = {} if prepared is None else prepared
        self._link, self.number, self.numbers = link, number, sorted(numbers)
        self.held = [each for table in _tables() if table.subject for each in _held(table, self.numbers)]
        self.gone_after: dict[str, list[str]] = defaultdict(list)
        self._links = {each for number in self.numbers for each in links_of(number)}
        self._hosts: set[bytes] = set()
        self._house: dict[int, dict[tuple[str, int], Canonical | None]] = defaultdict(dict)
        self._headers: set[int] = set()
        self.elsewhere = {table: rows for table in _tables() if (rows := self._stood_elsewhere(table))}

    @property
    def link(self) -> Link:
        assert self._link is not None, "a forgetting that only looks changes nothing"
        return self._link

    # --- what is known of her -----------------------------------------------------------------------------------------

    def values(self, label: str, column: str) -> set[Any]:
        """What stands or stood in a column of her rows of this table."""
        return {each.row[column] for each in self.held if each.table.label == label and column in each.row}

    @property
    def deeds(self) -> int:
        """How many deeds had to do with her."""
        rows = models.Link.objects.filter(number__in=self._links)
        return rows.values("changeset_id").distinct().count()

    def versions(self, label: str) -> list[Held]:
        return [each for each in self.held if each.table.label == label]

    @cached_property
    def mentions(self) -> Mentions:
        """What names her in words typed elsewhere: the texts of her rows that holdings call `names`."""
        where: dict[str, list[tuple[Table, str]]] = defaultdict(list)
        for holding in registries.holdings().values():
            table = table_of(registries.model_named(holding.model))
            for column in holding.names:
                for text in self.values(table.label, column):
                    where[str(text).strip()].append((table, column))

        whole = {f"{given} {family}": (given, family) for given, family in self._whole_names()}
        whole |= {f"{family} {given}": (given, family) for given, family in whole.values()}

        def hers(text: str) -> bool:
            if text in whole and _called(*whole[text], self.numbers):
                return False
            return not any(_others(table, column, text, self.numbers) for table, column in where.get(text, ()))

        return Mentions([*where, *whole], hers, INSTEAD % self.number)

    def _whole_names(self) -> set[tuple[str, str]]:
        """What she is or was called, given name and family name: each may be somebody else's, and both hers alone."""
        rows = [each.row for each in self.held if each.table.is_card]
        return {(row["given_name"], row["family_name"]) for row in rows if {"given_name", "family_name"} <= row.keys()}

    def _stood_elsewhere(self, table: Table) -> set[tuple[int, int]]:
        """(row, link) of versions of her rows that stood on another's card before; what was written and ended there is
        noted. What became of a row after it left her card is not hers, nor what came to it for a time and left it."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for each in self.held:
            if each.table is table and not table.is_card:
                first[each.pk] = min(first.get(each.pk, NOW), each.link)
                last[each.pk] = max(last.get(each.pk, 0), each.until or NOW)
        others = list(on_other_cards(table, last, self.numbers))
        lent = {pk for pk, _whose, link, _until in others if link < first[pk]}
        lent &= {pk for pk, _whose, _link, until in others if until > last[pk]}
        found: set[tuple[int, int]] = set()
        for pk, whose, link, until in others:
            if until < last[pk] and pk not in lent:
                self._house[link][table.label, pk] = self._house[until][table.label, pk] = None
                self._hosts.add(_HERS % whose + b",")
                found.add((pk, link))
        return found

    # --- what others say of her ---------------------------------------------------------------------------------------

    def pointing(self) -> Iterator[tuple[Table, str, bool, list[int]]]:
        """Rows of others that point at her: table, column, whether the row stays without it, their ids."""
        for table in _tables():
            for column, optional in pointers(table):
                rows = table.pick((table.pk, table.subject or table.pk), column, self.numbers)
                found = [pk for pk, subject in rows if subject not in self.numbers]
                if found:
                    yield table, column, optional, found

    def point_away(self) -> None:
        """On other cards the relation goes, as by any edit; their history keeps that there was somebody."""
        for table, column, optional, pks in list(self.pointing()):
            for part in batched(pks, 500):
                rows: Any = list(table.model._default_manager.filter(pk__in=part))
                if optional:
                    self.link.rewrite([(row, {column: None}) for row in rows])
                else:
                    self.link.remove(*rows)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def erase_rows(self) -> None:
        """Her rows, live and past, in an order in which no row rests on one that is gone."""
        self._give_back_what_was_lent()
        tables = sorted({each.table for each in self.held}, key=lambda table: (table.is_card, table.label))
        marks = ", ".join(["%s"] * len(self.numbers))
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"DELETE FROM {table.past} WHERE {table.subject} IN ({marks})", self.numbers)
                for part in batched(sorted(self.elsewhere.get(table, ())), 400):
                    these = ", ".join(["(%s, %s)"] * len(part))
                    cursor.execute(
                        f"DELETE FROM {table.past} WHERE ({table.pk}, link) IN (VALUES {these})", list(chain(*part))
                    )
                cursor.execute(table.delete(f"{table.subject} IN ({marks})"), self.numbers)
        self.link.subjects.update(self.numbers)

    def erase_of_house(self, model: type[models.Journaled], pks: Collection[int]) -> None:
        """Rows of the house that told of her alone, in every version."""
        table = table_of(model)
        for pk, link in _versions(table, pks):
            self._house[link][table.label, pk] = None
        with connection.cursor() as cursor:
            for part in batched(sorted(pks), 500):
                cursor.execute(f"DELETE FROM {table.past} WHERE {table.pk_in(len(part))}", part)
                cursor.execute(table.delete(table.pk_in(len(part))), part)

    def reword(self, model: type[models.Journaled], change: Callable[[models.Journaled], bool], **where: Any) -> int:
        """Changes rows of the house, every version of them, where `change` says that it did. Returns how many rows."""
        table, touched = table_of(model), set()
        for kind in (model, model.past):
            for each in kind._default_manager.filter(**where):
                row = _as_live(model, each)
                if not change(row):
                    continue
                self._rewrite(table, table.name if kind is model else table.past, row)
                touched.add(row.pk)
        return len(touched)

    def _rewrite(self, table: Table, name: str, row: models.Journaled) -> None:
        """One version of a row says something else; so will the payload that said it."""
        row.derive()
        columns = [column for column in table.columns if column not in (table.pk, "link")]
        prepared = dict(zip(table.columns, table.prepared(row), strict=True))
        sql = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {name} SET {sql} WHERE {table.pk} = %s AND link = %s",
                [*(prepared[column] for column in columns), row.pk, row.link],
            )
        self._house[row.link][table.label, row.pk] = table.canonical(row)

    def _give_back_what_was_lent(self) -> None:
        for card in [table for table in _tables() if table.is_card]:
            seen, joined = set(self.numbers), set(self.numbers)
            while joined:
                found = [each for each in spans(card, list(_held(card, sorted(joined)))) if each[0] not in self.numbers]
                for span in found:
                    self._hosts.add(_HERS % span[0] + b",")
                    for table in [each for each in _tables() if each.subject]:
                        for row in lent(table, span, self.values):
                            self._rewrite(table, table.past, row)
                joined = {whose for whose, _begun, _ended in found} - seen
                seen |= joined

    def clean(self, model: type[models.Journaled], *columns: str) -> int:
        """Takes what names her out of the words in these columns of a table of the house; how many rows it stood in."""
        table, rows = table_of(model), list[Any]()
        for kind in (model, model.past):
            rows += kind._default_manager.values_list(table.pk_attname, *columns)
        corpus = [str(value) for row in rows for value in row[1:]]
        if not (among := self.mentions.within(corpus)):
            return 0

        def change(row: models.Journaled) -> bool:
            told = {column: self.mentions.cleaned(getattr(row, column), among) for column in columns}
            differs = any(getattr(row, column) != text for column, text in told.items())
            for column, text in told.items():
                field = model._meta.get_field(column)
                setattr(row, column, text[: getattr(field, "max_length", None)])
            return differs

        return self.reword(model, change)

    def let_go(self, store: str, name: str) -> None:
        """Has this file of a store destroyed once the deed is kept."""
        if name not in self.gone_after[store]:
            self.gone_after[store].append(name)

    # --- what was said of deeds ---------------------------------------------------------------------------------------

    def deeds_naming(self) -> dict[int, models.Changeset]:
        """Deeds whose particulars name her, with those as they are to read."""
        plain = [verb.name for verb in registries.verbs().values() if not verb.typed]
        rows = list(models.Changeset.objects.exclude(verb__in=plain).only("number", "particulars", "detail"))
        texts = [orjson.dumps(row.particulars).decode() + row.detail for row in rows]
        among = self.mentions.within(text.replace('\\"', '"') for text in texts)
        found = {}
        for row in rows if among else ():
            told, detail = self.mentions.cleaned_all(row.particulars), self.mentions.cleaned(row.detail)
            if (told, detail) != (row.particulars, row.detail):
                row.particulars, row.detail = told, detail[:300]
                found[row.number] = row
        return found

    def reword_deeds(self) -> None:
        for number, row in self.deeds_naming().items():
            models.Changeset.objects.filter(pk=number).update(particulars=row.particulars, detail=row.detail)
            self._headers.add(number)

    # --- the blocks ---------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Blanks the payloads, says anew what else stood in them, and writes down that she was forgotten."""
        blanked: dict[int, list[int]] = {}
        restated: list[dict[str, Any]] = []
        for number in sorted(self._links | set(self._house) | self._said_in() | self._of_headers()):
            block = models.Link.objects.filter(pk=number).values_list("block", flat=True).first()
            if block is None:
                continue
            places = self._places(number, bytes(block), restated)
            if places:
                blanked[number] = sorted(places)
                models.Link.objects.filter(pk=number).update(block=blocks.blanked(bytes(block), places))
        self._write_down(blanked, restated)

    def _said_in(self) -> set[int]:
        """Links of earlier forgettings that say anew a link of hers, or one in which rows of the house change."""
        rows, touched = Forgotten.objects.values_list("link", "restated"), self._house.keys() | self._links
        return {link for link, restated in rows if touched & set(restated)}

    def _of_headers(self) -> set[int]:
        rows = models.Changeset.objects.filter(pk__in=self._headers).values_list("first_link", "last_link")
        return {each for pair in rows for each in pair if each is not None} | {
            link for link in Forgotten.objects.values_list("link", flat=True) if self._headers
        }

    def _places(self, link: int, block: bytes, restated: list[dict[str, Any]]) -> set[int]:
        hers = tuple(_HERS % number + end for number in self.numbers for end in (b",", b"}"))
        places = set()
        for place, salted in enumerate(blocks.opened(block)):
            payload = b"" if salted is None else salted[blocks.SALT :]
            if payload.startswith(hers):
                places.add(place)
            elif payload.startswith((_OF_THE_HOUSE, *self._hosts)) and (self._house or self._headers):
                stated = orjson.loads(payload)
                told = self._left(link, stated)
                if told != stated:
                    places.add(place)
                    if told["customer"] is not None:
                        told.setdefault("gone", [])  # that her card was touched is still said
                    if told.keys() & {"new", "set", "gone"}:
                        restated.append({"restates": link, **told})
            elif payload.startswith(_HEADER) and self._headers and orjson.loads(payload)["changeset"] in self._headers:
                places.add(place)
        return places

    def _left(self, link: int, stated: dict[str, Any]) -> dict[str, Any]:
        """What remains of a payload of the house."""
        edits = self._house.get(stated.get("restates", link), {})
        told = dict(stated)
        for name in ("new", "set"):
            rows = [[label, pk, edits.get((label, pk), row)] for label, pk, row in stated.get(name, ())]
            told[name] = [each for each in rows if each[2] is not None]
        vanished = {(label, pk) for rows in self._house.values() for (label, pk), row in rows.items() if row is None}
        told["gone"] = [each for each in stated.get("gone", ()) if tuple(each) not in vanished]
        told = {name: value for name, value in told.items() if value or name not in ("new", "set", "gone")}
        if "seen" in told and self.mentions.cleaned_all(told["seen"]) != told["seen"]:
            del told["seen"]
        return told

    def _write_down(self, blanked: Mapping[int, list[int]], restated: Iterable[Mapping[str, Any]]) -> None:
        said = list(restated)
        headers = [header_of(row) for row in models.Changeset.objects.filter(pk__in=self._headers).order_by("pk")]
        payloads = [orjson.dumps(each, option=orjson.OPT_SORT_KEYS) for each in said]
        self.link.record_ready([*headers, *payloads], customers=())
        for number in self.numbers:
            own = number == self.number
            row = Forgotten(number=number, at=self.link.at)
            row.blanked = {str(at): places for at, places in blanked.items()} if own else {}
            row.restated = sorted({int(each["restates"]) for each in said}) if own else []
            self.link.add(row)


def pointers(table: Table) -> list[tuple[str, bool]]:
    """The columns of a table that point at somebody else's card, each with whether it may be empty."""
    found = []
    for field in table.fields:
        if isinstance(field, ForeignKey) and field.column != table.subject and field.related_model in _cards():
            found.append((str(field.column), field.null))
    return found


def _cards() -> list[Any]:
    return [table.model for table in _tables() if table.is_card]


def _tables() -> list[Table]:
    return [table_of(model) for model in journaled_models()]


def _held(table: Table, numbers: Collection[int]) -> Iterator[Held]:
    where = f"{table.subject} IN ({', '.join(['%s'] * len(numbers))})"
    at = {name: table.columns.index(name) for name in (table.pk, "link")}
    with connection.cursor() as cursor:
        for past in (False, True):
            cursor.execute(table.select(where, past=past), list(numbers))
            for row in cursor.fetchall():
                until = row[-1] if past else None
                yield Held(table, row[at[table.pk]], row[at["link"]], until, table.canonical_raw(row))


def _versions(table: Table, pks: Collection[int]) -> Iterator[tuple[int, int]]:
    for kind in (table.model, table.model.past):  # type: ignore[attr-defined]
        yield from kind._default_manager.filter(**{f"{table.pk}__in": list(pks)}).values_list(table.pk, "link")
        if kind is not table.model:
            yield from kind._default_manager.filter(**{f"{table.pk}__in": list(pks)}).values_list(table.pk, "until")


def _as_live(model: type[models.Journaled], row: Any) -> models.Journaled:
    """A past version as a row of its live table, to be changed by the same rules."""
    if isinstance(row, model):
        return row
    return model(**{field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields})


def _others(table: Table, column: str, text: str, numbers: Collection[int]) -> bool:
    """Whether somebody else has this very text there, or one that is folded to the same."""
    subject, folded = table.subject or table.pk, f"{column.removesuffix('_name')}_fold"
    asked = Q(**{f"{column}__iexact": text})
    if folded in table.columns:
        asked |= Q(**{folded: fold_once(text)})
    return bool(table.model._default_manager.filter(asked).exclude(**{f"{subject}__in": numbers}).exists())


def _called(given: str, family: str, numbers: Collection[int]) -> bool:
    """Whether somebody else is called so."""
    named = {"given_fold": fold_once(given), "family_fold": fold_once(family)}
    return any(card._default_manager.filter(**named).exclude(pk__in=numbers).exists() for card in _cards())
