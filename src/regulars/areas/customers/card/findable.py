"""What a card is found by, as one text. Known to the child that reads files, too: no Django, no database.

Five lines: names, e-mail addresses, digits of phones, towns, references. A line is empty, or each of its words has a
blank before and behind it, so that where a word begins and ends can be asked for.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from regulars.kernel.spelling import forms, words

NAMES = ("given_name", "middle_name", "family_name", "called_name", "organisation_name")


def search_text(
    names: Iterable[str],
    emails: Sequence[str],
    phones: Sequence[str],
    towns: Sequence[str],
    references: Sequence[str],
) -> str:
    """The names in the order of `NAMES`; the others folded, phones in E.164, in any order."""
    digits = [number.removeprefix("+") for number in phones]
    return f"{_spelled(names)}\n{_sorted(emails)}\n{_sorted(digits)}\n{_sorted(towns)}\n{_sorted(references)}"


def names_in(text: str) -> set[str]:
    """The words of the names in a search text."""
    return set(text.partition("\n")[0].split())


def _sorted(found: Sequence[str]) -> str:
    if len(found) == 1:
        return f" {found[0]} " if found[0] else ""
    return _line(filter(None, sorted({*found}))) if found else ""


def _line(words: Iterable[str]) -> str:
    text = " ".join(words)
    return f" {text} " if text else ""


def _spelled(names: Iterable[str]) -> str:
    """The words of the names as they stand, then their other forms; none twice."""
    found: list[str] = []
    others: list[str] = []
    for name in names:
        if name:
            own, other = _forms_of(name)
            found += own
            others += other
    return _line(dict.fromkeys(found + others))


@lru_cache(100_000)
def _forms_of(name: str) -> tuple[list[str], list[str]]:
    own = words(name)
    return own, [other for word in own for other in forms(word)[1:]]
