"""Two cards that little is known of, both surely a third one: then they are of one person too, unless they contradict
each other."""

from collections import defaultdict
from collections.abc import Iterable

from regulars.areas.matching.comparing.bounds import MOST_OPPOSED
from regulars.areas.matching.comparing.model import LIKELY, MATTERS, POSSIBLE
from regulars.areas.matching.engine import Opposed, Scored

CODE, BITS = "same_third", 9.0
LEAST = LIKELY - BITS  # the weight from which a third card makes a pair likely
_SURELY = 5.0  # bits from which a pair is sure enough to speak for another
_CONTRADICTS = -8.0  # bits of one matter that no third card outweighs
OPPOSED = Opposed(_CONTRADICTS, POSSIBLE, MOST_OPPOSED)  # such a pair has to be possible by itself


def raised(pairs: Iterable[Scored]) -> dict[tuple[int, int], float]:
    """The pairs that a third card makes likely, with their new weight."""
    found = list(pairs)
    surely = defaultdict[int, set[int]](set)
    for pair in found:
        if pair.weight >= _SURELY:
            surely[pair.a].add(pair.b)
            surely[pair.b].add(pair.a)
    return {
        (pair.a, pair.b): pair.weight + BITS
        for pair in found
        if LEAST <= pair.weight < LIKELY and not _contradicted(pair) and not surely[pair.a].isdisjoint(surely[pair.b])
    }


def _contradicted(pair: Scored) -> bool:
    return any(matter.degrees[place].weight <= _CONTRADICTS for matter, place in zip(MATTERS, pair.levels, strict=True))
