"""How far two words are apart: restricted Damerau–Levenshtein distance, in which a swap of neighbours is one error."""


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
