"""What was agreed, and what came of it: arithmetic over days and exact amounts (1/10,000), without a database.

A promise is due at the beginning of each of its periods, which are months of the calendar: one that begins on the 31st
is due on the last day of a shorter month. What came goes to the dues that stand open, the oldest first; each amount
goes to one due. A promise over something in particular is served before those that take anything, so that nobody is
behind with what could have been served (where each amount came for one thing).
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from regulars.kernel.dates import months_later


@dataclass(frozen=True, slots=True)
class Promise:
    """`amount` of a currency, above nought, every so many `months` (0: once) from `since`; no period begins after
    `until`. `over` is what it is over: only what came for that counts; None takes anything of its `kind`."""

    key: int
    kind: str
    currency: str
    amount: int
    months: int
    since: date
    until: date | None = None
    over: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """What came on a day for all that `over` names, negative where it went back; `back` is the key of what then goes
    back, None where that is not known."""

    key: int
    kind: str
    currency: str
    amount: int
    day: date
    over: frozenset[Hashable] = frozenset()
    back: int | None = None


@dataclass(slots=True)
class Figures:
    """What of a promise is `due` by a day, and what was `given`: `served` of the dues, the rest ahead of them. `aside`
    is what came for it in other currencies, which does not count; `next` the next day on which something is due."""

    due: int = 0
    served: int = 0
    ahead: int = 0
    next: date | None = None
    aside: dict[str, int] = field(default_factory=dict)

    @property
    def given(self) -> int:
        return self.served + self.ahead

    @property
    def behind(self) -> int:
        return self.due - self.served


def later(day: date, months: int) -> date | None:
    """So many months of the calendar later; None past the calendar."""
    try:
        return months_later(day, months)
    except OverflowError:
        return None


def due_day(promise: Promise, place: int) -> date | None:
    """The day on which a promise is due for the first time (0), the second (1) and so on; None where it no more is."""
    day = later(promise.since, promise.months * place) if promise.months or not place else None
    return None if day is None or (promise.until is not None and day > promise.until) else day


def times_due(promise: Promise, day: date) -> int:
    """How many of its periods have begun by a day, that day among them."""
    last = day if promise.until is None else min(day, promise.until)
    if last < promise.since:
        return 0
    if not promise.months:
        return 1
    whole = (last.year - promise.since.year) * 12 + last.month - promise.since.month
    place = whole // promise.months
    begun = later(promise.since, place * promise.months)
    return place + (1 if begun is not None and begun <= last else 0)


def settled(promises: Sequence[Promise], came: Iterable[Came], day: date) -> dict[int, Figures]:
    """The figures of each promise, all of one customer, by a day; what came or went back after it does not count."""
    found = {each.key: _due(each, day) for each in promises}
    gifts = [each for each in came if each.day <= day]
    for gift in gifts:
        for promise in promises:
            if gift.currency != promise.currency and _is_for(gift, promise):
                aside = found[promise.key].aside
                aside[gift.currency] = aside.get(gift.currency, 0) + gift.amount
    left = _left(gifts)
    for those in (True, False):
        open_to = [each for each in promises if (each.over is not None) is those]
        for gift in sorted(gifts, key=lambda gift: (gift.day, gift.key)):
            left[gift.key] -= _served(gift, left[gift.key], open_to, found)
    for gift in gifts:
        if left[gift.key] and (among := [each for each in promises if _counts(gift, each)]):
            found[min(among, key=lambda each: _goes_on(each, found)).key].ahead += left[gift.key]
    return found


def _due(promise: Promise, day: date) -> Figures:
    times = times_due(promise, day)
    return Figures(due=times * promise.amount, next=due_day(promise, times))


def _is_for(gift: Came, promise: Promise) -> bool:
    named = promise.over is None or promise.over in gift.over
    return named and gift.kind == promise.kind and gift.day >= promise.since


def _counts(gift: Came, promise: Promise) -> bool:
    return gift.currency == promise.currency and _is_for(gift, promise)


def _goes_on(promise: Promise, found: dict[int, Figures]) -> tuple[bool, bool, date, int]:
    """Whose what came beside all dues is: of a promise over just that, which is due again, the older one."""
    return promise.over is None, found[promise.key].next is None, promise.since, promise.key


def _left(gifts: Collection[Came]) -> dict[int, int]:
    """What is left of each amount when what went back is taken off it: off what it is known to be of, else off the
    latest that came for the same."""
    left = {each.key: max(each.amount, 0) for each in gifts}
    known = {each.key: each for each in gifts if each.amount > 0}
    for gone in sorted((each for each in gifts if each.amount < 0), key=lambda gone: (gone.back is None, gone.day)):
        back, rest = None if gone.back is None else known.get(gone.back), -gone.amount
        same = [back] if back else [each for each in known.values() if _is_same(each, gone)]
        for each in sorted(same, key=lambda each: (each.day, each.key), reverse=True):
            taken = min(rest, left[each.key])
            left[each.key] -= taken
            rest -= taken
    return left


def _is_same(came: Came, gone: Came) -> bool:
    known = came.kind == gone.kind and came.currency == gone.currency and came.day <= gone.day
    return known and (bool(came.over & gone.over) or came.over == gone.over)


def _served(gift: Came, amount: int, promises: Sequence[Promise], found: dict[int, Figures]) -> int:
    """Serves dues from one amount, the oldest first; how much of it went."""
    rest = amount
    while rest:
        waiting = [each for each in promises if found[each.key].behind and _counts(gift, each)]
        if not waiting:
            break
        oldest = min(waiting, key=lambda each: (_oldest_due(each, found[each.key]), each.key))
        figures = found[oldest.key]
        whole = figures.behind if len(waiting) == 1 else oldest.amount - figures.served % oldest.amount
        part = min(rest, whole)
        figures.served += part
        rest -= part
    return amount - rest


def _oldest_due(promise: Promise, figures: Figures) -> date:
    return later(promise.since, promise.months * (figures.served // promise.amount)) or date.max
