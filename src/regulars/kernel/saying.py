"""Values as a person reads them: dates, amounts, countries, choices in the reader's language and the house's zone.

`said` takes a value in the form of the customer's JSON, or as its column keeps it. It never raises for what it does not
know: then the value stands as it is.
"""

import re
from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.kernel.registries import Fact
from regulars.kernel.text import fold

HIDDEN = "•••"


def said(fact: Fact, value: Any) -> str:
    """The value of this fact as text for the screen; '' for none."""
    if value is None or value == "":
        return ""
    if fact.type == "code":
        return _choice(fact, value)
    if fact.words:
        return _known_word(fact, str(value))
    if fact.name == "number":
        return str(value)
    saying = _SAYINGS.get(fact.type)
    try:
        return saying(value) if saying else str(value)
    except (ValueError, TypeError, LookupError, ArithmeticError):
        return str(value)


def saying_of(fact: Fact) -> Callable[[Any], str]:
    """`said` for the many values of one fact: each different value is put into words once."""
    return lru_cache(2048)(lambda value: said(fact, value))


def locale() -> Locale:
    """The reader's language as babel knows it."""
    return _locale(get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _choice(fact: Fact, value: Any) -> str:
    return next((str(label) for word, label in fact.choices if word == value), str(value))


_EXTENSION = re.compile(r"(.*?) ?ext\. (\w+)")


def _known_word(fact: Fact, text: str) -> str:
    """A word the house knows in the reader's language, also before an extension: `work ext. 12`."""
    words = dict(fact.words)
    if text in words:
        return str(words[text])
    found = _EXTENSION.fullmatch(text)
    if found is None:
        return text
    label = str(words.get(found[1], found[1]))
    return (_("%(label)s ext. %(number)s") % {"label": label, "number": found[2]}).strip()


def kept_word(fact: Fact, typed: str) -> str:
    """What is kept of a text as somebody typed it: a word the house knows in its own form, anything else as it is."""
    own = {fold(str(said)): word for word, said in fact.words} | {fold(word): word for word, _said in fact.words}
    return own.get(fold(typed), typed)


def day(value: Any) -> str:
    """`7 March 1958`, as the reader's language writes it."""
    when = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return formats.date_format(when, "DATE_FORMAT")


def span(begin: Any, end: Any) -> str:
    """`1 March 2020 – 30 June 2024`, or as much of it as is known; '' for nothing."""
    if begin and end:
        return f"{day(begin)} – {day(end)}"
    if begin:
        return _("since %(day)s") % {"day": day(begin)}
    return _("until %(day)s") % {"day": day(end)} if end else ""


def birthday(value: Any) -> str:
    """With its year, or only day and month where the year is not known (`--03-07`)."""
    text = str(value)
    if not text.startswith("--"):
        return text if text == HIDDEN else day(text)
    return formats.date_format(date(2000, int(text[2:4]), int(text[5:7])), "MONTH_DAY_FORMAT")


def moment(value: Any) -> str:
    """An instant in the house's zone, day and minute."""
    return formats.date_format(timezone.localtime(instant(value)), "SHORT_DATETIME_FORMAT")


def instant(value: Any) -> datetime:
    """An aware instant from itself or from its ISO text."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def country(code: str) -> str:
    return str(locale().territories.get(code, code))


def language(code: str) -> str:
    try:
        known = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return code
    return known.get_display_name(locale()) or code


def amount(value: Any, *, exact: bool = False) -> str:
    """`12.5 EUR` or (125000, "EUR") as the reader's language writes money, in coins that there are; `exact`, with what
    is less than one: the price of a screw."""
    if isinstance(value, tuple | list):
        number, currency = Decimal(value[0]).scaleb(-4), value[1] or ""
    else:
        told, _blank, currency = str(value).partition(" ")
        if not currency:
            return decimal(told)
        number = Decimal(told)
    return format_currency(number, currency, locale=locale(), decimal_quantization=not exact)


def decimal(value: Any) -> str:
    """A decimal: text as it is, a whole number in 1/10,000; every digit of it."""
    return format_decimal(_plain(value), locale=locale(), decimal_quantization=False)


def bare_amount(value: Any) -> str:
    """Money whose currency stands elsewhere: `22.50`, `0.0255`, `25`."""
    plain, known = _plain(value), locale()
    if plain == plain.to_integral_value():
        return decimal(value)
    pattern = copy(known.decimal_formats[None])
    pattern.frac_prec = (2, 4)
    return format_decimal(plain, format=pattern, locale=known)


def _plain(value: Any) -> Decimal:
    return Decimal(value).scaleb(-4) if isinstance(value, int) else Decimal(value)


def sealed(value: Any) -> str:
    """A mask without its length: `DE••••3000`."""
    return re.sub(r"\*+", "••••", str(value))


def yesno(value: Any) -> str:
    return _("Yes") if value in (True, 1, "yes", "true") else _("No")


def count(value: Any) -> str:
    """A whole number with the reader's grouping: a count, never a number by which something is called."""
    return formats.number_format(value, force_grouping=True)


def percent(value: Any, digits: int = 0) -> str:
    """So many per cent, with the sign where the reader's language has it: `12.5%`, `12,5 %`."""
    known = locale()
    exact = re.sub(r"0(?=\D*$)", f"0.{'0' * digits}".rstrip("."), known.percent_formats[None].pattern)
    return format_percent(Decimal(value) / 100, exact, locale=known)


def size(value: int) -> str:
    """A number of bytes: `33 bytes`, `76.9 MB`."""
    power = min(max(0, value.bit_length() - 1) // 10, 4)
    many = round(value / 1024**power, 1)
    plain = int(many) if many.is_integer() else many
    return format_unit(plain, _UNITS[power], "short" if power else "long", locale=locale()).replace("\xa0", " ")


_UNITS = ("digital-byte", "digital-kilobyte", "digital-megabyte", "digital-gigabyte", "digital-terabyte")


def duration(length: timedelta) -> str:
    """`3 hours`, `2 weeks`: how long, roughly."""
    return format_timedelta(length, granularity="minute", threshold=1, locale=locale()).replace("\xa0", " ")


def phone(number: str) -> str:
    from phonenumbers import NumberParseException  # its tables are large, and most say none

    from regulars.kernel import phones

    try:
        return phones.international(number)
    except NumberParseException:
        return number


_SAYINGS: dict[str, Callable[[Any], str]] = {
    "date": day,
    "birthday": birthday,
    "moment": moment,
    "country": country,
    "language": language,
    "money": amount,
    "decimal": decimal,
    "number": count,
    "yesno": yesno,
    "sealed": sealed,
    "phone": phone,
}
