"""Yes, no, and what a cell about consent claims, in the languages of the house."""

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
    if word in ("pending", "unknown", "unbekannt", "not set", "unconfirmed", "invited", "deleted"):
        return None
    said = says_yes(text)
    return True if said is None else said


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
