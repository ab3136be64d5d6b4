"""Putting purchases right, products, places and standings over HTTP."""

import pytest

from regulars.areas.trade.tests.people import anna, bought
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


def test_products_and_places_are_kept_by_a_program() -> None:
    staff = Program("staff")
    made = staff.put("/products/B1", {"name": "Atlas", "type": "Books", "price": "12.50"})
    assert made.json() == {"number": "B1", "name": "Atlas", "type": "Books", "price": "12.5 EUR"} and made["Changeset"]
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
