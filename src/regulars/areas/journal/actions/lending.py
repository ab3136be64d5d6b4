"""What a merge brought from one card to another, or put into its rows: where the two were taken apart and the one is
forgotten, the other's history says what was her own."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import connection

from regulars.areas.journal.models import Journaled
from regulars.kernel.tables import Table

NOW = 1 << 62  # the end of a version that stands
Said = Callable[[str, str], Collection[Any]]


def spans(table: Table, cards: Sequence[Any]) -> Iterator[tuple[int, int, int]]:
    """(into which card, from which link, until which) of versions of cards, for the time that they were joined."""
    column = table.model.journal_joined  # type: ignore[attr-defined]
    ended = {(each.pk, each.until): each.row.get(column) for each in cards}
    begins = {(each.pk, each.link, each.row[column]): each.until for each in cards if column in each.row}
    for pk, link, into in begins:
        if ended.get((pk, link)) != into:
            at: int | None = link
            while (following := begins.get((pk, at or 0, into), at)) != at:
                at = following
            if at is not None:
                yield into, link, at


def lent(table: Table, span: tuple[int, int, int], hers: Said) -> Iterator[Journaled]:
    """The earlier versions of the other card's rows in which something stood that the merge had from her, with what
    stood there before."""
    whose, begun, ended = span
    past: Any = table.model.past  # type: ignore[attr-defined]
    versions = past._default_manager.filter(**{str(table.subject): whose, "until__gte": begun, "until__lte": ended})
    per: dict[int, list[Any]] = {}
    for each in versions.order_by("until"):
        per.setdefault(getattr(each, table.pk_attname), []).append(each)
    for before, merged, *later in (some for some in per.values() if len(some) > 1 and some[0].until == begun):
        columns = [c for c in _changed(table, before, merged) if table.canonical(merged).get(c) in hers(table.label, c)]
        for each in (merged, *later):
            taken = [column for column in columns if getattr(each, column) == getattr(merged, column)]
            if taken:
                row = table.model(**{field.attname: getattr(each, field.attname) for field in table.fields})
                for column in taken:
                    setattr(row, column, getattr(before, column))
                yield row  # type: ignore[misc]


def _changed(table: Table, before: Any, merged: Any) -> Iterator[str]:
    """Columns that the merge wrote, apart from answers that are one of a few: how it stood is told of many."""
    was, is_now = table.canonical(before), table.canonical(merged)
    for field, column in table.kept:
        if not field.choices and column in is_now and was.get(column) != is_now[column]:
            yield column


def on_other_cards(table: Table, pks: Collection[int], numbers: Collection[int]) -> Iterator[tuple[int, int, int, int]]:
    """(row, whose, its link, until when) of versions of these rows that stand or stood on the card of somebody else."""
    strangers = f"{table.subject} NOT IN ({', '.join(['%s'] * len(numbers))})"
    for part in batched(sorted(pks), 500):
        with connection.cursor() as cursor:
            for name, until in ((table.name, str(NOW + 1)), (table.past, "until")):
                cursor.execute(
                    f"SELECT {table.pk}, {table.subject}, link, {until} FROM {name} "
                    f"WHERE {table.pk_in(len(part))} AND {strangers}",
                    [*part, *numbers],
                )
                yield from cursor.fetchall()
