"""How frequent names and towns are in the register, by the words that search keeps."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Count

from regulars.areas.customers.card.keys import WORD, halves
from regulars.areas.customers.models import Address, SearchWord
from regulars.areas.journal.models import Counter as Numbers
from regulars.areas.matching.comparing.features import Card, Maker, has_street, plain_text
from regulars.kernel.databases import among
from regulars.kernel.prepared import Prepared
from regulars.kernel.spelling import plainest, words
from regulars.kernel.text import fold

_FIRST = 10_001
_NEXT = Prepared(lambda name: Numbers.objects.filter(name=name).values_list("next", flat=True))
_ENOUGH = 50_000  # a town that so many live in need not be counted further


def size() -> int:
    """About how many customers there are: how many numbers were given out."""
    return max(0, next(iter(_NEXT.rows("customer")), _FIRST) - _FIRST)


def maker_for_all() -> Maker:
    """With the counts of every name and town."""
    names: Counter[str] = Counter()
    for plain, count in SearchWord.objects.values_list("plain", "count").iterator(chunk_size=20_000):
        names[plain] += count
    towns: Counter[str] = Counter()
    for town, count in (
        Address.objects.exclude(city_fold="").values_list("city_fold").annotate(n=Count("pk")).order_by()
    ):
        towns[plain_text(town)] += count
    return Maker(size(), lambda word: names[word], lambda town: towns[town])


def maker_for(card: Card, others: Iterable[Card]) -> Maker:
    """With the counts of the names of these cards, and of the towns of those who share one with the first and of whom
    one has no street, looked up by their keys: how many live there tells nothing of others."""
    told = [card, *others]
    named = {plainest(word) for each in told for text in _names(each) for word in words(text)}
    names = dict[str, int](_written(sorted(named)))
    here, street = _towns(card), has_street(card)
    silent = [each for each in told[1:] if not (street and has_street(each))]
    sharing = [some for each in silent if not here.keys().isdisjoint(some := _towns(each))]
    folds = {plain: city for some in (here, *sharing) for plain, city in some.items()} if sharing else {}
    towns = {plain: _living_in(city) for plain, city in folds.items()}
    return Maker(size(), lambda word: names.get(word, 0), lambda town: towns.get(town, 0))


def _written(plains: list[str]) -> Iterator[tuple[str, int]]:
    """How often each of these words stands in names. Their first halves are what there is an index of."""
    heads, values = among(connection, "head", sorted({halves(plain)[1] for plain in plains}))
    whole, more = among(connection, "plain", plains)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT plain, sum(count) FROM {WORD} WHERE {heads} AND {whole} GROUP BY plain", [*values, *more]
        )
        yield from ((plain, int(count)) for plain, count in cursor.fetchall())


def _names(card: Card) -> tuple[str, ...]:
    return card.given, card.middle, card.family, card.called, card.organisation


def _towns(card: Card) -> dict[str, str]:
    return {plain_text(city): city for *_street, city in card.addresses if city}


def _living_in(city: str) -> int:
    with connection.cursor() as cursor:
        counted = "SELECT count(*) FROM (SELECT 1 FROM customers_address WHERE city_fold = %s LIMIT %s) s"
        cursor.execute(counted, [fold(city), _ENOUGH])
        return int(cursor.fetchone()[0])
