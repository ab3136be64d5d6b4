"""What was bought and given, on screen: purchases, one of them; products, places; agreements, receipts of a year."""

from regulars.areas.trade.pages.agreements import agree, agreement, agreements, change, end
from regulars.areas.trade.pages.deliveries import deliveries
from regulars.areas.trade.pages.giving import donations, receipt, receipt_give, receipts, receipts_give
from regulars.areas.trade.pages.goods import place, places, product, products
from regulars.areas.trade.pages.lines import lines
from regulars.areas.trade.pages.purchases import correct, purchase, purchases, take_back, void

__all__ = [
    "agree",
    "agreement",
    "agreements",
    "change",
    "correct",
    "deliveries",
    "donations",
    "end",
    "lines",
    "place",
    "places",
    "product",
    "products",
    "purchase",
    "purchases",
    "receipt",
    "receipt_give",
    "receipts",
    "receipts_give",
    "take_back",
    "void",
]
