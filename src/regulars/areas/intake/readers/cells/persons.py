"""Who it is: names in parts, forms of address, person or organisation."""

import re
from collections.abc import Callable

from regulars.areas.intake.readers.cells.context import Context
from regulars.areas.intake.readers.cells.texts import text_of
from regulars.kernel import genders, names
from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

_FIRMS = frozenset(map(fold, (
    "firma", "fa", "firm", "company", "messrs", "m/s", "unternehmen", "organisation", "verein", "firmaet", "virksomhed",
    "virksomheden", "maatskappy", "besigheid", "कंपनी", "फर्म", "संस्था",
)))  # fmt: skip
_BEFORE_FIRM = re.compile(r"\s*(?:firma(?:et)?|fa\.|messrs\.?|m/s\.?)\s+(?=\S)", re.IGNORECASE)
# Behind a name, as they are written: `Holz AG`, but no `Kim Se`. The short ones are names where all is in capitals.
_FORMS = frozenset((
    "GmbH", "gGmbH", "mbH", "AG", "KG", "KGaA", "OHG", "oHG", "UG", "GbR", "eG", "e.K.", "e.V.", "eV", "e.G.", "eK",
    "ApS", "A/S", "I/S", "K/S", "Ltd", "Ltd.", "Limited", "LLC", "LLP", "Inc", "Inc.", "PLC", "plc", "Corp", "Corp.",
    "Pty", "BV", "B.V.", "N.V.", "S.A.", "SARL", "Bpk",
))  # fmt: skip
_SHORT_FORMS = frozenset(("SE", "SA", "NV", "BK"))
_LEGAL_FORM = re.compile(
    r"\b(?:g?mbh|ag|kg|kgaa|ohg|ug|gbr|e\.? ?[kvg]\.?|se|aps|a/s|i/s|k/s"
    r"|ltd|limited|llc|llp|inc|plc|corp|pty|pvt|bk)(?!\w)",
    re.IGNORECASE,
)


def is_firm(form: str) -> bool:
    """Whether a form of address is none of a person: `Firma`, `Fa.`, `Company`."""
    return fold(form).strip(" .:") in _FIRMS


def named_firm(name: str) -> str:
    """The organisation that a whole name says it is: `Fa. Autohaus Ott KG` → `Autohaus Ott KG`, `TSV Süd e.V.`; '' for
    a person."""
    if before := _BEFORE_FIRM.match(name):
        return name[before.end() :].strip()
    first, _blank, last = name.strip().rpartition(" ")
    is_form = last in _FORMS or (last in _SHORT_FORMS and not name.isupper())
    return name.strip() if first and is_form else ""


def has_legal_form(name: str) -> bool:
    return bool(_LEGAL_FORM.search(name))


def title_and_gender(context: Context) -> Callable[[str], tuple[str | None, str | None]]:
    """A form of address: the title as written, and the gender that it states; of a gender alone (`w`, `divers`) no
    title."""
    text_of_title = text_of(context.longest("title"))

    def read(text: str) -> tuple[str | None, str | None]:
        kept = text_of_title(text)
        if kept and (gender := genders.gender_alone(kept)):
            return None, gender
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
