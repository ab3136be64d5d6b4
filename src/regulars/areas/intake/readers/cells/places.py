"""Countries, languages, postcodes, banks and the places of the web."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from regulars.areas.intake.readers.cells.texts import NOTHING
from regulars.areas.intake.readers.targets import GROUPS
from regulars.kernel import languages, numbers, postal
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

_HANDLE = re.compile(r"@?([\w.\-]{1,100})")
_SITES = frozenset(("twitter", "facebook", "instagram", "linkedin", "tiktok", "youtube", "xing", "mastodon"))


@lru_cache(maxsize=100_000)
def postcode_of(text: str, country: str) -> str | None:
    """The postcode as its country writes it; Shopify's leading apostrophe goes."""
    kept = text.strip().removeprefix("'")
    if kept[-2:] == ".0" and kept[:-2].isdigit():  # a postcode that a spreadsheet took for a number
        kept = kept[:-2]
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


def known_country(text: str) -> str | None:
    kept = text.strip().removeprefix("'")
    return postal.clean_country(kept) if kept and kept not in NOTHING else None


def known_language(text: str) -> str | None:
    return languages.clean_language(text) if text.strip() and text.strip() not in NOTHING else None


def account(text: str) -> dict[str, str] | None:
    """A bank account: an IBAN checked, else a national number of 4 to 30 letters and digits."""
    bare = "".join(ch for ch in text.upper() if ch.isalnum())
    if bare[:2].isalpha():
        return {"iban": numbers.clean_iban(text.strip()).iban}
    if not 4 <= len(bare) <= 30:
        raise refusal(_("A bank account number has 4 to 30 letters and digits."))
    return {"number": bare}


def bic(text: str) -> str | None:
    kept = text.replace(" ", "").upper()
    if kept and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", kept):
        raise refusal(_("“{text}” is not a BIC: it has 8 or 11 letters and digits."), text=short(text))
    return kept or None
