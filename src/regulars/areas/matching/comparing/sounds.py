"""How a name sounds, for the ears of five languages at once.

`sound` keeps the vowels: `Stefan` and `Stephan` meet, `Jan` and `Jana` do not. `skeleton` drops them: coarse enough to
find whom to compare, never a reason by itself. Both take a word in its plain form (`kernel.spelling.plainest`).
"""

import re
from functools import lru_cache

_HEARD = tuple(
    (re.compile(what), instead)
    for what, instead in (
        ("tsch|tch|tj|dj|ch(?=[ei])|c(?=[ei])", "c"),
        ("sch|sh|sj", "s"),
        ("ph|pf", "f"),
        ("ck|kh|qu|q|c(?=[aouklnrst]|$)|ch", "k"),
        ("dt|th|d$", "t"),
        ("gh|g$", "g"),
        ("bh|p$", "b"),
        ("x|chs|cks|gs", "ks"),
        ("tz|z", "s"),
        ("w", "v"),
        ("y|j(?![aeiou])", "i"),
        ("ie|ee|ea|ij", "i"),
        ("oo|ou", "u"),
        ("ai|ei|ay|ey", "ai"),
        ("(?<=[^s])h|^h(?=[^aeiou])", ""),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = re.compile("(?<!^)[aeiou]+")


@lru_cache(100_000)
def sound(word: str) -> str:
    """The word as it is heard: `meyer` and `maier` become one, `schmidt` and `schmitt` too."""
    for what, instead in _HEARD:
        word = what.sub(instead, word)
    return word


@lru_cache(100_000)
def skeleton(word: str) -> str:
    """What is heard without the vowels behind the first letter: `sorensen` gives `srnsn`, `anna` gives `an`."""
    return _VOWELS.sub("", sound(word))
