"""Which versions stay: the rule on every history there may be, and on five years of one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.safekeeping.keeping.ladder import FORTNIGHT, LEAST, RUNGS, Rested, to_go

NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
WHY = ("hourly", "nightly", "backup", "before-import", "after-import", "upgrade")


@st.composite
def histories(draw: st.DrawFn) -> list[Rested]:
    minutes = draw(st.lists(st.integers(0, 60 * 24 * 500), max_size=60, unique=True))
    return [
        Rested(
            f"{NOW - timedelta(minutes=each):%Y%m%d%H%M}",
            NOW - timedelta(minutes=each),
            draw(st.sampled_from(WHY)),
            draw(st.integers(1, 100)),
            draw(st.sampled_from((True, True, True, None, False))),
        )
        for each in minutes
    ]


def _stay(history: list[Rested], budget: int | None = None) -> list[Rested]:
    gone = set(to_go(history, now=NOW, budget=budget))
    return [each for each in history if each.name not in gone]


@given(histories(), st.integers(0, 2_000) | st.none())
def test_two_proved_ones_stay_and_nothing_goes_before_they_are(history: list[Rested], budget: int | None) -> None:
    stay = _stay(history, budget)
    proved = sorted((each for each in history if each.proved), key=lambda each: each.at)
    assert {each.name for each in proved[-LEAST:]} <= {each.name for each in stay}
    if len(proved) < LEAST:
        assert stay == history


@given(histories(), st.integers(0, 2_000))
def test_a_budget_only_takes_and_is_kept_where_it_can_be(history: list[Rested], budget: int) -> None:
    free, bound = _stay(history), _stay(history, budget)
    assert {each.name for each in bound} <= {each.name for each in free}
    small = [each for each in free if each.why in WHY and each.proved and NOW - each.at > timedelta(hours=24)]
    if sum(each.size for each in bound) > budget and sum(1 for each in history if each.proved) >= LEAST:
        newest = max(history, key=lambda each: (each.at, each.name))
        proved = sorted((each for each in history if each.proved), key=lambda each: each.at)
        must = {newest.name, *(each.name for each in proved[-LEAST:])}
        assert {each.name for each in small if each in bound} <= must | {
            each.name for each in history if each.at > proved[-1].at
        }


@given(histories())
def test_hourly_ones_are_thinned_before_any_other(history: list[Rested]) -> None:
    free = _stay(history)
    budget = sum(each.size for each in free) - 1
    gone = {each.name for each in free} - {each.name for each in _stay(history, budget)}
    hourly = [each for each in free if each.why == "hourly" and NOW - each.at < timedelta(hours=20)]
    if any(each.name in gone and NOW - each.at > FORTNIGHT for each in free):
        days = {each.at.date() for each in hourly}
        assert len([each for each in hourly if each.name not in gone]) <= len(days) + LEAST + 2


@given(histories())
def test_the_rule_said_twice_says_the_same(history: list[Rested]) -> None:
    stay = _stay(history)
    assert _stay(stay) == stay


@given(histories(), st.integers(1, 400), st.integers(2, 2_000))
def test_a_flood_of_new_versions_pushes_out_no_old_one(history: list[Rested], every: int, many: int) -> None:
    """Ten thousand false copies within an hour: whatever stood before that hour stands still, unless it stood for want
    of others alone, longer than any copy is kept."""
    begun = NOW - timedelta(minutes=10)
    history = [each for each in history if each.at < begun.replace(minute=0)]
    flood = [
        Rested(f"flood{n}", begun + timedelta(seconds=n * every % 600), WHY[n % 6], 1, bool(n % 2)) for n in range(many)
    ]
    before = {each.name for each in _stay(history) if each.proved and NOW - each.at <= RUNGS[0].within}
    after = {each.name for each in _stay([*history, *flood]) if each.proved}
    day, week = begun.date(), begun.isocalendar()[:2]
    fresh = {
        each.name
        for each in history
        if each.at.date() == day or each.at.isocalendar()[:2] == week or (each.at.year, each.at.month) == (2026, 11)
    }
    assert before - fresh <= after | {each.name for each in sorted(history, key=lambda each: each.at)[-LEAST:]}


def test_around_a_deed_both_stay_a_fortnight() -> None:
    made = [
        Rested("before", NOW - timedelta(days=3, minutes=9), "before-import", 1, True),
        Rested("after", NOW - timedelta(days=3, minutes=5), "after-import", 1, True),
        Rested("hour", NOW - timedelta(days=3, minutes=1), "hourly", 1, True),
        Rested("now", NOW, "nightly", 1, True),
    ]
    assert to_go(made, now=NOW) == []
    assert to_go(made, now=NOW + FORTNIGHT) == ["before", "after"]


def test_five_years_of_versions() -> None:
    """Each hour one, each day one by hand and two around an import: what stays is the ladder, and it fits its room."""
    known: list[Rested] = []
    now, ends, most = NOW, NOW + timedelta(days=5 * 365), 0
    while now < ends:
        known.append(Rested(f"{now:%Y%m%d%H%M}", now, "nightly" if now.hour == 1 else "hourly", 10, None))
        if now.hour == 10:
            known.append(Rested(f"{now:%Y%m%d%H%M}+", now + timedelta(minutes=5), "after-import", 10, None))
        known = [each if each.proved else Rested(each.name, each.at, each.why, each.size, True) for each in known]
        if now.hour in (1, 10):
            gone = set(to_go(known, now=now, budget=1_000))
            known = [each for each in known if each.name not in gone]
            most = max(most, sum(each.size for each in known))
        now += timedelta(hours=1)
    ages = [ends - each.at for each in known]
    assert most <= 1_000 and len(known) <= 24 + 14 + 14 + 8 + 12 + 10
    assert sum(age <= timedelta(hours=24) for age in ages) >= 20
    for months in range(1, 12):
        assert any(months * 30 - 3 <= age.days <= months * 31 + 31 for age in ages)
    assert max(ages) <= timedelta(days=367)
