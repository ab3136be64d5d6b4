"""What was agreed and given, seen from other rooms: merged cards, criteria, looking back, commands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers.actions import add_customer
from regulars.areas.house.queries import zone
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.segments.queries import numbers, page
from regulars.areas.trade.actions import end_agreement, give_receipts, set_product
from regulars.areas.trade.queries import year_of
from regulars.areas.trade.tests.people import NOW, OLGA, anna
from regulars.areas.trade.tests.test_agreements import figures, gave, pledged, subscribed
from regulars.areas.trade.tests.test_giving import gave as gave_in_2025

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
HOW: dict[str, Any] = {"by": OLGA, "at": NOW}


def two() -> tuple[int, int]:
    return anna(), add_customer(card={"given_name": "Otto"}, **HOW)


def test_merged_cards_have_their_agreements_together_and_unmerged_each_its_own() -> None:
    hers, his = two()
    first, second = pledged(hers), pledged(his, every="once")
    gave(his, 25)
    merged = merge_customers(keep=hers, absorb=his, **HOW).changeset or 0
    assert figures(hers) == {first: (40, 15, 25), second: (10, 10, 0)} and figures(his) == {}
    unmerge(changeset=merged, **HOW)
    assert figures(hers) == {first: (40, 0, 40)} and figures(his) == {second: (10, 25, 0)}
    assert verify().ok


def test_merged_cards_have_their_receipts_together() -> None:
    hers, his = two()
    gave_in_2025(hers, 5)
    gave_in_2025(his, 6)
    give_receipts(year=2025, **HOW)
    merged = merge_customers(keep=hers, absorb=his, **HOW).changeset or 0
    assert year_of(OLGA, hers, 2025).changed and year_of(OLGA, his, 2025).amount == 110_000
    unmerge(changeset=merged, **HOW)
    assert year_of(OLGA, hers, 2025).stands and year_of(OLGA, his, 2025).stands and verify().ok


def found(criteria: str) -> list[int]:
    return list(numbers(criteria, by=OLGA, today=TODAY, zone=zone()))


def test_who_pledged_and_who_subscribed_is_asked_for() -> None:
    hers, his = two()
    set_product(number="M1", name="Magazine", **HOW)
    pledge = pledged(hers, ago=100)
    subscribed(his, product="M1", every="quarter", ago=10)
    assert found("pledged") == [hers] == found('pledged(purpose = "ROOF")') == found("not subscribed")
    assert found("subscribed") == [his] == found('subscribed(product = "M1", every = quarter, last 30 days)')
    assert (
        found("pledged(last 30 days)") == [] == found('pledged(purpose = "Organ")') == found("subscribed(every = once)")
    )
    end_agreement(serial=pledge, until=TODAY, why="moved", **HOW)
    assert found("pledged") == [hers], "that it ended does not make it undone"
    rows = page("", by=OLGA, today=TODAY, zone=zone(), columns=("pledged", "subscribed")).rows
    assert {(row["number"], row["pledged"], row["subscribed"]) for row in rows} == {
        (hers, True, False), (his, False, True),
    }  # fmt: skip


def test_looking_back_shows_what_was_bought_and_agreed_then() -> None:
    hers, _his = two()
    serial = pledged(hers, ago=100)
    gave_in_2025(hers, 5)
    browser = browser_of("staff")
    then = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for place in (
        "/purchases/", "/purchases/agreements/", f"/purchases/agreements/{serial}/", "/purchases/donations/",
        f"/customers/{hers}/", f"/purchases/donations/2025/{hers}/",
    ):  # fmt: skip
        answer = browser.get(f"{place}?at={then}&year=2025")
        assert answer.status_code == 200 and b"Anna" in answer.content, place
        assert b"/change/" not in answer.content and b"/give/" not in answer.content, place


def test_at_the_shell(told: Any, capsys: pytest.CaptureFixture[str]) -> None:
    person("owner")
    hers, his = two()
    serial = pledged(hers, every="once")
    pledged(his, every="once")
    gave(his, 10)
    (row,) = told("agreements", "--behind")
    assert (row["serial"], row["customer"], row["behind"]) == (serial, hers, "10")
    assert (
        len(told("agreements", "--kind", "pledge")) == 2
        and told("agreements", "--customer", str(his))[0]["given"] == "10"
    )
    gave_in_2025(hers, 5)
    assert [(each["customer"], each["amount"]) for each in told("donations", "2025")] == [(hers, "5")]
    given = told("donations", "2025", "--give-out")
    assert given["given_out"] == 1 and given["changeset"]
    (one,) = told("donations", "2025", "--customer", str(hers))
    assert one["receipt"]["changed_since"] is False and one["donations"][0]["purpose"] == "Roof"
    assert told("donations", "2025", "--give-out") == {"changeset": None, "given_out": 0}
