"""`~`: words within a typing error or two. Restricted Damerau–Levenshtein distance (a swap of neighbours is one error):
none in words of up to 2 letters, one in words of 3 to 7, two from 8 letters on."""

from collections.abc import Iterable, Iterator


def allowed(word: str) -> int:
    """The errors forgiven in a word."""
    return 0 if len(word) < 3 else 1 if len(word) < 8 else 2


def alike(words: str, values: Iterable[str]) -> Iterator[str]:
    """The values (folded) that hold, for every word asked, a word within its errors."""
    asked = words.split()
    known: dict[str, frozenset[int]] = {}
    for value in values:
        met: set[int] = set()
        for word in value.replace("-", " ").split():
            if word not in known:
                known[word] = frozenset(i for i, each in enumerate(asked) if within(each, word, allowed(each)))
            met |= known[word]
        if len(met) == len(asked):
            yield value


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
