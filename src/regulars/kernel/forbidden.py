"""What must not be in here: numbers of payment cards and passwords, found in any text.

A card number has 13 to 19 digits, begins as an issuer's numbers do with the length that issuer gives them (ISO/IEC
7812, the schemes' published ranges), and passes the check of Luhn. A phone number with its +, an IBAN and a number
inside a longer one are none. Pure; the child that reads a file runs it too.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_noop as _
from stdnum import iban, luhn

from regulars.kernel.errors import Refused
from regulars.kernel.text import fold
from regulars.kernel.wording import refusal

BLACK = "••••"
CARD, PASSWORD = "card", "password"
TOLD = {
    CARD: _("This holds the number of a payment card. Such numbers are never kept here: take it out."),
    PASSWORD: _("This holds a password or a card's security code. They are never kept here: take it out."),
}
Span = tuple[int, int, str]

_GAP = r"[ \u00a0\u2009\u202f.\-\u2010-\u2013]"
_RUN = re.compile(rf"(?<![\w+])(?<![\d+]{_GAP})\d(?:{_GAP}?\d){{12,}}(?!\w)")
_HINT = re.compile(
    rf"[2-68\u0968-\u096e](?<![\w+].)(?:{_GAP}?\d){{12}}", re.DOTALL
)  # the set first: it is sought fastest
# The same without a pattern, to pass over most texts: digits and all that is not ASCII as 0, ASCII gaps left out.
_AS_DIGITS = bytes(48 if each >= 128 or 48 <= each <= 57 else 120 for each in range(256))
_GAPS, _LEAST = b" .-", b"0" * 13
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
# A mark behind which a secret may stand: not that of a time of day (`08:26`), which any row of a list may hold.
_MARK = re.compile(r"[:=\u0903](?<![013-9].)(?<!\d2.)", re.DOTALL)
_SIGNS = (":", "=", "\u0903")
_WORDS = (
    "password", "passwort", "passwd", "passcode", "passphrase", "kennwort", "losungswort", "kodeord", "adgangskode",
    "wagwoord", "paswoord", "पासवर्ड", "कूटशब्द",
)  # fmt: skip
_SHORT_WORDS = ("pwd", "cvv", "cvv2", "cvc", "cvc2", "cvn")
_SAID = re.compile(
    rf"(?:{'|'.join(_WORDS)}|\b(?:{'|'.join(_SHORT_WORDS)})\b)[^\S\n]*(?:[:=]|\u0903)[^\S\n]*(?P<secret>[^\s,;]+)",
    re.IGNORECASE,
)
# How a card number is written in groups; one group of all digits is always a way.
_WRITTEN = frozenset((
    (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 3, 3, 3), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (4, 4, 5),
    (4, 4, 4, 1), (4, 4, 4, 2), (4, 4, 4, 3), (6, 13), (8, 8), (4, 12), (6, 10),
))  # fmt: skip
_ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (  # first six digits from, to, how many digits in all
    (400000, 499999, frozenset((13, 16, 19))),  # Visa
    (510000, 559999, frozenset((16,))),  # Mastercard
    (222100, 272099, frozenset((16,))),
    (340000, 349999, frozenset((15,))),  # American Express
    (370000, 379999, frozenset((15,))),
    (300000, 305999, frozenset((14, 16, 17, 18, 19))),  # Diners Club
    (309500, 309599, frozenset((14, 16, 17, 18, 19))),
    (360000, 369999, frozenset((14, 16, 17, 18, 19))),
    (380000, 399999, frozenset((14, 16, 17, 18, 19))),
    (601100, 601199, frozenset((16, 17, 18, 19))),  # Discover
    (644000, 659999, frozenset((16, 17, 18, 19))),  # Discover, RuPay
    (352800, 358999, frozenset((16, 17, 18, 19))),  # JCB
    (620000, 629999, frozenset((16, 17, 18, 19))),  # UnionPay
    (810000, 829999, frozenset((16, 17, 18, 19))),  # UnionPay, RuPay
    (508500, 508999, frozenset((16,))),  # RuPay
    (606985, 608500, frozenset((16,))),
    (501800, 503899, frozenset((13, 14, 15, 16, 17, 18, 19))),  # Maestro, Dankort
    (560000, 589999, frozenset((13, 14, 15, 16, 17, 18, 19))),
    (630400, 630499, frozenset((13, 14, 15, 16, 17, 18, 19))),
    (675900, 676399, frozenset((13, 14, 15, 16, 17, 18, 19))),
    (220000, 220499, frozenset((16, 17, 18, 19))),  # Mir
)


def suspect(text: str) -> bool:
    """Whether a closer look is worth it: quick enough for every row of a million."""
    if _LEAST in text.encode("utf-8", "surrogatepass").translate(_AS_DIGITS, _GAPS) and _HINT.search(text):
        return True
    return any(sign in text for sign in _SIGNS) and bool(_MARK.search(text) and _SAID.search(text))


def found_in(text: str) -> list[Span]:
    """The (start, end, kind) of each card number, password and security code in the text, in order."""
    spans = [*_cards(text), *((*each.span("secret"), PASSWORD) for each in _SAID.finditer(text))]
    return sorted(each for each in spans if BLACK not in text[each[0] : each[1]])


def blacked(text: str) -> str:
    """The text with what must not be kept blacked out."""
    kept, end = [], 0
    for start, stop, _kind in found_in(text):
        if start >= end:
            kept += [text[end:start], BLACK]
            end = stop
    return "".join([*kept, text[end:]])


def refuse(text: str, *, where: str | None = None) -> None:
    """Raises Refused, without the text itself, if it holds what must not be kept."""
    if suspect(text) and (found := found_in(text)):
        refused = refusal(TOLD[found[0][2]], where=where)
        raise Refused(refused.message, where=where, **{**refused.more, "value": BLACK})


def is_password(heading: str) -> bool:
    """Whether a column of this name holds passwords or security codes."""
    folded = fold(heading)
    return any(fold(word) in folded for word in _WORDS) or not set(_SHORT_WORDS).isdisjoint(re.split(r"[\W_]+", folded))


def is_card(text: str) -> bool:
    """Whether the whole text is one card number, however grouped."""
    digits = _digits(text)
    return _known(digits) and not re.sub(rf"\d|{_GAP}", "", text.strip())


def weighed(cells: Iterable[str]) -> tuple[int, int]:
    """(how many of the cells have the first digits and the length of a card number, how many pass the check as well).

    Of numbers counted by some system one in ten passes by chance, of card numbers every one.
    """
    shaped = [digits for cell in cells if _issued(digits := _digits(cell))]
    return len(shaped), sum(luhn.is_valid(digits) for digits in shaped)


def _cards(text: str) -> Iterator[Span]:
    if not _HINT.search(text):
        return
    hidden = _IBAN.sub(_without_iban, text)
    for run in _RUN.finditer(hidden):
        yield from _in_run(run.group(), run.start())


def _without_iban(match: re.Match[str]) -> str:
    return "x" * len(match.group()) if iban.is_valid(match.group()) else match.group()


def _in_run(run: str, offset: int) -> Iterator[Span]:
    """The card numbers in one stretch of digits and gaps: groups that follow each other as on a card."""
    groups, end = list(re.finditer(r"\d+", run)), 0
    for first in range(len(groups)):
        if groups[first].start() < end:
            continue
        for last in range(min(first + 5, len(groups)), first, -1):
            some = groups[first:last]
            lengths = tuple(len(each.group()) for each in some)
            digits = _digits("".join(each.group() for each in some))
            if (len(some) == 1 or lengths in _WRITTEN) and _known(digits):
                end = some[-1].end()
                yield offset + some[0].start(), offset + end, CARD
                break


def _digits(text: str) -> str:
    """The digits of the text, whichever script they are of, as 0 to 9."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _known(digits: str) -> bool:
    return _issued(digits) and luhn.is_valid(digits)


def _issued(digits: str) -> bool:
    if not 13 <= len(digits) <= 19:
        return False
    first = int(digits[:6])
    return any(low <= first <= high and len(digits) in lengths for low, high, lengths in _ISSUERS)
