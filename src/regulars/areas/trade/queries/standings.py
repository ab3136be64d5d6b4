"""What a customer's purchases come to on a house day, and who is gold: the rollup where it is right, else the lines."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched
from typing import Any, Literal

from django.db import connection

from regulars.areas.house.queries import House, house
from regulars.areas.journal.queries import head, looking_back
from regulars.areas.trade.counting.keeping import COLUMNS, ROLLUP, counted
from regulars.areas.trade.models import Rollup
from regulars.kernel.databases import among
from regulars.kernel.money import in_coins
from regulars.kernel.prepared import Prepared

_AT_ONCE = 2_000
State = Literal["none", "active", "quiet", "lost"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Amounts in 1/10,000 of `currency`, the house's; `average` of one purchase and `days_between` two of them are None
    where there is none, or only one."""

    currency: str
    spent: int = 0
    spent_30: int = 0
    spent_90: int = 0
    spent_year: int = 0
    count: int = 0
    count_year: int = 0
    returned: int = 0
    donated: int = 0
    first: date | None = None
    last: date | None = None
    state: State = "none"
    gold: bool = False

    @property
    def average(self) -> int | None:
        return in_coins(self.spent // self.count, self.currency) if self.count else None

    @property
    def days_between(self) -> int | None:
        """The whole days from one purchase to the next, on average."""
        if self.count < 2 or self.first is None or self.last is None:
            return None
        return (self.last - self.first).days // (self.count - 1)


def standing_of(number: int, today: date, rules: House | None = None) -> Standing:
    """What one customer's purchases come to; `rules` spares reading the house's settings again."""
    return standings_of([number], today, rules)[number]


def standings_of(numbers: Collection[int], today: date, rules: House | None = None) -> dict[int, Standing]:
    """The same for many: a few questions, however many they are."""
    rules, rows = rules or house(), _rows(numbers, today)
    edge = _edge_for((row["spent_year"] for row in rows.values()), today, rules)
    return {number: _standing(rows.get(number), today, rules, edge) for number in numbers}


def golden(numbers: Collection[int], today: date, rules: House | None = None) -> set[int]:
    """Those of them who are gold: the highest share of customers by what they spent in the last 12 months, ties in."""
    spent = _spent(numbers, today)
    edge = _edge_for(spent.values(), today, rules)
    return {number for number, sum_ in spent.items() if edge is not None and sum_ >= edge}


def _edge_for(spent: Iterable[int], today: date, rules: House | None) -> int | None:
    """The edge, where any who spent so much in the last 12 months may be over it."""
    return gold_edge(today, rules) if any(each > 0 for each in spent) else None


def _spent(numbers: Collection[int], today: date) -> dict[int, int]:
    """What each spent in the last 12 months; nothing of whom nothing was ever sold to."""
    if looking_back() is not None:
        return {number: row["spent_year"] for number, row in _rows(numbers, today).items()}
    condition, values = among(connection, "number", [*numbers])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, spent_year, day, until FROM {ROLLUP} WHERE {condition}", values)
        rows = cursor.fetchall()
    told = today.isoformat()
    wrong = [number for number, _spent, day, until in rows if not str(day) <= told < str(until)]
    anew = {number: row["spent_year"] for number, row in _rows(wrong, today).items()} if wrong else {}
    return {number: spent for number, spent, _day, _until in rows} | anew


def gold_edge(today: date, rules: House | None = None) -> int | None:
    """What the last one of the golden customers spent in the last 12 months; None while nobody has spent anything.

    Counted once for each state of the register: with a million customers it takes some ten milliseconds.
    """
    global _kept
    percent = (rules or house()).gold_percent
    if looking_back() is not None:
        return _edge_of(_spent_anew(None, today), percent)
    asked = head(), today, percent
    if _kept is None or _kept[0] != asked:
        _kept = asked, _edge(today, percent)
    return _kept[1]


_kept: tuple[tuple[bytes, date, int], int | None] | None = None


def _edge(today: date, percent: int) -> int | None:
    sold, right = Rollup.objects.filter(spent_year__gt=0), {"day__lte": today, "until__gt": today}
    anew: list[int] = []
    stale, ahead = Rollup.objects.filter(until__lte=today), Rollup.objects.filter(day__gt=today)  # an index for each
    if wrong := [number for some in (stale, ahead) for number in some.values_list("number", flat=True)]:
        anew = [spent for part in batched(wrong, _AT_ONCE) for spent in _spent_anew(part, today)]
        sold = sold.filter(**right)
    size = sold.count() + len(anew)
    most = _share(size, percent)
    kept = sold.order_by("-spent_year").values_list("spent_year", flat=True)
    if not anew:
        return kept[most - 1] if size else None
    return sorted([*kept[:most], *anew], reverse=True)[most - 1]


def _spent_anew(numbers: Collection[int] | None, today: date) -> list[int]:
    """What these customers (all, where none are named) spent in the last 12 months, of the lines; who spent nothing is
    left out."""
    place = COLUMNS.index("spent_year")
    return [row[place] for row in counted(numbers, today) if row[place] > 0]


def _edge_of(spent: list[int], percent: int) -> int | None:
    return sorted(spent, reverse=True)[_share(len(spent), percent) - 1] if spent else None


def _share(size: int, percent: int) -> int:
    return -(-size * percent // 100)


def _rows(numbers: Collection[int], today: date) -> dict[int, dict[str, Any]]:
    """The rollups' columns by customer, right for this day."""
    found: dict[int, dict[str, Any]] = {}
    wrong: Collection[int] = numbers
    if looking_back() is None:
        rows = _ONE.rows(*numbers) if len(numbers) == 1 else Rollup.objects.filter(number__in=list(numbers)).values()
        found = {row["number"]: {**row} for row in rows}
        wrong = [number for number, row in found.items() if not row["day"] <= today < row["until"]]
    if wrong:
        found |= {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in counted(wrong, today)}
    return found


_ONE = Prepared(lambda number: Rollup.objects.filter(number=number).values())


def _standing(row: dict[str, Any] | None, today: date, rules: House, edge: int | None) -> Standing:
    if row is None:
        return Standing(rules.currency)
    first, last = _as_day(row["first"]), _as_day(row["last"])
    sums = {name: int(row[name]) for name in _SUMS}
    gold = edge is not None and sums["spent_year"] >= edge
    return Standing(rules.currency, **sums, first=first, last=last, state=_state(last, today, rules), gold=gold)


_SUMS = ("spent", "spent_30", "spent_90", "spent_year", "count", "count_year", "returned", "donated")


def _as_day(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _state(last: date | None, today: date, rules: House) -> State:
    if last is None:
        return "none"
    if last < today - timedelta(days=rules.lost_after_days):
        return "lost"
    return "quiet" if last < today - timedelta(days=rules.quiet_after_days) else "active"
