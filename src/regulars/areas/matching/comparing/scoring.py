"""The same comparison for a few cards, in Python: on entry, and for cards that are new since the last scan."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from regulars.areas.matching.comparing.features import Features
from regulars.areas.matching.comparing.model import MATTERS, Matter, sober
from regulars.areas.matching.engine import Scored


def levels_of(left: Features, right: Features) -> tuple[int, ...]:
    """For each matter the place of the first degree that fits."""
    return tuple(_level(matter, left, right) for matter in MATTERS)


def weight_of(levels: Sequence[int], prior: float) -> float:
    """The weight of a pair in bits, the prior included."""
    return prior + sum(matter.degrees[place].weight for matter, place in zip(MATTERS, levels, strict=True))


def sobered(pairs: Iterable[Scored]) -> Iterator[Scored]:
    """The pairs with their sober weights."""
    for pair in pairs:
        weight = sober(pair.weight, pair.levels)
        yield pair if weight == pair.weight else replace(pair, weight=weight)


def _level(matter: Matter, left: Features, right: Features) -> int:
    return next(
        place for place, degree in enumerate(matter.degrees) if degree.when is None or degree.when.fits(left, right)
    )
