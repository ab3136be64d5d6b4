"""`~`: words within a typing error or two. Restricted Damerau–Levenshtein distance (a swap of neighbours is one error):
none in words of up to 2 letters, one in words of 3 to 7, two from 8 letters on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise


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


def within(one: str, other: str, errors: int) -> bool:
    """Whether so many errors at most lead from one word to the other."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > errors:
        return False
    return _one_apart(one, other) if errors == 1 else errors > 1 and _distance(one, other, errors) <= errors


def _one_apart(one: str, other: str) -> bool:
    """Exactly one insertion, deletion, substitution or swap, for words that differ."""
    start = 0
    while start < len(one) and start < len(other) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[2:] == right[2:] and left[:2] == right[1::-1])
    return left[1:] == right if len(left) > len(right) else left == right[1:]


def _distance(one: str, other: str, most: int) -> int:
    """The distance, or anything above `most`."""
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, mark in enumerate(other, 1):
            cost = min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mark:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and (i == 1 or min(previous) > most):
            return most + 1
        before, previous = previous, row
    return previous[-1]
