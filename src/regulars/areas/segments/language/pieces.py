"""The pieces from which a comparison over a ledger's rows is put together."""

from dataclasses import dataclass
from typing import Any

from regulars.kernel.dialect import quoted
from regulars.kernel.ledgers import Ledger


@dataclass(frozen=True, slots=True)
class Parts:
    """What it comes to, the count, the first and the last day, as SQL; the field of a day."""

    value: str
    count: str
    first: str
    last: str
    field: Any


def count_of(ledger: Ledger) -> str:
    """How many rows, or different values of `each`; of `counted` rows alone, where the ledger says so."""
    if not ledger.each:
        return "COUNT(*)"
    each, (column, words) = f"m.{quoted(ledger.each)}", ledger.counted
    if column:
        some = ", ".join(f"'{word}'" for word in words if word.isidentifier())
        each = f"CASE WHEN m.{quoted(column)} IN ({some}) THEN {each} END"
    return f"COUNT(DISTINCT {each})"
