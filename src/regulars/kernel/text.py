"""Folding: the one form in which texts are compared, searched and sorted.

`fold` is version 1 of the fold (decision 4): NFKD, marks dropped, case folded, the letters that do not decompose
spelled out, runs of blanks made one. A stored key names no version of its own; the house keeps it.
"""

import unicodedata
from functools import lru_cache

FOLD_VERSION = 1
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "’": "'"}
)


def fold_once(text: str | None) -> str:
    """`fold` of a text that hardly comes again, such as an e-mail address: nothing is remembered of it."""
    if not text:
        return ""
    if text.isascii():
        return " ".join(text.lower().split())
    try:
        return " ".join("".join(map(_FOLDED.__getitem__, text)).split())  # type: ignore[arg-type]
    except TypeError:  # a letter with marks that stay: their order is the whole text's business
        return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    spelled = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(ch for ch in unicodedata.normalize("NFKD", spelled) if not 0x300 <= ord(ch) <= 0x36F)


class _Folded(dict[str, str | None]):
    """Letter by letter what `_folded` makes of it; None for one whose marks may change places with the next one's."""

    def __missing__(self, letter: str) -> str | None:
        told = _folded(letter)
        self[letter] = None if any(map(unicodedata.combining, told)) else told
        return self[letter]


_FOLDED = _Folded()


@lru_cache(30_000)  # names and places come again and again
def fold(text: str | None) -> str:
    """The folded form: `Sørensen`, `SORENSEN` and `sorensen ` become one. Empty text and None give ''."""
    return fold_once(text)


def clean(text: str | None) -> str:
    """Text as it is kept: NFC, no control characters but line breaks, trimmed. Other blanks stay as typed."""
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = (
        ch for ch in text.replace("\r\n", "\n").replace("\r", "\n") if ch in "\n\t" or unicodedata.category(ch) != "Cc"
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def ascii_digits(text: str) -> str:
    """The text with the digits of any script as 0 to 9: `३०२००१` is 302001."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(ch, ch)) for ch in text)


# Letters that a language sorts after z, in their order (CLDR root otherwise); what is not listed sorts as its base.
_AFTER_Z: dict[str, tuple[tuple[str, ...], ...]] = {
    "da": (("æ", "ä"), ("ø", "ö"), ("å", "aa")),
    "nb": (("æ", "ä"), ("ø", "ö"), ("å", "aa")),
    "sv": (("å",), ("ä",), ("ö",)),
}


class House:
    """The house's alphabet in this process; whoever reads or changes the settings of the house says it here."""

    language = "en"


def sort_key(text: str | None, language: str) -> str:
    """A key whose plain byte order is the alphabet of the language (`da`: … z æ ø å; `de`: ä as a, DIN 5007-1)."""
    if not text:
        return ""
    after = _AFTER_Z.get(language[:2])
    if after and not (text.isascii() and "aa" not in text.lower()):
        low = unicodedata.normalize("NFC", text).casefold()
        for place, letters in enumerate(after):
            for letter in letters:
                low = low.replace(letter, "z" + chr(0x7B + place))
        text = low
    return fold_once(text)


def has_its_own_order(language: str) -> bool:
    """Whether a language's alphabet is another than the common one."""
    return language[:2] in _AFTER_Z


def sort_keys(text: str | None) -> set[str]:
    """The key in every alphabet that has an order of its own, and in the common one."""
    return {sort_key(text, language) for language in ("", *_AFTER_Z)}
