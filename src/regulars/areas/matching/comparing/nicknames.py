"""Which given names one person may go by: the library's English ones, and our own of the house's other languages."""

import tomllib
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from regulars.kernel.spelling import plain

_OWN = Path(__file__).with_name("nicknames.toml")


@lru_cache(50_000)
def groups_of(name: str) -> tuple[str, ...]:
    """The plain name itself and the full names it may stand for: `bob` gives bob and robert.

    Two names are of one person's where these meet. Albert and Alfred do not, though both may be called Al.
    """
    return (name, *sorted(_full_names().get(name, ())))


def is_name(name: str) -> bool:
    """Whether this is a known given name in its plain form, and so hardly a slip of the pen."""
    return name in _known()


@cache
def _full_names() -> dict[str, frozenset[str]]:
    found = defaultdict[str, set[str]](set)
    for full, short in _pairs():
        if full != short:
            found[short].add(full)
    return {name: frozenset(names) for name, names in found.items()}


@cache
def _known() -> frozenset[str]:
    return frozenset(name for pair in _pairs() for name in pair)


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    from nicknames import name_triplets  # read once, by whoever compares

    english = [(each.name1, each.name2) for each in name_triplets()]
    own = tomllib.loads(_OWN.read_text(encoding="utf-8"))
    others = [(full, short) for names in own.values() for full, told in names.items() for short in told.split()]
    return tuple((plain(full), plain(short)) for full, short in (*english, *others))
