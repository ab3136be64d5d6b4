"""What must not be in here: numbers of payment cards and passwords, found in any text.

A card number has 13 to 19 digits, begins as an issuer's numbers do with the length that issuer gives them (ISO/IEC
7812, the schemes' published ranges), and passes the check of Luhn. A phone number with its +, an IBAN and a number
inside a longer one are none. Pure; the child that reads a file runs it too.
"""

import re
from collections.abc import Iterable, Iterator

from regulars.kernel.errors import Refused
from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

BLACK = "••••"
_SHORTEST = 13  # digits of a card number
CARD, PASSWORD = "card", "password"
TOLD = {
    CARD: _("This holds the number of a payment card. Such numbers are never kept here: take it out."),
    PASSWORD: _("This holds a password or a card's security code. They are never kept here: take it out."),
}
Span = tuple[int, int, str]

_NARROW = r"[ \u00a0\u2009\u202f.\-\u2010-\u2013]"  # also within phones: what is behind one and a + is no card's
_GAP = r"[ \u00a0\u2009\u202f.\-\u2010-\u2013/_\t\r\n]{0,3}+"
_RUN = re.compile(rf"(?<![\w+])(?<![\d+]{_NARROW})\d(?:{_GAP}\d){{12,}}(?!\w)")
_OTHER_DIGITS = "".join(  # Arabic, Indian scripts, Thai, full width
    f"{chr(zero)}-{chr(zero + 9)}" for zero in (0x660, 0x6F0, *range(0x966, 0xD67, 0x80), 0xE50, 0xFF10)
)
_HINT = re.compile(
    rf"[2-68{_OTHER_DIGITS}](?<![\w+].)(?:{_GAP}\d){{12}}", re.DOTALL
)  # the set first: it is sought fastest
# To pass over most texts without a pattern: digits and all that is not ASCII as 0, ASCII gaps left out. Letters are
# small and some the same, so that `password is`, `Passwort ist` and `kodeord er` hold one piece, which is sought first.
_LOOSELY = bytes(48 if each >= 128 or 48 <= each <= 57 else each for each in bytes(range(256)).lower()).translate(
    bytes.maketrans(b"ert", b"isd")
)
_GAPS, _LEAST = b" .-/_\t\r\n", b"0" * 13
# An international phone number to the end of its cell: none of its digits can begin the number of a card (`_RUN`).
_PHONE = re.compile(r"\+\d++(?:[ .\-]\d++)*+(?=[\x1f,;]|\Z)")
_SPOKEN, _PIECES = b"osdis", (b"wosdis", b"woosdis", b"kodiosdis")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
# A mark behind which a secret may stand: not that of a time of day (`08:26`), which any row of a list may hold.
_MARK = re.compile(r"[:=\u0903](?<![013-9].)(?<!\d2.)", re.DOTALL)
_WORDS = (
    "password", "passwort", "passwd", "passcode", "passphrase", "kennwort", "losungswort", "kodeord", "adgangskode",
    "wagwoord", "paswoord", "पासवर्ड", "कूटशब्द",
)  # fmt: skip
_SHORT_WORDS = ("pwd", "cvv", "cvv2", "cvc", "cvc2", "cvn")
# What follows is sought in small letters, and begins with a letter: so it is sought fast.
_WORD = rf"(?:{'|'.join(_WORDS)})[^\W\d_]{{0,3}}"  # `kodeordet`
_SHORT = rf"(?:{'|'.join(f'{word[0]}(?<!\\w.){word[1:]}' for word in (*_SHORT_WORDS, 'pw'))})"
_PIN = r"p(?<!\w.)in(?:[ -]?[ck]ode)?"
_NO_PIN = r"(?!\D{0,2}[1-9]\d\d ?\d{3}(?!\d))(?=[^\s,;]*\d{3})"  # six digits: a postal code of India, called PIN too
_MARKED = r"(?: (?:is|ist|er|lautet))?[^\S\n]*(?:[:=]|\u0903)[^\S\n]*"
_SAID = re.compile(rf"(?:{_WORD}{_MARKED}|{_SHORT}{_MARKED}|{_PIN}{_MARKED}{_NO_PIN})(?P<secret>[^\s,;]+)")
# Behind a verb not every word is a secret: what is said of a password is left alone.
_TALK = (
    "not", "no", "now", "so", "too", "very", "wrong", "known", "unknown", "lost", "forgotten", "needed", "required",
    "missing", "invalid", "expired", "changed", "the", "an", "in", "on", "at", "with", "what", "where", "still",
    "nicht", "nie", "kein", "nun", "noch", "zu", "falsch", "richtig", "bekannt", "unbekannt", "verloren", "vergessen",
    "weg", "sicher", "gesperrt", "abgelaufen", "ungültig", "nötig", "geändert", "der", "die", "das", "ihr", "ihm",
    "bei", "im",
    "ikke", "glemt", "forkert", "kendt", "ukendt", "væk", "udløbet", "på", "hos", "skiftet", "sendt",
    "verkeerd", "vergeet", "verlore", "bekend", "onbekend", "weer", "nog", "by", "op", "gestuur",
    "गलत", "नहीं", "भूल", "सही", "पता",
)  # fmt: skip
_NO_TALK = rf"(?!(?:a|{'|'.join(_TALK)})(?!\w))"
_TOLD = re.compile(
    r"(?:(?:password|passwort|kennwort|losungswort|wagwoord|paswoord) {1,3}ist?|kodeord {1,3}er) {1,3}"
    rf"{_NO_TALK}(?P<secret>[^\s,;]+)|(?:पासवर्ड|कूटशब्द) {_NO_TALK}(?P<hindi>[^\s,;]+) है"
)
# How a card number is written in groups; one group of all digits is always a way.
_WRITTEN = frozenset((
    (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 3, 3, 3), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (4, 4, 5),
    (4, 4, 4, 1), (4, 4, 4, 2), (4, 4, 4, 3),
))  # fmt: skip
_IN_TWO = frozenset(((6, 13), (8, 8), (4, 12), (6, 10)))  # not with a slash or a new line between: that is two phones
_APART = re.compile(r"[/_\t\r\n]")
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
    content = text.encode("utf-8", "surrogatepass")
    bare = _PHONE.sub("+", text).encode("utf-8", "surrogatepass") if "+" in text else content
    loosely = bare.translate(_LOOSELY, _GAPS)
    if _LEAST in loosely and _HINT.search(text):
        return True
    spoken = _SPOKEN in loosely and any(piece in loosely for piece in _PIECES)
    if (spoken or "पासवर्ड" in text or "कूटशब्द" in text) and _TOLD.search(_small(content)):
        return True
    if ":" in text or "=" in text or "\u0903" in text:
        return bool(_MARK.search(text) and _SAID.search(_small(content)))
    return False


def found_in(text: str) -> list[Span]:
    """The (start, end, kind) of each card number, password and security code in the text, in order."""
    small = _small(text.encode("utf-8", "surrogatepass"))
    said = [*_SAID.finditer(small), *_TOLD.finditer(small)]
    spans = [*_cards(text), *((*each.span(each.lastgroup or 0), PASSWORD) for each in said)]
    return sorted(each for each in spans if BLACK not in text[each[0] : each[1]])


def _small(content: bytes) -> str:
    """The text with the letters of ASCII small: as long as it was."""
    return content.lower().decode("utf-8", "surrogatepass")


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
    long = (cell for cell in cells if len(cell) >= _SHORTEST)
    shaped = [digits for cell in long if _issued(digits := _digits(cell))]
    return len(shaped), sum(_passes(digits) for digits in shaped)


def _cards(text: str) -> Iterator[Span]:
    if not _HINT.search(text):
        return
    hidden = _IBAN.sub(_without_iban, text)
    for run in _RUN.finditer(hidden):
        yield from _in_run(run.group(), run.start())


def _without_iban(match: re.Match[str]) -> str:
    from stdnum import iban  # takes its time to load

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
            if _is_written(run[some[0].start() : some[-1].end()], lengths) and _known(digits):
                end = some[-1].end()
                yield offset + some[0].start(), offset + end, CARD
                break


def _is_written(text: str, lengths: tuple[int, ...]) -> bool:
    return len(lengths) == 1 or lengths in _WRITTEN or (lengths in _IN_TWO and not _APART.search(text))


def _digits(text: str) -> str:
    """The digits of the text, whichever script they are of, as 0 to 9."""
    digits = "".join(filter(str.isdecimal, text))
    return digits if digits.isascii() else "".join(str(int(sign)) for sign in digits)


def _known(digits: str) -> bool:
    return _issued(digits) and _passes(digits)


def _passes(digits: str) -> bool:
    from stdnum import luhn  # as above

    return bool(luhn.is_valid(digits))


def _issued(digits: str) -> bool:
    if not _SHORTEST <= len(digits) <= 19:
        return False
    first = int(digits[:6])
    return any(low <= first <= high and len(digits) in lengths for low, high, lengths in _ISSUERS)
