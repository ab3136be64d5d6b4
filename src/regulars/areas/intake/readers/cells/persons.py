"""Who it is: names in parts, forms of address, person or organisation."""

from collections.abc import Callable

from django.utils.translation import gettext_noop as _

from regulars.areas.intake.readers.cells.context import Context
from regulars.areas.intake.readers.cells.texts import text_of
from regulars.kernel import genders, names
from regulars.kernel.text import fold
from regulars.kernel.wording import refusal, short


def title_and_gender(context: Context) -> Callable[[str], tuple[str | None, str | None]]:
    """A form of address: the title as written, and the gender that it states."""
    text_of_title = text_of(context.longest("title"))

    def read(text: str) -> tuple[str | None, str | None]:
        kept = text_of_title(text)
        return kept, genders.gender_of_title(kept or "")

    return read


def full_name(context: Context) -> Callable[[str], dict[str, str]]:
    """A whole name in parts, none longer than is kept."""
    longest = {name: context.longest(name) for name in names.NameParts.__slots__}

    def read(text: str) -> dict[str, str]:
        parts = names.split_name(text).as_card()
        for name, value in parts.items():
            if len(value) > longest[name]:
                raise refusal(_("“{text}” is too long for a name."), text=short(text))
        return parts

    return read


def kind(text: str) -> str | None:
    word = fold(text)
    if word in (
        "person",
        "individual",
        "private",
        "privat",
        "customer",
        "contact",
        "persoon",
        "privatperson",
        "privatkunde",
        "b2c",
        "व्यक्ति",
    ):
        return "person"
    if word in (
        "organisation",
        "organization",
        "company",
        "business",
        "firma",
        "unternehmen",
        "virksomhed",
        "maatskappy",
        "b2b",
        "erhverv",
        "firmenkunde",
        "geschaftskunde",
        "कंपनी",
        "verein",
    ):
        return "organisation"
    if not word:
        return None
    raise refusal(_("“{text}” is neither person nor organisation."), text=short(text))
