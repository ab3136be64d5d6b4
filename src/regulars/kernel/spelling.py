"""One name in many spellings: the words of a text, and the forms in which a word may have been written.

`Müller`, `MUELLER` and `muller` meet in their plain form, `राजेश` and `Rajesh` in Latin letters. A form is a key to
find by, never shown. Change what is made here only together with `SPELLING_VERSION`: stored keys are then made anew.
"""

import re
from functools import lru_cache

from regulars.kernel.text import fold

SPELLING_VERSION = 1
_WITHIN = str.maketrans("", "", "'’`´ʼ")  # O'Neill is one word, written ONeill too
_BETWEEN = re.compile(r"[\s!-/:-@\[-^`{-~¡-¿‐-⁞।॥]+")
_TWO_FOR_ONE = re.compile("(?<=[aou])e|(?<=a)a")  # ä, ö, ü, å written with two letters
_DEVANAGARI = re.compile("[ऀ-ॿ]")


def words(text: str | None) -> list[str]:
    """The folded words of a text, in order: `Meyer-Landrut, O'Neill` gives meyer, landrut, oneill."""
    return [word for word in _BETWEEN.split(fold(text).translate(_WITHIN)) if word]


@lru_cache(30_000)
def forms(word: str) -> tuple[str, ...]:
    """The forms of one folded word, itself first, then in Latin letters, then plain; none twice."""
    found = [word]
    if _DEVANAGARI.search(word):
        found.append(_latin(word))
    return tuple(dict.fromkeys([*found, *map(plain, found)]))


def plain(word: str) -> str:
    """Two letters for one (ae, oe, ue, aa) become the one: the same for `Soerensen` and for `Sørensen`."""
    return _TWO_FOR_ONE.sub("", word)


def plainest(word: str) -> str:
    """The last form: what words must share to be the same name in another spelling."""
    return forms(word)[-1]


# ITRANS as people write names: no nasal signs, no short a at the end, which is written in Devanagari and not spoken.
_AS_SPOKEN = (
    (re.compile(r"\.N|~N|~n(?!a?$)"), "n"),
    (re.compile("j~n"), "gy"),
    (re.compile("M(?=h)"), "ng"),
    (re.compile("M(?=[pb])"), "m"),
    (re.compile("[M~]"), "n"),
    (re.compile(r"RR?\^?[iI]"), "ri"),
    (re.compile("(?<=[^aeiouAIUR.])a$"), ""),
    (re.compile("[^A-Za-z0-9]"), ""),
)


def _latin(word: str) -> str:
    """`राजेश` as `rajesh`, `सिंह` as `singh`."""
    from indic_transliteration import sanscript  # takes its time to load, and most houses never need it

    said: str = sanscript.transliterate(word, sanscript.DEVANAGARI, sanscript.ITRANS).replace("j~n", "gy")
    for what, instead in _AS_SPOKEN:
        said = what.sub(instead, said)
    return said.lower()
