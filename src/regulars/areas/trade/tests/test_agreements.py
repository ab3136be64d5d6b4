"""Subscriptions and pledges: taken down, changed, ended; what is due of them, what came, who is behind."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from regulars.areas.customers.actions import add_customer, forget_customer
from regulars.areas.customers.tests.people import dump
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import Moment, as_of, newest_deed, verify
from regulars.areas.trade.actions import (
    NewAgreement,
    agree,
    change_agreement,
    end_agreement,
    record_purchase,
    remove_product,
    return_lines,
    set_product,
    void_purchase,
)
from regulars.areas.trade.actions.shapes import NewLine, NewPurchase
from regulars.areas.trade.models import Agreement
from regulars.areas.trade.queries import agreed_by, agreement_for, agreement_page, agreements
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought, days_ago
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def pledged(number: int, amount: int = 10, *, ago: int = 100, **more: Any) -> int:
    told: dict[str, Any] = {"kind": "pledge", "purpose": "Roof", "every": "month"} | more
    new = NewAgreement(amount=amount * 10_000, since=days_ago(ago).date(), **told)
    return agree(customer=number, told=new, by=OLGA, at=NOW)[1]


def subscribed(number: int, amount: int = 10, **more: Any) -> int:
    told = {"purpose": ""} if "product" in more else {"purpose": "Magazine"}
    return pledged(number, amount, kind="subscription", **told | more)


def gave(number: int, amount: int, text: str = "Roof", **more: Any) -> int:
    return bought(number, amount, text=text, kind="donation", **more)


def figures(number: int, day: date = TODAY) -> dict[int, tuple[int, int, int]]:
    """By serial, in whole units: due, given, behind."""
    return {
        each.row.serial: (each.due[0] // 10_000, each.given[0] // 10_000, each.behind[0] // 10_000)
        for each in agreed_by(number, day)
    }


def test_a_pledge_is_due_and_what_was_given_for_it_counts() -> None:
    number = anna()
    roof = pledged(number, ago=100)  # four periods have begun
    gave(number, 5, ago=101)  # before it
    gave(number, 15, "ROOF ", ago=50)
    gave(number, 7, "Organ", ago=50)
    bought(number, 90, text="Roof", ago=50)
    assert figures(number) == {roof: (40, 15, 25)}
    any_of = pledged(number, 8, every="once", purpose="", ago=60)
    assert figures(number) == {roof: (40, 15, 25), any_of: (8, 7, 1)}
    gave(number, 30)
    assert figures(number) == {roof: (40, 44, 0), any_of: (8, 8, 0)}


def test_a_subscription_is_paid_by_what_is_bought_less_what_goes_back() -> None:
    number = anna()
    set_product(number="M1", name="Magazine", by=OLGA, at=NOW)
    product, words = subscribed(number, product="M1"), subscribed(number, purpose="Coffee box", every="quarter")
    serial = bought(number, 30, product="M1", ago=40, quantity=3)
    bought(number, 10, text="coffee  BOX", ago=3)
    bought(number, 5, text="Coffee", ago=3)
    assert figures(number) == {product: (40, 30, 10), words: (20, 10, 10)}
    return_lines(serial=serial, items=[(1, 10_000)], reason="mind", by=OLGA, at=NOW)
    assert figures(number)[product] == (40, 20, 20)
    with pytest.raises(Refused, match="Product M1 was bought"):
        remove_product(number="M1", by=OLGA, at=NOW)


def test_another_currency_stands_aside() -> None:
    number = anna()
    roof = pledged(number, every="once")
    line = NewLine(text="Roof", amount=60_000, kind="donation")
    record_purchase(purchase=NewPurchase([line], customer=number, currency="USD", rate=900_000_000), by=OLGA, at=NOW)
    gave(number, 3)
    (each,) = agreed_by(number, TODAY)
    assert figures(number) == {roof: (10, 3, 7)} and each.aside == [(60_000, "USD")]
    assert each.as_json()["does_not_count"] == ["6 USD"]


def test_what_is_made_void_did_not_come_and_looking_back_it_had() -> None:
    number = anna()
    roof = pledged(number, every="once")
    serial = gave(number, 10)
    then = Moment(NOW, newest_deed_link())
    void_purchase(serial=serial, reason="bounced", by=OLGA, at=NOW)
    assert figures(number) == {roof: (10, 0, 10)}
    with as_of(then):
        assert figures(number) == {roof: (10, 10, 0)}


def newest_deed_link() -> int:
    from regulars.areas.journal.models import Link

    return Link.objects.latest("number").number


def test_it_is_changed_ended_and_taken_back() -> None:
    number = anna()
    serial, before = pledged(number), dump()
    done = change_agreement(
        serial=serial, changes={"amount": 200_000, "every": "quarter", "purpose": " New  roof "}, by=OLGA, at=NOW
    )
    row = agreement_for(OLGA, serial)
    assert (row.amount, row.every, row.purpose, row.key) == (200_000, "quarter", "New roof", "new roof")
    assert change_agreement(serial=serial, changes={"every": "quarter"}, by=OLGA, at=NOW) is None
    undo(changeset=done or 0, by=OLGA, at=NOW)
    assert dump() == before
    ended = end_agreement(serial=serial, until=days_ago(50).date(), why="moved  away", by=OLGA, at=NOW)
    assert figures(number) == {serial: (20, 0, 20)}
    assert [(each.over, each.row.why) for each in agreed_by(number, TODAY)] == [(True, "moved away")]
    with pytest.raises(Refused, match="ends on"):
        end_agreement(serial=serial, until=TODAY, why="later", by=OLGA, at=NOW)
    change_agreement(serial=serial, changes={"until": None}, by=OLGA, at=NOW)
    assert (agreement_for(OLGA, serial).until_day, agreement_for(OLGA, serial).why) == (None, "")
    undo(changeset=ended or 0, by=OLGA, at=NOW)
    assert verify().ok


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"kind": "gift"}, "kind"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"currency": "XXQ"}, "currency"),
        ({"every": "week"}, "every"),
        ({"product": "M1"}, "product"),
        ({"kind": "subscription", "purpose": " "}, "product"),
        ({"kind": "subscription", "product": "M9"}, "product"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"since": date(1500, 1, 1)}, "since"),
        ({"purpose": "x" * 301}, "purpose"),
        ({"note": "Card 4111 1111 1111 1111"}, "note"),
    ],
)
def test_what_will_not_do_is_refused_by_its_name(told: dict[str, Any], where: str) -> None:
    number = anna()
    new: dict[str, Any] = {"kind": "pledge", "purpose": "Roof", "amount": 10_000, "since": TODAY} | told
    with pytest.raises(Refused) as refused:
        agree(customer=number, told=NewAgreement(**new), by=OLGA, at=NOW)
    assert refused.value.where == where and not Agreement.objects.exists()


def test_a_product_that_is_subscribed_to_stays() -> None:
    set_product(number="M1", name="Magazine", by=OLGA, at=NOW)
    subscribed(anna(), product="M1")
    with pytest.raises(Refused, match="Product M1 is subscribed to"):
        remove_product(number="M1", by=OLGA, at=NOW)


def test_who_is_behind_is_listed_page_by_page() -> None:
    numbers = [add_customer(card={"given_name": f"P{place}"}, by=OLGA, at=NOW) for place in range(6)]
    serials = [pledged(number, every="once") for number in numbers]
    for number in numbers[::2]:
        gave(number, 10)
    assert listed() == serials[::-1] and listed(behind=True) == serials[1::2][::-1]
    assert listed(kind="subscription") == [] and listed(customer=numbers[1]) == [serials[1]]


def listed(behind: bool = False, **narrowed: Any) -> list[int]:
    found, after = list[int](), ""
    while True:
        rows, after = agreement_page(agreements(OLGA, **narrowed), day=TODAY, behind=behind, after=after, limit=2)
        found += [each.row.serial for each in rows]
        if not after:
            return found


def test_who_sees_only_her_own_sees_their_agreements() -> None:
    hers, other = anna(territory="north"), add_customer(card={"given_name": "Otto"}, by=OLGA, at=NOW)
    mine, theirs = pledged(hers), pledged(other)
    nora = replace(OLGA, name="Nora", own=(("territory", ("north",)),))
    assert [row.serial for row in agreements(nora)] == [mine]
    nobody = replace(OLGA, rights=frozenset({"customers.view", "trade.view"}))
    for deed in (
        lambda by: change_agreement(serial=theirs, changes={"note": "x"}, by=by, at=NOW),
        lambda by: end_agreement(serial=theirs, until=TODAY, why="x", by=by, at=NOW),
        lambda by: agree(customer=other, told=NewAgreement("pledge", 1), by=by, at=NOW),
    ):
        with pytest.raises(NotFound):
            deed(nora)
        with pytest.raises(NotAllowed):
            deed(nobody)
    with pytest.raises(NotAllowed):
        agreements(replace(OLGA, rights=frozenset({"customers.view"})))


def test_of_who_is_forgotten_no_agreement_is_kept() -> None:
    number = anna()
    pledged(number)
    end_agreement(serial=Agreement.objects.get().serial, until=TODAY, why="Anna said so", by=OLGA, at=NOW)
    forget_customer(number=number, by=OLGA, at=NOW)
    assert not Agreement.objects.exists() and not Agreement.past._default_manager.exists()
    assert verify().problems == []
    assert newest_deed()
