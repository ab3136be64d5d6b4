"""Where a column of a list of purchases goes, beside the places on the card (`targets`)."""

from typing import Final

from regulars.areas.intake.readers.targets import SALES

DATES: Final = frozenset(("purchase.at", "line.warranty_until"))
AMOUNTS: Final = frozenset(("line.quantity", "line.unit_price", "line.amount", "purchase.total", "purchase.rate"))
TYPES: Final = {**dict.fromkeys(DATES, "date"), **dict.fromkeys(AMOUNTS, "decimal")}
ALL: Final = frozenset(f"{group}.{key}" for group, keys in SALES.items() for key in keys)


def is_of_purchase(path: str) -> bool:
    """Whether this place is the purchase's or its line's, and not the buyer's."""
    return path in ALL
