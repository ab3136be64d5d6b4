"""Languages to BCP 47: `de`, `German`, `Deutsch`, `de_AT`, `pt-BR`."""

from functools import cache

from django.utils.translation import gettext_noop as _

from regulars.kernel.text import fold
from regulars.kernel.wording import refusal, short

NAMED_IN = ("en", "de", "da", "af", "hi")  # the languages of the product
_LONGEST = 60


def clean_language(text: str) -> str:
    """The BCP 47 tag of a language given by tag or by name in a language of the product. Raises `Refused`."""
    tag = _known(text.strip()) if len(text) <= _LONGEST else ""
    if tag:
        return tag
    raise refusal(_("“{text}” is not a language that is known. Write its code, as in de or pt-BR."), text=short(text))


@cache
def _known(text: str) -> str:
    return _names().get(fold(text)) or _tag(text)


def _tag(text: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(text.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return ""
    return "-".join(part for part in (locale.language, locale.script, locale.territory) if part)


@cache
def _names() -> dict[str, str]:
    """Folded names in the product's languages and in the language itself, and the three-letter codes of ISO 639-2."""
    from babel import Locale, localedata

    names: dict[str, str] = {}
    for language in NAMED_IN:
        for code, name in Locale.parse(language).languages.items():
            names.setdefault(fold(name), code.replace("_", "-"))
    for code in localedata.locale_identifiers():
        if "_" not in code:
            names.setdefault(fold(Locale.parse(code).get_language_name(code) or code), code)
    return names | {
        "eng": "en",
        "ger": "de",
        "deu": "de",
        "dan": "da",
        "afr": "af",
        "hin": "hi",
        "fre": "fr",
        "fra": "fr",
    }
