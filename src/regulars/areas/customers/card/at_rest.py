"""What is worked out for searching, at rest during a long deed: filled in afterwards, or made anew.

`Mark("search keys")` stands in the database while some customers may lack their keys, and whoever searches is told:
`at rest` during a long deed, `due` when a job is to fill them in (if nobody asks for one, the next minute's work
does), `filling` while that is done. What a kill leaves is filled in at night.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection, transaction

from regulars.areas.customers.card import keys
from regulars.areas.customers.models import Address, ContactPoint, Customer, Tag
from regulars.kernel.databases import trigrams, writer_lock
from regulars.kernel.databases.resting import resting
from regulars.kernel.models import Mark

# What finds customers by name, place and tag, and nobody needs while the first ones come in. (Of contact points:
# `actions.holding`.)
RESTING = (
    *(
        (Customer, name)
        for name in ("customer_sort", "customer_family", "customer_given", "customer_middle", "customer_called")
    ),
    *((Address, name) for name in ("address_city", "address_postcode")),
    (Tag, "tag_key"),
)
POINTS = ((ContactPoint, "contactpoint_key"),)
_AT_ONCE, _INDEXED_AT_ONCE = 1_500, 6_000  # customers in a transaction: at most 0.2 s
_LONG = 20_000  # cards that go or come from which it is worth making indexes anew
_SEARCHED = (*RESTING, *POINTS, (Customer, "customer_org"))
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


def fill(told: Told | None = None) -> int:
    """Gives every customer who lacks them her search keys, in short transactions; how many that were."""
    Mark.objects.filter(name=keys.MARK, value="due").update(value="filling")
    keys.stand()
    filled = 0
    for put, some in ((keys.bring, _rows(_LACKING)), (keys.bring, _rows(_LEFT_OVER)), (keys.take_in, _lacking_index)):
        for part in _parts(some):
            with transaction.atomic():
                writer_lock(connection)
                put(part)
            filled += len(part)
            if told:
                told(filled)
    Mark.objects.filter(name=keys.MARK, value="filling").delete()  # a list under way keeps its own
    return filled


@contextmanager
def keys_at_rest() -> Iterator[None]:
    """For a long first list: its cards get their keys when it has ended, by a job of their own (`jobs`). After a kill
    the nightly work does it."""
    with transaction.atomic():
        writer_lock(connection)
        _rest_as("at rest")
        keys.rest()
    try:
        yield
    finally:
        _rest_as("due")


@contextmanager
def rest(moving: int, others: int) -> Iterator[None]:
    """While so many cards go or come beside so many others: the indexes for searching rest where nearly everybody
    moves, the trigrams where taking out those who move would take longer than making all anew."""
    with ExitStack() as stack:
        if moving >= _LONG and others * 10 < moving:
            stack.enter_context(resting(connection, _SEARCHED))
        if moving >= _MANY and moving * _WORTH >= moving + others:
            stack.enter_context(_trigrams_at_rest())
        yield


@contextmanager
def _trigrams_at_rest() -> Iterator[None]:
    with transaction.atomic():
        writer_lock(connection)
        _rest_as("at rest")
        keys.empty()
    try:
        yield
    finally:
        _rest_as("due")
        fill()


def _parts(some: Callable[[int], list[int]]) -> Iterator[list[int]]:
    """Numbers of customers, so many at a time, each part above the last."""
    last = 0
    while part := some(last):
        yield part
        last = part[-1]


def _rest_as(state: str) -> None:
    Mark.objects.update_or_create(name=keys.MARK, defaults={"value": state})


def _rows(statement: str) -> Callable[[int], list[int]]:
    def some(after: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, [after])
            return [number for (number,) in cursor.fetchall()]

    return some


def _lacking_index(after: int) -> list[int]:
    return trigrams.lacking(connection, keys.TEXT, "number", after, _INDEXED_AT_ONCE)
