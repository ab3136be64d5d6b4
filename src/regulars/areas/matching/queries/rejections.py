"""What somebody said of pairs."""

from collections.abc import Iterable
from itertools import batched

from django.db.models import Q

from regulars.areas.matching.models import Rejection


def rejected_among(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Those of these pairs of whom somebody said that they are two, with the reasons that she saw."""
    wanted = set(pairs)
    found: dict[tuple[int, int], str] = {}
    for part in batched(sorted({number for pair in wanted for number in pair}), 500):
        rows = Rejection.objects.filter(customer_id__in=part).values_list("customer_id", "other", "codes")
        for one, other, codes in rows:
            pair = (min(one, other), max(one, other))
            if pair in wanted:
                found[pair] = codes
    return found


def said_of(one: int, other: int) -> Rejection | None:
    """What somebody said of these two, whichever of them it is noted on."""
    return Rejection.objects.filter(Q(customer=one, other=other) | Q(customer=other, other=one)).order_by("id").first()
