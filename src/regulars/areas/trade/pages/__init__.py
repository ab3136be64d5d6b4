"""What was bought and given, on screen: purchases, reservations, products, places; agreements, receipts of a year."""

from regulars.areas.trade.pages.agreements import agree, agreement, agreement_change, agreement_end, agreements
from regulars.areas.trade.pages.deliveries import deliveries
from regulars.areas.trade.pages.giving import donations, receipt, receipt_give, receipts, receipts_give
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
    "agree",
    "agreement",
    "agreement_change",
    "agreement_end",
    "agreements",
    "came",
    "change",
    "correct",
    "deliveries",
    "donations",
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
    "receipt",
    "receipt_give",
    "receipts",
    "receipts_give",
    "reservation",
    "reservations",
    "reserve",
    "take_back",
    "void",
]
