"""Whether words that somebody typed name a person, and the same words without that."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

_SHORTEST = 2  # letters that a text must have to name anybody


class Mentions:
    """Finds texts as whole words, whatever their case. `hers` says of one that was found whether it names her alone; it
    is asked once a text. `instead` is put in their place."""

    def __init__(self, texts: Iterable[str], hers: Callable[[str], bool], instead: str) -> None:
        self.texts = sorted({text.strip() for text in texts if len(text.strip()) >= _SHORTEST}, key=len, reverse=True)
        self.hers, self.instead = cache(hers), instead

    def within(self, corpus: Iterable[str]) -> Collection[str]:
        """Those of the texts that stand anywhere in it: a quick look, before the words are weighed one by one."""
        low = "\n".join(corpus).lower()
        return [text for text in self.texts if text.lower() in low]

    def cleaned(self, words: str, among: Collection[str] | None = None) -> str:
        """The words without what names her; the same object where nothing does."""
        for text in self.texts if among is None else among:
            if text.lower() in words.lower():
                pattern = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)
                if pattern.search(words) and self.hers(text):
                    words = pattern.sub(lambda _found: self.instead, words)
        return words

    def cleaned_all(self, told: Any) -> Any:
        """The same for every text within JSON; its keys stay."""
        if isinstance(told, str):
            return self.cleaned(told)
        if isinstance(told, dict):
            return {name: self.cleaned_all(each) for name, each in told.items()}
        return [self.cleaned_all(each) for each in told] if isinstance(told, list) else told
