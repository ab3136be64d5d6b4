"""What is due by a day, what came of it, who is behind: the arithmetic alone."""

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.trade.counting.promised import Came, Figures, Promise, due_day, later, settled, times_due

FIRST, TODAY = date(2026, 1, 1), date(2026, 6, 15)
DAYS = st.dates(FIRST - timedelta(days=40), TODAY + timedelta(days=40))
MONTHS = st.sampled_from((0, 1, 3, 12))
OVER = st.sampled_from(("roof", "organ", None))


@st.composite
def promises(draw: st.DrawFn) -> list[Promise]:
    found = []
    for key in range(1, draw(st.integers(1, 4)) + 1):
        since = draw(DAYS)
        lasts = draw(st.none() | st.integers(0, 200))
        until = None if lasts is None else since + timedelta(days=lasts)
        currency = draw(st.sampled_from(("EUR", "EUR", "USD")))
        found.append(Promise(key, "pledge", currency, draw(st.integers(1, 9)), draw(MONTHS), since, until, draw(OVER)))
    return found


GIFTS = st.lists(
    st.tuples(DAYS, st.integers(1, 25), st.sampled_from(("roof", "organ", "bell")), st.sampled_from(("EUR", "USD"))),
    max_size=6,
).map(
    lambda told: [
        Came(key, "pledge", currency, amount, day, frozenset({over}))
        for key, (day, amount, over, currency) in enumerate(told, 1)
    ]
)


def counts(gift: Came, promise: Promise) -> bool:
    """Said a second time, apart from the code."""
    fits = promise.over is None or promise.over in gift.over
    return fits and promise.since <= gift.day <= TODAY and gift.currency == promise.currency


@given(promises(), GIFTS)
def test_each_amount_counts_once_and_nobody_is_behind_without_need(all_of: list[Promise], came: list[Came]) -> None:
    found = settled(all_of, came, TODAY)
    fitting = [gift for gift in came if any(counts(gift, each) for each in all_of)]
    assert sum(each.given for each in found.values()) == sum(gift.amount for gift in fitting)
    for each in all_of:
        figures = found[each.key]
        assert figures.due == times_due(each, TODAY) * each.amount
        assert 0 <= figures.served <= figures.due and figures.behind == figures.due - figures.served
        assert figures.given <= sum(gift.amount for gift in came if counts(gift, each))
    assert sum(each.served for each in found.values()) == most_served(all_of, came)


@given(promises(), GIFTS, st.randoms())
def test_it_does_not_matter_in_which_order_they_are_told(all_of: list[Promise], came: list[Came], chance) -> None:
    before = settled(all_of, came, TODAY)
    chance.shuffle(all_of)
    chance.shuffle(came)
    assert settled(all_of, came, TODAY) == before


def most_served(all_of: Sequence[Promise], came: Sequence[Came]) -> int:
    """The most of all dues that could be served, by any division of what came: a greatest flow (Edmonds, Karp)."""
    room: dict[tuple[str, str], int] = defaultdict(int)
    near: dict[str, set[str]] = defaultdict(set)
    for gift in came:
        room["from", f"g{gift.key}"] = gift.amount
        near["from"].add(f"g{gift.key}")
        for each in all_of:
            if counts(gift, each):
                room[f"g{gift.key}", f"p{each.key}"] = gift.amount
                near[f"g{gift.key}"].add(f"p{each.key}")
                near[f"p{each.key}"].add(f"g{gift.key}")
    for each in all_of:
        room[f"p{each.key}", "to"] = times_due(each, TODAY) * each.amount
        near[f"p{each.key}"].add("to")
    flow = 0
    while True:
        came_by: dict[str, str] = {"from": ""}
        queue = deque(["from"])
        while queue and "to" not in came_by:
            at = queue.popleft()
            for then in near[at]:
                if then not in came_by and room[at, then] > 0:
                    came_by[then] = at
                    queue.append(then)
        if "to" not in came_by:
            return flow
        path, at = [], "to"
        while came_by[at]:
            path.append((came_by[at], at))
            at = came_by[at]
        part = min(room[step] for step in path)
        for one, other in path:
            room[one, other] -= part
            room[other, one] += part
        flow += part


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)), MONTHS, st.integers(0, 900), st.none() | st.integers(0, 900))
def test_a_period_begins_on_its_day_or_on_the_months_last(
    since: date, months: int, days: int, last: int | None
) -> None:
    until = None if last is None else since + timedelta(days=last)
    promise = Promise(1, "pledge", "EUR", 1, months, since, until)
    day = since + timedelta(days=days)
    begun = [since]
    while months:
        year, month = divmod(since.year * 12 + since.month - 1 + months * len(begun), 12)
        following = date(year, month + 1, 1)
        while following.day < since.day and (following + timedelta(days=1)).month == following.month:
            following += timedelta(days=1)
        begun.append(following)
        if following > day:
            break
    begun = [each for each in begun if until is None or each <= until]
    assert times_due(promise, day) == sum(each <= day for each in begun)
    assert times_due(promise, since - timedelta(days=1)) == 0
    assert [due_day(promise, place) for place in range(len(begun))] == begun


def test_the_31st_and_the_end_of_the_calendar() -> None:
    promise = Promise(1, "pledge", "EUR", 5, 1, date(2026, 1, 31))
    assert [due_day(promise, place) for place in (1, 2, 3)] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert later(date(9999, 6, 1), 12) is None and times_due(promise, date.max) > 90_000


def figures(*came: Came, **more: object) -> Figures:
    told: dict[str, object] = {"key": 1, "kind": "subscription", "currency": "EUR", "amount": 10, "months": 1,
                               "since": FIRST, "over": "magazine"} | more  # fmt: skip
    return settled([Promise(**told)], came, TODAY)[1]  # type: ignore[arg-type]


def sold(key: int, amount: int, day: date = FIRST, currency: str = "EUR", **more: object) -> Came:
    return Came(key, "subscription", currency, amount, day, frozenset({"magazine"}), **more)  # type: ignore[arg-type]


def test_what_goes_back_did_not_come() -> None:
    """Of the line it is known to be of; where that is not known, of the latest; never more than came."""
    earlier = FIRST - timedelta(days=3)
    assert figures(sold(1, 30), sold(2, -10, TODAY, back=1)).given == 20
    assert figures(sold(1, 30, earlier), sold(2, 30), sold(3, -30, TODAY, back=1)).given == 30
    assert figures(sold(1, 30, earlier), sold(2, 30), sold(3, -40, TODAY)).given == 0
    assert figures(sold(1, 30), sold(2, -90, TODAY)).given == 0
    assert figures(sold(1, 30), sold(2, -30, TODAY + timedelta(days=1), back=1)).given == 30


def test_another_currency_and_another_kind_do_not_count() -> None:
    told = figures(sold(1, 30), sold(2, 7, currency="USD"), Came(3, "pledge", "EUR", 9, FIRST, frozenset({"magazine"})))
    assert (told.due, told.given, told.behind, told.aside) == (60, 30, 30, {"USD": 7})


def test_what_is_paid_ahead_is_seen_and_waits() -> None:
    told = figures(sold(1, 100))
    assert (told.due, told.served, told.ahead, told.given, told.behind) == (60, 60, 40, 100, 0)
    assert told.next == date(2026, 7, 1)
    assert figures(months=0).next is None and figures(until=TODAY).next is None


def test_two_over_the_same_share_the_oldest_due_first() -> None:
    old = Promise(1, "pledge", "EUR", 10, 1, date(2026, 1, 10), date(2026, 3, 10), "roof")
    new = Promise(2, "pledge", "EUR", 20, 0, date(2026, 2, 1), None, "roof")
    gift = Came(1, "pledge", "EUR", 35, date(2026, 4, 1), frozenset({"roof"}))
    found = settled([new, old], [gift], TODAY)
    assert {key: (each.due, each.served) for key, each in found.items()} == {1: (30, 15), 2: (20, 20)}
