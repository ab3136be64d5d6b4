"""Whether words that somebody typed name a person, and the same words without that."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

from regulars.kernel.text import fold_once

_SHORTEST = 2  # letters that a text must have to name anybody
# Everything but blanks and punctuation; a line below is what file names have for a blank. Marks belong to their letter.
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]+")
_APART = re.compile(r'["\n]')
_PHONE = re.compile(r"\+\d{5,15}")
_ODD = re.compile(r"[^\x00-\x7f]")
_MANY = 200  # different letters
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)
Words = tuple[str, ...]


class Mentions:
    """Finds texts as whole words, however they are written: in capitals, without accents, with a comma or a line
    between them; a phone with blanks or without its country code. `hers` says of one that was found whether it names
    her alone; it is asked once a text. `instead` is put in their place."""

    def __init__(self, texts: Iterable[str], hers: Callable[[str], bool], instead: str) -> None:
        from regulars.kernel.phones import spellings  # its tables are large

        known = sorted({text.strip() for text in texts if len(text.strip()) >= _SHORTEST}, key=len, reverse=True)
        self.hers, self.instead = cache(hers), instead
        self.phones = {text: spellings(text) for text in known if _PHONE.fullmatch(text)}
        self.words = {text: shapes for text in known if text not in self.phones and (shapes := _shapes(text))}
        self.begun: dict[str, list[tuple[Words, str]]] = defaultdict(list)
        for text, shapes in self.words.items():
            for shape in shapes:
                self.begun[shape[0]].append((shape, text))
        for each in self.begun.values():
            each.sort(key=lambda known: len(known[0]), reverse=True)

    def within(self, corpus: Iterable[str]) -> Collection[str]:
        """Those of the texts whose words stand anywhere in it: a quick look, before they are weighed one by one."""
        low = _low("\n".join(corpus))
        digits = low.encode().translate(None, _NO_DIGITS).decode() if self.phones else ""
        called = [text for text, (national, _pattern) in self.phones.items() if national in digits]
        return called + [
            text for text, shapes in self.words.items() if any(all(w in low for w in shape) for shape in shapes)
        ]

    def cleaned(self, words: str, among: Collection[str] | None = None) -> str:
        """The words without what names her; the same object where nothing does."""
        found = self.within([words])
        among = found if among is None else [text for text in found if text in among]
        if not among:
            return words
        for text, (_national, pattern) in self.phones.items():
            if text in among and pattern.search(words) and self.hers(text):
                words = pattern.sub(lambda _found: self.instead, words)
        told, end = "", 0
        for start, stop in self._named(words, among):
            told, end = told + words[end:start] + self.instead, stop
        return told + words[end:] if end else words

    def _named(self, words: str, among: Collection[str]) -> Iterable[tuple[int, int]]:
        """Where she is named, from the first to the last letter; of two that begin together, the longer."""
        spans = [(found.start(), found.end(), fold_once(found.group())) for found in _WORD.finditer(words)]
        place = 0
        while place < len(spans):
            long = 1
            for shape, text in self.begun.get(spans[place][2], ()):
                these = spans[place : place + len(shape)]
                start, stop = these[0][0], these[-1][1]
                if tuple(word for _start, _stop, word in these) != shape or text not in among:
                    continue
                if len(shape) > 1 and _APART.search(words, start, stop) and not _APART.search(text):
                    continue
                if self.hers(text):
                    yield start, stop
                    long = len(shape)
                    break
            place += long

    def cleaned_all(self, told: Any) -> Any:
        """The same for every text within JSON; its keys stay."""
        if isinstance(told, str):
            return self.cleaned(told)
        if isinstance(told, dict):
            return {name: self.cleaned_all(each) for name, each in told.items()}
        return [self.cleaned_all(each) for each in told] if isinstance(told, list) else told


def _low(text: str) -> str:
    """The letters folded, letter by letter where they are few: of very many deeds that takes a tenth of the time."""
    low = text.lower()
    if low.isascii():
        return low
    odd = set(_ODD.findall(low))
    if len(odd) > _MANY:
        return fold_once(low)
    for letter in odd:
        low = low.replace(letter, fold_once(letter))
    return low


def _shapes(text: str) -> set[Words]:
    """The folded words of a text, and those in which `ä` is spelled out."""
    written = (text, text.translate(_SPELLED_OUT))
    found = {tuple(map(fold_once, _WORD.findall(each))) for each in written}
    return {shape for shape in found if shape and all(shape)}
