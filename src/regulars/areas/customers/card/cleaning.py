"""One value of one fact, as somebody typed or sent it, becomes the value that is kept, or is refused with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from regulars.kernel import dates, emails, forbidden, languages, money, phones, postal, registries, saying
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Column, Fact, Member
from regulars.kernel.text import clean, fold

_LONGEST = 300
_LONGEST_NOTE = 20_000
_NUMBERS_ELSEWHERE = ("reference", "identity_number")  # other systems' numbers may look like anything


@dataclass(frozen=True, slots=True)
class Ground:
    """What a value is read against: the house's country (phones), its currency, and today's house day."""

    country: str
    currency: str
    today: date


def clean_value(fact: Fact, value: Any, ground: Ground) -> Any:
    """The kept value; '' or None for an empty one. Raises Refused with `where` the fact's name."""
    if value is None or value == "":
        return None if fact.type in _EMPTY_IS_NONE else ""
    try:
        return _CLEANERS[fact.type](fact, value, ground)
    except Refused as refusal:
        shown = refusal.more.get("value", value)  # a forbidden one is not shown
        raise Refused(refusal.message, where=fact.name, value=shown) from refusal


def longest_of(fact: Fact) -> int:
    """How many characters a text of this fact may have: what its column holds, at most 300 where that is open."""
    if fact.name == "note":
        return _LONGEST_NOTE
    if isinstance(fact.source, Column):
        return _column_holds("customers.Customer", fact.source.column)
    if isinstance(fact.source, Member):
        return _column_holds(fact.source.of or registries.groups()[fact.source.group].model, fact.source.column)
    return _LONGEST


@cache
def _column_holds(model: str, column: str) -> int:
    field = registries.model_named(model)._meta.get_field(column)
    return min(getattr(field, "max_length", None) or _LONGEST, _LONGEST)


def _refuse(message: str) -> Refused:
    return Refused(message)


def _text(fact: Fact, value: Any, _ground: Ground) -> str:
    if not isinstance(value, str):
        if isinstance(value, bool | dict | list):
            raise _refuse(_("%(fact)s takes text.") % {"fact": fact.label})
        value = str(value)
    kept = clean(value)
    if fact.name not in _NUMBERS_ELSEWHERE or not forbidden.is_card(kept):
        forbidden.refuse(kept)
    longest = longest_of(fact)
    if len(kept) > longest:
        told = {"fact": fact.label, "longest": saying.count(longest)}
        raise _refuse(_("%(fact)s takes at most %(longest)s characters.") % told)
    return kept


def _code(fact: Fact, value: Any, ground: Ground) -> str:
    kept = _text(fact, value, ground)
    if not fact.choices:
        return kept
    wanted = fold(kept)
    for word, label in fact.choices:
        if wanted in (fold(word), fold(str(label))):
            return word
    words = ", ".join(word for word, _label in fact.choices)
    raise _refuse(_("%(fact)s is one of: %(words)s.") % {"fact": fact.label, "words": words})


def _number(fact: Fact, value: Any, _ground: Ground) -> int:
    try:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError
        number = int(value)
    except (ValueError, TypeError, OverflowError):
        raise _refuse(_("%(fact)s takes a whole number.") % {"fact": fact.label}) from None
    if not -(2**31) < number < 2**31:
        raise _refuse(_("%(fact)s is too large.") % {"fact": fact.label})
    if fact.name in ("children", "age", "followers") and number < 0:
        raise _refuse(_("%(fact)s cannot be less than nought.") % {"fact": fact.label})
    if fact.name in ("children", "age") and number > 150:
        raise _refuse(_("%(fact)s is too large.") % {"fact": fact.label})
    return number


def _customer(fact: Fact, value: Any, _ground: Ground) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise _refuse(_("%(fact)s takes a customer's number.") % {"fact": fact.label}) from None


def yes_or_no(fact: Fact, value: Any, _ground: Ground | None = None) -> bool:
    """Yes or no, in the reader's language and in ours. Raises Refused."""
    if isinstance(value, bool):
        return value
    word = fold(str(value))
    if word in ("yes", "true", "1", "ja", "wahr", "x", fold(_("yes"))):
        return True
    if word in ("no", "false", "0", "nein", "nej", "nee", fold(_("no"))):
        return False
    raise _refuse(_("%(fact)s takes yes or no.") % {"fact": fact.label})


_CLEANERS: dict[str, Callable[[Fact, Any, Ground], Any]] = {
    "text": _text,
    "code": _code,
    "number": _number,
    "customer": _customer,
    "yesno": yes_or_no,
    "email": lambda _fact, value, _ground: emails.clean_email(str(value)),
    "phone": lambda _fact, value, ground: phones.clean_phone(str(value), ground.country),
    "country": lambda _fact, value, _ground: postal.clean_country(str(value)),
    "language": lambda _fact, value, _ground: languages.clean_language(str(value)),
    "date": lambda _fact, value, _ground: dates.clean_date(str(value)),
    "birthday": lambda _fact, value, ground: dates.clean_birthday(str(value), today=ground.today) or "",
    "decimal": lambda _fact, value, _ground: money.clean_decimal(str(value)),
    "money": lambda _fact, value, ground: money.clean_money(str(value), ground.currency),
    "sealed": _text,
}
_EMPTY_IS_NONE = {"number", "customer", "yesno", "date", "decimal", "money"}
