"""Before a card is made or edited: whom it could be of. Nothing is kept of the question."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from regulars.areas.customers.actions.cards import ground
from regulars.areas.customers.card import drafts
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.resembling import Somebody, whom

_OWN = (
    "name", "kind", "given_name", "middle_name", "family_name", "called_name", "suffix", "organisation_name",
    "birth_date", "gender",
)  # fmt: skip
_GROUPS = ("emails", "phones", "addresses")
MOST = 5


def whom_it_could_be(*, card: Mapping[str, Any], by: Actor, at: datetime, number: int = 0) -> list[Somebody]:
    """The customers, of those the actor may know of, whom this card could be of, the likeliest first: a new one whole,
    or what is to be changed on that of the customer `number`. None where it says nothing to go by, or cannot be read.
    """
    told = {name: value for name, value in card.items() if name in (*_OWN, *_GROUPS) and value not in (None, "", [])}
    if not by.may("customers.view") or set(told) <= {"kind", "gender"}:
        return []
    try:
        draft = drafts.read(told, ground(at))
    except Refused:
        return []  # the deed itself says what is wrong with it
    read = {**draft.own, **{group: list(_values(draft.groups.get(group, ()))) for group in _GROUPS}}
    return whom(registries.REGISTRY.resembling, by, read, number=number, most=MOST)


def _values(items: Any) -> Iterator[dict[str, Any]]:
    return (item.values for item in items if not item.remove)
