"""The pairs that wait for somebody's word, the likeliest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import names_of_customers, visible
from regulars.areas.matching.models import Pair
from regulars.areas.matching.queries.reasons import Reason, in_words
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class PairShown:
    """A pair as it is shown. `score` is the probability that the two are one person."""

    a: int
    b: int
    a_name: str
    b_name: str
    score: float
    bits: float
    verdict: str
    reasons: Sequence[Reason]
    state: str = "open"

    def as_json(self) -> dict[str, Any]:
        """The contract's shape, with the reasons in words beside their codes."""
        reasons = [each.as_json() for each in self.reasons]
        return {"a": self.a, "b": self.b, "score": self.score, "verdict": self.verdict, "reasons": reasons}


def open_pairs(
    by: Actor,
    *,
    min_score: float = 0.0,
    limit: int | None = None,
    after: tuple[float, int, int] | None = None,
    state: str = "open",
) -> list[PairShown]:
    """Open pairs of whom the actor may know both, the likeliest first; `after` are the bits, `a` and `b` of the last of
    the page before. With `state` those put off (`later`) or answered (`rejected`)."""
    rows = seen_pairs(by).filter(state=state, score__gte=min_score).order_by("-bits", "a", "b")
    if after is not None:
        bits, a, b = after
        rows = rows.filter(Q(bits__lt=bits) | Q(bits=bits, a__gt=a) | Q(bits=bits, a=a, b__gt=b))
    return _shown(by, list(rows if limit is None else rows[:limit]))


def pair_before(by: Actor, bits: float, a: int, b: int) -> PairShown | None:
    """The open pair that stands in the queue before this one."""
    before = Q(bits__gt=bits) | Q(bits=bits, a__lt=a) | Q(bits=bits, a=a, b__lt=b)
    rows = seen_pairs(by).filter(before, state="open").order_by("bits", "-a", "-b")
    return next(iter(_shown(by, list(rows[:1]))), None)


def how_many(by: Actor, state: str) -> int:
    """How many pairs stand so, of whom the actor may know both."""
    return seen_pairs(by).filter(state=state).count()


def show_pair(by: Actor, a: int, b: int) -> PairShown:
    """One pair, whatever its state. Raises NotFound."""
    row = seen_pairs(by).filter(a=min(a, b), b=max(a, b)).first()
    if row is None:
        raise NotFound(_("These two cards are no pair that was found."))
    return _shown(by, [row])[0]


def seen_pairs(by: Actor) -> QuerySet[Pair]:
    if by.may("customers.view") and by.own is None:
        return Pair.objects.all()
    numbers = visible(by).values("number")
    return Pair.objects.filter(a__in=numbers, b__in=numbers)


def _shown(by: Actor, rows: list[Pair]) -> list[PairShown]:
    names = names_of_customers(by, {number for row in rows for number in (row.a, row.b)})
    return [
        PairShown(
            row.a, row.b, names.get(row.a, str(row.a)), names.get(row.b, str(row.b)), round(row.score, 6), row.bits,
            row.verdict, in_words(row.reasons), row.state,
        )
        for row in rows
    ]  # fmt: skip
