"""What this room keeps about a customer. Pairs are worked out from cards: `keep` takes away those of who is gone or
merged, and brings what somebody said of the others up to date, at the end of every deed (undo, too)."""

from collections.abc import Collection
from datetime import datetime
from itertools import batched

from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models import Customer
from regulars.areas.matching.models import Pair
from regulars.areas.matching.queries.rejections import rejected_among
from regulars.kernel.registries import Holding

HOLDINGS = [
    Holding(
        model="matching.Rejection", by=("customer",), on_merge="join", on_forget="erase",
        export=("other", "day"), label=_("Cards that are not the same person"),
    ),
    # Worked out from the cards: `keep` takes them away once a card is gone.
    Holding(
        model="matching.Pair", by=("a", "b"), on_merge="worked_out", on_forget="erase",
        export=("a", "b", "score"), label=_("Cards that may be the same person"),
    ),
]  # fmt: skip
_AT_ONCE = 2_000


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
    said = rejected_among((a, b) for _pk, a, b, _codes, _state in pairs)
    for wanted in ("open", "rejected"):
        changed = [
            pk
            for pk, a, b, codes, state in pairs
            if state != wanted and (said.get((a, b)) == codes) == (wanted == "rejected")
        ]
        if changed:
            Pair.objects.filter(pk__in=changed).update(state=wanted)
