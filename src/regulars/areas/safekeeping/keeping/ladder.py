"""Which versions stay: one pure function, so that it can be tried on every history there may be.

A rung keeps by *time within*, never by count: of each hour of the last day, each day of the last fortnight, each week
of the last eight and each month of the last twelve the newest proved version. So a flood of new versions pushes out no
old one. What was made around a deed, by hand, before a restore or an upgrade stays a fortnight besides.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LEAST = 2  # proved versions that always stay
FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Rung:
    """Of each `bucket` no older than `within` one stays."""

    name: str
    within: timedelta
    bucket: Callable[[datetime], Hashable]


RUNGS = (
    Rung("month", timedelta(days=366), lambda at: (at.year, at.month)),
    Rung("week", timedelta(weeks=8), lambda at: at.isocalendar()[:2]),
    Rung("day", FORTNIGHT, lambda at: at.date()),
    Rung("deed", FORTNIGHT, lambda at: at),
    Rung("hour", timedelta(hours=24), lambda at: (at.date(), at.hour)),
)
_THINNED = ("hour", "deed", "day", "week", "month")  # in this order, where the room is short
ROUTINE = frozenset({"hourly", "nightly"})


@dataclass(frozen=True, slots=True)
class Rested:
    """What the rule knows of a version. `proved` is None while nobody has looked, False where it was found damaged."""

    name: str
    at: datetime
    why: str
    size: int
    proved: bool | None


def to_go(rested: Iterable[Rested], *, now: datetime, budget: int | None = None) -> list[str]:
    """The names of those that may be deleted now, oldest first.

    Nothing goes that is newer than the newest proved one but two: deleting never precedes proving, and two proved ones
    stay whatever the budget (bytes) says. Unproved ones of the last day wait for their proof.
    """
    known = sorted(rested, key=lambda each: (each.at, each.name))
    proved = [each for each in known if each.proved]
    if len(proved) < LEAST:
        return []
    safe = {each.name for each in proved[-LEAST:]}
    waiting = {each.name for each in known if each.proved is None and now - each.at < timedelta(hours=24)}
    kept = _kept(known, now)
    staying = {*safe, *waiting, *kept}
    staying |= {each.name for each in known if each.at > proved[-1].at}
    if budget is not None:
        _thin(known, kept, staying, safe | {known[-1].name}, budget)
    return [each.name for each in known if each.name not in staying]


def _kept(known: Sequence[Rested], now: datetime) -> dict[str, str]:
    """The rung for which each stays: the one that holds it longest. Proved ones go before those nobody has proved."""
    kept: dict[str, str] = {}
    for rung in RUNGS:
        best: dict[Hashable, Rested] = {}
        for each in known:
            old = now - each.at > rung.within
            if old or each.proved is False or (rung.name == "deed" and each.why in ROUTINE):
                continue
            place = each.name if rung.name == "deed" else rung.bucket(each.at.astimezone(UTC))
            before = best.get(place)
            if before is None or each.proved or not before.proved:
                best[place] = each
        for each in best.values():
            kept.setdefault(each.name, rung.name)
    return kept


def _thin(known: Sequence[Rested], kept: dict[str, str], staying: set[str], safe: set[str], budget: int) -> None:
    """Takes from `staying` what is beyond the budget: hourly ones first, the oldest of each rung first."""
    used = sum(each.size for each in known if each.name in staying)
    for rung in _THINNED:
        for each in known:
            if used <= budget:
                return
            if kept.get(each.name) == rung and each.name in staying and each.name not in safe:
                staying.discard(each.name)
                used -= each.size
