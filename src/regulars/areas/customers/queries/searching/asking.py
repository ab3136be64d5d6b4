"""What was typed, as it can be searched for."""

import re
from dataclasses import dataclass

from regulars.kernel.spelling import forms, words
from regulars.kernel.text import fold

LONGEST = 100
_MOST_WORDS, _MOST_CUTS = 6, 2
_DIALLED = re.compile(r"[+(]?\d[\d\s()/.\-–]*")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_ABROAD = 10  # digits of a number dialled with 00 at least; fewer are somebody's reference, such as 00017
_NO_DIGIT = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that has to be found: a word in its spellings, or the digits of a telephone number.

    `dialled` are the digits as E.164 has them anywhere (`0151` gives `151`), `whole` those it begins with (`+49151`).
    """

    forms: tuple[str, ...]
    dialled: str = ""
    whole: str = ""

    @property
    def begun(self) -> list[str]:
        """How a word of a text may begin. What was dialled with 00 may be a reference after all."""
        whole = [f" {self.whole}"] if self.whole else []
        return whole if whole and not self.forms[0].startswith("00") else whole + [f" {form}" for form in self.forms]

    @property
    def word(self) -> str:
        return self.forms[0]

    @property
    def is_word(self) -> bool:
        """Letters alone: something that may be a name, with a typing error perhaps."""
        return self.word.isalpha()


@dataclass(frozen=True, slots=True)
class Asked:
    """`text` is what was typed, cleaned; `number` the customer's number if it may be one; `keeper` that of the card to
    which it leads where its own was merged."""

    text: str
    tokens: tuple[Token, ...]
    number: int | None = None
    keeper: int | None = None

    def __bool__(self) -> bool:
        return bool(self.tokens)

    @property
    def address(self) -> str:
        """The e-mail address, folded, where one was typed as far as its end and nothing else; empty if not."""
        return self.tokens[0].word if len(self.tokens) == 1 and _ADDRESS.fullmatch(self.text) else ""

    @property
    def cuts(self) -> list[tuple[str, str]]:
        """The folded text cut in two names at its first blanks: `maria`, `de la cruz`; `maria de`, `la cruz`."""
        parts = fold(self.text).replace(",", " ").split()
        return [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, min(len(parts), _MOST_CUTS + 1))]


def read(text: str) -> Asked:
    """Reads what was typed. A text that is nothing but a telephone number is one token, however it is spaced."""
    typed = " ".join(text.replace("\0", " ").split())[:LONGEST]
    bare = typed.lstrip("#").strip()
    number = int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 15 else None
    if _DIALLED.fullmatch(typed):
        return Asked(typed, (_dialled(typed),), number)
    tokens = [token for part in typed.split() for token in _tokens(part)]
    return Asked(typed, tuple(dict.fromkeys(tokens))[:_MOST_WORDS], number)


def _tokens(part: str) -> list[Token]:
    if _DIALLED.fullmatch(part) and sum(map(str.isdigit, part)) > 2:
        return [_dialled(part)]
    if "@" in part or any(map(str.isdigit, part)):
        return [Token((fold(part),))] if fold(part) else []
    return [Token(forms(word)) for word in words(part)]


def _dialled(typed: str) -> Token:
    bare = typed.replace("(0)", "")
    digits = _NO_DIGIT.sub("", bare)
    abroad = digits[2:] if len(digits) >= _ABROAD and digits[:2] == "00" != digits[1:3] else ""
    whole = digits if bare.lstrip("( ").startswith("+") else abroad
    return Token((_NO_DIGIT.sub("", typed),), whole or digits.lstrip("0") or digits, whole)
