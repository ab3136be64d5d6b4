"""Purchases over HTTP, through the door: the good case first, then each refusal."""

import pytest

from regulars.areas.customers.models import Proposal, Reference
from regulars.areas.trade.models import Line, Purchase
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
TEA = {"product": "TE-9", "text": "Tea", "quantity": 2, "price": "7.50"}
ANNA = {"given_name": "Anna", "family_name": "Berg", "emails": [{"value": "anna@example.com"}]}
ORDER = {"source": "shop", "number": "1001", "lines": [TEA], "buyer": ANNA, "channel": "web"}


@pytest.fixture
def shop() -> Program:
    return Program("owner")


def test_a_purchase_is_taken_down_with_its_buyer_and_read(shop):
    made = shop.post("/purchases", ORDER)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["total"], told["lines"][0]["amount"], told["lines"][0]["left"]) == ("15", "15", "2")
    assert shop.get(f"/customers/{told['customer']}").json()["family_name"] == "Berg"
    assert shop.get(made["Location"].removeprefix("/api/v1")).json() == told
    assert int(made["Changeset"]) > 0


def test_a_line_tells_the_type_of_its_goods(shop):
    shop.post("/purchases", {"lines": [TEA]})
    shop.put("/products/C1", {"type": "Coffee"})
    shop.post("/purchases", {"lines": [{**TEA, "type": "Drinks"}, {"product": "C1", "price": 1, "type": "Drinks"}]})
    assert {each["number"]: each["type"] for each in shop.get("/products").json()} == {"TE-9": "Drinks", "C1": "Coffee"}


def test_how_a_delivery_goes_is_told_at_once_or_later_as_often_as_one_likes(shop):
    days = {"promised": "2026-11-02", "sent": "2026-11-03"}
    told = shop.post("/purchases", {**ORDER, **days}).json()
    assert (told["sent"], told["delivered"], told["damaged"], told["late_days"]) == ("2026-11-03", None, False, None)
    came = {"delivered": "2026-11-05", "damaged": True}
    first, again = (shop.patch(f"/purchases/{told['serial']}", came) for _again in range(2))
    stands = {**days, **came, "late_days": 3}
    assert first["Changeset"] and "Changeset" not in again
    assert stands.items() <= first.json().items() and first.json() == again.json()
    other = shop.post("/purchases", {**ORDER, "number": "1002", **days, **came}).json()
    assert (other["delivered"], other["damaged"], other["late_days"]) == ("2026-11-05", True, 3)
    refused = shop.refused(shop.post("/purchases", {**ORDER, "number": "1003", "sent": "2026-02-30"}), 422)
    assert "2026-02-30" in refused["detail"]


def test_the_same_number_again_is_no_second_purchase(shop):
    first = shop.post("/purchases", ORDER).json()
    again = shop.post("/purchases", ORDER)
    assert (again.status_code, again.json()["serial"]) == (200, first["serial"])
    assert shop.refused(shop.post("/purchases", {**ORDER, "lines": [TEA, TEA]}), 409)["code"] == "known_otherwise"
    assert Purchase.objects.count() == 1


def test_a_list_of_purchases_comes_in_by_a_program(shop):
    rows = b"Order no,Date,Product,Quantity,Price,E-mail\n1,2026-11-01,Tea,2,7.50,anna@example.com\n"
    given = shop.upload("/imports", "orders.csv", rows, {"holds": "purchases"})
    assert given.status_code == 201, given.content
    done = shop.post(f"/imports/{given.json()['id']}/dry-run", {}).json()
    assert (done["purchases"], done["lines"], done["customers_created"]) == (1, 1, 1)


def test_one_key_is_one_purchase(shop):
    body = {"lines": [TEA]}
    one, two = (shop.post("/purchases", body, idempotency_key="till-7-0001") for _again in range(2))
    assert one.json() == two.json() and Purchase.objects.count() == 1


def test_what_an_order_says_otherwise_is_proposed(shop):
    number = shop.post("/purchases", ORDER).json()["customer"]
    buyer = {**ANNA, "references": [{"source": "shop", "value": "77"}], "phones": [{"value": "+49 30 901820"}]}
    shop.post("/purchases", {**ORDER, "number": "1002", "buyer": buyer})
    card = shop.get(f"/customers/{number}").json()
    assert card["phones"][0]["value"] == "+4930901820"  # a gap is filled
    moved = {"references": [{"source": "shop", "value": "77"}], "emails": [{"value": "berg@example.org"}]}
    third = shop.post("/purchases", {**ORDER, "number": "1003", "buyer": moved}).json()
    assert third["customer"] == number
    assert [each["value"] for each in shop.get(f"/customers/{number}").json()["emails"]] == ["anna@example.com"]
    (proposed,) = shop.get(f"/customers/{number}/proposals").json()
    assert (proposed["kind"], proposed["text"]) == ("email", "berg@example.org")
    taken = shop.post(f"/customers/{number}/proposals/{proposed['token']}/accept", {})
    assert taken.status_code == 200, taken.content
    assert "berg@example.org" in str(shop.get(f"/customers/{number}").json()["emails"])
    assert shop.get(f"/customers/{number}/proposals").json() == []
    assert Proposal.objects.get().state == "accepted"


def test_a_till_knows_the_buyer_by_phone_by_card_or_by_a_terminals_token(shop):
    number = shop.post("/customers", {"given_name": "Bo", "phones": [{"value": "+4930901821"}]}).json()["number"]
    by_phone = shop.post("/purchases", {"lines": [TEA], "buyer": {"phones": [{"value": "030 901821"}]}}).json()
    by_card = shop.post("/purchases", {"lines": [TEA], "customer": number, "terminal_token": "tok_9f2"}).json()
    by_token = shop.post("/purchases", {"lines": [TEA], "terminal_token": "tok_9f2"}).json()
    assert {by_phone["customer"], by_card["customer"], by_token["customer"]} == {number}
    assert shop.post("/purchases", {"lines": [TEA], "terminal_token": "tok_other"}).json()["customer"] is None
    assert Reference.objects.filter(source="terminal").count() == 1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"terminal_token": "4111 1111 1111 1111"}, "buyer.terminal_token"),
        ({"note": "paid with 4111111111111111"}, "note"),
        ({"lines": [{**TEA, "text": "4111 1111 1111 1111"}]}, "lines.0.text"),
        ({"lines": [{**TEA, "price": "7,5"}]}, "lines.0.price"),
        ({"lines": [{**TEA, "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": 1, "price": 1}]}, "lines.0.product"),
        ({"at": "2026-11-28T10:30:00"}, "at"),
        ({"place": "nowhere", "currency": "XXQ"}, "currency"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(shop, change, where):
    told = shop.refused(shop.post("/purchases", {**ORDER, **change}), 422)
    assert told["where"] == where, told
    assert not Purchase.objects.exists()


def test_a_number_that_is_no_customers_is_not_found(shop):
    shop.refused(shop.post("/purchases", {"lines": [TEA], "customer": 99999}), 404)


def test_lines_are_given_back_and_never_more_than_is_left(shop):
    sold = shop.post("/purchases", ORDER).json()
    given = {"lines": [{"ordinal": 1}], "reason": "defect", "served_by": "Ben"}
    back = shop.post(f"/purchases/{sold['serial']}/returns", given)
    assert back.json()["served_by"] == "Ben"
    assert back.status_code == 201, back.content
    assert (back.json()["total"], back.json()["customer"]) == ("-7.5", sold["customer"])
    assert shop.get(f"/purchases/{sold['serial']}").json()["lines"][0]["left"] == "1"
    more = {"lines": [{"ordinal": 1, "quantity": 2}]}
    shop.refused(shop.post(f"/purchases/{sold['serial']}/returns", more), 422)
    assert Line.objects.filter(kind="return").count() == 1


def test_purchases_are_listed_a_page_at_a_time(shop):
    for number in range(3):
        shop.post("/purchases", {**ORDER, "number": str(number), "at": f"2026-11-0{number + 1}T10:00:00+01:00"})
    first = shop.get("/purchases?limit=2")
    assert [each["number"] for each in first.json()] == ["2", "1"]
    rest = first["Link"].partition(">")[0].lstrip("<").removeprefix("/api/v1")
    assert [each["number"] for each in shop.get(rest).json()] == ["0"]
    assert shop.get("/purchases?since=2026-11-02&until=2026-11-02").json()[0]["number"] == "1"


@pytest.mark.parametrize("path", ["/purchases", "/deliveries"])
def test_a_day_that_is_asked_for_is_no_bare_number(shop, path):
    """Which would be taken for seconds since 1970."""
    for name in ("since", "until"):
        assert shop.get(f"{path}?{name}=2026-03-01").status_code == 200
        shop.refused(shop.get(f"{path}?{name}=0"), 422)


@pytest.mark.parametrize(
    "other", [{"quantity": 3}, {"price": "9.00"}, {"product": "OTHER"}, {"kind": "donation", "product": ""}]
)
def test_a_number_that_is_kept_is_not_taken_for_another_purchase(shop, other):
    made = shop.post("/purchases", {**ORDER, "number": "77", "lines": [TEA]})
    again = shop.post("/purchases", {**ORDER, "number": "77", "lines": [TEA]})
    assert (made.status_code, again.status_code) == (201, 200)
    told = {**ORDER, "number": "77", "lines": [{**TEA, **other}]}
    assert shop.refused(shop.post("/purchases", told), 409)["code"] == "known_otherwise"


def test_a_purchase_in_another_currency_tells_its_rate(shop):
    told = {"lines": [TEA], "currency": "USD"}
    assert shop.refused(shop.post("/purchases", told), 422)["where"] == "rate"
    assert shop.refused(shop.post("/purchases", {**told, "rate": "much"}), 422)["where"] == "rate"
    assert shop.post("/purchases", {**told, "rate": "0.917431193"}).json()["rate"] == "0.917431193"
    assert shop.post("/purchases", told).json()["rate"] == "0.917431193", "as with the latest one"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "2099-01-01T00:00:00Z"])
def test_a_day_that_is_a_slip_is_refused(shop, at):
    assert shop.refused(shop.post("/purchases", {"lines": [TEA], "at": at}), 422)["where"] == "at"


def test_a_return_says_of_which_purchase(shop):
    serial = shop.post("/purchases", {"lines": [TEA]}).json()["serial"]
    back = shop.post(f"/purchases/{serial}/returns", {"lines": [{"ordinal": 1}]}).json()
    assert [line["returns"] for line in back["lines"]] == [serial]


def test_who_buys_for_a_firm_does_not_give_it_her_name(shop):
    firm = shop.post("/customers", {"kind": "organisation", "organisation_name": "Town Library"}).json()["number"]
    berg = shop.post("/customers", {"family_name": "Berg"}).json()["number"]
    zoe = {"given_name": "Zoe", "family_name": "Quill", "emails": [{"value": "zoe@example.com"}]}
    for number in (firm, berg):
        assert shop.post("/purchases", {"lines": [TEA], "customer": number, "buyer": zoe}).status_code == 201
        card = shop.get(f"/customers/{number}").json()
        assert not card.get("given_name") and card["emails"][0]["value"] == "zoe@example.com"
