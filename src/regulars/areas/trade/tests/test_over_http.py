"""Putting purchases right, products, places and standings over HTTP."""

import pytest

from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


def test_products_and_places_are_kept_by_a_program() -> None:
    staff = Program("staff")
    made = staff.put("/products/B1", {"name": "Atlas", "type": "Books", "price": "12.50"})
    assert (
        made.json() == {"number": "B1", "name": "Atlas", "type": "Books", "price": "12.5 EUR", "warranty": None}
        and made["Changeset"]
    )
    assert staff.put("/products/B1", {"type": ""}).json()["type"] == ""
    assert staff.put("/products/B1", {"price": "a lot"}).status_code == 422
    staff.put("/products/B2", {})
    first = staff.get("/products?limit=1")
    assert [each["number"] for each in staff.get(staff.following(first)).json()] == ["B2"]
    assert staff.delete("/products/B2").status_code == 204 and staff.delete("/products/B2").status_code == 404
    staff.put("/places/north", {"name": "North", "territory": "north"})
    till = staff.put("/places/t1", {"name": "Till 1", "kind": "till", "within": "north"})
    assert till.json()["within"] == "north" and staff.put("/places/t2", {"within": "nowhere"}).status_code == 404
    assert [each["code"] for each in staff.get("/places").json()] == ["north", "t1"]
    assert staff.delete("/places/north").status_code == 422
    assert Program("till").put("/products/B1", {"name": "x"}).status_code == 403


def test_a_place_that_a_mistyped_code_made_goes_into_the_one_that_was_meant() -> None:
    till, staff = Program("till"), Program("staff")
    staff.put("/places/north", {"name": "North"})
    sent = till.post("/purchases", {"lines": [{"text": "Tea", "price": 3}], "place": "nroth"})
    assert (sent.status_code, sent.json()["place"]) == (201, "nroth")
    assert staff.delete("/places/nroth").status_code == 422
    for wrong, status in (("nroth", 422), ("south", 404)):
        assert staff.delete(f"/places/nroth?into={wrong}").status_code == status
    gone = staff.delete("/places/nroth?into=north")
    assert gone.status_code == 204
    serial = sent.json()["serial"]
    assert staff.get(f"/purchases/{serial}").json()["place"] == "north"
    assert [each["code"] for each in staff.get("/places").json()] == ["north"]
    assert staff.get("/purchases?place=nroth").json() == []
    undo(changeset=int(gone["Changeset"]), by=OLGA, at=NOW)
    assert staff.get(f"/purchases/{serial}").json()["place"] == "nroth" and verify().ok


def test_a_place_of_many_purchases_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    staff = Program("staff")
    staff.put("/places/north", {"name": "North"})
    for _each in range(3):
        bought(None, 9)
    monkeypatch.setattr("regulars.areas.trade.actions.goods.MOST_MOVED", 2)
    assert "More than 2 purchases" in staff.delete("/places/main?into=north").content.decode()


def test_a_purchase_is_put_right_and_made_void() -> None:
    staff, number = Program("staff"), anna()
    serial = bought(None, 90)
    told = {"customer": number, "promised": "2026-11-01", "delivered": "2026-11-03"}
    stands = staff.patch(f"/purchases/{serial}", told)
    assert (stands.json()["customer"], stands.json()["late_days"]) == (number, 2)
    assert staff.patch(f"/purchases/{serial}", {"promised": "soon"}).status_code == 422
    standing = staff.get(f"/customers/{number}/standing").json()
    assert (standing["spent"], standing["purchases"], standing["gold"]) == ("90", 1, True)
    assert staff.post(f"/purchases/{serial}/void", {"reason": "typed twice"}).json()["void"] == "typed twice"
    assert staff.get(f"/customers/{number}/standing").json()["spent"] == "0"
    assert staff.post(f"/purchases/{serial}/void", {"reason": "again"}).status_code == 422
    assert staff.patch("/purchases/999", {}).status_code == 404


def test_a_program_puts_lines_right() -> None:
    staff, number = Program("staff"), anna()
    serial = bought(number, 90, quantity=3, product="B1", text="Atlas")
    staff.put("/products/T1", {"name": "Kite", "price": "4.50"})
    lines = [{"ordinal": 1, "quantity": 2, "price": "25.00"}, {"product": "T1"}, {"text": "Bag", "amount": "0.20"}]
    done = staff.patch(f"/purchases/{serial}", {"lines": lines})
    assert done.status_code == 200 and done["Changeset"]
    shown = [(each["ordinal"], each["text"], each["quantity"], each["amount"]) for each in done.json()["lines"]]
    assert shown == [(1, "Atlas", "2", "50"), (2, "Kite", "1", "4.5"), (3, "Bag", "1", "0.2")]
    assert (done.json()["total"], staff.get(f"/customers/{number}/standing").json()["spent"]) == ("54.7", "54.7")
    stand = [{"ordinal": each} for each in (1, 2, 3)]
    assert "Changeset" not in staff.patch(f"/purchases/{serial}", {"lines": stand})
    struck = staff.patch(f"/purchases/{serial}", {"lines": [{"ordinal": 1}, {"ordinal": 3, "text": "Big bag"}]})
    assert [each["text"] for each in struck.json()["lines"]] == ["Atlas", "Big bag"]
    assert Program("owner").post(f"/changesets/{struck['Changeset']}/undo", {}).status_code == 200
    assert len(staff.get(f"/purchases/{serial}").json()["lines"]) == 3


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([{"ordinal": 9}], "lines"),
        ([{"ordinal": 1}, {"ordinal": 1}], "lines"),
        ([{"ordinal": 1, "kind": "donation"}], "lines.0.kind"),
        ([{"ordinal": 1}, {"text": "Bag"}], "lines.1.price"),
        ([{"ordinal": 1, "quantity": "many"}], "lines.0.quantity"),
        ([{"ordinal": 1, "product": "nobody's"}], "lines.0.product"),
    ],
)
def test_lines_that_will_not_do_are_refused_by_their_place(lines: list[dict[str, object]], where: str) -> None:
    staff, serial = Program("staff"), bought(anna(), 90, quantity=3)
    before = staff.get(f"/purchases/{serial}").json()
    refused = staff.patch(f"/purchases/{serial}", {"lines": lines})
    assert (refused.status_code, refused.json()["where"]) == (422, where)
    assert staff.get(f"/purchases/{serial}").json() == before


def test_what_went_back_of_a_line_stays() -> None:
    staff, serial = Program("staff"), bought(anna(), 90, quantity=3)
    back = {"lines": [{"ordinal": 1, "quantity": 2}], "reason": "defect"}
    assert staff.post(f"/purchases/{serial}/returns", back).status_code == 201
    refused = staff.patch(f"/purchases/{serial}", {"lines": [{"ordinal": 1, "quantity": 1, "price": 30}]})
    assert (refused.status_code, refused.json()["where"]) == (422, "lines.0.quantity")
    assert (
        staff.patch(f"/purchases/{serial}", {"lines": [{"ordinal": 1, "quantity": 2, "price": 30}]}).status_code == 200
    )
