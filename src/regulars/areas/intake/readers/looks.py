"""What the cells of a column look like: enough to guess by, never enough to decide by."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from regulars.kernel import dates, genders, postal
from regulars.kernel.errors import Refused

_EMAIL = re.compile(r"\s*(?:mailto:)?[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}\s*.*", re.DOTALL)
_PHONE = re.compile(r"\s*[+(]?\d[\d\s()/.\-–]{5,22}\s*(?:(?:ext|x|dw)\.?\s*\d+)?\s*(?:\([^()]*\)\s*)?", re.IGNORECASE)
WORDS_BEHIND = re.compile(r"(.*\d[\s.]*)\(([^()]*[^\W\d_]{2}[^()]*)\)\s*", re.DOTALL)  # a number, words in brackets
_URL = re.compile(r"\s*(?:https?://|www\.)\S+\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\s*'?[-+]?\d[\d.,' ]*\s*")
_DECIMAL = re.compile(r"\s*\S{0,4}\s*[-+(]?\d[\d.,' ]*[.,]\d+\)?\s*\S{0,4}\s*")
_POSTCODE = re.compile(r"\s*'?(?:[A-Z]{1,2}-)?\d{4,6}\s*|\s*[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\s*", re.IGNORECASE)
_NAME = re.compile(r"\s*[^\W\d_][\w.'’-]*(?:,? [^\W\d_][\w.'’-]*){1,4}\s*")  # of two words or more
_IBAN = re.compile(r"\s*[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}\s?[A-Z0-9]{0,4}\s*")

LONGEST = 500  # characters of a cell that are looked at


def _kept(clean: Callable[[str], object], text: str) -> bool:
    try:
        return clean(text) is not None
    except Refused:
        return False


def is_date(text: str, today: date) -> bool:
    """Whether the cell can be a day; a bare number cannot."""
    try:
        reading = dates.read_date(text, today)
    except Refused:
        return False
    return reading is not None and not reading.serial and (not text.strip().isdigit() or len(text.strip()) == 8)


_LOOKS: dict[str, Callable[[str], object]] = {
    "email": _EMAIL.fullmatch,
    "url": _URL.fullmatch,
    "iban": _IBAN.fullmatch,
    "phone": _PHONE.fullmatch,
    "number": _NUMBER.fullmatch,
    "decimal": _DECIMAL.fullmatch,
    "postcode": _POSTCODE.fullmatch,
    "country": partial(_kept, postal.clean_country),
    "gender": partial(_kept, genders.clean_gender),
    "name": _NAME.fullmatch,
}


def is_like_phone(text: str) -> bool:
    """Whether the cell is written as telephone numbers are; whether there is one is another question."""
    return _PHONE.fullmatch(text[:LONGEST]) is not None


def share(look: str, cells: Iterable[str], today: date) -> float:
    """The share of the filled cells that look like this (`date` or a key of `_LOOKS`); 0 for none filled."""
    tests = [cell[:LONGEST] for cell in cells]
    if not tests:
        return 0.0
    if look == "date":
        return sum(is_date(cell, today) for cell in tests) / len(tests)
    return sum(bool(_LOOKS[look](cell)) for cell in tests) / len(tests)


def is_value(text: str) -> bool:
    """Whether a cell is plainly a value and no heading: an address, a number, a day, a link."""
    asked = text.strip()[:LONGEST]
    return bool(
        _EMAIL.fullmatch(asked)
        or _URL.fullmatch(asked)
        or (asked and not any(ch.isalpha() for ch in asked) and any(ch.isdigit() for ch in asked))
    )
