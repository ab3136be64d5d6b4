"""Questions about cards. A customer is reached only through a function that knows who asks."""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.customers.queries.cards import (
        card_for,
        card_json,
        cards_clear,
        cards_json,
        joined_to,
        json_of,
        keeper_of,
        keepers_of,
        masked_text,
        own_source,
    )
    from regulars.areas.customers.queries.edits import Edit, edited_since
    from regulars.areas.customers.queries.forgotten import forgotten_among, forgotten_on, number_is_forgotten, returned
    from regulars.areas.customers.queries.names import names_of_customers, names_of_households
    from regulars.areas.customers.queries.reach import condition_on, seen_among, visible
    from regulars.areas.customers.queries.stale import Stale, stale_before, stale_cards
else:
    __getattr__ = late(__name__)

__all__ = [
    "Edit",
    "Stale",
    "card_for",
    "card_json",
    "cards_clear",
    "cards_json",
    "condition_on",
    "edited_since",
    "forgotten_among",
    "forgotten_on",
    "joined_to",
    "json_of",
    "keeper_of",
    "keepers_of",
    "masked_text",
    "names_of_customers",
    "names_of_households",
    "number_is_forgotten",
    "own_source",
    "returned",
    "seen_among",
    "stale_before",
    "stale_cards",
    "visible",
]
