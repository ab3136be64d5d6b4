"""What was bought: by whom, where, what is left of it, what it comes to."""

from regulars.areas.trade.queries.numbers import known_numbers, product_ids
from regulars.areas.trade.queries.purchases import as_json, lines_of, purchase_for, purchases, returnable
from regulars.areas.trade.queries.standings import Standing, golden, standing_of, standings_of

__all__ = [
    "Standing",
    "as_json",
    "golden",
    "known_numbers",
    "lines_of",
    "product_ids",
    "purchase_for",
    "purchases",
    "returnable",
    "standing_of",
    "standings_of",
]
