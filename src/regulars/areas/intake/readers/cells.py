"""One cell to one value of the card, compiled per column: what is known of the column is decided once, not per row.

A cleaner takes the cell's text (never empty) and gives the value, or None for nothing; it raises `Refused`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized
from unicodedata import normalize as _normalize
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from regulars.areas.intake.readers.mapping import Column
from regulars.areas.intake.readers.targets import GROUPS, Target
from regulars.kernel import dates, emails, genders, languages, money, names, numbers, phones, postal
from regulars.kernel.sheets import unshield
from regulars.kernel.text import clean, fold
from regulars.kernel.wording import refusal, short

Cleaner = Callable[[str], Any]
_SELDOM_REPEATED = ("street", "street2", "whole", "house_number", "name_spoken", "greeting")
_MEMORY = 50_000  # different texts that a column remembers
_NOTHING = frozenset(("-", "–", "—", "--"))
_WHOLE_FLOAT = re.compile(r"(\d+)\.0")
_HANDLE = re.compile(r"@?([\w.\-]{1,100})")


_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Declared:
    """What the house declares of a fact: its type (`registries.FactType`), how long a text may be, a code's words.

    `spellings` are further ways to write a word, as (spelling, word): its labels in the languages of the house.
    """

    type: str
    choices: tuple[str, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()
    longest: int = _LONGEST

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Declared":
        pairs = tuple((spelling, word) for spelling, word in given["spellings"])
        return cls(given["type"], tuple(given["choices"]), pairs, given["longest"])


@dataclass(frozen=True, slots=True)
class Context:
    """What cells are read against: the house's country and currency, today's house day, the facts as they are declared.

    `custom` are the business's own by name, `own` those of the card's own row. It goes into a child process as JSON.
    """

    country: str
    currency: str
    today: date
    custom: dict[str, Declared] = field(default_factory=dict)
    own: dict[str, Declared] = field(default_factory=dict)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Context":
        custom, own = (
            {name: Declared.from_json(each) for name, each in given[part].items()} for part in ("custom", "own")
        )
        return cls(given["country"], given["currency"], date.fromisoformat(given["today"]), custom, own)

    def longest(self, name: str) -> int:
        """How many characters a fact of the card's own row may have."""
        return self.own[name].longest if name in self.own else _LONGEST


def cleaner(target: Target, column: Column, context: Context) -> Cleaner:
    """The cleaner of a column's cells for its place. Contact points are not cleaned here (`contacts`)."""
    if target.group == "custom":
        return _declared(context.custom.get(target.key, Declared("text")), column, context)
    place = f"{target.group}.{target.key}" if target.group else target.key
    if place in ("birth_date",):
        return remembered(bare(_birthday(column, context)))
    if place in ("addresses.valid_from", "addresses.valid_to", "works_at.from", "works_at.to"):
        return remembered(bare(_day(column, context)))
    if place in _OF_PLACE:
        return remembered(_OF_PLACE[place])
    if place in ("age", "children"):
        return _up_to_150
    if place in ("social.followers", "referred_by"):
        return _whole
    if not target.group and target.key in context.own and context.own[target.key].type != "text":
        return _declared(context.own[target.key], column, context)
    longest = GROUPS[target.group][target.key] if target.group else context.longest(target.key)
    return text_of(longest) if target.key in _SELDOM_REPEATED else remembered(text_of(longest))


def bare(clean_one: Cleaner) -> Cleaner:
    """The same for a cell that may be shielded from spreadsheets: `'--03-07`, `'-5`."""
    return lambda text: clean_one(unshield(text))


def text_of(longest: int) -> Cleaner:
    """Text as it is kept: trimmed, NFC, no control characters, the apostrophe before a formula taken off."""

    def read(text: str) -> str | None:
        kept = text.strip()
        if not kept.isprintable():
            kept = _unprintable(kept)
        elif not kept.isascii() and not is_normalized("NFC", kept):
            kept = _normalize("NFC", kept)
        if len(kept) > longest:
            raise refusal(
                _("This is {length} characters long; at most {longest} are kept here."),
                length=str(len(kept)),
                longest=str(longest),
            )
        if not kept:
            return None
        return unshield(kept) if kept[0] == "'" else kept

    return read


class _Memory(dict[str, Any]):
    """What each text gave. A text that is there costs one look-up and no call of ours."""

    def __init__(self, clean_one: Cleaner, most: int) -> None:
        super().__init__()
        self.clean_one, self.most = clean_one, most

    def __missing__(self, text: str) -> Any:
        value = self.clean_one(text)
        if len(self) < self.most:
            self[text] = value
        return value


def remembered(clean_one: Cleaner, most: int = _MEMORY) -> Cleaner:
    """The same, asked once for each different text: names, towns, countries, genders and birth dates repeat."""
    return _Memory(clean_one, most).__getitem__


def reference(text: str) -> str | None:
    """A customer's id in another system: `17850.0` is 17850, `00001` stays, a spreadsheet's leading apostrophe goes."""
    kept = text.strip()
    if kept.isascii() and kept.isalnum() and len(kept) <= 200:
        return kept
    whole = _WHOLE_FLOAT.fullmatch(kept)
    return whole[1] if whole else _REFERENCE_TEXT(kept.removeprefix("'"))


_REFERENCE_TEXT = text_of(200)


@lru_cache(maxsize=100_000)
def postcode_of(text: str, country: str) -> str | None:
    """The postcode as its country writes it; Shopify's leading apostrophe goes."""
    kept = text.strip().removeprefix("'")
    code = postal.clean_postcode(kept, country)
    if len(code) > GROUPS["addresses"]["postcode"]:
        raise refusal(_("“{text}” is too long for a postcode."), text=short(text))
    return code or None


def social(text: str, network: str) -> dict[str, str] | None:
    """A handle, or a link, as network and handle. A link to a known network is that network's."""
    kept = text.strip()
    if "/" in kept or kept.startswith("www."):
        return _linked(kept, network)
    handle = _HANDLE.fullmatch(kept)
    known = network if network and network != "web" else "web"
    return {"network": known, "handle": (handle[1] if handle and known != "web" else kept)[:200]} if kept else None


def _linked(text: str, network: str) -> dict[str, str]:
    try:
        link = urlsplit(text if "//" in text else f"//{text}")
        host = (link.hostname or "").removeprefix("www.").lower()
        path = link.path.strip("/")
    except ValueError:
        raise refusal(_("“{text}” is not a link."), text=short(text)) from None
    site = {"x.com": "twitter"}.get(host, host.rpartition(".")[0].rpartition(".")[2])
    if site in _SITES and path:
        return {"network": site, "handle": path.rpartition("/")[2].removeprefix("@")[:200]}
    return {"network": network if network not in _SITES and network else "web", "handle": text[:200]}


_SITES = frozenset(("twitter", "facebook", "instagram", "linkedin", "tiktok", "youtube", "xing", "mastodon"))


def title_and_gender(context: Context) -> Callable[[str], tuple[str | None, str | None]]:
    """A form of address: the title as written, and the gender that it states."""
    text_of_title = text_of(context.longest("title"))

    def read(text: str) -> tuple[str | None, str | None]:
        kept = text_of_title(text)
        return kept, genders.gender_of_title(kept or "")

    return read


def says_yes(text: str) -> bool | None:
    """Whether a cell of yes and no says yes; None where it says something else (a date, a reason)."""
    word = fold(text).strip(" .!")
    return True if word in _YES else False if word in _NO else None


_YES = frozenset(
    map(
        fold,
        (
            "yes",
            "y",
            "true",
            "t",
            "1",
            "1.0",
            "x",
            "✓",
            "✔",
            "ja",
            "j",
            "wahr",
            "on",
            "sand",
            "haan",
            "हाँ",
            "हां",
            "जी",
            "opted out",
            "unsubscribed",
            "abgemeldet",
            "bounced",
            "hard",
            "cleaned",
            "afmeldt",
            "frameldt",
            "deceased",
            "verstorben",
            "død",
            "oorlede",
            "मृत",
        ),
    )
)
_NO = frozenset(
    map(
        fold,
        (
            "no",
            "n",
            "false",
            "f",
            "0",
            "0.0",
            "nein",
            "falsch",
            "off",
            "nej",
            "falsk",
            "nee",
            "नहीं",
            "none",
            "null",
            "-",
            "",
        ),
    )
)
_TAKEN_BACK = frozenset(
    map(
        fold,
        (
            "unsubscribed",
            "opted out",
            "optedout",
            "opt out",
            "bounced",
            "cleaned",
            "complained",
            "non marketing contact",
            "not subscribed",
            "not_subscribed",
            "abgemeldet",
            "afmeldt",
            "frameldt",
            "uitgeteken",
            "redacted",
            "invalid",
            "inactive",
            "blocked",
            "spam",
        ),
    )
)


def claims(text: str) -> bool | None:
    """Whether a cell about consent claims a yes (True), says no (False), or leaves it open (None: pending, unknown)."""
    word = fold(text).strip(" .!")
    if word in _TAKEN_BACK:
        return False
    if word in ("pending", "unknown", "unbekannt", "not set", "unconfirmed", "invited"):
        return None
    said = says_yes(text)
    return True if said is None else said


def _unprintable(text: str) -> str:
    if any("\ud800" <= ch <= "\udfff" for ch in text):
        raise refusal(_("This cell holds bytes that cannot be read in the file's encoding."))
    return clean(text)


def _birthday(column: Column, context: Context) -> Cleaner:
    order = column.order or None
    return lambda text: dates.clean_birthday(text, today=context.today, order=order, serial=bool(column.serial))  # type: ignore[arg-type]


def _day(column: Column, context: Context) -> Cleaner:
    order = column.order or None

    def read(text: str) -> str | None:
        day = dates.clean_date(text, today=context.today, order=order, serial=bool(column.serial))  # type: ignore[arg-type]
        return day.isoformat() if day else None

    return read


def _whole(text: str) -> int | None:
    if text.strip() in _NOTHING or not text.strip():
        return None
    scaled = money.clean_decimal(text.strip())
    if scaled % money.SCALE or not 0 <= scaled < 2**31 * money.SCALE:
        raise refusal(_("“{text}” is not a whole number."), text=short(text))
    return scaled // money.SCALE


def _up_to_150(text: str) -> int | None:
    value = _whole(text)
    if value is not None and value > 150:
        raise refusal(_("“{text}” is too large."), text=short(text))
    return value


def _kind(text: str) -> str | None:
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


def _known_country(text: str) -> str | None:
    kept = text.strip().removeprefix("'")
    return postal.clean_country(kept) if kept and kept not in _NOTHING else None


def _known_language(text: str) -> str | None:
    return languages.clean_language(text) if text.strip() and text.strip() not in _NOTHING else None


def _bic(text: str) -> str | None:
    kept = text.replace(" ", "").upper()
    if kept and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", kept):
        raise refusal(_("“{text}” is not a BIC: it has 8 or 11 letters and digits."), text=short(text))
    return kept or None


def account(text: str) -> dict[str, str] | None:
    """A bank account: an IBAN checked, else a national number of 4 to 30 letters and digits."""
    bare = "".join(ch for ch in text.upper() if ch.isalnum())
    if bare[:2].isalpha():
        return {"iban": numbers.clean_iban(text.strip()).iban}
    if not 4 <= len(bare) <= 30:
        raise refusal(_("A bank account number has 4 to 30 letters and digits."))
    return {"number": bare}


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


_OF_PLACE: dict[str, Cleaner] = {
    "gender": genders.clean_gender,
    "language": _known_language,
    "kind": _kind,
    "addresses.country": _known_country,
    "identity_numbers.country": _known_country,
    "bank_accounts.bic": _bic,
}
_OF_TYPE: dict[str, Cleaner] = {
    "country": _known_country,
    "language": _known_language,
    "customer": _whole,
    "email": lambda text: emails.clean_email(text) if text.strip() else None,
}


def _declared(spec: Declared, column: Column, context: Context) -> Cleaner:
    """The cleaner of a declared fact. What it gives reads the same everywhere: `12.5`, `12.50 EUR`, an ISO day."""
    made = _of_type(spec, column, context)
    return made if spec.type in ("text", "code") else bare(made)


def _of_type(spec: Declared, column: Column, context: Context) -> Cleaner:
    mark: Any = column.mark or None
    if spec.type in ("decimal", "number"):
        return _decimal(spec.type, mark)
    if spec.type == "money":
        return _money(context.currency, mark)
    if spec.type in ("date", "birthday"):
        return remembered(_day(column, context) if spec.type == "date" else _birthday(column, context))
    if spec.type == "yesno":
        return remembered(_yes_or_no)
    if spec.type == "code" and spec.choices:
        return remembered(_choice(spec))
    if spec.type in _OF_TYPE:
        return remembered(_OF_TYPE[spec.type])
    if spec.type == "phone":
        return lambda text: phones.clean_phone(text, context.country) if text.strip() else None
    return text_of(spec.longest)


def _decimal(kind: str, mark: Any) -> Cleaner:
    def read(text: str) -> Any:
        if text.strip() in _NOTHING or not text.strip():
            return None
        scaled = money.clean_decimal(text.strip(), mark=mark)
        if kind == "decimal":
            return money.plain(scaled)
        if scaled % money.SCALE or abs(scaled) >= 2**31 * money.SCALE:
            raise refusal(_("“{text}” is not a whole number."), text=short(text))
        return scaled // money.SCALE

    return read


def _money(currency: str, mark: Any) -> Cleaner:
    def read(text: str) -> str | None:
        if text.strip() in _NOTHING or not text.strip():
            return None
        scaled, found = money.clean_money(text.strip(), currency, mark=mark)
        return f"{money.plain(scaled)} {found}"

    return read


def _yes_or_no(text: str) -> bool | None:
    said = says_yes(text)
    if said is None:
        raise refusal(_("“{text}” is neither yes nor no."), text=short(text))
    return said if text.strip() else None


def _choice(spec: Declared) -> Cleaner:
    known = {fold(spelling): word for spelling, word in spec.spellings} | {fold(each): each for each in spec.choices}

    def read(text: str) -> str | None:
        word = fold(unshield(text))
        if word and word not in known:
            raise refusal(_("“{text}” is none of: {choices}."), text=short(text), choices=", ".join(spec.choices))
        return known.get(word)

    return read
