"""What was done before two cards were merged, or around it, is taken back after: what comes back finds its place."""

import pytest

from regulars.areas.access.tests.people import actor
from regulars.areas.customers import actions as customers
from regulars.areas.customers.models import ContactPoint, Customer, Employment
from regulars.areas.customers.queries import card_for
from regulars.areas.journal.actions import rebuild, undo
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.matching.tests.people import LATER, NOON, card, edited, register, shown
from regulars.kernel.errors import Gone

pytestmark = pytest.mark.django_db


def merged(keep: int, absorb: int) -> int:
    return merge_customers(keep=keep, absorb=absorb, by=actor(), at=NOON).changeset or 0


def deleted(number: int) -> int:
    return customers.delete_customer(number=number, by=actor(), at=NOON) or 0


def taken_back(deed: int) -> int:
    return undo(changeset=deed, by=actor(), at=LATER).changeset or 0


def test_no_children_is_told_and_not_overwritten_by_what_nobody_knows() -> None:
    none, unknown, two = (card(given_name="Anna", **told) for told in ({"children": 0}, {}, {"children": 2}))
    merged(none, unknown)
    assert shown(none)["children"] == 0
    edited(none, children=0)
    merged(two, none)
    assert shown(two)["children"] == 2  # written later


def test_who_comes_back_and_was_sent_by_one_who_was_merged_was_sent_by_her_keeper() -> None:
    keep, absorb = card(given_name="Anna"), card(given_name="Anna")
    sent = card(given_name="Ben", referred_by=absorb)
    gone = deleted(sent)
    merged(keep, absorb)
    taken_back(gone)
    assert shown(sent)["referred_by"] == keep


def test_work_that_comes_back_is_at_the_organisation_that_was_kept() -> None:
    keep, absorb, other = (card(organisation_name=name) for name in ("Tea Ltd", "Tea Limited", "Oak Ltd"))
    ida = card(given_name="Ida", works_at=[{"organisation": "Tea Limited"}])
    key = shown(ida)["works_at"][0]["key"]
    left = edited(ida, works_at=[{"key": key, "remove": True}]) or 0
    merged(keep, absorb)
    taken_back(left)
    assert [each["number"] for each in shown(ida)["works_at"]] == [keep]
    edited(other, works_at=[{"organisation": shown(keep)["organisation_name"]}])
    left = edited(other, works_at=[{"key": shown(other)["works_at"][0]["key"], "remove": True}]) or 0
    merged(keep, other)
    taken_back(left)  # nobody works at herself
    assert not Employment.objects.filter(customer=keep).exists() and verify().ok


def test_a_chain_comes_apart_from_its_beginning_for_those_who_name_it_too() -> None:
    first, second, third = (card(given_name="Anna") for _each in range(3))
    sent = card(given_name="Ben", referred_by=first)
    one, two = merged(second, first), merged(third, second)
    assert shown(sent)["referred_by"] == third
    unmerge(changeset=one, by=actor(), at=LATER)
    assert shown(sent)["referred_by"] == first
    unmerge(changeset=two, by=actor(), at=LATER)
    assert shown(sent)["referred_by"] == first


def test_a_deletion_of_a_keeper_is_done_again() -> None:
    keep, absorb = card(given_name="Anna"), card(given_name="Anna", emails=["anna@example.com"])
    merged(keep, absorb)
    back = taken_back(deleted(keep))
    assert card_for(actor(), absorb).number == keep
    before = register()
    again = taken_back(back)
    assert not Customer.objects.exists()
    taken_back(again)
    assert register() == before and verify().ok


def test_whoever_leads_to_a_card_that_stays_stays_with_it() -> None:
    keep, absorb = card(given_name="Anna"), card(given_name="Anna")
    merged(keep, absorb)
    back = taken_back(deleted(keep))
    edited(keep, notes=["likes tea"])
    taken_back(back)
    assert card_for(actor(), absorb).number == keep


@pytest.mark.parametrize("which", [0, 1])
def test_forgetting_one_who_was_deleted_forgets_the_absorbed(which: int) -> None:
    two = [card(given_name="Anna"), card(given_name="Anna", family_name="Bergh", emails=["anna@example.com"])]
    merged(*two)
    gone = deleted(two[0])
    customers.forget_customer(number=two[which], by=actor(), at=LATER)
    assert not Customer.past._default_manager.filter(number__in=two).exists()
    for number in two:
        with pytest.raises(Gone):
            card_for(actor(), number)
    taken_back(gone)
    assert not Customer.objects.filter(number__in=two).exists() and verify().ok


def test_forgetting_one_who_was_un_merged_and_deleted_leaves_the_other() -> None:
    keep, absorb = card(given_name="Anna"), card(given_name="Anna", family_name="Bergh")
    unmerge(changeset=merged(keep, absorb), by=actor(), at=NOON)
    deleted(absorb)
    customers.forget_customer(number=absorb, by=actor(), at=LATER)
    assert shown(keep)["given_name"] == "Anna" and verify().ok


def test_forgetting_one_leaves_what_became_of_the_others_rows_since() -> None:
    keep, absorb = card(given_name="Anna"), card(given_name="Berta", emails=["b@example.com"])
    unmerge(changeset=merged(keep, absorb), by=actor(), at=LATER)
    first = edited(absorb, emails=[{"value": "b@example.com", "label": "home"}]) or 0
    edited(absorb, emails=[{"value": "b@example.com", "label": "work"}])
    customers.forget_customer(number=keep, by=actor(), at=LATER)
    past = ContactPoint.past._default_manager.filter(customer_id=absorb, label="home")
    assert first and past.count() == 1 and verify().ok and rebuild(by=actor()).same


def test_who_gives_her_first_address_away_has_another_first_one() -> None:
    keep, absorb = card(given_name="Anna", emails=["a@example.com"]), card(given_name="Anna", emails=["b@example.com"])
    changeset = merged(keep, absorb)
    edited(keep, emails=[{"value": "new@example.com", "primary": True}])
    (asked,) = [each for each in unmerge(changeset=changeset, by=actor(), at=LATER, dry_run=True).asked if each.now]
    unmerge(changeset=changeset, assign={asked.key: "absorb"}, by=actor(), at=LATER)
    assert [(each["value"], each["primary"]) for each in shown(keep)["emails"]] == [("a@example.com", True)]
    assert sorted((each["value"], each["primary"]) for each in shown(absorb)["emails"]) == [
        ("b@example.com", True), ("new@example.com", False)
    ]  # fmt: skip
