"""Purchases, products, places and reservations at the shell: what the pages and the API do."""

from typing import Any

import pytest

from regulars.areas.access.tests.people import person
from regulars.areas.trade.models import Purchase
from regulars.areas.trade.queries import reservations
from regulars.areas.trade.tests.people import OLGA, anna

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _olga(db: None) -> None:
    person("owner")


def test_products_and_places(told: Any) -> None:
    atlas = ("product", "set", "B1", "--name", "Atlas", "--type", "Books", "--price", "12.50", "--warranty", "24")
    made = {"number": "B1", "name": "Atlas", "type": "Books", "price": "12.5 EUR", "warranty": 24}
    assert told(*atlas) == made == told(*atlas)
    assert told("product", "set", "B1", "--warranty", "0")["warranty"] is None
    told("product", "set", "T1", "--name", "Kite")
    assert [each["number"] for each in told("product", "list", "--type", "BOOKS")] == ["B1"]
    assert told("product", "remove", "T1")["changeset"] and len(told("product", "list")) == 1
    told("place", "set", "north", "--name", "North")
    assert told("place", "set", "t1", "--kind", "till", "--within", "north")["within"] == "north"
    assert [each["code"] for each in told("place", "list")] == ["north", "t1"]
    assert told("place", "remove", "t1")["changeset"] and len(told("place", "list")) == 1


def test_a_purchase_from_its_taking_down_to_its_void(told: Any, refused: Any) -> None:
    number = anna()
    told("product", "set", "B1", "--name", "Atlas", "--price", "12.50")
    kept = told("purchase", "record", "--customer", str(number), "--goods", "B1*2", "--text", "Gift wrap=3.5")
    assert (kept["customer"], kept["total"], [each["amount"] for each in kept["lines"]]) == (
        number,
        "28.5",
        ["25", "3.5"],
    )
    serial = str(kept["serial"])
    assert told("purchase", "show", serial) == kept
    back = told("purchase", "return", serial, "--line", "1", "--reason", "defect")
    assert (back["total"], back["lines"][0]["reason"]) == ("-12.5", "defect")
    assert told("purchase", "show", serial)["lines"][0]["left"] == "1"
    assert "2 cannot go back: 1 is left" in refused("purchase", "return", serial, "--line", "1*2")
    assert "is no line" in refused("purchase", "return", serial, "--line", "first")
    assert "There is no product X9" in refused("purchase", "record", "--goods", "X9")
    assert "Make that return void first" in refused("purchase", "void", serial, "--reason", "a slip")
    told("purchase", "void", str(back["serial"]), "--reason", "a slip")
    assert told("purchase", "void", serial, "--reason", "a slip")["void"] == "a slip"
    listed = told("purchase", "list", "--customer", str(number), "--limit", "1")
    assert [each["serial"] for each in listed] == [back["serial"]] and Purchase.objects.count() == 2
    assert told("purchase", "list", "--late") == [] == told("purchase", "list", "--channel", "web")


def test_money_goes_back_alone_and_a_quantity_that_is_none_is_refused(told: Any, refused: Any) -> None:
    serial = str(told("purchase", "record", "--text", "Tea*2=3.5")["serial"])
    assert told("purchase", "return", serial, "--amount", "2.5")["total"] == "-2.5"
    assert "4.6 cannot be paid back: 4.5 is left" in refused("purchase", "return", serial, "--amount", "4.6")
    assert "Say which lines go back" in refused("purchase", "return", serial)
    assert "is above nought" in refused("purchase", "record", "--text", "Tea*-2=3.5")
    for wrong in ("2,5", "-1,5", "", "--2"):
        assert f"“{wrong}” is no quantity" in refused("purchase", "record", "--text", f"Tea*{wrong}=3.5")
    assert told("purchase", "record", "--text", "5*Star tea=3.5")["lines"][0]["text"] == "5*Star tea"
    assert Purchase.objects.count() == 3


def test_reservations(told: Any, refused: Any) -> None:
    number = anna()
    told("product", "set", "B1", "--name", "Atlas")
    add = ("reservation", "add", "--customer", str(number), "--product", "B1")
    (first,), (second,) = told(*add, "--by", "2099-01-31"), told(*add, "--quantity", "2")
    assert (first["wanted_by"], second["place_in_line"], second["quantity"]) == ("2099-01-31", 2, "2")
    (ready,) = told("reservation", "came", "B1", "2", "--until", "2099-02-01")
    assert (ready["serial"], ready["state"], ready["kept_until"]) == (first["serial"], "ready", "2099-02-01")
    assert told("reservation", "came", "B1", "1") == []
    assert told("reservation", "fetched", str(first["serial"]))[0]["state"] == "fetched"
    assert "is over" in refused("reservation", "dropped", str(first["serial"]))
    told("reservation", "ready", str(second["serial"]))
    assert [each["state"] for each in told("reservation", "list")] == ["ready"]
    assert told("reservation", "list", "--overdue") == []
    told("reservation", "dropped", str(second["serial"]))
    assert told("reservation", "list") == [] and reservations(OLGA, state="all").count() == 2
