"""Telephone numbers to E.164.

`phonenumbers` (Google's libphonenumber) is the truth: what it calls invalid is refused. Most numbers never reach its
parser: per country calling code its own patterns for fixed and mobile lines are joined into one expression, and a
number that one of them matches, with no prefix left to strip, has only one reading (docs/decisions/0020).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberType, ValidationResult

from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

_WORDS_BEFORE = re.compile(
    r"^\W*(?:tel|telephone|telefon|phone|fon|mob|mobile?|handy|cell|sel|fax|t|m|p|f|h|w|o)\b[\s.:]*", re.IGNORECASE
)
LONGEST = 250  # characters; the library reads no longer text
_EXTENSION = re.compile(
    r"(.*\d)\W*\b(?:app|apparat|dw|durchwahl|nst|nebenstelle|lok|lokal|lokalnr|toestel|uitbreiding)\b\W*(\d{1,6})\W*",
    re.IGNORECASE | re.DOTALL,
)  # in German, Danish and Afrikaans; the library knows the English ones
_WORDS_BEHIND = re.compile(r"(?<=\d)\W*(?=[^\W\d_])")
_LETTERS_FIRST = re.compile(r"[^\W\d_]{2,}.*\d", re.DOTALL)
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class _Region:
    """One region's part of a calling code: its leading digits, or none, and its fixed and mobile numbers."""

    leading: re.Pattern[str] | None
    kinds: tuple[tuple[frozenset[int], Callable[[str], object]], ...]

    def has(self, national: str) -> bool:
        for lengths, fullmatch in self.kinds:  # noqa: SIM110  # any() costs twice as much, a million times over
            if len(national) in lengths and fullmatch(national):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Code:
    """A country calling code: what its main region strips from the front, and its regions in the library's order."""

    stripped: re.Pattern[str]
    regions: tuple[_Region, ...]

    def decides(self, national: str) -> bool:
        """Whether this national number is valid as it stands, with nothing to strip."""
        if self.stripped.match(national):
            return False
        for region in self.regions:
            if region.leading is None:
                if region.has(national):
                    return True
            elif region.leading.match(national):
                return region.has(national)
        return False


@dataclass(frozen=True, slots=True)
class _House:
    """How numbers are written inside one region: its calling code, trunk prefix and way to dial abroad."""

    code: str
    trunk: re.Pattern[str]
    abroad: re.Pattern[str]
    zeros_abroad: bool


def clean_phone(text: str, country: str = "") -> str:
    """The number in E.164 (`+4930901820`).

    `country` (ISO 3166-1 alpha-2) is the house's or the customer's; without it only `+…` is understood. Blanks,
    slashes, dots, brackets, `(0)`, `00` and an extension are fine; the extension is not part of the result.
    Raises `Refused` for what is no number or is invalid in its country.
    """
    bare = text.replace(" ", "").replace("-", "").replace("/", "").replace("(", "").replace(")", "").replace(".", "")
    return _quick(bare, country) or _parsed(text, country)


def split_extension(text: str) -> tuple[str, str]:
    """The number and its extension (`650.253.0000 ext. 12` gives `12`), `''` where there is none."""
    if text.replace(" ", "").lstrip("+").isdigit() or len(text) > LONGEST:
        return text, ""
    if own := _EXTENSION.fullmatch(text):
        return own[1], own[2]
    extension, number = phonenumbers.phonenumberutil._maybe_strip_extension(text)
    return number, extension


def may_hold_code(text: str, country: str) -> bool:
    """Whether a bare number may begin with its country code, the `+` lost: `4930901820` in Germany is both."""
    house = _house(country)
    digits = text.replace(" ", "")
    if house is None or not digits.startswith(house.code) or not digits.isdigit():
        return False
    trunk = house.trunk.match(digits)
    if trunk and trunk.group() == house.code:
        return False  # 1 212 555 0199: one dials it so at home, too
    return _code(house.code).decides(digits[len(house.code) :])


def with_lost_plus(text: str, country: str) -> str:
    """The number that bare digits are with a + before them, where that is far likelier than what they are without; ''
    where it is not. `text` is one that `may_hold_code`.

    A mobile phone with the + is far likelier than a landline whose 0 is missing (`491771234568` in Germany); of two
    landlines nobody can tell.
    """
    abroad = _quick_abroad(text.replace(" ", ""))
    if not abroad or phonenumbers.number_type(phonenumbers.parse(abroad)) != PhoneNumberType.MOBILE:
        return ""
    national = phonenumbers.number_type(phonenumbers.parse(text, country.upper()))
    return "" if national == PhoneNumberType.MOBILE and clean_phone(text, country) != abroad else abroad


@lru_cache(8_192)
def international(number: str) -> str:
    """An E.164 number as people read it: `+49 30 901820`."""
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def country_of(number: str) -> str:
    """The country of an E.164 number, `''` where it has none (`+800…`)."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return region if region and region.isalpha() else ""


def spellings(number: str) -> tuple[str, re.Pattern[str]]:
    """The national digits of an E.164 number, and what it looks like in a text: with or without the country code or
    the 0 before it, with blanks, slashes, dots, hyphens and brackets anywhere."""
    parsed = phonenumbers.parse(number)
    national = phonenumbers.national_significant_number(parsed)
    digits = r"[\s()/.\-]*".join(national)
    before = rf"(?:(?:\+|00)?{parsed.country_code}[\s()/.\-]*)?(?:\(?0\)?[\s()/.\-]*)?\(?"
    return national, re.compile(rf"(?<!\d){before}{digits}(?!\d)")


def is_abroad(text: str, country: str) -> bool:
    """Whether this is the beginning of another country's number, as `+43 1 …` and `0043 1 …` are in Germany."""
    bare = text.strip()
    if bare[:2] == "00":
        bare = f"+{bare[2:]}"
    own = phonenumbers.country_code_for_region(country)
    return bare[:1] == "+" and bare[1:2].isdigit() and bool(own) and not bare.startswith(f"+{own}")


def _quick(bare: str, country: str) -> str:
    """The E.164 form where the patterns decide alone, else ''. `bare` is without punctuation."""
    if bare[:1] == "+":
        return _quick_abroad(bare[1:])
    if not (bare.isascii() and bare.isdigit()):
        return ""
    house = _house(country)
    if house is None:
        return ""
    if house.abroad.match(bare):
        return _quick_abroad(bare[2:]) if house.zeros_abroad and bare.startswith("00") else ""
    trunk = house.trunk.match(bare)
    if trunk and bare.startswith(house.code) and trunk.group() != house.code:
        return ""
    national = bare[trunk.end() :] if trunk else bare
    return f"+{house.code}{national}" if _code(house.code).decides(national) else ""


DOUBT_PLUS = _("“{text}” was read as {number}: its + seems to be lost. Write it with one.")
DOUBT_CODE = _("“{text}” was read as {number}. If it begins with the country code, write it with a +.")


def _quick_abroad(digits: str) -> str:
    if not (digits.isascii() and digits.isdigit()):
        return ""
    # No code begins with another: 1 and 7 stand alone, else two digits are one or three are.
    code = digits[:1] if digits[:1] in _CODES else digits[:2] if digits[:2] in _CODES else digits[:3]
    return "+" + digits if code in _CODES and _code(code).decides(digits[len(code) :]) else ""


_CODES = frozenset(
    str(code) for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items() if "001" not in regions
)


@cache
def _code(code: str) -> _Code:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)]
    main = PhoneMetadata.metadata_for_region(regions[0])
    prefix = main.national_prefix_for_parsing if main else None
    stripped = re.compile(prefix) if prefix else _NEVER
    return _Code(stripped, tuple(_region(region) for region in regions))


def _region(name: str) -> _Region:
    """Mobile numbers first: a register holds more of them."""
    metadata = PhoneMetadata.metadata_for_region(name)
    if metadata is None:
        return _Region(None, ())
    general = metadata.general_desc
    kinds = tuple(
        (frozenset(kind.possible_length or general.possible_length), re.compile(kind.national_number_pattern).fullmatch)
        for kind in (metadata.mobile, metadata.fixed_line)
        if kind and kind.national_number_pattern and general
    )
    return _Region(re.compile(metadata.leading_digits) if metadata.leading_digits else None, kinds)


@cache
def _house(country: str) -> _House | None:
    """None for an unknown region and for one whose prefixes change the number itself: the parser's work."""
    metadata = PhoneMetadata.metadata_for_region(country.upper(), None) if country else None
    if metadata is None:
        return None
    trunk = re.compile(metadata.national_prefix_for_parsing or "(?!)")
    if trunk.groups or metadata.national_prefix_transform_rule:
        return None
    abroad = metadata.international_prefix
    return _House(str(metadata.country_code), trunk, re.compile(abroad) if abroad else _NEVER, abroad == "00")


def _parsed(text: str, country: str) -> str:
    """The library's reading, with our words where it refuses."""
    asked = _WORDS_BEFORE.sub("", text, count=1)
    asked = split_extension(asked)[0]
    if "@" in text or _LETTERS_FIRST.match(asked.strip()) or _has_words_behind(asked, country):
        raise _no_number(text)
    try:
        number = phonenumbers.parse(asked, country.upper() or None)
    except NumberParseException as why:
        raise _unreadable(text, country, why) from None
    if not phonenumbers.is_valid_number(number):
        raise _invalid(text, country, number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _has_words_behind(text: str, country: str) -> bool:
    """Whether words follow what is a number already, `030 901820 privat`: the library dials three letters and more, and
    any digits behind them."""
    words = _WORDS_BEHIND.search(text)
    behind = text[words.end() :] if words else ""
    if sum(map(str.isalpha, behind)) < 3 and not any(map(str.isdigit, behind)):
        return False
    assert words
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text[: words.start()], country.upper() or None))
    except NumberParseException:
        return False


def _no_number(text: str) -> Refused:
    return refusal(_("“{text}” is not a telephone number. Give the number alone, or leave it empty."), text=short(text))


def _unreadable(text: str, country: str, why: NumberParseException) -> Refused:
    if why.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return refusal(
            _("“{text}” has no country code that exists. Begin with + and the country code, as in +49 30 901820."),
            text=short(text),
        )
    if why.error_type == NumberParseException.NOT_A_NUMBER:
        return _no_number(text)
    return refusal(_("“{text}” is too short or too long for a telephone number. Complete it."), text=short(text))


def _invalid(text: str, country: str, number: phonenumbers.PhoneNumber) -> Refused:
    told = {"text": short(text), "code": f"+{number.country_code}"}
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return refusal(_("“{text}” is too short for a number in {code}. Give it with its area code."), **told)
    if reason == ValidationResult.TOO_LONG:
        return refusal(_("“{text}” is too long for a number in {code}. Give one number alone."), **told)
    return refusal(_("“{text}” is not a number that exists in {code}. Check the digits or the country."), **told)
