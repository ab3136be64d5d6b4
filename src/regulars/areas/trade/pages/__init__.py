"""What was bought, on screen: purchases, one of them, reservations, products and places."""

from regulars.areas.trade.pages.deliveries import deliveries
from regulars.areas.trade.pages.goods import place, places, product, products
from regulars.areas.trade.pages.lines import lines
from regulars.areas.trade.pages.purchases import correct, purchase, purchases, take_back, void
from regulars.areas.trade.pages.reservations import (
    came,
    change,
    dropped,
    fetched,
    ready,
    reservation,
    reservations,
    reserve,
)

__all__ = [
    "came",
    "change",
    "correct",
    "deliveries",
    "dropped",
    "fetched",
    "lines",
    "place",
    "places",
    "product",
    "products",
    "purchase",
    "purchases",
    "ready",
    "reservation",
    "reservations",
    "reserve",
    "take_back",
    "void",
]
