"""Receipts for what was given in a year: to one, to all at once; what changed since; who is forgotten."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.areas.customers.actions import add_customer, forget_customer
from regulars.areas.customers.tests.people import dump
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions import (
    NewLine,
    NewPurchase,
    give_receipt,
    give_receipts,
    record_purchase,
    void_purchase,
)
from regulars.areas.trade.models import GivingReceipt
from regulars.areas.trade.queries import giver_page, receipts_of, year_of
from regulars.areas.trade.tests.people import NOW, OLGA, anna
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
HOW: dict[str, Any] = {"by": OLGA, "at": NOW}


def gave(number: int, amount: int, text: str = "Roof", *, on: datetime | None = None, **more: Any) -> int:
    line = NewLine(text=text, amount=amount * 10_000, kind="donation")
    day = on or datetime(2025, 5, 1, 9, tzinfo=UTC)
    return record_purchase(purchase=NewPurchase([line], customer=number, at=day, **more), **HOW).serial


def three() -> tuple[int, int, int]:
    return anna(), *(add_customer(card={"given_name": name}, **HOW) for name in ("Otto", "Pia"))  # type: ignore[return-value]


def test_a_year_is_one_of_the_house_and_sums_what_it_is_worth() -> None:
    number = anna()
    gave(number, 5, on=datetime(2024, 12, 31, 22, 59, tzinfo=UTC))  # still 2024 in Berlin
    gave(number, 7, on=datetime(2024, 12, 31, 23, 1, tzinfo=UTC))  # 2025 already
    gave(number, 10, "Organ", currency="USD", rate=900_000_000)
    record_purchase(purchase=NewPurchase([NewLine(text="Tea", amount=40_000)], customer=number), **HOW)
    year = year_of(OLGA, number, 2025)
    assert [(gift.what, gift.amount, gift.currency, gift.worth) for gift in year.gifts] == [
        ("Roof", 70_000, "EUR", 70_000), ("Organ", 100_000, "USD", 90_000),
    ]  # fmt: skip
    assert (year.total, year.receipt, year.changed) == ((160_000, "EUR"), None, False)
    assert year_of(OLGA, number, 2024).amount == 50_000 and year_of(OLGA, number, 2023).gifts == ()


def test_it_is_given_out_once_and_anew_where_it_differs() -> None:
    number = anna()
    gave(number, 7)
    done = give_receipt(customer=number, year=2025, **HOW)
    assert done and year_of(OLGA, number, 2025).stands
    assert give_receipt(customer=number, year=2025, **HOW) is None
    serial = gave(number, 3, "Organ")
    year = year_of(OLGA, number, 2025)
    assert year.changed and year.receipt and year.receipt.amount == 70_000
    before = dump()
    again = give_receipt(customer=number, year=2025, **HOW)
    assert [row.amount for row in GivingReceipt.objects.order_by("serial")] == [70_000, 100_000]
    assert [row.amount for row in receipts_of(OLGA, 2025)[0]] == [100_000]
    undo(changeset=again or 0, **HOW)
    assert dump() == before and year_of(OLGA, number, 2025).changed
    void_purchase(serial=serial, reason="bounced", **HOW)
    assert year_of(OLGA, number, 2025).stands and verify().ok


def test_what_is_worth_the_same_and_is_another_is_a_change() -> None:
    number = anna()
    serial = gave(number, 7)
    give_receipt(customer=number, year=2025, **HOW)
    void_purchase(serial=serial, reason="for another purpose", **HOW)
    gave(number, 7, "Organ")
    assert year_of(OLGA, number, 2025).changed


def test_all_get_theirs_by_one_deed() -> None:
    first, second, third = three()
    for number, amount in ((first, 5), (second, 9), (third, 9)):
        gave(number, amount)
    give_receipt(customer=second, year=2025, **HOW)
    before = dump()
    done, count = give_receipts(year=2025, **HOW)
    assert count == 2 and [row.customer_id for row in receipts_of(OLGA, 2025)[0]] == [second, third, first]
    assert give_receipts(year=2025, **HOW) == (None, 0)
    undo(changeset=done or 0, **HOW)
    assert dump() == before and verify().ok


def test_who_gave_is_listed_by_the_sum() -> None:
    first, second, third = three()
    for number, amount in ((first, 5), (second, 9), (third, 9)):
        gave(number, amount)
    page, after = giver_page(OLGA, 2025, limit=2)
    rest, end = giver_page(OLGA, 2025, after=after, limit=2)
    assert [(each.number, each.amount) for each in (*page, *rest)] == [
        (second, 90_000), (third, 90_000), (first, 50_000),
    ]  # fmt: skip
    assert end == "" and giver_page(OLGA, 2024) == ([], "")


def test_refusals_and_rights() -> None:
    hers, other = anna(territory="north"), add_customer(card={"given_name": "Otto"}, **HOW)
    gave(hers, 5)
    gave(other, 5)
    with pytest.raises(Refused, match="Nothing was given in 2024"):
        give_receipt(customer=hers, year=2024, **HOW)
    for year in (0, 20_250):
        with pytest.raises(Refused):
            year_of(OLGA, hers, year)
    nora = replace(OLGA, name="Nora", own=(("territory", ("north",)),))
    assert [each.number for each in giver_page(nora, 2025)[0]] == [hers]
    assert give_receipts(year=2025, by=nora, at=NOW)[1] == 1
    assert [row.customer_id for row in receipts_of(replace(OLGA), 2025)[0]] == [hers]
    with pytest.raises(NotFound):
        give_receipt(customer=other, year=2025, by=nora, at=NOW)
    till = replace(OLGA, rights=frozenset({"customers.view", "trade.view", "trade.record"}))
    with pytest.raises(NotAllowed):
        give_receipts(year=2025, by=till, at=NOW)
    reader = replace(OLGA, rights=frozenset({"customers.view", "trade.view"}))
    with pytest.raises(NotAllowed):
        give_receipt(customer=hers, year=2025, by=reader, at=NOW)
    with pytest.raises(NotAllowed):
        giver_page(replace(OLGA, rights=frozenset({"customers.view"})), 2025)


def test_who_is_forgotten_leaves_the_figures() -> None:
    number = anna()
    gave(number, 5, "In memory of Ærøskøbing")
    give_receipt(customer=number, year=2025, **HOW)
    gave(number, 6)
    give_receipt(customer=number, year=2025, **HOW)
    forget_customer(number=number, **HOW)
    assert [(row.amount, row.customer_id) for row in GivingReceipt.objects.order_by("serial")] == [
        (50_000, None), (110_000, None),
    ]  # fmt: skip
    assert "Ærøskøbing" not in str(list(GivingReceipt.objects.values_list("gifts")))
    assert not GivingReceipt.past._default_manager.exists()
    assert verify().problems == []
