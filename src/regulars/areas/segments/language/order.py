"""In which order customers are told: by which key, and which index walks it."""

from dataclasses import dataclass
from typing import Any

from regulars.kernel.dialect import Sql


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

    def unknown(self) -> str:
        return f"({self.key.text} IS NULL OR {self.key.text} = '')" if self.textual else f"{self.key.text} IS NULL"
