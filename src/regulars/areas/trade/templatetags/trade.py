"""Amounts and quantities, kept in 1/10,000, as the reader's language writes them: `{{ total|money }}`."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from regulars.areas.trade.models import REASONS
from regulars.kernel import saying

register = template.Library()
_TABS = (
    ("trade:purchases", _("Purchases"), "trade.view"),
    ("trade:deliveries", _("Deliveries"), "trade.view"),
    ("trade:reservations", _("Reservations"), "trade.view"),
    ("trade:agreements", _("Subscriptions and pledges"), "trade.view"),
    ("trade:donations", _("Donations"), "trade.view"),
    ("trade:products", _("Products"), "trade.goods"),
    ("trade:places", _("Places"), "trade.goods"),
)


@register.inclusion_tag("trade/tabs.html", takes_context=True)
def trade_tabs(context: Any, here: str) -> dict[str, Any]:
    """The lists of this room that the reader may open, also while looking back; `here` is the route of the one that is
    open."""
    request = context["request"]
    rights = {right for _name, _label, right in _TABS if request.actor.may(right)}
    return {
        "here": here,
        "tabs": [each[:2] for each in _TABS if each[2] in rights],
        "then": getattr(request, "then", ""),
    }


@register.filter
def money(value: Any, currency: str = "") -> str:
    """An amount: a pair with its currency, or a number and the currency beside it; nothing for none."""
    return "" if value is None else saying.amount(_pair(value, currency))


@register.filter
def price(value: Any, currency: str = "") -> str:
    """What one costs, likewise, to its last digit."""
    return "" if value is None else saying.amount(_pair(value, currency), exact=True)


def _pair(value: Any, currency: str) -> tuple[int, str]:
    return value if isinstance(value, tuple) else (value, currency)


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
