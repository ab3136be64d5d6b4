"""What this room keeps about a customer. Pairs are worked out from cards: `keep` takes away those of who is gone or
merged, and brings what somebody said of the others up to date, at the end of every deed (undo, too)."""

from collections.abc import Collection
from datetime import datetime
from itertools import batched
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_for
from regulars.areas.house.queries import today
from regulars.areas.matching.models import Pair, Rejection
from regulars.areas.matching.queries.candidates import codes_of, compared
from regulars.areas.matching.queries.reading import cards
from regulars.areas.matching.queries.rejections import said_of, states_of
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Holding

HOLDINGS = [
    Holding(
        model="matching.Rejection", by=("customer",), on_merge="join", on_forget="erase",
        export=("other", "day"), label=_("Cards that are not the same person"),
    ),
    Holding(
        model="matching.Later", by=("customer",), on_merge="join", on_forget="erase",
        export=("other", "until_day"), label=_("Cards of which it was put off to say whether they are one person"),
    ),
    # Worked out from the cards: `keep` takes them away once a card is gone.
    Holding(
        model="matching.Pair", by=("a", "b"), on_merge="worked_out", on_forget="erase",
        export=("a", "b", "score"), label=_("Cards that may be the same person"),
    ),
]  # fmt: skip
_AT_ONCE = 2_000


def apart(link: Any, number: int, others: Collection[int], *, by: Actor, at: datetime) -> None:
    """Within a deed: the customer is none of these, as her card stands now. Raises NotFound for one whom the actor may
    not know of."""
    here = cards([number]).get(number)
    alike = {pair.b: pair for pair in compared(here, others, least=-1_000.0)} if here else {}
    for other in sorted(set(others)):
        card_for(by, other)
        note(link, number, other, codes_of(alike[other]) if other in alike else "", by=by, at=at)


def note(link: Any, number: int, other: int, codes: str, *, by: Actor, at: datetime) -> None:
    """Within a deed: these two are not the same, for whoever saw the reasons of these codes."""
    told = {"codes": codes, "day": today(at), "by": by.name[:200]}
    row = said_of(number, other)
    if row is None:
        link.add(Rejection(customer_id=number, other=other, **told))
    elif row.codes != codes:
        link.change(row, **told)


def keep(numbers: Collection[int], at: datetime) -> None:
    """Brings the pairs of these customers up to date: gone with them, rejected or open as somebody said last."""
    for part in batched(sorted(numbers), _AT_ONCE):
        for column in ("a", "b"):
            told = Pair.objects.filter(**{f"{column}__in": part})
            pairs = list(told.values_list("pk", "a", "b", "codes", "state"))
            if pairs:
                _bring_up_to_date(pairs)


def _bring_up_to_date(pairs: list[tuple[int, int, int, str, str]]) -> None:
    named = {number for _pk, a, b, _codes, _state in pairs for number in (a, b)}
    there = set(Customer.objects.filter(number__in=named, merged_into=None).values_list("number", flat=True))
    gone = [pk for pk, a, b, _codes, _state in pairs if not {a, b} <= there]
    Pair.objects.filter(pk__in=gone).delete()
    states = states_of((a, b, codes) for _pk, a, b, codes, _state in pairs)
    for wanted in ("open", "later", "rejected"):
        changed = [pk for pk, a, b, _codes, state in pairs if state != wanted and states[a, b] == wanted]
        if changed:
            Pair.objects.filter(pk__in=changed).update(state=wanted)
