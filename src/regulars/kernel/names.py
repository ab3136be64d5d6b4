"""A full name taken apart, where a full name is all there is.

`nameparser` is the truth (“Family, Given”, `Dr.`, `van der`, `Jr.`, conjunctions, family-first scripts). Two or three
plain words that mean nothing to its lexicon have one reading and do not need it.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from regulars.kernel.text import clean

_LETTERS = r"[^\W\d_]"
_PLAIN = re.compile(rf"{_LETTERS}{{2,}}(?:[-’']{_LETTERS}{{2,}})*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ'’ -]+")
_LONGEST = 300
_LONGEST_SUFFIX = 60  # as a card holds it


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of one person's name; '' for those it does not have."""

    title: str = ""
    given_name: str = ""
    middle_name: str = ""
    family_name: str = ""
    suffix: str = ""
    called_name: str = ""

    def as_card(self) -> dict[str, str]:
        """Only the parts that are there, under their names on the card."""
        parts = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in parts if value}


def split_name(text: str) -> NameParts:
    """`Dr. Jürgen Karl Müller-Lüdenscheidt` or `van der Merwe, Thabo` in parts. Never raises."""
    name = clean(text)[:_LONGEST]
    return _quick(name) or _with_birth_name(name) or _parsed(name)


_VIRAMA = 9  # the canonical combining class of every script's virama


@lru_cache(8_192)
def initials(name: str) -> str:
    """The first letters of the first and the last word, titles left out: `Dr. Anna Maria Berg jr.` → `AB`."""
    words = [word for word in name.split() if word[:1].isalnum()]
    words = [word for word in words if not (len(word) > 2 and word.endswith("."))] or words
    return "".join(_first_sign(word) for word in (words[:1] + words[1:][-1:])).upper() or "·"


def _first_sign(word: str) -> str:
    """The first letter with the marks above and below it: ख़ of `ख़ान`, र of `रीता`; `É` may be two characters."""
    end = next((at for at, ch in enumerate(word[1:], 1) if not _is_sign(ch)), len(word))
    return word[:end]


def _is_sign(character: str) -> bool:
    """A mark above or below the letter before it, but for the virama, which binds the next letter."""
    return unicodedata.category(character) == "Mn" and unicodedata.combining(character) != _VIRAMA


def _quick(name: str) -> NameParts | None:
    words = name.split(" ")
    if not 2 <= len(words) <= 3 or not _LATIN.fullmatch(name):
        return None
    known = _lexicon()
    if any(not _PLAIN.fullmatch(word) or word.lower() in known or word.isupper() for word in words):
        return None
    return NameParts(given_name=words[0], middle_name=" ".join(words[1:-1]), family_name=words[-1])


def without_birth_name(text: str) -> tuple[str, str]:
    """`Mustermann (geb. Gabler)` → what she is called, and how she says what she was born as; '' where she does not."""
    found = _birth_names().search(text)
    if found is None or not (bare := text[: found.start()].strip(" ,(")) or len(found["born"]) > _LONGEST_SUFFIX:
        return text, ""
    return bare, found["born"]


def _with_birth_name(name: str) -> NameParts | None:
    """What somebody was born as is a suffix, no part of what she is addressed by."""
    bare, born = without_birth_name(name)
    if not born:
        return None
    parts = _quick(bare) or _parsed(bare)
    suffix = f"{parts.suffix} {born}".strip()
    return replace(parts, suffix=suffix) if len(suffix) <= _LONGEST_SUFFIX else None


def _parsed(name: str) -> NameParts:
    found = _parser().parse(name)
    return NameParts(found.title, found.given, found.middle, found.family, found.suffix, found.nickname)


@cache
def _parser() -> Any:
    """The library's, but for birth names: to it `Thi Nee Vo` was born Vo."""
    from nameparser import Lexicon, Parser

    usual = Lexicon.default()
    return Parser(usual.remove(maiden_markers=usual.maiden_markers))


@cache
def _birth_names() -> re.Pattern[str]:
    """`née Gabler` at the end, in brackets or not. In small letters alone: else somebody is called that."""
    from nameparser import Lexicon

    words = {"born", "geborener", "gebore", "जन्म नाम", *Lexicon.default().maiden_markers}
    told = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"[\s,(]+(?P<born>(?:(?:{told})\.? |geb\.)\w[^,()]*?)\s*\)?$")


@cache
def _lexicon() -> frozenset[str]:
    """Every word that means something to nameparser."""
    from nameparser import Lexicon

    lexicon = Lexicon.default()
    words: set[str] = set()
    for name in dir(lexicon):
        value = getattr(lexicon, name, None)
        if not name.startswith("_") and isinstance(value, set | frozenset | tuple):
            words.update(word.lower().rstrip(".") for word in value if isinstance(word, str))
    return frozenset(words)
