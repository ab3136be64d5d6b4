"""Amounts and quantities, kept in 1/10,000, as the reader's language writes them: `{{ total|money }}`."""

from typing import Any

from django import template

from regulars.kernel import saying

register = template.Library()


@register.filter
def money(value: Any, currency: str = "") -> str:
    """An amount: a pair with its currency, or a number and the currency beside it; nothing for none."""
    if value is None:
        return ""
    return saying.amount(value if isinstance(value, tuple) else (value, currency))


@register.filter
def quantity(value: int) -> str:
    return saying.decimal(value)
