"""`~`: words within a typing error or two. Restricted Damerau–Levenshtein distance (a swap of neighbours is one error):
none in words of up to 2 letters, one in words of 3 to 7, two from 8 letters on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from regulars.kernel.likeness import within


def allowed(word: str) -> int:
    """The errors forgiven in a word."""
    return 0 if len(word) < 3 else 1 if len(word) < 8 else 2


def alike(words: str, values: Sequence[str]) -> Iterator[str]:
    """The values (folded) that hold, for every word asked, a word within its errors."""
    asked = words.split()
    known: dict[str, frozenset[int]] = {}
    for value in _perhaps(max(asked, key=len), values) if asked else values:
        met: set[int] = set()
        for word in value.replace("-", " ").split():
            if word not in known:
                known[word] = frozenset(i for i, each in enumerate(asked) if within(each, word, allowed(each)))
            met |= known[word]
        if len(met) == len(asked):
            yield value


def _perhaps(word: str, values: Sequence[str]) -> Iterable[str]:
    """The values in which a word may be that near to this one: those that hold a part of it in which no error lies.

    All are searched as one text, which takes a hundredth of looking at each.
    """
    text = "".join(f" {value} \n" for value in values)
    if text.count("\n") != len(values) or _OTHER_BLANKS.search(text):
        return values
    plain, found = text.replace("-", " "), {}
    for part in dict.fromkeys(_unharmed(word, allowed(word))):
        at = plain.find(part)
        while at >= 0:
            end = plain.index("\n", at)
            start = plain.rfind("\n", 0, at) + 1
            found[start] = text[start + 1 : end - 1]
            at = plain.find(part, end)
    return [found[start] for start in sorted(found)]


_OTHER_BLANKS = re.compile(r"[^\S \n]")


def _unharmed(word: str, errors: int) -> Iterator[str]:
    """Parts of which each word within so many errors holds one at least; a blank is the word's begin or end.

    An error lies in one part, unless it is a swap across where two parts meet: then the word, so swapped, is asked.
    """
    if not errors:
        yield f" {word} "
        return
    cuts = [len(word) * part // (errors + 1) for part in range(1, errors + 1)]
    ends = [0, *cuts, len(word)]
    for start, end in pairwise(ends):
        yield f"{'' if start else ' '}{word[start:end]}{' ' if end == len(word) else ''}"
    for cut in cuts:
        yield from _unharmed(word[: cut - 1] + word[cut] + word[cut - 1] + word[cut + 1 :], errors - 1)
