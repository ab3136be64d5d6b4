"""What was bought, on screen: purchases, one of them, products and places."""

from regulars.areas.trade.pages.deliveries import deliveries
from regulars.areas.trade.pages.goods import place, places, product, products
from regulars.areas.trade.pages.lines import lines
from regulars.areas.trade.pages.purchases import correct, purchase, purchases, take_back, void

__all__ = [
    "correct",
    "deliveries",
    "lines",
    "place",
    "places",
    "product",
    "products",
    "purchase",
    "purchases",
    "take_back",
    "void",
]
