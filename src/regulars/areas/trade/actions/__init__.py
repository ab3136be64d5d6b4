"""The deeds of trade: taking purchases down, taking them back, correcting them; keeping products and places."""

from regulars.areas.trade.actions.book import Book
from regulars.areas.trade.actions.bulk import record_many
from regulars.areas.trade.actions.recording import record_purchase, return_lines
from regulars.areas.trade.actions.shapes import Many, NewLine, NewPurchase, Recorded

__all__ = [
    "Book",
    "Many",
    "NewLine",
    "NewPurchase",
    "Recorded",
    "record_many",
    "record_purchase",
    "return_lines",
]
