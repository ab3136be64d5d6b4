"""How long what was sold is under warranty: by its product when it was sold, or as it was said."""

from datetime import date, timedelta

import pytest

from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions import (
    NewLine,
    NewPurchase,
    correct_purchase,
    record_purchase,
    return_lines,
    set_product,
)
from regulars.areas.trade.models import Line
from regulars.areas.trade.queries import kept_for, lines_of, purchase_for
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought, days_ago
from regulars.kernel.dates import months_later
from regulars.kernel.errors import Refused
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def until(serial: int) -> list[date | None]:
    return [line.warranty_until for line in lines_of(purchase_for(OLGA, serial))]


@pytest.fixture(autouse=True)
def _kettle(db: None) -> None:
    set_product(number="K1", name="Kettle", warranty=24, by=OLGA, at=NOW)


def test_a_line_carries_the_warranty_its_product_has_when_it_is_sold() -> None:
    first = bought(anna(), product="K1")
    set_product(number="K1", warranty=6, by=OLGA, at=NOW)
    second, other = bought(anna(), product="K1"), bought(anna(), product="B1")
    set_product(number="K1", warranty=0, by=OLGA, at=NOW)
    assert until(first) == [months_later(TODAY, 24)] and until(second) == [months_later(TODAY, 6)]
    assert until(other) == [None] == until(bought(anna(), product="K1"))
    assert verify().ok


def test_a_warranty_may_be_said_and_a_wrong_one_is_refused_with_its_line() -> None:
    lines = [NewLine(text="Bicycle", amount=10_000, warranty_until=TODAY + timedelta(days=9))]
    serial = record_purchase(purchase=NewPurchase(lines, customer=anna()), by=OLGA, at=NOW).serial
    assert until(serial) == [TODAY + timedelta(days=9)]
    for line in (
        NewLine(text="Bicycle", amount=10_000, warranty_until=TODAY - timedelta(days=1)),
        NewLine(text="Gift", amount=10_000, kind="donation", warranty_until=TODAY),
    ):
        with pytest.raises(Refused) as refused:
            record_purchase(purchase=NewPurchase([line], customer=anna()), by=OLGA, at=NOW)
        assert refused.value.where == "lines.0.warranty_until"


def test_a_correction_keeps_the_warranty_and_another_day_moves_it() -> None:
    serial = bought(anna(), product="K1")
    plain = bought(anna(), product="B1")
    for number in ("K1", "B1"):
        set_product(number=number, warranty=6, by=OLGA, at=NOW)
    for each in (serial, plain):
        correct_purchase(serial=each, changes={"note": "by bicycle"}, by=OLGA, at=NOW)
    assert until(serial) == [months_later(TODAY, 24)] and until(plain) == [None]
    earlier = days_ago(40)
    made = bought(anna(), product="K1")
    changeset = correct_purchase(serial=made, changes={"at": earlier}, by=OLGA, at=NOW)
    assert until(made) == [months_later(earlier.date(), 6)]
    assert changeset is not None
    undo(changeset=changeset, by=OLGA, at=NOW)
    assert until(made) == [months_later(TODAY, 6)]


def test_what_came_back_whole_is_under_no_warranty_any_more() -> None:
    number = anna()
    two, ended = bought(number, product="K1", quantity=2), bought(number, product="K1", ago=800)
    assert [line.purchase.serial for line in kept_for(OLGA, number, TODAY).warranted] == [two]
    assert until(ended)[0] < TODAY  # type: ignore[operator]
    return_lines(serial=two, items=[(1, 10_000)], reason="defect", by=OLGA, at=NOW)
    assert [line.left for line in kept_for(OLGA, number, TODAY).warranted] == [10_000]
    back = return_lines(serial=two, items=[(1, 10_000)], reason="defect", by=OLGA, at=NOW)
    assert kept_for(OLGA, number, TODAY).warranted == []
    assert back.changeset is not None
    undo(changeset=back.changeset, by=OLGA, at=NOW)
    assert len(kept_for(OLGA, number, TODAY).warranted) == 1


def test_a_program_says_and_reads_warranties() -> None:
    staff, number = Program("staff"), anna()
    assert staff.put("/products/K2", {"name": "Iron", "warranty": 12}).json()["warranty"] == 12
    lines = [{"product": "K2", "price": "20"}, {"text": "Fan", "amount": "9", "warranty_until": "2099-01-31"}]
    made = staff.post("/purchases", {"customer": number, "lines": lines, "at": f"{TODAY}T09:00:00Z"}).json()
    assert [each["warranty_until"] for each in made["lines"]] == [str(months_later(TODAY, 12)), "2099-01-31"]
    put = {"lines": [{"ordinal": 1, "product": "K1"}, {"ordinal": 2, "warranty_until": "2098-01-31"}]}
    mended = staff.patch(f"/purchases/{made['serial']}", put).json()
    assert [each["warranty_until"] for each in mended["lines"]] == [str(months_later(TODAY, 24)), "2098-01-31"]
    lines = [{"text": "Fan", "amount": "9", "warranty_until": "2099-02-31"}]
    refused = staff.post("/purchases", {"customer": number, "lines": lines})
    assert refused.status_code == 422 and "lines.0.warranty_until" in refused.content.decode()
    assert Line.objects.filter(warranty_until__isnull=False).count() == 2
