"""Who has which e-mail address or phone: asked of the index, or remembered beside the register while that rests.

A first long list brings contact points in no order, so that each dirties a page of their index, which is enciphered and
written with every transaction: a quarter of the whole import (docs/decisions/0024). Without the index somebody must
still be known again further down the same list. `Holders` remembers, in a table of this connection that lies in memory,
a number made of each key and whose it is. What it finds is looked at on the cards before it counts. PostgreSQL writes
a page once for many transactions: there the index stays, which costs less than to remember.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection

from regulars.areas.customers.card.at_rest import POINTS
from regulars.areas.customers.models import ContactPoint
from regulars.kernel.databases import among, is_file
from regulars.kernel.databases.aside import laid_aside
from regulars.kernel.databases.resting import resting
from regulars.kernel.tables import table_of

Pair = tuple[str, str]  # kind and key
Held = dict[Pair, list[int]]
Asked = Callable[[Collection[Pair]], Held]
_TABLE, _READ = "held_points", "held_points_read"  # digests with customers; links that have been read
_SINCE = f"""
SELECT link, key, customer_id FROM {ContactPoint._meta.db_table}
WHERE link > (SELECT coalesce(max(link), 0) FROM {_READ}) ORDER BY link
"""
_AT_ONCE = 10_000


def holders_of(wanted: Collection[Pair]) -> Held:
    """Who has these contact points, by their index."""
    return _of_those(wanted, "key", sorted({key for _kind, key in wanted}))


def _of_those(wanted: Collection[Pair], by: str, values: Sequence[int | str]) -> Held:
    found: Held = defaultdict(list)
    for kind, key, number in table_of(ContactPoint).pick(("kind", "key", "customer_id"), by, values):
        if (kind, key) in wanted:
            found[kind, key].append(number)
    return found


class Holders:
    """The same, remembered. What others write meanwhile is read before each answer, by its link."""

    def __call__(self, wanted: Collection[Pair]) -> Held:
        """Who has these contact points. Under the writing lock."""
        condition, values = among(connection, "digest", [hash(key) for _kind, key in wanted])
        with connection.cursor() as cursor:
            cursor.execute(_SINCE)
            while rows := cursor.fetchmany(_AT_ONCE):
                self._remember((hash(key), number) for _link, key, number in rows)
                self._mark(rows[-1][0])
            cursor.execute(f"SELECT number FROM {_TABLE} WHERE {condition}", values)
            numbers = sorted({number for (number,) in cursor.fetchall()})
        return _of_those(wanted, "customer_id", numbers)

    def wrote(
        self, link: int, points: Mapping[Pair, Sequence[int]], numbers: Mapping[int, int], *, others: bool
    ) -> None:
        """Remembers what this link has just written: the places that have each contact point, the number of each new
        card's place. With `others` it may have written some that this does not name: then it is read once more."""
        told = ((key, place) for (_kind, key), places in points.items() for place in places if place in numbers)
        self._remember((hash(key), numbers[place]) for key, place in told)
        if others:
            self._unmark(link)
        else:
            self._mark(link)

    @staticmethod
    def _remember(digests: Iterable[tuple[int, int]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {_TABLE} (digest, number) VALUES (%s, %s) ON CONFLICT DO NOTHING", list(digests)
            )

    @staticmethod
    def _mark(link: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {_READ} (link) VALUES (%s) ON CONFLICT DO NOTHING", [link])

    @staticmethod
    def _unmark(link: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {_READ} WHERE link = %s", [link])


@contextmanager
def points_at_rest() -> Iterator[Holders | None]:
    """Within it the index of contact points rests; who has them is asked here. None where it stays."""
    if not is_file(connection):
        yield None
        return
    with (
        resting(connection, POINTS),
        laid_aside(connection, _TABLE, ("digest", "number")),
        laid_aside(connection, _READ, ("link",)),
    ):
        yield Holders()
