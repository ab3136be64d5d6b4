"""In which order customers are told: by which key, and which index walks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from regulars.kernel.dialect import Sql

Found = tuple[int, Any, bool]  # a number, its key in the order, whether there is one


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows `w` of customers in which an order's keys lie, for an index to walk: their table, the key, the column of
    the customer's number, and the condition that a row is the one whose key counts."""

    table: str
    key: str
    customer: str
    counts: Sql


@dataclass(frozen=True, slots=True)
class Order:
    """An order of customers: a key on `c` (SQL), whether an index walks it, and the way. Ties go by number.

    `textual` keys are empty as '' too. Who has no key comes last, either way. `column` is the key's own column where
    it is one of the customer's row; `number` itself is never empty.
    """

    key: Sql
    textual: bool
    walked: bool
    column: str | None = None
    descending: bool = False
    field: Any = None  # the model's field of the key, where a key from a cursor must be turned back
    rows: Rows | None = None  # where the key lies in rows of hers that an index walks

    @property
    def by_number(self) -> bool:
        return self.column == "number"

    @property
    def sorts_in_python(self) -> bool:
        """Whether the driver gives keys that Python compares as the database does, also with one from a cursor."""
        return self.field is None or self.field.get_internal_type() not in ("DateTimeField", "DateField")

    def known(self, key: str) -> str:
        """The condition that there is a key; `key` may be shielded."""
        return f"{key} > ''" if self.textual else f"{key} IS NOT NULL"

    def unknown(self, key: str = "") -> str:
        key = key or self.key.text
        return f"({key} IS NULL OR {key} = '')" if self.textual else f"{key} IS NULL"


@dataclass(frozen=True, slots=True)
class After:
    """A place in an order: behind this customer."""

    number: int
    key: Any
    known: bool


def behind(found: Sequence[Found], after: After, descending: bool) -> int:
    """Where in an order the page after this place begins."""
    mark = (after.key, after.number)
    for place, (number, key, known) in enumerate(found):
        if known and after.known and ((key, number) < mark if descending else (key, number) > mark):
            return place
        if not known and (after.known or (number < after.number if descending else number > after.number)):
            return place
    return len(found)


def beyond(order: Order, after: After) -> str:
    """The condition on `k` and `number` to stand behind a place."""
    way = "<" if order.descending else ">"
    if not after.known:
        return f"{order.unknown('k')} AND number {way} %s"
    return f"({order.unknown('k')} OR (k, number) {way} (%s, %s))"


def in_order(rows: list[Any], descending: bool) -> bool:
    """SQL promises no order of an outer query; so it is looked at."""
    pairs = [(row[1], row[0]) for row in rows]
    return all((a >= b) if descending else (a <= b) for a, b in pairwise(pairs))
