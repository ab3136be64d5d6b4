"""Taking a deed back when others have gone on working: what they did is kept, told, and decided."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from regulars.areas.customers import actions, models
from regulars.areas.customers.card import at_rest
from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna, dump
from regulars.areas.journal.actions import deed as deed_of
from regulars.areas.journal.actions import long_deed, undo
from regulars.areas.journal.actions.undo import taking_back, trying
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.kernel.databases.resting import _present
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


TEEHAUS = {"organisation": "Teehaus GmbH"}


def newest() -> int:
    return Changeset.objects.latest("number").number


def edited(number: int, by: Any = OLGA, **card: Any) -> int:
    return actions.edit_customer(number=number, card=card, by=by, at=NOW) or 0


def row(number: int) -> models.Customer:
    return models.Customer.objects.get(pk=number)


def test_value_by_value_what_nobody_touched_returns_and_the_rest_stays() -> None:
    number = anna(occupation="Nurse")
    deed = edited(number, given_name="Berta", family_name="Berg", occupation="Baker")
    edited(number, by=BEN, occupation="Cook", education="school")
    undone = undo(changeset=deed, by=OLGA, at=NOW)
    card = row(number)
    assert (card.given_name, card.family_name, card.occupation, card.education) == (
        "Anna", "Ærøskøbing", "Cook", "school",
    )  # fmt: skip
    assert [(each["field"], each["back"], each["then"], each["now"], each["by"]) for each in undone.kept] == [
        ("occupation", "Nurse", "Baker", "Cook", "Ben")
    ]
    assert card.given_fold == "anna" and undone.restored == 1 and verify().ok


def test_a_card_on_which_that_leaves_nothing_can_be_worked_on() -> None:
    number = actions.add_customer(card={"given_name": "Anna"}, by=OLGA, at=NOW)
    deed = edited(number, phones=[{"value": "+49 30 123456"}])
    edited(number, given_name="")
    undo(changeset=deed, by=OLGA, at=NOW)
    assert not models.ContactPoint.objects.exists() and not row(number).given_name
    assert edited(number, notes=["Rings on Monday."]) and edited(number, given_name="Berta")
    with pytest.raises(Refused, match="A card needs a name"):
        edited(number, given_name="", occupation="Cook")
    assert (row(number).given_name, row(number).occupation) == ("Berta", "") and verify().ok


def test_a_rule_takes_later_edits_back_all_the_same() -> None:
    number = anna(occupation="Nurse")
    deed = edited(number, occupation="Baker")
    edited(number, by=BEN, occupation="Cook", education="school")
    undone = undo(changeset=deed, by=OLGA, at=NOW, later="overwrite")
    assert (row(number).occupation, row(number).education) == ("Nurse", "school")
    assert undone.kept == [] and [each.choice for each in undone.conflicts] == ["overwrite"]
    with pytest.raises(Refused, match="keep"):
        undo(changeset=undone.changeset or 0, by=OLGA, at=NOW, later="perhaps")  # type: ignore[arg-type]


def test_each_conflict_may_be_decided_for_itself() -> None:
    number = anna(occupation="Nurse", education="school")
    deed = edited(number, occupation="Baker", education="college")
    edited(number, by=BEN, occupation="Cook", education="university")
    asked = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True)
    keys = {each.edits[0].then.field: each.key for each in asked.conflicts}
    undo(changeset=deed, by=OLGA, at=NOW, decisions={keys["education"]: "overwrite"})
    assert (row(number).occupation, row(number).education) == ("Cook", "school")


def test_nobody_decides_over_an_edit_she_has_not_seen() -> None:
    number = anna(occupation="Nurse")
    deed = edited(number, occupation="Baker")
    edited(number, by=BEN, occupation="Cook")
    seen = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True).seen
    edited(number, by=BEN, occupation="Pilot")
    undo(changeset=deed, by=OLGA, at=NOW, later="overwrite", seen=seen)
    assert row(number).occupation == "Pilot"


def test_an_amount_and_its_currency_and_the_parts_of_an_address_go_together() -> None:
    number = anna(addresses=[{"city": "Berlin"}])
    address = models.Address.objects.get()
    with deed_of(verb="customers.edited", by=OLGA, at=NOW, particulars={"number": number}) as link:
        link.change(address, city="Aarhus", country="DK")
    deed = newest()
    with deed_of(verb="customers.edited", by=BEN, at=NOW, particulars={"number": number}) as link:
        link.change(models.Address.objects.get(), postcode="8000")
    undo(changeset=deed, by=OLGA, at=NOW)
    kept = models.Address.objects.get()
    assert (kept.city, kept.country, kept.postcode) == ("Aarhus", "DK", "8000")


def test_how_each_value_is_known_is_taken_back_entry_by_entry() -> None:
    number = anna(hows={"given_name": "told"})
    deed = edited(number, hows={"given_name": "observed", "title": "told"})
    edited(number, by=BEN, hows={"given_name": "observed", "title": "told", "language": "told"})
    undo(changeset=deed, by=OLGA, at=NOW)
    assert row(number).hows == {"given_name": "told", "language": "told"}


def test_a_card_that_was_used_since_is_kept_whole() -> None:
    number = anna()
    deed, before = newest(), dump()
    edited(number, by=BEN, tags=["gold"])
    after = dump()
    asked = undo(changeset=deed, by=OLGA, at=NOW)
    assert asked.changeset is None and dump() == after
    assert [(each.kind, each.number) for each in asked.conflicts] == [("card", number)]
    assert [each["now"] for each in asked.kept] == ["gold"]
    undone = undo(changeset=deed, by=OLGA, at=NOW, later="overwrite")
    assert undone.removed == 1 and not any(dump()[label] for label in ("customers.customer", "customers.tag"))
    undo(changeset=undone.changeset or 0, by=OLGA, at=NOW)
    assert dump() == after != before and verify().ok


def test_a_card_that_another_names_is_kept_or_leaves_a_gap() -> None:
    edited(anna(), works_at=[TEEHAUS])
    firm = models.Customer.objects.get(kind="organisation").pk
    deed = newest()
    friend = actions.add_customer(
        card={"given_name": "Ben", "referred_by": firm, "works_at": [TEEHAUS]}, by=BEN, at=NOW
    )
    after = dump()
    asked = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True, show=50)
    assert [(each.kind, each.number) for each in asked.conflicts] == [("rests", firm)]
    assert {each["number"] for each in asked.kept} == {friend}
    undone = undo(changeset=deed, by=OLGA, at=NOW, later="overwrite")
    assert not models.Employment.objects.exists() and row(friend).referred_by_id is None
    assert undone.removed == 1 and not models.Customer.objects.filter(pk=firm).exists()
    undo(changeset=undone.changeset or 0, by=OLGA, at=NOW)
    assert dump() == after and verify().ok


def test_kept_for_another_the_card_still_loses_what_only_the_deed_gave() -> None:
    number = anna()
    deed = edited(number, works_at=[TEEHAUS], occupation="Nurse")
    firm = models.Customer.objects.get(kind="organisation").pk
    actions.add_customer(card={"given_name": "Ben", "works_at": [TEEHAUS]}, by=BEN, at=NOW)
    undo(changeset=deed, by=OLGA, at=NOW)
    assert row(number).occupation == "" and models.Employment.objects.get().customer_id != number
    assert row(firm).organisation_name == "Teehaus GmbH" and verify().ok


def test_what_was_taken_away_since_stays_away_or_comes_back() -> None:
    number = anna()
    with deed_of(verb="customers.edited", by=OLGA, at=NOW, particulars={"number": number}) as link:
        link.change(models.ContactPoint.objects.get(kind="phone"), label="work")
    deed = newest()
    edited(number, by=BEN, phones=[{"key": "+4915123456789", "remove": True}])
    assert not models.ContactPoint.objects.filter(kind="phone").exists()
    asked = undo(changeset=deed, by=OLGA, at=NOW)
    assert asked.changeset is None and [each.kind for each in asked.conflicts] == ["row"]
    undo(changeset=deed, by=OLGA, at=NOW, later="overwrite")
    assert models.ContactPoint.objects.get(kind="phone").label == "" and verify().ok


def test_nothing_returns_to_a_card_that_is_gone() -> None:
    number = anna()
    deed = edited(number, tags=[{"key": "vip", "remove": True}], occupation="Nurse")
    gone = actions.delete_customer(number=number, by=BEN, at=NOW) or 0
    after = dump()
    asked = undo(changeset=deed, by=OLGA, at=NOW, later="overwrite")
    assert dump() == after or models.Customer.objects.exists()
    assert asked.disputed
    if asked.changeset is None:
        undo(changeset=gone, by=OLGA, at=NOW)
        undo(changeset=deed, by=OLGA, at=NOW)
        assert models.Tag.objects.get().tag == "VIP"
    assert verify().ok


def test_the_same_put_in_again_stands_once() -> None:
    number = anna()
    deed = edited(number, tags=[{"key": "vip", "remove": True}])
    edited(number, by=BEN, tags=["vip"])
    asked = undo(changeset=deed, by=OLGA, at=NOW)
    assert asked.changeset is None and [each.kind for each in asked.conflicts] == ["twice"]
    undo(changeset=deed, by=OLGA, at=NOW, later="overwrite")
    assert models.Tag.objects.get().tag == "VIP" and verify().ok


def test_only_one_address_is_the_first_one() -> None:
    number = anna()
    deed = edited(number, emails=[{"key": "anna@example.org", "remove": True}])
    edited(number, by=BEN, emails=[{"value": "b@example.org", "primary": True}])
    undo(changeset=deed, by=OLGA, at=NOW)
    points = models.ContactPoint.objects.filter(kind="email")
    assert {each.value: each.primary for each in points} == {"anna@example.org": False, "b@example.org": True}
    undo(changeset=newest(), by=OLGA, at=NOW)
    undo(changeset=deed, by=OLGA, at=NOW, later="overwrite")
    assert {each.value: each.primary for each in points.all()} == {"anna@example.org": True, "b@example.org": False}
    assert verify().ok


def test_what_will_change_is_told_first_page_by_page() -> None:
    number = anna(occupation="Nurse")
    deed = edited(number, given_name="Berta", occupation="Baker")
    asked = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True, show=1)
    rest = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True, show=5, skip=1)
    told = [(each.field, each.was, each.now) for each in (*asked.differences, *rest.differences)]
    assert sorted(told) == [("given_name", "Berta", "Anna"), ("occupation", "Baker", "Nurse")]
    assert asked.more and not rest.more and row(number).given_name == "Berta"


# --- many -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def few_at_once(monkeypatch: Any) -> None:
    monkeypatch.setattr(trying, "AT_ONCE", 2)
    monkeypatch.setattr(taking_back, "_LEAST", 2)
    monkeypatch.setattr(taking_back, "_MOST", 2)
    monkeypatch.setattr(trying, "_LOOKED_AT", 2)


def brought(many: int, *, knit: bool = True) -> int:
    """A deed that makes so many cards: each works at one organisation and was sent by the one before; all know the
    last one where they are `knit`."""
    with deed_of(verb="intake.brought_in", by=OLGA, at=NOW, particulars={"file": "x"}) as link:
        numbers = link.numbers(many)
        cards = [
            models.Customer(number=n, given_name=f"Anna {n}", created_at=NOW, updated_at=NOW, kind="person")
            for n in numbers
        ]
        cards[0].kind, cards[0].organisation_name = "organisation", "Teehaus GmbH"
        for before, card in pairwise(cards):
            card.referred_by_id = before.pk
        link.add(*cards)
        link.add(*(models.Employment(customer_id=n, organisation_id=numbers[0]) for n in numbers[1:]))
        link.add(*(models.Relation(customer_id=n, other_id=numbers[-1]) for n in numbers[: -1 if knit else 0]))
    return newest()


@pytest.mark.usefixtures("few_at_once")
def test_many_are_taken_back_and_brought_again_piece_by_piece() -> None:
    anna()
    before = dump()
    deed = brought(9)
    after = dump()
    asked = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True)
    assert (asked.removed, asked.restored, asked.disputed) == (9, 0, 0)
    undone = undo(changeset=deed, by=OLGA, at=NOW)
    assert dump() == before and undone.removed == 9
    again = undo(changeset=undone.changeset or 0, by=OLGA, at=NOW)
    assert dump() == after and again.restored == 9 and verify().ok
    undo(changeset=again.changeset or 0, by=OLGA, at=NOW)
    assert dump() == before and verify().ok


@pytest.mark.usefixtures("few_at_once")
def test_the_keys_for_searching_rest_while_nearly_everybody_goes(monkeypatch: Any) -> None:
    monkeypatch.setattr(at_rest, "_LONG", 9)
    indexes = {"customer_sort", "contactpoint_key", "address_city"}
    while_at_it: list[set[str]] = []
    deed = brought(9)
    edited(models.Customer.objects.latest("pk").pk, by=BEN, occupation="Nurse")

    def told(*_told: int) -> None:
        while_at_it.append(_present(connection))

    undo(changeset=deed, by=OLGA, at=NOW, later="overwrite", progress=told)
    assert all(not indexes & each for each in while_at_it) and while_at_it and indexes <= _present(connection)


@pytest.mark.usefixtures("few_at_once")
def test_of_many_the_one_that_was_used_is_kept_with_what_it_names() -> None:
    deed = brought(7, knit=False)
    first, second, *_others = models.Customer.objects.order_by("pk").values_list("pk", flat=True)
    edited(second, by=BEN, occupation="Nurse")
    asked = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True)
    undone = undo(changeset=deed, by=OLGA, at=NOW)
    # who was used names who sent her, where she works as well
    assert set(models.Customer.objects.values_list("pk", flat=True)) == {first, second}
    assert undone.removed == asked.removed == 5 and undone.disputed == asked.disputed == 2 and verify().ok


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("then", ["finished", "taken back"])
def test_one_that_was_cut_off_is_finished_or_taken_back(monkeypatch: Any, then: str) -> None:
    anna()
    before = dump()
    deed = brought(9, knit=False)
    after = dump()

    def told(done: int, _total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo(changeset=deed, by=OLGA, at=NOW, progress=told)
    begun = Changeset.objects.get(verb="journal.undone")
    assert begun.state == "open" and dump() not in (before, after) and verify().ok
    if then == "finished":
        assert undo(changeset=deed, by=OLGA, at=NOW).changeset == begun.pk
        assert dump() == before and Changeset.objects.get(pk=begun.pk).state == "done"
    else:
        undo(changeset=begun.pk, by=OLGA, at=NOW)
        assert dump() == after and Changeset.objects.get(pk=deed).undone_by_id is None
    assert verify().ok and not Changeset.objects.filter(state="open").exists()


def test_a_deed_at_work_is_not_taken_back() -> None:
    work = long_deed(verb="customers.edited", by=OLGA, at=NOW, particulars={"number": 1})
    with pytest.raises(taking_back.AtWork, match="still at work"):
        undo(changeset=work.changeset, by=OLGA, at=NOW)
