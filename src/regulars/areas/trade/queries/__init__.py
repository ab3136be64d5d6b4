"""What was bought: by whom, where, what is left of it, what it comes to."""

from regulars.areas.trade.queries.deliveries import Going, days_of, deliveries
from regulars.areas.trade.queries.numbers import known_numbers, product_ids
from regulars.areas.trade.queries.purchases import (
    as_json,
    latest_with_totals,
    lines_of,
    lines_of_each,
    page_of,
    purchase_for,
    purchases,
    returnable,
    sold_to,
    total_of,
)
from regulars.areas.trade.queries.standings import Standing, golden, standing_of, standings_of

__all__ = [
    "Going",
    "Standing",
    "as_json",
    "days_of",
    "deliveries",
    "golden",
    "known_numbers",
    "latest_with_totals",
    "lines_of",
    "lines_of_each",
    "page_of",
    "product_ids",
    "purchase_for",
    "purchases",
    "returnable",
    "sold_to",
    "standing_of",
    "standings_of",
    "total_of",
]
