"""What is usual in a country: its currency, time zone and languages; all countries, currencies and zones by name.

Sources: Unicode CLDR (through Babel) for names, currencies and languages; the tz database's `zone.tab` for the zones
of a country. `zone.tab` lists a country's zones by geography, so the zone most people live in is named here where it
is not the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.utils.translation import get_language

_MAIN_ZONE = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "US": "America/New_York", "UZ": "Asia/Tashkent", "VN": "Asia/Ho_Chi_Minh",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Usual:
    """What most houses of a country choose. `languages` are those of the product, the most spoken first."""

    country: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]


# CLDR's words for a language of the whole country; `official_regional` is one of a minority (German in Denmark).
_OFFICIAL = ("official", "de_facto_official")
# Constitution of South Africa, section 6 (1); CLDR calls it regional
_ALSO_OFFICIAL = {"ZA": ("af",)}


@cache
def usual(country: str) -> Usual:
    """What is usual in a country (ISO 3166-1 alpha-2). Unknown countries: euro, UTC, English."""
    zones = zones_of(country)
    zone = _MAIN_ZONE.get(country) or (zones[0] if zones else "UTC")
    return Usual(country, _currency_of(country), zone, _languages_of(country))


def _currency_of(country: str) -> str:
    try:
        tender = get_territory_currencies(country, tender=True)
    except KeyError:
        tender = []
    own = [code for code in tender if code.startswith(country)]
    return str((own or tender or ["EUR"])[0])


def _languages_of(country: str) -> tuple[str, ...]:
    spoken = get_global("territory_languages").get(country, {})
    share = {
        code: spoken[code]["population_percent"]
        for code, _name in settings.LANGUAGES
        if code in _ALSO_OFFICIAL.get(country, ()) or (spoken.get(code) or {}).get("official_status") in _OFFICIAL
    }
    return tuple(sorted(share, key=lambda code: -share[code])) or ("en",)


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """The time zones in use in a country, in the order of `zone.tab`."""
    return tuple(zone for code, zone in _zone_rows() if code == country)


@cache
def _zone_rows() -> tuple[tuple[str, str], ...]:
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((row[0], row[2]) for row in rows)


def names() -> list[tuple[str, str]]:
    """(code, name) of every country with a clock, by name in the language of the screen."""
    called = _locale().territories
    codes = {code for code in get_global("zone_territories").values() if code.isalpha()} - {"ZZ"}
    return _by_name((code, called.get(code, code)) for code in codes)


def currencies() -> list[tuple[str, str]]:
    """(code, `CODE name`) of every currency that is legal tender somewhere today, by code."""
    called = _locale().currencies
    codes = {code for country, _name in names() for code in _tender(country)}
    return sorted((code, f"{code} {called.get(code, '')}".strip()) for code in codes)


def time_zones() -> list[tuple[str, str]]:
    """(name, name with blanks) of every zone of the tz database, by name; UTC first."""
    return [("UTC", "UTC"), *sorted((zone, zone.replace("_", " ")) for _code, zone in _zone_rows())]


def languages() -> list[tuple[str, str]]:
    """(code, the language's own name) of the product's languages."""
    own = ((code, Locale.parse(code).get_display_name(code) or code) for code, _name in settings.LANGUAGES)
    return [(code, name[:1].upper() + name[1:]) for code, name in own]


def of_browser(accept_language: str) -> str:
    """The country `Accept-Language` speaks of: its first region, else where its first language is at home, else ''."""
    tags = [part.split(";")[0].strip() for part in accept_language.split(",") if part.strip()]
    for tag in tags:
        region = next((sub.upper() for sub in tag.split("-")[1:] if len(sub) == 2 and sub.isalpha()), "")
        if region and zones_of(region):
            return region
    home = str(get_global("likely_subtags").get(tags[0].split("-")[0], "")) if tags else ""
    return home.rpartition("_")[2] if zones_of(home.rpartition("_")[2]) else ""


def _tender(country: str) -> list[str]:
    try:
        return [str(code) for code in get_territory_currencies(country, tender=True)]
    except KeyError:
        return []


def _locale() -> Locale:
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _by_name(pairs: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    from regulars.kernel.text import sort_key

    language = get_language() or "en"
    return sorted(pairs, key=lambda pair: sort_key(pair[1], language))
