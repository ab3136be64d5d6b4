"""A deed: the only way a journaled row is written.

`deed` is one transaction, one changeset, one link. `long_deed` is one changeset in many short transactions, each a link
of its own, marked open until the last. Both take the house's one writing lock first (decision 2).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import batched, groupby
from typing import Any

import orjson
from django.db import connection, transaction

from regulars.areas.journal import models
from regulars.areas.journal.actions.cards import Cards
from regulars.areas.journal.actions.heads import sign_heads_if_due
from regulars.areas.journal.actions.payloads import header_of, payload_of
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.queries.deeds import customers_of
from regulars.areas.journal.queries.moments import refuse_in_the_past
from regulars.kernel import keyfile
from regulars.kernel.actor import Actor
from regulars.kernel.databases import bulk_insert, writer_lock
from regulars.kernel.registries import REGISTRY, keepers, verbs
from regulars.kernel.tables import Canonical, Table, moment, table_of

_FIRST = {"customer": 10001}
_BATCH, _FEW = 500, 100
_TAKE = "UPDATE journal_counter SET next = next + %s WHERE name = %s RETURNING next"


class _Nothing(Exception):
    """Raised inside a deed's transaction to leave no trace of one that changed nothing."""


def take(counter: str, count: int = 1) -> int:
    """The first of `count` fresh numbers of a kind. Only under the writing lock."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [count, counter])
        row = cursor.fetchone()
    if row is None:
        first = _FIRST.get(counter, 1)
        models.Counter.objects.create(name=counter, next=first + count)
        return first
    return int(row[0]) - count


class Link:
    """One transaction at work: rows are added, changed and removed through it, and it writes down what it did."""

    def __init__(self, *, by: Actor, at: datetime, verb: str, particulars: dict[str, Any]) -> None:
        refuse_in_the_past()
        self.number = take("link")
        self.by, self.at, self.verb = by, at, verb
        self.particulars = particulars
        self.changeset: int | None = None
        self.new: dict[Table, dict[int, tuple[int | None, Canonical]]] = defaultdict(dict)
        self.set: dict[Table, dict[int, tuple[int | None, Canonical]]] = defaultdict(dict)
        self.gone: dict[Table, dict[int, int | None]] = defaultdict(dict)
        self.was: dict[tuple[Table, int], Canonical] = {}  # of the first rows changed: how they stood
        self.ready: list[bytes] = []
        self.subjects: set[int] = set()
        self.counted: set[int] = set()

    def __bool__(self) -> bool:
        """Whether anything is other than before; what was changed back meanwhile is not."""
        rows = ((table, pk, row) for table, each in self.set.items() for pk, (_whose, row) in each.items())
        changed = any(self.was.get((table, pk)) != row for table, pk, row in rows)
        return changed or bool(self.ready) or any(map(any, (self.new.values(), self.gone.values())))

    def numbers(self, count: int = 1) -> range:
        """Fresh customer numbers, never used before and never again."""
        first = take("customer", count)
        return range(first, first + count)

    # --- rows ---------------------------------------------------------------------------------------------------

    def add(self, *instances: models.Journaled) -> None:
        """Writes new rows. Ids come from the house's counter; derived columns are computed."""
        for model, group in groupby(instances, key=type):
            self._add(table_of(model), list(group))

    def number_row(self, row: models.Journaled) -> None:
        """Gives a new row its id before it is added, where a value in it is bound to the id."""
        setattr(row, table_of(type(row)).pk_attname, take("row"))

    def saw(self, *, subject: int | None, what: dict[str, Any]) -> None:
        """Records that something was looked at or done which changes no row."""
        body = {"customer": subject, "seen": what}
        self.ready.append(orjson.dumps(body, option=orjson.OPT_SORT_KEYS))
        self.counted.update(() if subject is None else (subject,))

    def _add(self, table: Table, rows: list[models.Journaled]) -> None:
        unnumbered = [row for row in rows if row.pk is None]
        if unnumbered:
            first = take("row", len(unnumbered))
            for place, row in enumerate(unnumbered):
                setattr(row, table.pk_attname, first + place)
        for row in rows:
            self._stamp(table, row)
        bulk_insert(connection, table.name, table.columns, [table.prepared(row) for row in rows])
        for row in rows:
            self.new[table][row.pk] = (self._subject(table, row), table.canonical(row))

    def change(self, instance: models.Journaled, **values: Any) -> bool:
        """Brings one row to these values; the version before goes to its twin. False if nothing differs."""
        return bool(self.change_many([instance], **values))

    def change_many(self, instances: Sequence[models.Journaled], **values: Any) -> int:
        """The same for many rows of one table; returns how many differed."""
        return self.rewrite([(instance, values) for instance in instances])

    def rewrite(self, changes: Sequence[tuple[models.Journaled, dict[str, Any]]]) -> int:
        """Brings each row of one table to its own values. Returns how many differed."""
        if not changes:
            return 0
        table = table_of(type(changes[0][0]))
        differing = []
        for instance, values in changes:
            before = table.canonical(instance)
            for name, value in values.items():
                setattr(instance, name, value)
            if table.canonical(instance) != before:
                differing.append(instance)
                if len(self.was) < _FEW:
                    self.was.setdefault((table, instance.pk), before)
        for part in batched(differing, _BATCH):
            self._rewrite(table, part)
        return len(differing)

    def _rewrite(self, table: Table, rows: Sequence[models.Journaled]) -> None:
        older = [row.pk for row in rows if row.link != self.number]
        self._past(table, older)
        for row in rows:
            self._stamp(table, row)
        columns, at = [column for column in table.columns if column != table.pk], table.columns.index(table.pk)
        prepared = [table.prepared(row) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(table.update(columns), [(*each[:at], *each[at + 1 :], each[at]) for each in prepared])
        for row in rows:
            into = self.new[table] if row.pk in self.new[table] else self.set[table]
            into[row.pk] = (self._subject(table, row), table.canonical(row))

    def move(self, rows: Sequence[models.Journaled], *, to: int | None, **values: Any) -> None:
        """Brings rows of one table onto another card, or off all: they keep their ids and what was done to them."""
        table = table_of(type(rows[0]))
        owners: dict[int, int | None] = {row.pk: getattr(row, table.subject or "") for row in rows}
        for row in rows:
            row.move_to(to)
            vars(row).update(values)
        self._rewrite(table, rows)
        for pk, owner in owners.items():
            self._came(table, pk, owner)

    def _came(self, table: Table, pk: int, owner: int | None) -> None:
        """A row that was written by this link was another's before: gone there, new here."""
        self.subjects.update(() if owner is None else (owner,))
        if (stated := self.set[table].pop(pk, None)) is not None:
            self.new[table][pk] = stated
            self.gone[table].setdefault(pk, owner)

    def remove(self, *instances: models.Journaled) -> None:
        """Takes rows out of the present; they stay in their twin."""
        for model, group in groupby(instances, key=type):
            for part in batched(group, _BATCH):
                self._remove(table_of(model), part)

    def _remove(self, table: Table, rows: Sequence[models.Journaled]) -> None:
        self._past(table, [row.pk for row in rows if row.link != self.number])
        pks = [row.pk for row in rows]
        with connection.cursor() as cursor:
            cursor.execute(table.delete(table.pk_in(len(pks))), pks)
        for row in rows:
            self.set[table].pop(row.pk, None)
            if self.new[table].pop(row.pk, None) is None:
                self.gone[table][row.pk] = self._subject(table, row)
            self._subject(table, row)

    def record_ready(self, payloads: Iterable[bytes], customers: Iterable[int]) -> None:
        """Takes payloads of these customers that were frozen beforehand, in the form of `payload_of`, for rows already
        written in this transaction in bulk. These must carry this link's number and cards their `version`, as `verify`
        will find."""
        self.ready.extend(payloads)
        self.counted.update(customers)

    # --- what the link states -----------------------------------------------------------------------------------

    def _past(self, table: Table, pks: Sequence[int]) -> None:
        if not pks:
            return
        with connection.cursor() as cursor:
            cursor.execute(table.copy_to_past(table.pk_in(len(pks))), [self.number, *pks])

    def _stamp(self, table: Table, row: models.Journaled) -> None:
        table.refuse_overlong(row)
        row.link = self.number
        row.derive()
        if table.stamped:
            row.version, row.updated_at = self.number, self.at  # type: ignore[attr-defined]

    def _subject(self, table: Table, row: models.Journaled) -> int | None:
        if table.subject is None:
            return None
        subject: int | None = getattr(row, table.subject)
        self.subjects.update(() if subject is None else (subject,))  # a purchase of somebody unknown is the house's
        return subject

    def payloads(self) -> list[bytes]:
        """One payload per customer touched, in order of number; the rows of the house come first."""
        per: dict[int | None, dict[str, list[Any]]] = defaultdict(lambda: {"new": [], "set": [], "gone": []})
        for table, rows in self.new.items():
            for pk, (subject, canonical) in rows.items():
                per[subject]["new"].append((pk, table, canonical))
        for table, rows in self.set.items():
            for pk, (subject, canonical) in rows.items():
                per[subject]["set"].append([table.label, pk, canonical])
        for table, gone in self.gone.items():
            for pk, subject in gone.items():
                per[subject]["gone"].append([table.label, pk])
        ordered = sorted(per, key=lambda subject: (subject is not None, subject or 0))
        return [payload_of(subject, **per[subject]) for subject in ordered]

    def touch_cards(self) -> None:
        """Cards whose other rows changed learn it: `version` and `updated_at` are when anything of theirs changed.

        What rooms work out from cards (`registries.keepers`) is brought up to date with it. Raises what a room's guard
        raises where the actor may not reach one of them.
        """
        for guard in REGISTRY.guards:
            guard(self.by, self.subjects, self.number)
        for model in models.journaled_models():
            gone = self.gone.get(table := table_of(model), {}).keys()
            for part in batched(sorted(self.subjects - gone) if table.stamped else [], _BATCH):
                model._default_manager.filter(pk__in=part).update(version=self.number, updated_at=self.at)  # type: ignore[misc]
        for keep in keepers() if self.subjects else ():
            keep(self.subjects, self.at)


def _changeset(
    *, verb: str, by: Actor, at: datetime, particulars: dict[str, Any], undoes: int | None
) -> models.Changeset:
    if verb not in verbs():
        raise RuntimeError(f"No room declares the verb {verb!r}.")
    return models.Changeset(
        number=take("changeset"),
        at=at,
        by_kind=by.kind,
        by_id=by.id,
        by_name=by.name[:200],
        through=by.through,
        detail=by.detail[:300],
        verb=verb,
        particulars=particulars,
        undoes_id=undoes,
    )


def _forge(link: Link, changeset: models.Changeset, header: bytes | None) -> None:
    """Freezes what the link did and hangs it on the chain."""
    payloads = [*([header] if header else []), *link.payloads(), *link.ready]
    block, digests = blocks.seal(payloads)
    keys = keyfile.keys()
    before = models.Link.objects.filter(number=link.number - 1).values_list("digest", flat=True).first()
    digest = blocks.link_digest(
        keys.chain,
        before=bytes(before) if before is not None else blocks.beginning(keys.home),
        number=link.number,
        changeset=changeset.number,
        at=moment(link.at),
        digests=digests,
    )
    models.Link.objects.create(
        number=link.number, changeset=changeset, at=link.at, digests=digests, block=block, digest=digest
    )


@contextmanager
def deed(
    *, verb: str, by: Actor, at: datetime, particulars: dict[str, Any] | None = None, undoes: int | None = None
) -> Iterator[Link]:
    """One deed in one transaction. Leaves no trace if it changed nothing; then `link.changeset` stays None."""
    try:
        with transaction.atomic():
            writer_lock(connection)
            link = Link(by=by, at=at, verb=verb, particulars=dict(particulars or {}))
            yield link
            if not link:
                raise _Nothing
            link.touch_cards()
            changeset = _changeset(verb=verb, by=by, at=at, particulars=link.particulars, undoes=undoes)
            changeset.first_link = changeset.last_link = link.number
            changeset.customers = len(link.subjects | link.counted)
            changeset.save(force_insert=True)
            if undoes:
                models.Changeset.objects.filter(pk=undoes).update(undone_by=changeset)
            _forge(link, changeset, header_of(changeset))
            link.changeset = changeset.number
    except _Nothing:
        return
    _sign(at)


def _sign(at: datetime) -> None:
    """Within a transaction of others nothing is: what they take back would stand in the heads."""
    if not connection.in_atomic_block:
        sign_heads_if_due(at=at)


class LongDeed:
    """One changeset in many transactions. Open until `close`; what stands of it after a kill can go on or be undone."""

    def __init__(self, changeset: models.Changeset, customers: Iterable[int] = ()) -> None:
        self.row, self.cards = changeset, Cards(customers)

    @property
    def changeset(self) -> int:
        return self.row.number

    @contextmanager
    def transaction(self, *, by: Actor, at: datetime) -> Iterator[Link]:
        """One link of the deed. A transaction that changes nothing leaves none."""
        try:
            with transaction.atomic():
                writer_lock(connection)
                link = Link(by=by, at=at, verb=self.row.verb, particulars={})
                yield link
                if not link:
                    raise _Nothing
                link.touch_cards()
                self._hang(link, None)
        except _Nothing:
            return
        _sign(at)

    def _hang(self, link: Link, header: bytes | None) -> None:
        self.cards.add(link.subjects | link.counted)
        self.row.last_link, self.row.customers = link.number, len(self.cards)
        self.row.save(update_fields=["last_link", "customers"])
        _forge(link, self.row, header)
        link.changeset = self.row.number

    def close(self, *, by: Actor, at: datetime, particulars: dict[str, Any]) -> None:
        """Ends the deed: the particulars as they turned out, in a last link."""
        with transaction.atomic():
            writer_lock(connection)
            link = Link(by=by, at=at, verb=self.row.verb, particulars={})
            self.row.particulars, self.row.state = {**self.row.particulars, **particulars}, "done"
            self.row.save(update_fields=["particulars", "state"])
            self._hang(link, header_of(self.row))
        _sign(at)


def long_deed(
    *, verb: str, by: Actor, at: datetime, particulars: dict[str, Any] | None = None, undoes: int | None = None
) -> LongDeed:
    """Opens a deed of many transactions. It stands open in the journal until its `close`."""
    with transaction.atomic():
        writer_lock(connection)
        link = Link(by=by, at=at, verb=verb, particulars={})
        changeset = _changeset(verb=verb, by=by, at=at, particulars=dict(particulars or {}), undoes=undoes)
        changeset.state, changeset.first_link, changeset.last_link = "open", link.number, link.number
        changeset.save(force_insert=True)
        if undoes:
            models.Changeset.objects.filter(pk=undoes).update(undone_by=changeset)
        _forge(link, changeset, header_of(changeset))
    return LongDeed(changeset)


def resume_long_deed(number: int) -> LongDeed:
    """An open deed taken up again after a kill."""
    return LongDeed(models.Changeset.objects.get(pk=number, state="open"), customers_of(number))
