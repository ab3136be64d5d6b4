"""What somebody said of pairs: that they are two, or that it may wait."""

from collections.abc import Iterable
from itertools import batched

from django.db.models import Q

from regulars.areas.matching.models import Later, Rejection
from regulars.areas.matching.queries.reading import written_after

Two = tuple[int, int]


def rejected_among(pairs: Iterable[Two]) -> dict[Two, str]:
    """Those of these pairs of whom somebody said that they are two, with the reasons that she saw."""
    return {pair: row.codes for pair, row in _said(Rejection, set(pairs)).items()}


def states_of(pairs: Iterable[tuple[int, int, str]]) -> dict[Two, str]:
    """open, later or rejected, of each of these pairs (with the codes that speak for it now), as somebody said last."""
    codes = {(a, b): found for a, b, found in pairs}
    said, waiting = rejected_among(codes), _said(Later, set(codes))
    numbers = {number for pair in waiting for number in pair}
    changed = written_after(min(row.link for row in waiting.values()), numbers) if waiting else {}
    states = {}
    for pair, found in codes.items():
        row = waiting.get(pair)
        waits = row and row.codes == found and all(changed.get(number, 0) <= row.link for number in pair)
        states[pair] = "rejected" if said.get(pair) == found else "later" if waits else "open"
    return states


def _said(model: type[Rejection] | type[Later], wanted: set[Two]) -> dict[Two, Rejection | Later]:
    found: dict[Two, Rejection | Later] = {}
    for part in batched(sorted({number for pair in wanted for number in pair}), 500):
        for row in model.objects.filter(customer_id__in=part).order_by("id"):
            pair = (min(row.customer_id, row.other), max(row.customer_id, row.other))
            if pair in wanted:
                found[pair] = row
    return found


def said_of(one: int, other: int) -> Rejection | None:
    """What somebody said of these two, whichever of them it is noted on."""
    return Rejection.objects.filter(_either(one, other)).order_by("id").first()


def put_off_of(one: int, other: int) -> Later | None:
    """The same of what was put off."""
    return Later.objects.filter(_either(one, other)).order_by("id").first()


def _either(one: int, other: int) -> Q:
    return Q(customer=one, other=other) | Q(customer=other, other=one)
