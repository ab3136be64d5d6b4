"""Purchases of a list that came before: whether they still say the same."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_noop as _

from regulars.areas.trade.models import Line, Purchase

OTHERWISE = _(
    "Number {number} came in before and says something else now ({before} lines before). Correct it on its page, or "
    "take it back and bring it in anew."
)


def differing(source: str, orders: Sequence[list[Any]]) -> list[list[Any]]:
    """The rows of those orders whose lines or sum differ from the purchase of that number; a void one differs never."""
    numbers = [order[0] for order in orders]
    there = Purchase.objects.filter(source=source, number__in=numbers, void="")
    sums = {
        number: (count, total or 0)
        for number, count, total in there.annotate(count=Count("lines"), total=Sum("lines__amount")).values_list(
            "number", "count", "total"
        )
    }
    bad = []
    for order in orders:
        number, lines = order[0], order[-1]
        if number in sums and sums[number] != (len(lines), sum(line[6] for line in lines)):
            told = {"number": number, "before": sums[number][0]}
            bad += [[line[0], "", number, OTHERWISE, told] for line in lines]
    return bad


def unmatched(source: str, known: Collection[str]) -> int:
    """How many lines that went back in those purchases fit nothing bought before: told again with the list."""
    if not known:
        return 0
    lines = Line.objects.filter(purchase__source=source, purchase__number__in=known, kind="return", returns=None)
    return lines.count()
