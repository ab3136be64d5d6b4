"""By what one person is told in a file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from regulars.kernel.text import fold

_DIGITS = 7  # of a phone, from its end, that must agree: the rest is written in many ways
_BESIDE = r"[^\w<>\t]{1,3}"  # what may stand between a given and a family name
_NOT_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True)
class Marks:
    """By what a person's rows are told: e-mail addresses, phones and references alone, names together.

    `names` are (given, family) pairs, of an organisation ("", name). A pair that others have as well, `shared`, counts
    only beside a street, a postcode or a birth date of hers (`beside`).
    """

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    names: frozenset[tuple[str, str]] = frozenset()
    shared: frozenset[tuple[str, str]] = frozenset()
    beside: frozenset[str] = frozenset()

    @cached_property
    def _tails(self) -> frozenset[str]:
        return frozenset(tail for each in self.phones if len(tail := _NOT_DIGITS.sub("", each)[-_DIGITS:]) == _DIGITS)

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Lower-case texts, one of which stands in every row of hers that is told by a text."""
        families = {family.lower() for _given, family in self.names}
        return tuple(
            sorted({each.lower() for each in self.emails} | {each.lower() for each in self.references} | families)
        )

    def may_stand_in(self, text: str, *, scattered: bool) -> bool:
        """Whether she may stand in a text without rows: a reference alone is no sign there.

        Her names count side by side, in either order; `scattered`: anywhere in it.
        """
        low = text.lower()
        if any(each.lower() in low for each in self.emails) or (self._tails and self._phones.search(text)):
            return True
        return any(self._written(pair, low, scattered=scattered) for pair in self.names)

    def _written(self, pair: tuple[str, str], low: str, *, scattered: bool) -> bool:
        forms = [{part.lower(), fold(part)} for part in pair if part]
        if not all(any(each in low for each in form) for form in forms):  # most end here, a pattern is slower
            return False
        words = ["(?:{})".format("|".join(map(re.escape, sorted(form)))) for form in forms]
        orders = words if scattered else ["|".join(map(_BESIDE.join, (words, words[::-1])))]
        if not all(re.search(rf"(?<!\w)(?:{each})(?!\w)", low) for each in orders):
            return False
        return pair not in self.shared or any(each.lower() in low for each in self.beside if each)

    def places(self, text: str, data: bytes, encoding: str) -> list[int]:
        """Where in a text anything of hers may stand. `data` are its bytes: those are brought to lower case at a tenth
        of the time, and tell in which spelling to look for what."""
        low, found = data.lower(), set[int]()
        for spelled in {each for anchor in self.anchors for each in spellings(anchor, low, data, encoding)}:
            found.update(at for at in occurrences(text, spelled) if is_whole(text, at, at + len(spelled)))
        if self._tails:
            found.update(each.start() for each in self._phones.finditer(text))
        return sorted(found)

    @cached_property
    def _phones(self) -> re.Pattern[str]:
        spelled = [r"[^\w,;|\t]{0,3}".join(tail) for tail in sorted(self._tails)]
        return re.compile("|".join(spelled))

    def are_in(self, cells: Sequence[str], references: Sequence[str]) -> bool:
        """Whether a row with these cells is hers; `references` are those that stand in a column of such."""
        if self.references & {each.strip() for each in references}:
            return True
        if self._tails and self._phones.search("\t".join(cells)):
            return True
        whole = fold(" ".join(cells))
        if any(fold(each) in whole for each in self.emails):
            return True
        return any(self._named(pair, whole) for pair in self.names)

    def _named(self, pair: tuple[str, str], whole: str) -> bool:
        if not all(_has_word(whole, fold(part)) for part in pair if part):
            return False
        return pair not in self.shared or any(fold(each) in whole for each in self.beside if each)


def _has_word(text: str, word: str) -> bool:
    return bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether what stands there is no part of a longer word or number."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def occurrences(text: str | bytes, part: Any) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def spellings(anchor: str, low: bytes, data: bytes, encoding: str) -> set[str]:
    """The spellings in which a text stands in the bytes, whatever their case."""
    wide = {"utf-16": "utf-16-le" if data[:2] == b"\xff\xfe" else "utf-16-be", "utf-8-sig": "utf-8"}
    exact, found = wide.get(encoding, encoding), set[str]()
    for form in {anchor, anchor.upper(), anchor.title()}:
        part = form.encode(exact, "ignore").lower()
        found |= {data[at : at + len(part)].decode(exact, "ignore") for at in occurrences(low, part) if part}
    return found - {""}
