"""Two cards of one person become one: nothing is lost, the stricter answer counts, the old number leads there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regulars.areas.access.tests.people import actor
from regulars.areas.consent.queries import may_contact
from regulars.areas.customers.actions import archive_customer, delete_customer, forget_customer
from regulars.areas.customers.card.sealing import opened
from regulars.areas.customers.card.showing import key_of
from regulars.areas.customers.models import BankAccount, Customer, Employment, Note, Tag
from regulars.areas.journal.actions import deed, rebuild, undo
from regulars.areas.journal.actions.undo import trying
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.models import Link
from regulars.areas.journal.queries import as_of, moment_named, verify
from regulars.areas.matching.actions import Merged, merge_customers, unmerge
from regulars.areas.matching.actions.choosing import Side
from regulars.areas.matching.tests.people import LATER, NOON, anna, card, edited, register, shown
from regulars.areas.segments.actions import act_on_many
from regulars.areas.segments.queries.asking import count, numbers
from regulars.kernel.errors import Gone, NotAllowed, NotFound, Refused, Stale

pytestmark = pytest.mark.django_db


def tried(keep: int, absorb: int, **told: Any) -> Merged:
    return merge_customers(keep=keep, absorb=absorb, by=actor(), at=LATER, **told)


def merged(keep: int, absorb: int, **told: Any) -> int:
    return tried(keep, absorb, **told).changeset or 0


def test_the_card_that_is_kept_has_what_both_had() -> None:
    keep, absorb = anna()
    done = tried(keep, absorb)
    card = shown(keep)
    assert (card["given_name"], card["occupation"]) == ("Anna", "baker")
    assert [each["value"] for each in card["emails"]] == ["anna@example.com", "anna.berg@example.com"]
    assert [each["primary"] for each in card["emails"]] == [True, False]
    assert card["phones"][0]["primary"] and len(card["identity_numbers"]) == len(card["bank_accounts"]) == 1
    assert sorted(card["tags"]) == ["gold", "staff"] and len(card["notes"]) == 2
    assert card["addresses"][0]["label"] == "home"
    assert done.moved["emails"] == 1 and done.changeset
    assert shown(absorb)["number"] == keep
    assert not may_contact(keep, "email", "offers")
    assert verify().ok


def test_undone_both_are_as_they_were() -> None:
    keep, absorb = anna()
    before = register()
    done = merged(keep, absorb)
    undo(changeset=done, by=actor(), at=LATER)
    assert register() == before
    assert verify().ok
    assert Customer.objects.get(pk=absorb).merged_into_id is None


def test_what_was_edited_since_goes_home_with_what_it_was_edited_in() -> None:
    keep, absorb = anna()
    done = merged(keep, absorb)
    edited(keep, phones=[{"value": "+4943112345", "label": "mobile"}], occupation="chef")
    edited(keep, tags=["since"])
    asked = unmerge(changeset=done, by=actor(), at=LATER, dry_run=True).asked
    assert {(each.field, each.now) for each in asked} == {("occupation", "chef"), ("tag", "since")}
    assign: dict[str, Side] = {each.key: "absorb" for each in asked}
    unmerge(changeset=done, by=actor(), at=LATER, assign=assign)
    assert (shown(keep)["occupation"], shown(absorb)["occupation"]) == (None, "chef")
    assert shown(absorb)["phones"][0]["label"] == "mobile" and not shown(keep)["phones"]
    assert "since" in shown(absorb)["tags"] and shown(keep)["tags"] == ["gold"]
    assert verify().ok and rebuild(by=actor()).same


def test_sealed_values_are_read_under_the_key_of_whoever_has_them() -> None:
    keep, absorb = anna()
    done = merged(keep, absorb)
    (account,) = BankAccount.objects.filter(customer=keep)
    assert opened(account) == "DE89370400440532013000"
    edited(keep, bank_accounts=[{"iban": "DE89370400440532013000", "bic": "COBADEFFXXX"}])
    undo(changeset=done, by=actor(), at=LATER)
    (account,) = BankAccount.objects.filter(customer=absorb)
    assert opened(account) == "DE89370400440532013000"


def test_the_undo_of_an_older_deed_finds_the_row_on_the_card_that_was_kept() -> None:
    keep, absorb = anna()
    edit = edited(absorb, phones=[{"value": "+4943112345", "label": "car"}])
    away = edited(absorb, tags=[{"key": key_of(Tag.objects.get(customer=absorb, tag="staff")), "remove": True}])
    merged(keep, absorb)
    for changeset in (edit, away):
        undo(changeset=changeset or 0, by=actor(), at=LATER)
    assert shown(keep)["phones"][0]["label"] != "car" and "staff" in shown(keep)["tags"]
    assert not Tag.objects.filter(customer=absorb).exists() and verify().ok


def test_a_chain_of_merges_comes_apart_in_any_order() -> None:
    keep, absorb = anna()
    third = card(given_name="Anna", family_name="Berg", phones=["+4943199999"])
    before = register()
    first, second = merged(keep, absorb), merged(third, keep)
    assert shown(absorb)["number"] == third and len(shown(third)["phones"]) == 2
    undo(changeset=first, by=actor(), at=LATER)
    assert [each["value"] for each in shown(absorb)["phones"]] == ["+4943112345"]
    assert shown(keep)["number"] == third
    undo(changeset=second, by=actor(), at=LATER)
    after = register()
    for label in before:
        assert after[label] == before[label], label
    assert verify().ok


def test_who_names_the_one_names_the_other() -> None:
    keep, absorb = anna()
    ben = card(given_name="Ben", referred_by=absorb)
    edited(keep, referred_by=ben, relations=[{"number": absorb, "kind": "partner"}])
    before = register()
    done = merged(keep, absorb)
    assert shown(ben)["referred_by"] == keep and shown(keep)["referred_by"] is None
    assert not shown(keep)["relations"]
    undo(changeset=done, by=actor(), at=LATER)
    assert register() == before


def test_what_cannot_be_merged_is_refused() -> None:
    keep, absorb = anna()
    firm = card(organisation_name="Bakery", kind="organisation")
    with pytest.raises(Refused, match="into itself"):
        merged(keep, keep)
    with pytest.raises(Refused, match="organisation"):
        merged(keep, firm)
    with pytest.raises(NotFound):
        merged(keep, 99999)
    with pytest.raises(Refused, match="no fact"):
        merged(keep, absorb, take={"shoe": "keep"})
    with pytest.raises(NotAllowed):
        merge_customers(keep=keep, absorb=absorb, by=replace(actor(), rights=frozenset({"customers.edit"})), at=LATER)
    with pytest.raises(Stale):
        merged(keep, absorb, seen={absorb: 1})
    archive_customer(number=absorb, by=actor(), at=LATER)
    with pytest.raises(Refused, match="archived"):
        merged(keep, absorb)


def test_a_merged_card_is_not_merged_again_and_its_deed_not_twice() -> None:
    keep, absorb = anna()
    third = card(given_name="Anna")
    done = merged(keep, absorb)
    with pytest.raises(Refused, match="already"):
        merged(third, absorb)
    undone = undo(changeset=done, by=actor(), at=LATER)
    with pytest.raises(Refused, match="merge them again"):
        undo(changeset=undone.changeset or 0, by=actor(), at=LATER)


def test_tried_it_changes_nothing() -> None:
    keep, absorb = anna()
    before = register()
    done = tried(keep, absorb, dry_run=True)
    assert done.changeset is None and done.moved["emails"] == 1 and register() == before


def test_a_fact_is_taken_as_somebody_says() -> None:
    keep, absorb = anna()
    merged(keep, absorb, take={"given_name": "absorb", "birth_date": "keep", "email": "absorb"})
    row = Customer.objects.get(pk=keep)
    assert (row.given_name, row.birth_date) == ("A.", "--03-07")


def test_deleting_the_keeper_takes_the_absorbed_along_and_brings_it_back() -> None:
    keep, absorb = anna()
    merged(keep, absorb)
    before = register()
    gone = delete_customer(number=absorb, by=actor(), at=LATER) or 0
    assert not Customer.objects.filter(pk__in=(keep, absorb)).exists()
    undo(changeset=gone, by=actor(), at=LATER)
    assert register() == before and verify().ok


def test_forgetting_the_keeper_forgets_the_absorbed() -> None:
    keep, absorb = anna()
    done = merged(keep, absorb)
    forget_customer(number=absorb, by=actor(), at=LATER)
    for number in (keep, absorb):
        with pytest.raises(Gone):
            shown(number)
    assert verify().ok and rebuild(by=actor()).same
    with pytest.raises(Refused):
        unmerge(changeset=done, by=actor(), at=LATER)


@pytest.mark.parametrize("asked", ["", "not archived", 'family_name = "Berg"', 'tag "staff"', "merged_into is empty"])
def test_a_merged_card_is_no_customer_any_more(asked: str) -> None:
    keep, absorb = anna()
    told: dict[str, Any] = {"by": actor(), "today": NOON.date(), "zone": ZoneInfo("UTC")}
    before = count(asked, **told)
    merged(keep, absorb)
    there = list(numbers(asked, **told))
    assert count(asked, **told) == len(there) == (before if asked.startswith("tag") else before - 1)
    assert keep in there and absorb not in there


@pytest.mark.parametrize("which", [0, 1])
def test_one_of_two_who_were_merged_once_is_forgotten_and_the_register_holds(which: int) -> None:
    two = anna()
    done = merged(*two, take={"occupation": "keep", "birth_date": "keep"})
    edited(two[0], phones=[{"value": "+4943112345", "label": "mobile"}])
    unmerge(changeset=done, by=actor(), at=LATER)
    secrets = ("likes tea", "has a dog")
    assert all(map(_is_written, secrets))
    forget_customer(number=two[which], by=actor(), at=LATER)
    assert shown(two[1 - which])["number"] == two[1 - which]
    assert verify().ok and rebuild(by=actor()).same
    assert [_is_written(each) for each in secrets] == [which == 1, which == 0]
    forget_customer(number=two[1 - which], by=actor(), at=LATER)
    assert verify().ok and rebuild(by=actor()).same and not any(map(_is_written, secrets))


def _is_written(text: str) -> bool:
    """Whether a text of a note stands in the chain or in a row, live or past."""
    said = b"".join(p for link in Link.objects.all() for p in blocks.payloads(bytes(link.block)))
    past = Note.past._default_manager.filter(text=text).exists()
    return text.encode() in said or past or Note.objects.filter(text=text).exists()


def test_looking_back_each_card_is_as_it_was_then() -> None:
    keep, absorb = anna()
    before = moment_named(LATER.isoformat(), now=LATER, zone=ZoneInfo("UTC"))
    done = merge_customers(keep=keep, absorb=absorb, by=actor(), at=LATER + timedelta(hours=1))
    after = moment_named((LATER + timedelta(hours=2)).isoformat(), now=LATER + timedelta(hours=3), zone=ZoneInfo("UTC"))
    undo(changeset=done.changeset or 0, by=actor(), at=LATER + timedelta(hours=3))
    with as_of(before):
        assert shown(absorb)["number"] == absorb and len(shown(keep)["emails"]) == 1
    with as_of(after):
        assert shown(absorb)["number"] == keep and len(shown(keep)["emails"]) == 2
        told: dict[str, Any] = {"by": actor(), "today": NOON.date(), "zone": ZoneInfo("UTC")}
        assert absorb not in numbers("", **told) and count("", **told) == 2
    assert shown(absorb)["number"] == absorb


def test_the_old_number_is_the_customer_wherever_somebody_is_named() -> None:
    keep, absorb = anna()
    works, firm = (card(organisation_name=name, kind="organisation") for name in ("Teehaus", "Teehaus GmbH"))
    merged(keep, absorb)
    merged(works, firm)
    ben = card(given_name="Ben", referred_by=absorb, works_at=["Teehaus GmbH"])
    edited(ben, relations=[{"number": absorb, "kind": "partner"}])
    told = shown(ben)
    assert told["referred_by"] == keep and told["relations"][0]["number"] == keep
    assert Employment.objects.get(customer=ben).organisation_id == works
    act_on_many(deed="tag", value="late", numbers=[absorb], by=actor(), at=LATER)
    assert "late" in shown(keep)["tags"] and not Tag.objects.filter(customer=absorb).exists()


def test_a_merge_with_very_many_others_comes_apart_in_many_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    keep, absorb = (card(organisation_name=name, kind="organisation", tags=["b2b"]) for name in ("Teehaus", "Tee"))
    staff = [card(given_name=f"Ben {at}") for at in range(4)]
    with_job = [Employment(customer_id=each, organisation_id=absorb) for each in staff]
    with deed(verb="customers.edited", by=actor(), at=NOON, particulars={"number": absorb}) as link:
        link.add(*with_job)
    edited(absorb, phones=["+4943112345"], tags=["tea"])
    before = register()
    done = merged(keep, absorb)
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    undo(changeset=done, by=actor(), at=LATER)
    after = register()
    assert all(after[label] == before[label] for label in before)
    assert verify().ok and rebuild(by=actor()).same
