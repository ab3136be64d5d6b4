"""Products and places as a program reads them."""

from typing import Any

from regulars.areas.trade.models import Place, Product
from regulars.kernel.money import plain


def product_json(row: Product) -> dict[str, Any]:
    """A product: its price as `12.5 EUR`, its warranty in months."""
    price = None if row.price is None else f"{plain(row.price)} {row.currency}"
    kind = row.type.name if row.type else ""
    return {"number": row.number, "name": row.name, "type": kind, "price": price, "warranty": row.warranty}


def place_json(row: Place) -> dict[str, Any]:
    """A place: `within` is the code of the branch that a till stands in."""
    within = row.within.code if row.within else None
    return {"code": row.code, "name": row.name, "kind": row.kind, "within": within, "territory": row.territory}
