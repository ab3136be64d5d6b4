"""Orders as WooCommerce sends them (REST API v3, topics order.*)."""

from collections.abc import Iterator, Mapping
from typing import Any

from regulars.areas.intake.readers.shops.told import Back, Item, Told, card_of, inner, listed, scaled, text
from regulars.kernel.money import SCALE

_NEVER = ("pending", "failed", "draft", "checkout-draft", "auto-draft", "trash")


def order_of(told: Mapping[str, Any]) -> Told | None:
    """The order, None for one that is not paid or is a draft. `gone` where it was cancelled or paid back whole."""
    status = text(told.get("status"), 40).removeprefix("wc-")
    if not told.get("id") or status in _NEVER:
        return None
    billing = inner(told, "billing")
    customer = told.get("customer_id")
    at, changed = (text(told.get(name), 40) for name in ("date_created_gmt", "date_modified_gmt"))
    return Told(
        number=text(told.get("number") or told.get("id"), 80),
        at=f"{at}+00:00" if at else "",
        currency=text(told.get("currency"), 3),
        items=tuple(_items(told)),
        card=_card(billing),
        reference=text(customer, 200) if customer else "",
        back=tuple(_back(told)),
        gone=status in ("cancelled", "refunded"),
        changed=f"{changed}+00:00" if changed else "",
        note=text(told.get("customer_note"), 500),
    )


def _items(told: Mapping[str, Any]) -> Iterator[Item]:
    for line in listed(told.get("line_items")):
        amount = scaled(line.get("total")) + scaled(line.get("total_tax"))
        yield Item(text(line.get("sku"), 60), text(line.get("name")), scaled(line.get("quantity") or 1), amount)
    for name in ("shipping_lines", "fee_lines"):
        for line in listed(told.get(name)):
            amount = scaled(line.get("total")) + scaled(line.get("total_tax"))
            if amount:
                yield Item("", text(line.get("method_title") or line.get("name")) or "Shipping", SCALE, amount)


def _back(told: Mapping[str, Any]) -> Iterator[Back]:
    """Refunds stand in an order with their sum alone."""
    for refund in listed(told.get("refunds")):
        amount = abs(scaled(refund.get("total")))
        if amount:
            yield Back(text(refund.get("id"), 40), (), amount, text(refund.get("reason"), 200))


def _card(billing: Mapping[str, Any]) -> dict[str, Any]:
    parts = {"given_name": text(billing.get("first_name")), "family_name": text(billing.get("last_name"))}
    if not any(parts.values()):
        parts = {"organisation_name": text(billing.get("company"))}
    address = {
        "street": text(billing.get("address_1")), "street2": text(billing.get("address_2")),
        "postcode": text(billing.get("postcode"), 20), "city": text(billing.get("city"), 150),
        "region": text(billing.get("state"), 150), "country": text(billing.get("country"), 2),
    }  # fmt: skip
    return card_of(parts, address, text(billing.get("email")), text(billing.get("phone"), 40))
