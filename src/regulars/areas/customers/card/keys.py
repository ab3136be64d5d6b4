"""The keys by which customers are found as one types, worked out from their cards.

`keep` brings those of some cards up to date; it runs at the end of every transaction of a deed (undo, too) and is told
whom it touched. Nothing here is journaled: it says nothing that the cards do not say, and `fill` can make it all anew.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import connection

from regulars.areas.customers.card.findable import NAMES, names_in, search_text
from regulars.areas.customers.models import Address, ContactPoint, Customer, Reference, SearchText, SearchWord
from regulars.kernel.databases import among, bulk_insert, is_file, trigrams
from regulars.kernel.models import Mark
from regulars.kernel.spelling import plainest
from regulars.kernel.tables import table_of
from regulars.kernel.text import fold

MARK = "search keys"  # the name of a `Mark` that stands while some customers lack their keys
TEXT, WORD = SearchText._meta.db_table, SearchWord._meta.db_table
INDEX = (connection, TEXT, "number", "text")  # as `kernel.databases.trigrams` is told of it
_AT_ONCE = 2_000
_WORDS = f"INSERT INTO {WORD} (word, plain, head, tail, count)"
_COUNTED = f"ON CONFLICT (word) DO UPDATE SET count = {WORD}.count + excluded.count"
_ADD_WORD = f"{_WORDS} VALUES (%s, %s, %s, %s, %s) {_COUNTED}"
_ADD_WORDS = f"{_WORDS} SELECT * FROM unnest({', '.join(['%s::text[]'] * 4)}, %s::integer[]) {_COUNTED}"


def keep(numbers: Collection[int], at: datetime) -> None:
    """Brings the keys of these customers up to date, be they there, changed or gone: the same at any instant."""
    bring(numbers)


def bring(numbers: Collection[int]) -> None:
    """The same. Under the writing lock."""
    for part in batched(sorted(numbers), _AT_ONCE):
        _keep(part)


def keep_new(rows: Sequence[tuple[int, str]], *, at_rest: bool) -> None:
    """The same for new customers, whose search texts were made beforehand. At rest the texts wait for `take_in`."""
    bulk_insert(connection, TEXT, ("number", "text"), rows)
    if not (at_rest and trigrams.can_rest(connection)):
        _take_in(rows)


def take_in(numbers: Collection[int]) -> None:
    """Takes the texts of these customers into the index, and their words into the vocabulary, where they still wait.
    Under the writing lock."""
    waiting = set(numbers) - trigrams.held(connection, TEXT, list(numbers))
    _take_in(list(_standing(waiting).items()))


def empty() -> None:
    """Takes all texts out of the index and the vocabulary at once, where they can wait; `take_in` brings them back."""
    trigrams.empty(*INDEX)
    if trigrams.can_rest(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {WORD}")


def rest() -> None:
    """Lets the index rest while a long list comes in, where that is worth it; `stand` brings it back."""
    trigrams.rest(connection, TEXT)


def stand() -> None:
    """Makes the index where it lacks."""
    trigrams.stand(connection, TEXT, "text")


def clear() -> None:
    """Takes away all keys; their index is there, and empty."""
    trigrams.drop(connection, TEXT)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TEXT}")
        cursor.execute(f"DELETE FROM {WORD}")
    trigrams.create(*INDEX)


def _take_in(rows: Sequence[tuple[int, str]]) -> None:
    trigrams.put_in(*INDEX, [number for number, _text in rows])
    counts: Counter[str] = Counter()
    for _number, text in rows:
        counts.update(names_in(text))
    with connection.cursor() as cursor:
        _count(cursor, counts)


def _keep(numbers: Collection[int]) -> None:
    told, stood = texts(numbers), _standing(numbers)
    fresh = [(number, text) for number, text in told.items() if number not in stood]
    other = [(text, number) for number, text in told.items() if stood.get(number, text) != text]
    gone = [number for number in stood if number not in told]
    held = trigrams.held(connection, TEXT, list(stood))  # whose words are counted; the others still wait
    counts: Counter[str] = Counter()
    for number in (*(number for _text, number in other), *gone):
        counts.update(names_in(told.get(number, "")))
        if number in held:
            counts.subtract(names_in(stood[number]))
    if fresh:
        keep_new(fresh, at_rest=False)
    trigrams.take_out(*INDEX, [number for _text, number in other])
    with connection.cursor() as cursor:
        if other:
            cursor.executemany(f"UPDATE {TEXT} SET text = %s WHERE number = %s", other)
        trigrams.put_in(*INDEX, [number for _text, number in other])
        if gone:
            condition, values = among(connection, "number", gone)
            cursor.execute(f"DELETE FROM {TEXT} WHERE {condition}", values)
        _count(cursor, counts)


def _count(cursor: Any, counts: Mapping[str, int]) -> None:
    changed = [(word, *halves(plainest(word)), count) for word, count in sorted(counts.items()) if count]
    if not changed:
        return
    if is_file(connection):
        cursor.executemany(_ADD_WORD, changed)
    else:
        cursor.execute(_ADD_WORDS, [list(each) for each in zip(*changed, strict=True)])
    if fewer := [word for word, *_rest, count in changed if count < 0]:
        condition, values = among(connection, "word", fewer)
        cursor.execute(f"DELETE FROM {WORD} WHERE {condition} AND count <= 0", values)


def halves(plain: str) -> tuple[str, str, str]:
    """A plain word, its first half and the rest."""
    middle = len(plain) // 2
    return plain, plain[:middle], plain[middle:]


def _standing(numbers: Collection[int]) -> dict[int, str]:
    condition, values = among(connection, "number", list(numbers))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, text FROM {TEXT} WHERE {condition}", values)
        return dict(cursor.fetchall())


def texts(numbers: Collection[int]) -> dict[int, str]:
    """What these customers are found by, as their cards stand; nothing for who is gone or merged into another."""
    wanted = list(numbers)
    lines: dict[int, tuple[list[str], ...]] = defaultdict(lambda: ([], [], [], []))
    for number, kind, key in table_of(ContactPoint).pick(("customer_id", "kind", "key"), "customer_id", wanted):
        lines[number][kind == "phone"].append(key)
    for number, city in table_of(Address).pick(("customer_id", "city_fold"), "customer_id", wanted):
        lines[number][2].append(city)
    for number, value in table_of(Reference).pick(("customer_id", "value"), "customer_id", wanted):
        lines[number][3].append(fold(value))
    rows = table_of(Customer).pick(("number", "merged_into_id", *NAMES), "number", wanted)
    return {number: search_text(names, *lines[number]) for number, merged, *names in rows if merged is None}


# --- proving ----------------------------------------------------------------------------------------------------------


def astray(sample: int = 3_000) -> list[int]:
    """Customers without keys, keys without a customer, and keys that are not what the card says: of all the first
    hundred, the last in so many cards spread over the register. Nothing while keys are being made."""
    if Mark.objects.filter(name=MARK).exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(_UNEVEN)
        found = {number for (number,) in cursor.fetchall()}
    for part in batched(_spread(sample), _AT_ONCE):
        stood = _standing(part)
        found |= {number for number, text in texts(part).items() if stood.get(number) != text}
    return sorted(found)


def _spread(sample: int) -> list[int]:
    """Numbers of customers, evenly from the first to the last."""
    count = Customer.objects.count()
    step = max(1, count // sample)
    numbers = Customer.objects.order_by("number").values_list("number", flat=True)
    return [number for place, number in enumerate(numbers.iterator(chunk_size=20_000)) if place % step == 0]


_UNEVEN = f"""
SELECT number FROM (
  SELECT c.number FROM customers_customer c LEFT JOIN {TEXT} t ON t.number = c.number
  WHERE t.number IS NULL AND c.merged_into_id IS NULL
  UNION ALL
  SELECT t.number FROM {TEXT} t LEFT JOIN customers_customer c ON c.number = t.number
  WHERE c.number IS NULL OR c.merged_into_id IS NOT NULL
) uneven ORDER BY number LIMIT 100
"""
