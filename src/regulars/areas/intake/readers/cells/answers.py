"""Yes, no, and what a cell about consent claims, in the languages of the house."""

import re
from collections.abc import Iterable

from regulars.kernel.text import fold


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


def claims(text: str) -> bool | None:
    """Whether a cell about consent claims a yes (True), says no (False), or leaves it open (None: pending, unknown)."""
    word = fold(text).strip(" .!")
    if word in _TAKEN_BACK:
        return False
    if word in _OPEN:
        return None
    said = says_yes(text)
    return not _speaks_of_a_no(word) if said is None else said


def _speaks_of_a_no(folded: str) -> bool:
    """Whether a cell of several words holds a no: `abgemeldet am 3.5.`, `nein, danke`. One that begins with a yes does
    not: `Ja (nicht am Wochenende)`."""
    words = _BETWEEN.sub(" ", folded).split()
    said = f" {' '.join(words)} "
    return bool(words) and words[0] not in _YES - _TAKEN_BACK and any(f" {no} " in said for no in _REFUSING)


def may_be_subscriptions(texts: Iterable[str]) -> bool:
    """Whether cells under a heading such as `Status` are the words by which programs that send mail say who gets any.

    `Active` beside `Inactive` may be said of customers as well, and is none."""
    words = [fold(text).strip(" .!") for text in texts]
    known = sum(word in _TAKEN_BACK or word in _OPEN or word in _GIVEN or word in _ACTIVE for word in words)
    if not words or known < 0.9 * len(words):
        return False
    return any(word in _TELLING for word in words) or all(word in _ACTIVE for word in words)


_OPEN = frozenset(map(fold, (
    "pending", "unknown", "unbekannt", "not set", "unconfirmed", "invited", "deleted", "not confirmed", "gelöscht",
    "unbestätigt", "ausstehend", "n/a", "k.a", "keine angabe", "not specified", "ikke angivet", "ikke oplyst", "?",
    "slettet", "afventer", "hangende", "लंबित",
)))  # fmt: skip
_GIVEN = frozenset(map(fold, (
    "subscribed", "subscriber", "opted in", "opt in", "confirmed", "angemeldet", "abonniert", "bestätigt", "tilmeldt",
    "bekræftet", "ingeteken", "bevestig", "सदस्य", "सब्सक्राइब",
)))  # fmt: skip
_ACTIVE = frozenset(map(fold, ("active", "aktiv", "aktief", "सक्रिय")))

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
            "non subscribed",
            "non-subscribed",
            "nonsubscribed",
            "hard bounced",
            "hard bounce",
            "soft bounced",
            "complaint",
            "marked as spam",
            "suppressed",
            "inaktiv",
            "ausgetragen",
            "unzustellbar",
            "gesperrt",
            "beschwerde",
            "ikke tilmeldt",
            "afvist",
            "nie ingeteken nie",
            "afgemeld",
            "onaktief",
            "असक्रिय",
            "निष्क्रिय",
            "सदस्यता समाप्त",
        ),
    )
)
_BETWEEN = re.compile(r"[^\w\u0900-\u097f]+|_")
_REFUSING = frozenset(_BETWEEN.sub(" ", each).strip() for each in _TAKEN_BACK) | frozenset(map(fold, (
    "no", "not", "never", "none", "stop", "withdrawn", "revoked", "declined", "refused", "refuses", "removed", "remove",
    "nein", "nicht", "kein", "keine", "keinen", "nie", "niemals", "stopp", "widerrufen", "widerruf", "widerspruch",
    "widersprochen", "abgelehnt", "gekündigt", "storniert", "nej", "ikke", "ingen", "aldrig", "stoppet",
    "trukket tilbage", "tilbagekaldt", "nee", "geen", "nooit", "teruggetrek", "gestop", "नहीं", "मत", "बंद",
)))  # fmt: skip
# Said of subscriptions alone: what is active, blocked or deleted may be anything.
_TELLING = (_TAKEN_BACK | _GIVEN) - frozenset(map(fold, (
    "inactive", "inaktiv", "onaktief", "असक्रिय", "निष्क्रिय", "blocked", "gesperrt", "invalid", "redacted", "afvist",
    "confirmed", "bestätigt", "bekræftet", "bevestig", "सदस्य",
)))  # fmt: skip
