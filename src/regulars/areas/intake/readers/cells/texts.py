"""Texts as they are kept, and what each text gave, remembered."""

import re
from collections.abc import Callable
from typing import Any
from unicodedata import is_normalized
from unicodedata import normalize as _normalize

from regulars.kernel.sheets import unshield
from regulars.kernel.text import ascii_digits, clean, fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

Cleaner = Callable[[str], Any]
_MEMORY = 50_000  # different texts that a column remembers
NOTHING = frozenset(("-", "–", "—", "--"))
ERRORS = frozenset(
    ("#N/A", "#NV", "#I/T", "#REF!", "#BEZUG!", "#REFERENCE!", "#VALUE!", "#WERT!", "#VÆRDI!", "#WAARDE!", "#NAME?",
     "#NAVN?", "#NAAM?", "#DIV/0!", "#NUM!", "#ZAHL!", "#NULL!")
)  # fmt: skip
_NO_ANSWER = frozenset(
    ("---", "-/-", "./.", "?", "??", "0", "n/a", "na", "n.a.", "k.a.", "keine angabe", "null", "(null)", "\\n", "nan",
     "none", "nil", "unknown", "kein", "keine", "unbekannt", "ingen", "ukendt", "geen", "onbekend", "कोई नहीं", "अज्ञात",
     "0000-00-00", "0000-00-00 00:00:00", "1900-01-00", "00.01.1900")
)  # fmt: skip
_WHOLE_FLOAT = re.compile(r"(\d+)\.0")


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
                length=len(kept),
                longest=longest,
            )
        if not kept:
            return None
        return _marked(kept) if kept[0] in "'#" else kept

    return read


def says_nothing(text: str) -> bool:
    """Whether a cell that cannot be read was never filled: `n/a`, `keine`, `#NV`. For cells that are no text alone: as
    a text, `Null` is a family name."""
    kept = text.strip()
    return kept in NOTHING or kept.upper() in ERRORS or fold(kept) in _NO_ANSWER


def _marked(text: str) -> str | None:
    """A text shielded from spreadsheets; what a spreadsheet writes where it could compute nothing is none."""
    return None if text in ERRORS else unshield(text)


def _unprintable(text: str) -> str:
    if any("\ud800" <= ch <= "\udfff" for ch in text):
        raise refusal(_("This cell holds bytes that cannot be read in the file's encoding."))
    return clean(text)


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
    """A customer's id in another system: `17850.0` is 17850, `१०१` is 101, `00001` stays, a spreadsheet's leading
    apostrophe goes."""
    kept = text.strip()
    if kept.isascii() and kept.isalnum() and len(kept) <= 200:
        return kept
    if kept.isdecimal():
        return ascii_digits(kept)[:200]
    whole = _WHOLE_FLOAT.fullmatch(kept)
    return whole[1] if whole else _REFERENCE_TEXT(kept.removeprefix("'"))


_REFERENCE_TEXT = text_of(200)
