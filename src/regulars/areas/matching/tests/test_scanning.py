"""A scan finds pairs; what somebody says of one is kept, and taken back; nothing is told to whom it is not hers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.areas.customers.actions import (
    archive_customer,
    delete_customer,
    edit_customer,
    forget_customer,
    unarchive_customer,
)
from regulars.areas.customers.tests.people import BEN, NOW, OLGA
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changeset, verify
from regulars.areas.matching import actions, queries
from regulars.areas.matching.actions.scanning import is_due
from regulars.areas.matching.models import Pair, Rejection
from regulars.areas.matching.tests.pairs import HOME, added, juergen
from regulars.kernel import jobs
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def pairs(by: Any = OLGA) -> list[tuple[int, int, str]]:
    return [(pair.a, pair.b, pair.verdict) for pair in queries.open_pairs(by)]


@pytest.fixture
def two() -> list[int]:
    numbers = added(
        juergen(),
        juergen(given_name="Juergen", family_name="Mueller", emails=None),
        juergen(given_name="Klaus", birth_date=None),
        {"given_name": "Anna", "family_name": "Berg", "addresses": [HOME]},
    )
    assert actions.scan_all(at=NOW).as_json() == {"customers": 4, "same": 1, "likely": 0, "possible": 0}
    return numbers[:2]


def test_a_scan_finds_who_is_on_two_cards(two: list[int]) -> None:
    (pair,) = queries.open_pairs(OLGA)
    assert [pair.a, pair.b] == two and pair.verdict == "same" and 0.99 < pair.score <= 1
    assert {"given_same", "family_same", "birth_same", "phone_same", "home_same"} == {r.code for r in pair.reasons}
    assert pair.reasons[0].bits == max(reason.bits for reason in pair.reasons)
    assert pair.as_json()["reasons"][0]["text"]


def test_the_scan_does_the_same_again(two: list[int]) -> None:
    before = list(Pair.objects.values("a", "b", "bits", "codes", "found_at"))
    actions.scan_all(at=LATER)
    assert list(Pair.objects.values("a", "b", "bits", "codes", "found_at")) == before


def test_a_rejected_pair_does_not_come_back(two: list[int]) -> None:
    made = actions.reject(a=two[1], b=two[0], by=OLGA, at=NOW)
    assert pairs() == []
    actions.scan_all(at=LATER)
    assert pairs() == [] and actions.reject(a=two[0], b=two[1], by=OLGA, at=LATER) is None
    assert made is not None and changeset(made).sentence == f"noted that cards {two[0]} and {two[1]} are two people"
    assert verify().ok


def test_it_comes_back_when_the_cards_changed(two: list[int]) -> None:
    actions.reject(a=two[0], b=two[1], by=OLGA, at=NOW)
    edit_customer(number=two[1], card={"emails": [{"value": "juergen.mueller@example.org"}]}, by=OLGA, at=LATER)
    actions.scan_new(at=LATER)
    assert pairs() == [(*two, "same")]


def test_undoing_the_rejection_brings_it_back(two: list[int]) -> None:
    made = actions.reject(a=two[0], b=two[1], by=OLGA, at=NOW)
    assert made is not None
    undo(changeset=made, by=OLGA, at=LATER)
    assert pairs() == [(*two, "same")] and not Rejection.objects.exists() and verify().ok


def test_what_is_new_is_compared_alone(two: list[int]) -> None:
    assert not is_due()
    (third,) = added(juergen(phones=None, addresses=None))
    assert is_due()
    assert actions.scan_new(at=LATER).customers == 1
    assert {(a, b) for a, b, _verdict in pairs()} == {tuple(two), (two[0], third), (two[1], third)}
    assert not is_due()
    edit_customer(number=third, card={"given_name": "Renate", "birth_date": "1990-01-31"}, by=OLGA, at=LATER)
    actions.scan_new(at=LATER + timedelta(hours=1))
    assert {(a, b) for a, b, verdict in pairs() if verdict != "possible"} == {tuple(two)}


def test_scanned_alone_it_says_what_the_whole_scan_says(two: list[int]) -> None:
    added(juergen(phones=None, addresses=None))
    actions.scan_new(at=LATER)
    alone = set(Pair.objects.values_list("a", "b", "codes"))
    actions.scan_all(at=LATER + timedelta(hours=1))
    assert set(Pair.objects.values_list("a", "b", "codes")) == alone


def test_pairs_go_with_a_card(two: list[int]) -> None:
    made = delete_customer(number=two[1], by=OLGA, at=LATER)
    assert pairs() == [] and made is not None
    undo(changeset=made, by=OLGA, at=LATER)
    actions.scan_new(at=LATER)
    assert pairs() == [(*two, "same")]
    forget_customer(number=two[0], by=OLGA, at=LATER)
    assert not Pair.objects.exists()


def test_archived_cards_are_not_compared(two: list[int]) -> None:
    archive_customer(number=two[0], by=OLGA, at=LATER)
    actions.scan_new(at=LATER)
    assert pairs() == []
    unarchive_customer(number=two[0], by=OLGA, at=LATER)
    actions.scan_new(at=LATER + timedelta(hours=1))
    assert pairs() == [(*two, "same")]


def test_an_empty_house_and_one_card_have_no_pairs() -> None:
    assert actions.scan_all(at=NOW).as_json() == {"customers": 0, "same": 0, "likely": 0, "possible": 0}
    added(juergen())
    assert actions.scan_all(at=LATER).customers == 1


def test_what_was_said_is_forgotten_with_the_customer(two: list[int]) -> None:
    actions.reject(a=two[0], b=two[1], by=OLGA, at=NOW)
    forget_customer(number=two[0], by=OLGA, at=LATER)
    assert not Rejection.objects.exists() and not Rejection.past._default_manager.exists() and verify().ok


def test_nobody_sees_a_pair_of_which_one_is_not_hers(two: list[int]) -> None:
    edit_customer(number=two[0], card={"territory": "north"}, by=OLGA, at=NOW)
    north = replace(BEN, own=(("territory", ("north",)),))
    assert pairs(BEN) == [(*two, "same")] and pairs(north) == []
    with pytest.raises(NotFound):
        actions.reject(a=two[0], b=two[1], by=north, at=NOW)
    with pytest.raises(NotFound):
        queries.show_pair(north, *two)
    assert [each.number for each in queries.whom_it_could_be(north, juergen())] == [two[0]]


def test_refusals(two: list[int]) -> None:
    with pytest.raises(Refused, match="always the same"):
        actions.reject(a=two[0], b=two[0], by=OLGA, at=NOW)
    with pytest.raises(NotFound):
        actions.reject(a=two[0], b=99_999, by=OLGA, at=NOW)
    with pytest.raises(NotAllowed):
        actions.reject(a=two[0], b=two[1], by=replace(BEN, rights=frozenset({"customers.view"})), at=NOW)
    with pytest.raises(NotAllowed):
        actions.start_scan(by=BEN)


def test_on_entry_whom_it_could_be(two: list[int]) -> None:
    found = queries.whom_it_could_be(OLGA, {"given_name": "Jörg", "family_name": "Müller", "birth_date": "1958-03-07"})
    assert {each.number for each in found} == set(two) and all(each.reasons for each in found)
    by_phone = queries.whom_it_could_be(
        OLGA, {"given_name": "J.", "phones": [{"value": "0151 23456789"}]}, country="DE"
    )
    assert {each.number for each in by_phone} == set(two)
    assert queries.whom_it_could_be(OLGA, {"given_name": "Sara", "family_name": "Quist"}) == []
    assert queries.whom_it_could_be(OLGA, {}) == []


@pytest.mark.django_db(transaction=True)
def test_it_is_done_in_the_background() -> None:
    numbers = added(juergen(), juergen(emails=None))
    view = actions.run_to_end(actions.start_scan(by=OLGA).ticket)
    assert view.state == "done" and view.result["same"] == 1, view
    assert pairs() == [(*numbers, "same")]
    jobs.run_due()
