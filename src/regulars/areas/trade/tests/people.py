"""The cast: Anna, who buys books, and Ben, who buys toys; the shop they buy in."""

from datetime import datetime, timedelta
from typing import Any

from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna
from regulars.areas.trade.actions import NewLine, NewPurchase, record_purchase

__all__ = ["BEN", "NOW", "OLGA", "anna", "bought", "days_ago"]


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def bought(customer: int | None, amount: int = 100, *, ago: int = 0, **more: Any) -> int:
    """A purchase of one line for so many units of money; its serial."""
    line = NewLine(text=more.pop("text", "A book"), amount=amount * 10_000, product=more.pop("product", ""),
                   kind=more.pop("kind", "sale"), quantity=more.pop("quantity", 1) * 10_000)  # fmt: skip
    new = NewPurchase([line], customer=customer, at=days_ago(ago), **more)
    return record_purchase(purchase=new, by=OLGA, at=NOW, make_products=True).serial
