"""Shops that tell of their orders: signed calls are kept once, all others come to nothing."""

import base64
import hashlib
import hmac
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.models import Customer, Reference
from regulars.areas.intake import actions
from regulars.areas.intake.actions import shops
from regulars.areas.intake.models import ShopCall, ShopSecret
from regulars.areas.intake.tests.lists import NOON, OLGA
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import newest_deed
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.queries import standing_of
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
SECRET = "hush-hush-hush"
TEAPOT = {"id": 11, "sku": "TP-1", "name": "Teapot", "quantity": 2, "price": "19.90",
          "discount_allocations": [{"amount": "3.98"}]}  # fmt: skip
SHOPIFY: dict[str, Any] = {
    "id": 551001, "name": "#1001", "created_at": "2026-11-01T09:30:00+01:00", "currency": "EUR", "taxes_included": True,
    "email": "anna@example.com", "financial_status": "paid", "line_items": [TEAPOT],
    "shipping_lines": [{"title": "Post", "price": "4.90"}],
    "customer": {"id": 77, "first_name": "Anna", "last_name": "Berg", "phone": "not a phone"},
    "billing_address": {"address1": "Hauptstr. 1", "city": "Berlin", "zip": "10115", "country_code": "DE"},
}  # fmt: skip
WOO: dict[str, Any] = {
    "id": 727, "number": "727", "status": "processing", "currency": "EUR", "date_created_gmt": "2026-11-01T08:30:00",
    "customer_id": 26, "billing": {"first_name": "Bo", "last_name": "Ek", "email": "bo@example.org", "phone": ""},
    "line_items": [{"sku": "T", "name": "Tea", "quantity": 3, "total": "18.91", "total_tax": "3.59"}],
    "shipping_lines": [{"method_title": "Post", "total": "0.00", "total_tax": "0.00"}], "refunds": [],
}  # fmt: skip


def joined(kind: str = "shopify") -> str:
    shop, _secret = actions.add_shop(name="web", kind=kind, secret=SECRET, by=OLGA, at=NOON)
    return shop.token


def sent(token: str, order: Any, *, topic: str = "orders/create", secret: str = SECRET) -> Any:
    body = orjson.dumps(order)
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    headers = {"X-Shopify-Hmac-Sha256": signature, "X-Shopify-Topic": topic}
    address = reverse("shop_call", args=[token])
    return Client(enforce_csrf_checks=True).post(address, body, content_type="application/json", headers=headers)


def test_an_order_is_kept_with_its_buyer_and_the_same_call_again_changes_nothing() -> None:
    token = joined()
    first, again = sent(token, SHOPIFY), sent(token, SHOPIFY)
    assert (first.json()["outcome"], again.json()["outcome"]) == ("kept", "known")
    purchase = Purchase.objects.get()
    assert (purchase.source, purchase.number, purchase.channel) == ("web", "#1001", "web")
    assert list(Line.objects.order_by("ordinal").values_list("amount", flat=True)) == [358_200, 49_000]
    anna = Customer.objects.get()
    assert (anna.given_name, Reference.objects.get().value, purchase.customer_id) == ("Anna", "77", anna.number)


def test_an_order_that_another_call_keeps_this_very_moment_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    token = joined()
    sent(token, SHOPIFY)
    monkeypatch.setattr(shops, "known_numbers", lambda _source, _numbers: {})  # before the other was kept
    assert sent(token, SHOPIFY).json()["outcome"] == "known"
    assert Purchase.objects.count() == 1


def test_a_call_without_the_right_signature_comes_to_nothing() -> None:
    token = joined()
    assert sent(token, SHOPIFY, secret="another secret").status_code == 401
    assert sent("0" * 32, SHOPIFY).status_code == 404
    assert not Purchase.objects.exists() and not ShopCall.objects.exists()


def test_the_secret_is_kept_sealed() -> None:
    token = joined()
    assert SECRET.encode() not in bytes(ShopSecret.objects.get(token=token).sealed)


def test_what_was_paid_back_is_given_back_once() -> None:
    token = joined()
    sent(token, SHOPIFY)
    refund = {"id": 900, "refund_line_items": [{"line_item_id": 11, "quantity": 1}]}
    for _again in range(2):
        sent(token, {**SHOPIFY, "refunds": [refund]}, topic="orders/updated")
    back = Line.objects.get(kind="return")
    assert (back.quantity, back.amount, back.returns) == (
        -10_000,
        -179_100,
        Line.objects.get(text="Teapot", kind="sale"),
    )


def test_a_cancelled_order_is_given_back_whole_and_one_that_never_was_stays_outside() -> None:
    token = joined()
    gone = {**SHOPIFY, "cancelled_at": "2026-11-02T10:00:00+01:00"}
    assert sent(token, gone, topic="orders/cancelled").json()["outcome"] == "passed"
    sent(token, SHOPIFY)
    for _again in range(2):
        sent(token, gone, topic="orders/cancelled")
    assert sum(Line.objects.values_list("amount", flat=True)) == 0 and Purchase.objects.count() == 2


def _worth() -> list[int]:
    return list(Line.objects.order_by("purchase", "ordinal").values_list("amount", flat=True))


def test_money_paid_back_alone_is_of_the_order_and_what_is_cancelled_then_comes_to_nought() -> None:
    token = joined()
    refund = {"id": 901, "transactions": [{"kind": "refund", "status": "success", "amount": "10.00"},
                                          {"kind": "refund", "status": "failure", "amount": "9.00"}]}  # fmt: skip
    refunded = {**SHOPIFY, "refunds": [refund]}
    gone = {**refunded, "cancelled_at": "2026-11-02T10:00:00+01:00"}
    for order in (SHOPIFY, refunded, refunded):
        sent(token, order, topic="orders/updated")
    customer = Customer.objects.get().number
    assert sum(_worth()) == 307_200 and standing_of(customer, NOON.date()).returned == 100_000
    assert not Line.objects.filter(kind="refund", returns=None).exists()
    for order in (gone, gone, refunded):
        sent(token, order, topic="orders/cancelled")
    assert sum(_worth()) == 0 and standing_of(customer, NOON.date()).returned == 407_200
    assert not ShopCall.objects.exclude(error="").exists()


def test_goods_and_freight_are_given_back_for_the_money_that_went() -> None:
    token = joined()
    refund = {"id": 900, "refund_line_items": [{"line_item_id": 11, "quantity": 1}],
              "transactions": [{"kind": "refund", "status": "success", "amount": "22.81"}]}  # fmt: skip
    sent(token, {**SHOPIFY, "refunds": [refund]})
    assert sum(_worth()) == 179_100 and Line.objects.get(kind="return").amount == -179_100


def test_more_than_was_paid_is_not_given_back_and_the_list_of_calls_says_so() -> None:
    token = joined("woocommerce")
    sent(token, {**WOO, "refunds": [{"id": 731, "total": "-30.00"}]})
    assert sum(_worth()) == 0
    assert ShopCall.objects.get().error == ("30 was paid back there, and 22.5 here: no more of what was paid is left.")


def test_a_deduction_of_an_order_is_taken_back_with_it_and_is_nothing_returned() -> None:
    token = joined("woocommerce")
    order = {**WOO, "fee_lines": [{"name": "Voucher", "total": "-2.50", "total_tax": "0"}]}
    sent(token, order)
    assert sum(_worth()) == 200_000 and standing_of(Customer.objects.get().number, NOON.date()).returned == 0
    sent(token, {**order, "status": "cancelled"})
    assert sum(_worth()) == 0


def test_what_was_cancelled_is_not_given_back_again_by_a_refund_that_comes_after() -> None:
    token = joined()
    gone = {**SHOPIFY, "cancelled_at": "2026-11-02T10:00:00+01:00"}
    refund = {"id": 900, "refund_line_items": [{"line_item_id": 11, "quantity": 2}]}
    for order in (SHOPIFY, gone, {**gone, "refunds": [refund]}):
        assert sent(token, order, topic="orders/updated").json()["outcome"] in ("kept", "known")
    assert sum(_worth()) == 0


def test_what_was_cancelled_stays_outside_where_the_cancelling_is_told_first() -> None:
    for kind, order, changed, gone in (
        ("shopify", SHOPIFY, "updated_at", {"cancelled_at": "2026-11-01T09:31:00+01:00"}),
        ("woocommerce", WOO, "date_modified_gmt", {"status": "cancelled"}),
    ):
        token = joined(kind)
        stamps = [f"2026-11-01T0{hour}:30:00" + ("+01:00" if kind == "shopify" else "") for hour in (7, 8, 9)]
        sent(token, {**order, **gone, changed: stamps[1]}, topic="orders/cancelled")
        assert sent(token, {**order, changed: stamps[0]}).json()["outcome"] == "passed" and not Line.objects.exists()
        assert sent(token, {**order, changed: stamps[2]}).json()["outcome"] == "kept"  # paid after all
        assert Line.objects.exists()
        undo(changeset=newest_deed(), by=OLGA, at=NOON)
        actions.remove_shop(name="web", by=OLGA, at=NOON)


def test_an_order_that_cannot_be_kept_is_answered_and_told() -> None:
    token = joined()
    assert sent(token, {**SHOPIFY, "currency": "XXQ"}).json()["outcome"] == "refused"
    assert "XXQ" in ShopCall.objects.get().error
    assert sent(token, {"test": True}).json()["outcome"] == "passed"
    assert sent(token, SHOPIFY, topic="products/update").json()["outcome"] == "passed"


def test_orders_of_woocommerce_are_kept_and_its_first_call_is_answered() -> None:
    token = joined("woocommerce")
    ping = Client().post(
        reverse("shop_call", args=[token]), b"webhook_id=12", content_type="application/x-www-form-urlencoded"
    )
    assert ping.status_code == 200
    assert sent(token, {**WOO, "status": "pending"}).json()["outcome"] == "passed"
    assert sent(token, WOO).json()["outcome"] == "kept"
    assert Line.objects.get().amount == 225_000 and Customer.objects.get().family_name == "Ek"
    sent(token, {**WOO, "refunds": [{"id": 730, "total": "-5.00", "reason": "broken"}]})
    assert Line.objects.get(kind="refund").amount == -50_000


def test_a_shop_is_joined_and_parted_from_on_screen() -> None:
    page = browser_of("owner")
    made = page.post(reverse("shops"), {"name": "web", "kind": "woocommerce", "place": "", "secret": ""})
    token = ShopSecret.objects.get().token
    assert token in made.content.decode() and sent(token, WOO, secret=made.context["made"]["secret"]).status_code == 200
    assert "727" in page.get(reverse("shops")).content.decode()
    page.post(reverse("shops"), {"remove": "web"})
    assert sent(token, WOO).status_code == 404 and Purchase.objects.exists()


def test_a_name_is_taken_once_and_a_short_secret_is_refused() -> None:
    joined()
    for name, secret in (("web", SECRET), ("other", "short")):
        with pytest.raises(Refused):
            actions.add_shop(name=name, kind="shopify", secret=secret, by=OLGA, at=NOON)
