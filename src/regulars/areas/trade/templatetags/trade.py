"""Amounts and quantities, kept in 1/10,000, as the reader's language writes them: `{{ total|money }}`."""

from typing import Any

from django import template

from regulars.areas.trade.models import REASONS
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


@register.filter
def unsigned(value: int) -> int:
    """The figure of what went back, where the words around it say so."""
    return abs(value)


@register.filter
def reason(word: str) -> str:
    """Why something came back, in the reader's language."""
    return str(dict(REASONS).get(word, word))
