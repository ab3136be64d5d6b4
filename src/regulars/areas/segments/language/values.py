"""A written value becomes the kept one: words, texts, numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.meaning import Ground, Holds, Meaning
from regulars.areas.segments.language.operators import RELATIONS
from regulars.areas.segments.language.text import value_text
from regulars.kernel.registries import Fact
from regulars.kernel.text import fold

_SCALE = 10_000
_WIDEST = 2**63

TAKES = {
    "text": gettext_lazy("a text"),
    "email": gettext_lazy("a text"),
    "code": gettext_lazy("a word"),
    "phone": gettext_lazy("a phone number in quotes"),
    "number": gettext_lazy("a whole number"),
    "decimal": gettext_lazy("a number"),
    "money": gettext_lazy("an amount"),
    "date": gettext_lazy("a date (2026-01-31)"),
    "birthday": gettext_lazy("a date (1980-03-07 or --03-07)"),
    "moment": gettext_lazy("a date (2026-01-31)"),
    "yesno": gettext_lazy("yes or no"),
    "country": gettext_lazy("a country"),
    "language": gettext_lazy("a language"),
    "customer": gettext_lazy("a customer's number"),
    "sealed": gettext_lazy("a text"),
}


def misfit(fact: Fact, value: t.Value | t.Stretch) -> CriteriaError:
    """What to say where a value does not fit the fact's type."""
    values = {"fact": fact.name, "wanted": TAKES[fact.type], "found": value_text(value)[:60]}
    return CriteriaError(_("“%(fact)s” is compared with %(wanted)s, not with %(found)s.") % values, value.place)


def simple(read: Callable[[Fact, t.Value | t.Stretch, Ground], Any]) -> Callable[[Fact, t.Test, Ground], Meaning]:
    """The reading of a type whose values are read one by one, and related as written."""

    def meaning(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
        values = tuple(read(fact, value, ground) for value in test.values)
        return compared(fact, test.operator, values)

    return meaning


def compared(fact: Fact, operator: str, values: tuple[Any, ...], currency: str | None = None) -> Holds:
    """The relation of an operator to values already read."""
    if operator == "in":
        return Holds(fact, "among", tuple(dict.fromkeys(values)), currency)
    if operator == "between":
        return Holds(fact, "range", values, currency)
    return Holds(fact, RELATIONS[operator], values, currency)


def written(fact: Fact, value: t.Value | t.Stretch) -> str:
    """A value as the text it was written as. Dates and numbers may be texts, `today` may not."""
    if isinstance(value, t.Text | t.Word):
        return value.text
    if isinstance(value, t.Number):
        return value.digits
    if isinstance(value, t.Day):
        return value.day.isoformat()
    raise misfit(fact, value)


def text_in(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> str:
    """A value as a folded text."""
    folded = fold(written(fact, value))
    if not folded:
        message = _("There is nothing in these quotes to compare with. “%(fact)s is empty” asks for nothing.")
        raise CriteriaError(message % {"fact": fact.name}, value.place)
    return folded


def number_in(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> int:
    """A value as a whole number."""
    if not isinstance(value, t.Number) or value.value % 1:
        raise misfit(fact, value)
    return _fitting(value.value, value)


def decimal_in(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> int:
    """A value in 1/10,000."""
    if not isinstance(value, t.Number | t.Money):
        raise misfit(fact, value)
    scaled = value.value * _SCALE
    if scaled % 1:
        raise CriteriaError(_("At most four digits after the point are kept."), value.place)
    return _fitting(scaled, value)


def _fitting(number: Decimal, value: t.Value) -> int:
    if not -_WIDEST < number < _WIDEST:
        raise CriteriaError(_("This number is too large."), value.place)
    return int(number)
