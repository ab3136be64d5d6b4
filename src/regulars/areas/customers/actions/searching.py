"""The search keys of the whole register: at rest during a long first list, filled in afterwards, made anew.

`Mark("search keys")` stands in the database while some customers may lack theirs, and whoever searches is told: `due`
when the next minute's work is to fill them in, `at rest` when an import will.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.card import keys
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import searching
from regulars.kernel.actor import Actor
from regulars.kernel.databases import trigrams, writer_lock
from regulars.kernel.errors import NotAllowed
from regulars.kernel.models import Mark

_AT_ONCE, _INDEXED_AT_ONCE = 1_500, 4_000  # customers in a transaction: at most 0.2 s
_MANY, _WORTH = 1_000, 40  # cards that go; taking one out costs more than putting so many in (decision 27)
_LACKING = f"""
SELECT c.number FROM customers_customer c LEFT JOIN {keys.TEXT} t ON t.number = c.number
WHERE c.number > %s AND t.number IS NULL AND c.merged_into_id IS NULL ORDER BY c.number LIMIT {_AT_ONCE}
"""
_LEFT_OVER = f"""
SELECT t.number FROM {keys.TEXT} t LEFT JOIN customers_customer c ON c.number = t.number
WHERE t.number > %s AND (c.number IS NULL OR c.merged_into_id IS NOT NULL) ORDER BY t.number LIMIT {_AT_ONCE}
"""
Told = Callable[[int], None]


def fill_search_keys(told: Told | None = None) -> int:
    """Gives every customer who lacks them her search keys, in short transactions; how many that were."""
    filled = 0
    for put, some in ((keys.keep, _rows(_LACKING)), (keys.keep, _rows(_LEFT_OVER)), (_index, _lacking_index)):
        for part in _parts(some):
            with transaction.atomic():
                writer_lock(connection)
                put(part)
            filled += len(part)
            if told:
                told(filled)
    Mark.objects.filter(name=searching.MARK).delete()
    return filled


def rebuild_search_keys(*, by: Actor, told: Told | None = None) -> int:
    """Makes all search keys anew; how many customers have them now. Meanwhile search finds who has hers already."""
    if not by.may("safekeeping.backup"):
        raise NotAllowed(_("You may not make the search keys anew."))
    with transaction.atomic():
        writer_lock(connection)
        Mark.objects.update_or_create(name=searching.MARK, defaults={"value": "due"})
        trigrams.drop(connection, keys.TEXT)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {keys.TEXT}")
            cursor.execute(f"DELETE FROM {keys.WORD}")
        trigrams.create(*keys.INDEX)
    return fill_search_keys(told)


@contextmanager
def search_keys_at_rest() -> Iterator[None]:
    """For a long first list: its cards get their keys when it has ended. After a kill the nightly work does it."""
    Mark.objects.update_or_create(name=searching.MARK, defaults={"value": "at rest"})
    try:
        yield
    finally:
        fill_search_keys()


@contextmanager
def search_index_at_rest(moving: int) -> Iterator[None]:
    """While so many cards go or come, where their part of the index would take longer than all of it made anew."""
    if moving < _MANY or moving * _WORTH < Customer.objects.count():
        yield
        return
    with transaction.atomic():
        writer_lock(connection)
        Mark.objects.update_or_create(name=searching.MARK, defaults={"value": "at rest"})
        trigrams.empty(*keys.INDEX)
    try:
        yield
    finally:
        fill_search_keys()


def _parts(some: Callable[[int], list[int]]) -> Iterator[list[int]]:
    """Numbers of customers, so many at a time, each part above the last."""
    last = 0
    while part := some(last):
        yield part
        last = part[-1]


def _rows(statement: str) -> Callable[[int], list[int]]:
    def some(after: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, [after])
            return [number for (number,) in cursor.fetchall()]

    return some


def _lacking_index(after: int) -> list[int]:
    return trigrams.lacking(connection, keys.TEXT, "number", after, _INDEXED_AT_ONCE)


def _index(numbers: list[int]) -> None:
    trigrams.put_in(*keys.INDEX, numbers)
