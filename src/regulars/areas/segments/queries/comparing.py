"""One criterion at two moments: who came, who went, who changed and what."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regulars.areas.customers.queries import names_of_customers, visible
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import Difference, Moment, as_of, changed_between, differences_between
from regulars.areas.segments.queries.asking import Criteria, numbers
from regulars.kernel.actor import Actor
from regulars.kernel.tables import moment as instant

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class One:
    """A customer in a comparison. `how` is came, went or changed; `new`: who came is a new card, not one that only
    now meets the criteria; `gone`: who went is no card any more. `differences` are those of who changed."""

    number: int
    name: str
    how: str
    new: bool = False
    gone: bool = False
    differences: tuple[Difference, ...] = ()

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"number": self.number, "name": self.name}
        if self.how == "changed":
            return told | {"fields": [each.as_json() for each in self.differences]}
        return told | ({"new": self.new} if self.how == "came" else {"gone": self.gone})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many at either moment, how many of each kind, and one page of them by number; `next` begins the next."""

    first: Moment
    second: Moment
    count_first: int
    count_second: int
    came: int
    went: int
    changed: int
    page: tuple[One, ...]
    next: int | None

    def of(self, how: str) -> list[One]:
        return [each for each in self.page if each.how == how]

    def as_json(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("came", "went", "changed")}
        return {
            "at": instant(self.first.at),
            "and": instant(self.second.at),
            "count": {"at": self.count_first, "and": self.count_second, **counts},
            **{how: [each.as_json() for each in self.of(how)] for how in counts},
            "next": self.next,
        }


def compare(
    criteria: Criteria,
    first: Moment,
    second: Moment,
    *,
    by: Actor,
    after: int = 0,
    limit: int = A_PAGE,
    only: str = "",
    most: int | None = None,
) -> Comparison:
    """Who met the criteria at each of the two moments. Relative days are counted from each, segments mean what they
    meant then. `after` and `limit` choose the page; `only` came, went or changed; `most` keeps to the
    first so many differences of each. Raises CriteriaError."""
    then, now = (_numbers(criteria, moment, by) for moment in (first, second))
    were, are = set(then), set(now)
    came, went = are - were, were - are
    touched = changed_between(first, second)
    kinds = {"came": came, "went": went, "changed": touched & were & are}
    how = {number: kind for kind, those in kinds.items() if only in ("", kind) for number in those}
    order = sorted(how)
    begin = bisect_right(order, after)
    shown = order[begin : begin + limit]
    page = _page(shown, how, first, second, by, most)
    following = shown[-1] if begin + limit < len(order) else None
    counts = {kind: len(those) for kind, those in kinds.items()}
    return Comparison(first, second, len(then), len(now), **counts, page=page, next=following)


def _numbers(criteria: Criteria, moment: Moment, by: Actor) -> "array[int]":
    with as_of(moment):
        rules = house()
        return numbers(criteria, by=by, today=rules.day(moment.at), zone=rules.zone, order="number")


def _page(
    shown: Sequence[int], how: dict[int, str], first: Moment, second: Moment, by: Actor, most: int | None
) -> tuple[One, ...]:
    changed = [number for number in shown if how[number] == "changed"]
    differences = differences_between(changed, first, second, by=by, most=most)
    names = []
    for moment in (first, second):
        with as_of(moment):
            names.append(names_of_customers(by, shown))
    there = [_there(shown, moment, by) for moment in (first, second)]
    return tuple(
        One(
            number,
            names[how[number] != "went"][number],
            how[number],
            new=how[number] == "came" and number not in there[0],
            gone=how[number] == "went" and number not in there[1],
            differences=tuple(differences.get(number, ())),
        )
        for number in shown
    )


def _there(numbers: Sequence[int], moment: Moment, by: Actor) -> set[int]:
    """Which of them were in the register at that moment."""
    with as_of(moment):
        return set(visible(by).filter(pk__in=numbers).values_list("pk", flat=True))
