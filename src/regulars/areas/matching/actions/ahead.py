"""Before a list comes in: which of its rows look like somebody who is here already. Nothing is kept of it here."""

from collections.abc import Sequence

from regulars.areas.customers.queries import seen_among
from regulars.areas.matching.actions.scanning import EVERYBODY, put
from regulars.areas.matching.comparing import blocks
from regulars.areas.matching.comparing.features import Card
from regulars.areas.matching.comparing.model import LIKELY, prior, sober
from regulars.areas.matching.comparing.told import COLUMNS, COMPARISONS
from regulars.areas.matching.engine import Scan, Scored
from regulars.areas.matching.queries.candidates import compared, nearby
from regulars.areas.matching.queries.rarity import maker_for_all, size
from regulars.areas.matching.queries.reading import every_card
from regulars.kernel.actor import Actor

_BY_ITSELF = 70  # customers for each of whom one card looked up by itself takes as long as reading them all


def alike_here(incoming: Sequence[Card], *, by: Actor) -> dict[int, Scored]:
    """Of cards to come (their numbers below 0): by number the customer each is most likely of, where that is likely at
    all, of those whom the actor may know of. The work grows with the list and the register, not with their product."""
    if not incoming or not size():
        return {}
    found = _one_by_one(incoming) if len(incoming) * _BY_ITSELF < size() else _together(incoming)
    known = seen_among(by, {pair.b for pair in found})
    best: dict[int, Scored] = {}
    for pair in sorted(found, key=lambda pair: (-pair.weight, pair.b)):
        if pair.b in known:
            best.setdefault(pair.a, pair)
    return best


def _one_by_one(incoming: Sequence[Card]) -> list[Scored]:
    return [pair for card in incoming for pair in compared(card, nearby(EVERYBODY, card), LIKELY)]


def _together(incoming: Sequence[Card]) -> list[Scored]:
    maker, start = maker_for_all(), prior(size())
    with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, blocks.LARGEST) as scan:
        for part in every_card():
            put(scan, maker, part)
        put(scan, maker, incoming)
        pairs = scan.pairs(start, LIKELY, blocks.enough(size() + len(incoming)), across=True)
        return [pair for part in pairs for pair in part if sober(pair.weight, pair.levels) >= LIKELY]
