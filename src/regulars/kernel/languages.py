"""Languages to BCP 47: `de`, `German`, `Deutsch`, `de_AT`, `pt-BR`."""

from functools import cache

from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

NAMED_IN = ("en", "de", "da", "af", "hi")  # the languages of the product
# Languages that are known by their own name too; each name costs reading that language's data.
_SPOKEN = (
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "nb",
    "fi",
    "pl",
    "cs",
    "hu",
    "ro",
    "tr",
    "ru",
    "uk",
    "el",
    "ar",
    "zh",
    "ja",
)
_LONGEST = 60


def clean_language(text: str) -> str:
    """The BCP 47 tag of a language given by tag or by name in a language of the product. Raises `Refused`."""
    tag = _known(text.strip()) if len(text) <= _LONGEST else ""
    if tag:
        return tag
    raise refusal(_("“{text}” is not a language that is known. Write its code, as in de or pt-BR."), text=short(text))


@cache
def _known(text: str) -> str:
    if len(text) == 2 and text.lower() in _codes():
        return text.lower()
    return _names().get(fold(text)) or _tag(text)


def _tag(text: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(text.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return ""
    return "-".join(part for part in (locale.language, locale.script, locale.territory) if part)


@cache
def _codes() -> frozenset[str]:
    from babel import Locale

    return frozenset(str(code) for code in Locale.parse("en").languages if len(str(code)) == 2)


@cache
def _names() -> dict[str, str]:
    """Folded names in the product's languages and in the language itself, and some three-letter codes of ISO 639-2."""
    from babel import Locale

    names: dict[str, str] = {}
    for language in NAMED_IN:
        for code, name in Locale.parse(language).languages.items():
            names.setdefault(fold(name), code.replace("_", "-"))
    for code in _SPOKEN:
        names.setdefault(fold(Locale.parse(code).get_language_name(code)), code)
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
