"""Orders as Shopify sends them (Admin API, topics orders/*)."""

from collections.abc import Iterator, Mapping
from typing import Any

from regulars.areas.intake.readers.shops.told import Back, Item, Told, card_of, inner, listed, scaled, text
from regulars.kernel.money import SCALE

_NOT_PAID = ("voided",)


def order_of(told: Mapping[str, Any]) -> Told | None:
    """The order, None for a test. `gone` where it was cancelled or its payment came to nothing."""
    if told.get("test") or not (told.get("name") or told.get("id")):
        return None
    lines = listed(told.get("line_items"))
    customer = inner(told, "customer")
    return Told(
        number=text(told.get("name") or told.get("id"), 80),
        at=text(told.get("processed_at") or told.get("created_at"), 40),
        currency=text(told.get("currency"), 3),
        items=tuple(_items(told, lines)),
        card=_card(told, customer),
        reference=text(customer.get("id"), 200),
        back=tuple(_back(told, lines)),
        gone=bool(told.get("cancelled_at")) or told.get("financial_status") in _NOT_PAID,
        changed=text(told.get("updated_at"), 40),
        note=text(told.get("note"), 500),
    )


def _items(told: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> Iterator[Item]:
    for line in lines:
        quantity = scaled(line.get("quantity") or 1)
        amount = scaled(line.get("price")) * quantity // SCALE - _sum(line.get("discount_allocations"), "amount")
        yield Item(text(line.get("sku"), 60), text(line.get("name") or line.get("title")), quantity,
                   amount + _tax(told, line))  # fmt: skip
    for line in listed(told.get("shipping_lines")):
        amount = scaled(line.get("discounted_price") or line.get("price")) + _tax(told, line)
        if amount:
            yield Item("", text(line.get("title")) or "Shipping", SCALE, amount)


def _tax(told: Mapping[str, Any], line: Mapping[str, Any]) -> int:
    return 0 if told.get("taxes_included") else _sum(line.get("tax_lines"), "price")


def _sum(given: Any, name: str) -> int:
    return sum(scaled(each.get(name)) for each in listed(given))


def _back(told: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> Iterator[Back]:
    """The refunds that stand in an order, each line by its place."""
    place = {line.get("id"): at for at, line in enumerate(lines, 1)}
    for refund in listed(told.get("refunds")):
        rows = listed(refund.get("refund_line_items"))
        items = tuple(
            (place[row.get("line_item_id")], scaled(row.get("quantity")))
            for row in rows
            if row.get("line_item_id") in place and scaled(row.get("quantity")) > 0
        )
        amount = sum(scaled(each.get("amount")) for each in listed(refund.get("transactions")) if _is_paid_back(each))
        if items or amount > 0:
            yield Back(text(refund.get("id"), 40), items, amount or None, text(refund.get("note"), 200))


def _is_paid_back(transaction: Mapping[str, Any]) -> bool:
    """A payment that was tried and failed, or is still on its way, stands there, too."""
    return (transaction.get("kind", "refund"), transaction.get("status", "success")) == ("refund", "success")


def _card(told: Mapping[str, Any], customer: Mapping[str, Any]) -> dict[str, Any]:
    billing = inner(told, "billing_address") or inner(customer, "default_address")
    parts = {
        "given_name": text(customer.get("first_name") or billing.get("first_name")),
        "family_name": text(customer.get("last_name") or billing.get("last_name")),
    }
    if not any(parts.values()):
        parts = {"organisation_name": text(billing.get("company"))}
    address = {
        "street": text(billing.get("address1")), "street2": text(billing.get("address2")),
        "postcode": text(billing.get("zip"), 20), "city": text(billing.get("city"), 150),
        "region": text(billing.get("province"), 150), "country": text(billing.get("country_code"), 2),
    }  # fmt: skip
    email = text(told.get("email") or told.get("contact_email") or customer.get("email"))
    return card_of(parts, address, email, text(told.get("phone") or customer.get("phone") or billing.get("phone"), 40))
