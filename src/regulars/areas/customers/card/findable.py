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
    return "\n".join(
        (
            _line(_spelled(names)),
            _sorted(emails),
            _sorted([number.removeprefix("+") for number in phones]),
            _sorted(towns),
            _sorted(references),
        )
    )


def names_in(text: str) -> set[str]:
    """The words of the names in a search text."""
    return set(text.partition("\n")[0].split())


def _sorted(found: Sequence[str]) -> str:
    several = found if len(found) < 2 else sorted({*found})
    text = " ".join(filter(None, several))
    return f" {text} " if text else ""


def _line(found: dict[str, None]) -> str:
    return f" {' '.join(found)} " if found else ""


def _spelled(names: Iterable[str]) -> dict[str, None]:
    """The words of the names as they stand, then their other forms; none twice."""
    found: dict[str, None] = {}
    others: list[str] = []
    for name in names:
        if name:
            own, other = _forms_of(name)
            found |= own
            others += other
    return found | dict.fromkeys(others)


@lru_cache(100_000)
def _forms_of(name: str) -> tuple[dict[str, None], list[str]]:
    own = words(name)
    return dict.fromkeys(own), [other for word in own for other in forms(word)[1:]]
