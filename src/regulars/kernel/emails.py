"""E-mail addresses: checked by form, kept as typed, compared by their key.

`email-validator` is the truth (RFC 5321 and 6531), without asking the network. Most addresses never reach it: a plain
local part and a domain seen before decide alone.
"""

import re
from functools import lru_cache

from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

# The commonest atoms of RFC 5322; whatever else is legal goes to the library. No dot at an end or twice.
_PLAIN = re.compile(r"[a-z0-9_+'-]+(?:\.[a-z0-9_+'-]+)*", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"([a-z0-9_+-]{1,30}(?:\.[a-z0-9_+-]{1,30})?)@([a-z0-9][a-z0-9.-]{2,180})", re.ASCII)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x200E, 0x200F, 0x202A, 0x202C))
_NAMED = re.compile(r"[^<>]*<([^<>]*)>\s*")
_SEVERAL = re.compile(r"\s*(?:[,;\n\r]|\s:::\s)\s*")
_LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_LONGEST_TEXT = 1000
_LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the two brackets
_ROLES = frozenset(
    ("abuse", "do-not-reply", "donotreply", "hostmaster", "mailer-daemon", "no-reply", "noreply", "postmaster", "root")
)
_MISTYPED = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gamil.com": "gmail.com", "gnail.com": "gmail.com",
    "gmail.co": "gmail.com", "gmail.con": "gmail.com", "gmal.com": "gmail.com", "googlemail.co": "googlemail.com",
    "hotmial.com": "hotmail.com", "hotmai.com": "hotmail.com", "hotmail.con": "hotmail.com",
    "hotmal.com": "hotmail.com",
    "outlok.com": "outlook.com", "outlook.con": "outlook.com", "yaho.com": "yahoo.com", "yahoo.con": "yahoo.com",
    "yhoo.com": "yahoo.com", "icloud.con": "icloud.com", "iclod.com": "icloud.com", "gmx.ed": "gmx.de",
    "web.ed": "web.de",
    "t-onlin.de": "t-online.de", "tonline.de": "t-online.de", "freent.de": "freenet.de",
}  # fmt: skip


def clean_email(text: str) -> str:
    """One address as typed, without blanks, invisible characters, `mailto:`, a name around it or a last dot.

    Raises `Refused` for two addresses in one text (`split_emails` takes them apart) and for what is no address.
    """
    address = _bare(text)
    local, at, domain = address.rpartition("@")
    if at and len(local) <= _LONGEST_LOCAL and len(address) <= _LONGEST and _PLAIN.fullmatch(local) and _known(domain):
        return address
    return _checked(address)


def is_plain(text: str) -> bool:
    """Whether the text is one good address of the commonest form, with nothing about it to be doubted. Quick."""
    match = _WHOLE.fullmatch(text)
    return match is not None and _known(match[2]) and match[2] not in _MISTYPED and match[1] not in _ROLES


def split_emails(text: str) -> list[str]:
    """The addresses of a cell that may hold several (`a@x.org, b@x.org`; `Anna <a@x.org>; …`), not yet checked."""
    return [part for part in _SEVERAL.split(text.strip()) if part] if _SEVERAL.search(text.strip()) else [text]


def email_key(address: str) -> str:
    """The form in which two addresses are the same: case folded, the domain in ASCII (`xn--…`)."""
    if address.isascii():
        return address.lower()
    local, _at, domain = address.rpartition("@")
    return f"{local.casefold()}@{_ascii_domain(domain.casefold())}"


def doubt(address: str) -> str:
    """What is odd about a good address, as a message id of `DOUBTS`; '' for nothing."""
    local, _at, domain = address.lower().rpartition("@")
    if domain in _MISTYPED:
        return DOUBT_TYPO
    return DOUBT_ROLE if local in _ROLES else ""


def probable_domain(address: str) -> str:
    """The well-known domain that a mistyped one was meant to be, '' for none."""
    return _MISTYPED.get(address.lower().rpartition("@")[2], "")


DOUBT_TYPO = _("“{text}” looks mistyped: was {domain} meant?")
DOUBT_ROLE = _("“{text}” is the address of a machine or an office, not of a person.")


def _bare(text: str) -> str:
    address = text.strip()
    if not address.isascii():
        address = address.translate(_INVISIBLE).strip()
    if "<" in address and (named := _NAMED.fullmatch(address)):
        address = named[1].strip()
    if address[:7].lower() == "mailto:":
        address = address[7:].partition("?")[0]
    return address.rstrip(".") if address.endswith(".") else address


@lru_cache(maxsize=100_000)
def _known(domain: str) -> bool:
    """Whether the library takes the domain with a plain local part. The memory serves a whole file."""
    try:
        _checked(f"a@{domain}")
    except Refused:
        return False
    return True


def _checked(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    parts = split_emails(address[:_LONGEST_TEXT])
    if len(parts) > 1 and all("@" in part for part in parts):
        raise refusal(_("“{text}” holds several addresses. Give each its own field."), text=short(address))
    if "@" not in address or len(address) > _LONGEST_TEXT:
        raise refusal(_("“{text}” is not an e-mail address: it has no @."), text=short(address))
    if "." not in address.rpartition("@")[2]:
        raise refusal(_("“{text}” is not an e-mail address: what follows the @ has no dot."), text=short(address))
    if len(address.rpartition("@")[0]) > _LONGEST_LOCAL:
        raise refusal(
            _("“{text}” is not an e-mail address: more than 64 characters before the @."), text=short(address)
        )
    try:
        validate_email(address, check_deliverability=False, allow_quoted_local=False, globally_deliverable=False)
    except (EmailNotValidError, UnicodeError) as why:
        raise refusal(_("“{text}” is not an e-mail address: {why}"), text=short(address), why=str(why)) from None
    return address


@lru_cache(maxsize=10_000)
def _ascii_domain(domain: str) -> str:
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain
