"""`at=` and `--at` on everything else that a customer's card leads to: purchases, figures, promises, lists, consent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.areas.access.tests.people import person
from regulars.areas.consent.actions import give
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import OLGA
from regulars.areas.segments.actions import change_list, make_list
from regulars.areas.trade import actions as trade
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)
MARCH: dict[str, Any] = {"by": OLGA, "at": datetime(2026, 3, 3, 12, tzinfo=UTC)}
APRIL: dict[str, Any] = {"by": OLGA, "at": datetime(2026, 4, 3, 12, tzinfo=UTC)}
THEN, BEFORE = "2026-03-03", "2026-03-02"


@pytest.fixture
def anna() -> int:
    """In March Anna bought tea, gave five, promised more, wished for a cup; in April all of it ended."""
    person("owner")
    number = add_customer(card={"given_name": "Anna", "family_name": "Berg"}, **MARCH)
    make_list(name="Tea", **MARCH)
    lines = [trade.NewLine(text="Tea", amount=90_000), trade.NewLine(text="Help", amount=50_000, kind="donation")]
    sold = trade.record_purchase(purchase=trade.NewPurchase(lines, customer=number, at=MARCH["at"]), **MARCH).serial
    pledge = trade.NewAgreement("pledge", 10_000, purpose="Roof")
    _deed, agreed = trade.agree(customer=number, told=pledge, **MARCH)
    _deed, wished = trade.reserve(wish=trade.Wish(number, text="Cup"), **MARCH)
    trade.void_purchase(serial=sold, reason="Wrong till", **APRIL)
    trade.end_agreement(serial=agreed, until=APRIL["at"].date(), why="Moved", **APRIL)
    trade.drop(serial=wished, **APRIL)
    change_list(name="Tea", to="Coffee", **APRIL)
    give(number=number, channels=["email"], purposes=["offers"], heard="Form", **APRIL)
    return number


def test_over_http(anna: int) -> None:
    owner = Program("owner")

    def ask(path: str, at: str = "") -> Any:
        return owner.get(f"{path}?at={at}").json()

    (then,) = ask("/purchases", THEN)
    assert then["void"] is None and ask("/purchases")[0]["void"] == "Wrong till" and ask("/purchases", BEFORE) == []
    assert ask(f"/purchases/{then['serial']}", THEN)["void"] is None
    assert ask(f"/purchases/{then['serial']}", BEFORE)["code"] == "not_found"
    stands = ask(f"/customers/{anna}/standing", THEN)
    assert (stands["spent"], stands["state"], ask(f"/customers/{anna}/standing")["spent"]) == ("9", "active", "0")
    (given,) = ask("/donations/2026", THEN)
    assert given["amount"] == "5" and ask("/donations/2026") == []
    assert ask(f"/customers/{anna}/donations/2026", THEN)["amount"] == "5"
    (agreed,) = ask("/agreements", THEN)
    assert agreed["until"] is None and ask("/agreements")[0]["until"] == "2026-04-03"
    assert ask(f"/agreements/{agreed['serial']}", THEN)["until"] is None
    (wished,) = ask("/reservations", THEN)
    assert ask("/reservations") == [] and ask(f"/reservations/{wished['serial']}", THEN)["state"] == "waiting"
    assert [each["name"] for each in ask("/lists", THEN)] == ["Tea"] and ask("/lists/Tea", THEN)["name"] == "Tea"
    assert ask("/lists/Tea")["code"] == "not_found"
    answers = [{each["answer"] for each in ask(f"/customers/{anna}/consent", at)} for at in (THEN, "")]
    assert answers[0] == {"none"} and "given" in answers[1]
    assert [each["sold"] for each in ask("/deliveries", THEN)] == ask("/deliveries", BEFORE) == []
    for path in ("/purchases", "/deliveries", "/agreements", "/reservations", "/donations/2026", "/lists"):
        assert ask(path, "2100-01-01")["where"] == "at", path


def test_by_command(told: Any, anna: int) -> None:
    (then,) = told("purchase", "list", "--at", THEN)
    assert then["void"] is None and told("purchase", "list")[0]["void"] == "Wrong till"
    assert told("purchase", "show", str(then["serial"]), "--at", THEN)["void"] is None
    assert told("donations", "2026", "--at", THEN)[0]["amount"] == "5" and told("donations", "2026") == []
    assert told("agreements", "--at", THEN)[0]["until"] is None
    assert told("reservation", "list", "--at", THEN)[0]["text"] == "Cup" and told("reservation", "list") == []
    assert told("list", "list", "--at", THEN)[0]["name"] == told("list", "show", "Tea", "--at", THEN)["name"] == "Tea"
    assert told("why", str(anna), 'segment "x" or spent > 8', "--at", THEN, code=1)["error"]
    assert (
        told("why", str(anna), "spent > 8", "--at", THEN)["holds"] and not told("why", str(anna), "spent > 8")["holds"]
    )
    assert told("deliveries", "--at", BEFORE) == []
    refused = told("donations", "2026", "--give-out", "--at", THEN, code=1)
    assert (
        "Go back to today" in refused["error"]["message"]
        and told("donations", "2026", "--at", THEN)[0]["receipt"] is None
    )
