"""Countries and languages by code or by name, in the languages of the product (CLDR, through babel)."""

from collections.abc import Mapping
from functools import cache

from babel import Locale

from regulars.kernel.text import fold

LOCALES = ("en", "de", "da", "af", "hi")


@cache
def countries() -> Mapping[str, str]:
    """Folded name or code to ISO 3166-1 alpha-2."""
    found: dict[str, str] = {}
    for locale in LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha() and code != "ZZ":
                found.setdefault(fold(name), code)
                found[fold(code)] = code
    return found | {"uk": "GB", "usa": "US", "england": "GB", "holland": "NL", "great britain": "GB"}


@cache
def languages() -> Mapping[str, str]:
    """Folded name or code to BCP 47 (`de`, `de-AT`)."""
    found: dict[str, str] = {}
    for locale in LOCALES:
        for code, name in Locale.parse(locale).languages.items():
            found.setdefault(fold(name), code.replace("_", "-"))
            found[fold(code.replace("_", "-"))] = code.replace("_", "-")
    return found


def country_name(code: str, language: str) -> str:
    """A country's name in a language; the code if it has none."""
    return str(_locale(language).territories.get(code, code))


def language_name(code: str, language: str) -> str:
    """A language's name in a language; the code if it has none."""
    return str(_locale(language).languages.get(code.replace("-", "_"), code))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language[:2] if language[:2] in LOCALES else "en")
