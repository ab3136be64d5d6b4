"""Who shares a telephone or an e-mail address: when a row is a card that is there, and when one of its own."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.actions.cards import ground
from regulars.areas.customers.actions.recognising import Person
from regulars.areas.customers.card import drafts
from regulars.areas.customers.models import Address, Customer
from regulars.areas.intake.actions.orders import _found
from regulars.areas.intake.readers import child
from regulars.areas.intake.tests.lists import NOON, OLGA, brought, in_this_process, names, sums, tried
from regulars.areas.journal.queries import newest_deed
from regulars.kernel.text import fold

HEADER = "First name,Last name,Phone,E-mail,City"
PHONE, EMAIL = "030 901899", "huber@x.org"


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def person(given: str, family: str) -> Person:
    return Person(fold(given), fold(family), "")


def row(given: str, family: str, shared: str, city: str = "") -> str:
    return f"{given},{family},{PHONE if 'phone' in shared else ''},{EMAIL if 'email' in shared else ''},{city}"


# given, family, whether this may be Anna Huber: by a phone alone, by an e-mail address
TABLE = (
    ("Anna", "Huber", True, True),
    ("ANNA", "HUBER", True, True),
    ("Anna", "", True, True),
    ("", "Huber", True, True),
    ("Anna Maria", "Huber-Lang", True, True),
    ("Anna", "Lang-Huber", True, True),
    ("A", "Huber", True, True),
    ("Anna", "Zwick", False, True),
    ("", "Zwick", False, True),
    ("Bernd", "Huber", False, False),
    ("Bernd", "", False, False),
    ("Bernd", "Zwick", False, False),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "family", "by_phone", "by_email"), TABLE)
@pytest.mark.parametrize("shared", ["phone", "email", "phone and email"])
def test_who_is_recognised_by_what(given: str, family: str, by_phone: bool, by_email: bool, shared: str) -> None:
    known = by_phone if shared == "phone" else by_email
    brought(HEADER, row("Anna", "Huber", shared))
    again = HEADER, row(given, family, shared, "Bonn")
    expected = (0, 1, 0, 0) if known else (1, 0, 0, 0)
    assert sums(tried(*again)) == expected
    assert sums(brought(*again)) == expected
    first = Customer.objects.order_by("number").first()
    assert first is not None and first.name == "Anna Huber", "her name stays as it is"
    assert (Address.objects.get().customer_id == first.number) is known
    assert sums(brought(*again)) == (0, 0, 1, 0), "the same file again changes nothing"


@pytest.mark.django_db
@pytest.mark.parametrize("rows_in_a_piece", [1, 500])
def test_strangers_with_one_telephone_stay_two_in_one_file(
    monkeypatch: pytest.MonkeyPatch, rows_in_a_piece: int
) -> None:
    monkeypatch.setattr(child, "CHUNK", rows_in_a_piece)
    lines = (HEADER, *(row("Anna", family, "phone") for family in ("Huber", "Zwick", "Huber", "Berg", "Zwick")))
    assert sums(tried(*lines)) == sums(brought(*lines)) == (3, 0, 2, 0)
    assert names() == ["Anna Huber", "Anna Zwick", "Anna Berg"]


@pytest.mark.django_db
@pytest.mark.parametrize("rows_in_a_piece", [1, 500])
def test_who_has_another_name_by_a_row_further_up_is_known_by_it_below(
    monkeypatch: pytest.MonkeyPatch, rows_in_a_piece: int
) -> None:
    monkeypatch.setattr(child, "CHUNK", rows_in_a_piece)
    header = f"Customer ID,{HEADER}"
    brought(header, f"3,{row('Anna', 'Dahl', 'email')}")
    lines = (
        header,
        f"3,{row('Berta', 'Dahl', '')}",
        f",{row('Berta', '', 'email', 'Bonn')}",
        f",{row('Anna', '', 'email')}",
    )
    if rows_in_a_piece > 1:  # a dry run changes no name from piece to piece
        assert sums(tried(*lines)) == (1, 2, 0, 0)
    assert sums(brought(*lines)) == (1, 2, 0, 0)
    assert names() == ["Berta Dahl", "Anna"] and Address.objects.get().customer.name == "Berta Dahl"


@pytest.mark.django_db
@pytest.mark.parametrize("rows_in_a_piece", [1, 500])
def test_of_two_who_share_an_address_the_same_is_meant_however_far_apart_the_rows_stand(
    monkeypatch: pytest.MonkeyPatch, rows_in_a_piece: int
) -> None:
    monkeypatch.setattr(child, "CHUNK", rows_in_a_piece)
    header = f"Customer ID,{HEADER}"
    brought(header, f"1,{row('Anna', 'Berg', '')}", f",{row('Berta', '', 'email')}")
    brought(header, f"1,{row('Berta', 'Berg', 'email')}", f",{row('Berta', '', 'email', 'Bonn')}")
    assert names() == ["Berta Berg", "Berta"] and Address.objects.get().customer.name == "Berta Berg"


@pytest.mark.django_db
def test_behind_rows_in_which_nothing_differs_a_new_one_that_waited_for_them_is_made() -> None:
    """What a source knows under two numbers is two, whatever else they share."""
    header = f"Customer ID,{HEADER}"
    brought(header, f"1,{row('Anna', '', 'email')}")
    lines = header, f",{row('Anna', '', 'email')}", f"2,{row('Anna', '', 'email')}"
    assert sums(tried(*lines)) == sums(brought(*lines)) == (1, 0, 1, 0)
    assert names() == ["Anna", "Anna"]
    newest = newest_deed()
    assert sums(brought(*lines)) == (0, 0, 2, 0) and newest_deed() == newest, "the same file again leaves no trace"


@pytest.mark.django_db
def test_two_of_whom_each_might_be_a_phone_without_a_name_stay_two() -> None:
    add_customer(card={"phones": ["+4930901899"]}, by=OLGA, at=NOON)
    lines = HEADER, row("Anna", "Huber", "phone"), row("Anna", "Zwick", "phone")
    assert sums(tried(*lines)) == sums(brought(*lines)) == (1, 1, 0, 0)
    assert names() == ["Anna Huber", "Anna Zwick"]


@pytest.mark.django_db
def test_an_order_finds_its_buyer_by_the_same_rules() -> None:
    card = {"given_name": "Anna", "family_name": "Huber", "phones": ["+4930901899"], "emails": ["anna@x.org"]}
    number = add_customer(card=card, by=OLGA, at=NOON)

    def found(family: str, **more: list[str]) -> int | None:
        told = {"given_name": "Anna", "family_name": family, **more}
        return _found(drafts.read(told, ground(NOON + timedelta(days=1))))

    assert found("Huber", phones=["+4930901899"]) == number
    assert found("Zwick", phones=["+4930901899"]) is None
    assert found("Zwick", emails=["anna@x.org"]) == number


@pytest.mark.parametrize(
    ("one", "two"),
    [("Müller", "Mueller"), ("Sørensen", "Soerensen"), ("O'Neill", "ONeill"), ("सिंह", "Singh"), ("Groß", "GROSS")],
)
def test_another_spelling_is_the_same_name(one: str, two: str) -> None:
    assert not person("Anna", one).contradicts(person("Anna", two), by_phone=True)
    assert not person(one, "Berg").contradicts(person(two, "Berg"), by_phone=True)


def test_a_contradiction_is_mutual_and_a_phone_alone_never_joins_more_than_an_address() -> None:
    given = ("", "Anna", "Anna Maria", "Bernd", "Jörg", "Joerg", "A")
    family = ("", "Huber", "Huber-Lang", "Zwick", "Müller", "Mueller", "Z")
    people = [person(*each) for each in product(given, family)]
    for one, two in product(people, people):
        for by_phone in (False, True):
            assert one.contradicts(two, by_phone=by_phone) == two.contradicts(one, by_phone=by_phone)
        assert one.contradicts(two, by_phone=True) or not one.contradicts(two)
        assert not one.contradicts(Person("", "", ""), by_phone=True), "a missing name contradicts nothing"
    assert not any(each.contradicts(each, by_phone=True) for each in people)
