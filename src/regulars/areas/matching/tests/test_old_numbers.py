"""The number of a card that was merged leads to the card that was kept, wherever a number is asked for."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regulars.areas.access.tests.people import actor, browser_of
from regulars.areas.customers.queries.searching import search
from regulars.areas.dossier.queries import pick
from regulars.areas.journal.queries import as_of, moment_at
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.matching.tests.people import LATER, NOON, card
from regulars.areas.segments.queries.asking import count, numbers
from regulars.areas.segments.queries.why import why

pytestmark = pytest.mark.django_db
HERE: dict[str, Any] = {"today": NOON.date(), "zone": ZoneInfo("Europe/Berlin")}
EVENING = LATER + timedelta(hours=5)


def found(criteria: str) -> list[int]:
    how = {"by": actor(), **HERE}
    told = sorted(numbers(criteria, **how))
    assert count(criteria, **how) == len(told)
    return told


def merged(keep: int, absorb: int) -> int:
    return merge_customers(keep=keep, absorb=absorb, by=actor(), at=LATER).changeset or 0


@pytest.fixture
def three() -> list[int]:
    return [card(given_name="Anna", family_name=name) for name in ("Berg", "Thal", "See")]


def test_criteria_follow_the_way_that_a_number_went(three: list[int]) -> None:
    anna, once, first = three
    other = card(given_name="Ben")
    merged(once, first)
    second = merged(anna, once)
    for asked in (f"number = {first}", f"number = {once}", f"number in ({first}, {once}, {anna})"):
        assert found(asked) == [anna], asked
    assert found(f"number in ({first}, {other})") == [anna, other]
    assert found(f"number != {first}") == found(f"not number = {once}") == [other]
    assert found(f"number between {once} and {first}") == []  # a stretch of numbers is what it says
    assert found(f"number >= {once}") == [other]
    assert why(f"number = {first}", first, by=actor(), **HERE).holds
    unmerge(changeset=second, by=actor(), at=EVENING)
    assert found(f"number = {first}") == found(f"number = {once}") == [once]


def test_a_moment_is_asked_by_what_was_merged_then(three: list[int]) -> None:
    anna, once, first = three
    merged(once, first)
    with as_of(moment_at(NOON)):
        assert found(f"number = {first}") == [first] and found(f"number != {first}") == [anna, once]
    with as_of(moment_at(LATER)):
        assert found(f"number = {first}") == [once]
    unmerge(changeset=merged(anna, once), by=actor(), at=EVENING)
    with as_of(moment_at(LATER)):
        assert found(f"number = {first}") == [anna]


def test_facts_that_name_a_customer_are_asked_by_the_old_number(three: list[int]) -> None:
    anna, once, first = three
    ben = card(given_name="Ben", referred_by=first, relations=[{"number": first, "kind": "buys_for"}])
    merged(anna, once)
    merged(anna, first)
    for number in three:
        assert found(f"referred_by = {number}") == found(f"relation.number = {number}") == [ben], number
    assert found(f"referred_by in ({first}, {once})") == [ben] and found(f"referred_by != {first}") == []


def test_the_search_the_till_and_a_field_that_names_somebody_find_the_keeper(three: list[int]) -> None:
    anna, once, first = three
    merged(once, first)
    merged(anna, once)
    assert [hit.number for hit in search(actor(), str(first)).hits] == [anna]
    assert [hit.number for hit in search(actor(), f"#{once}").hits] == [anna]
    assert [each.number for each in pick(actor(), str(first))] == [anna]
    page = browser_of("staff").get("/till/", {"q": str(first)}).content.decode()
    assert f"/customers/{anna}/" in page
