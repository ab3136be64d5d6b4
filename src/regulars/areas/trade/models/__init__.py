"""Products, places, purchases with their lines and the rollups beside them, reservations.

Amounts and quantities are exact integers in 1/10,000 (decision 13), rates in 1/1,000,000,000. What goes back is
negative. Row ids never leave the house: a purchase is called by its `serial`.
"""

from regulars.areas.trade.models.goods import PLACES, Place, Product, ProductType
from regulars.areas.trade.models.purchases import CHANNELS, LINES, RATE, REASONS, Line, Purchase
from regulars.areas.trade.models.rollups import Rollup, TypeRollup
from regulars.areas.trade.models.waiting import OPEN, STATES, Reservation

__all__ = [
    "CHANNELS",
    "LINES",
    "OPEN",
    "PLACES",
    "RATE",
    "REASONS",
    "STATES",
    "Line",
    "Place",
    "Product",
    "ProductType",
    "Purchase",
    "Reservation",
    "Rollup",
    "TypeRollup",
]
