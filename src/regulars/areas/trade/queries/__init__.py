"""What was bought: by whom, where, what is left of it, what it comes to; what is reserved."""

from regulars.areas.trade.queries.deliveries import Going, days_of, deliveries
from regulars.areas.trade.queries.goods import place_json, product_json
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
from regulars.areas.trade.queries.reservations import (
    Kept,
    kept_for,
    overdue,
    places_in_line,
    reservation_for,
    reservation_json,
    reservation_page,
    reservations,
    there_is,
)
from regulars.areas.trade.queries.standings import Standing, golden, standing_of, standings_of

__all__ = [
    "Going",
    "Kept",
    "Standing",
    "as_json",
    "days_of",
    "deliveries",
    "golden",
    "kept_for",
    "known_numbers",
    "latest_with_totals",
    "lines_of",
    "lines_of_each",
    "overdue",
    "page_of",
    "place_json",
    "places_in_line",
    "product_ids",
    "product_json",
    "purchase_for",
    "purchases",
    "reservation_for",
    "reservation_json",
    "reservation_page",
    "reservations",
    "returnable",
    "sold_to",
    "standing_of",
    "standings_of",
    "there_is",
    "total_of",
]
