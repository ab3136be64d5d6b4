"""Numbers that are there already."""

from collections.abc import Collection

from regulars.areas.trade.models import Product, Purchase
from regulars.kernel.tables import table_of


def known_numbers(source: str, numbers: Collection[str]) -> dict[str, int]:
    """Of these numbers of a source those that are kept, each with the purchase's serial."""
    rows = table_of(Purchase).pick(("number", "source", "serial"), "number", sorted(set(numbers)))
    return {number: serial for number, of, serial in rows if of == source}


def product_ids(numbers: Collection[str]) -> dict[str, int]:
    """The rows of these products, by their numbers."""
    return dict(table_of(Product).pick(("number", "id"), "number", sorted(set(numbers))))
