"""What can be asked of a card here: whom else it could be of."""

from collections.abc import Mapping
from typing import Any

from regulars.areas.house.queries import house
from regulars.areas.matching.queries.candidates import whom_it_becomes, whom_it_could_be
from regulars.areas.matching.queries.reasons import in_words
from regulars.kernel.actor import Actor
from regulars.kernel.resembling import Somebody, Why


def resembling(by: Actor, card: Mapping[str, Any], *, number: int = 0) -> list[Somebody]:
    """The customers whom this card could be of; of one that stands already those who are new by the change."""
    country = house().country
    if number:
        found = whom_it_becomes(by, number, card, country=country)
    else:
        found = whom_it_could_be(by, card, country=country)
    return [Somebody(each.number, each.score, each.verdict, _why(each.reasons)) for each in found]


def _why(reasons: list[dict[str, Any]]) -> tuple[Why, ...]:
    return tuple(Why(each.code, each.bits, each.text) for each in in_words(reasons))
