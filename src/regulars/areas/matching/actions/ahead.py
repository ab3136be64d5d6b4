"""Before a list comes in: which of its rows look like somebody who is here already. Nothing is kept of it here."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import batched, chain

from regulars.areas.customers.queries import seen_among
from regulars.areas.matching.actions.scanning import EVERYBODY
from regulars.areas.matching.comparing import blocks
from regulars.areas.matching.comparing.features import Card, Maker, keyed
from regulars.areas.matching.comparing.model import LIKELY, prior, sober
from regulars.areas.matching.comparing.scoring import levels_of, weight_of
from regulars.areas.matching.comparing.told import COLUMNS, COMPARISONS
from regulars.areas.matching.engine import Scan, Scored
from regulars.areas.matching.queries.candidates import compared, nearby
from regulars.areas.matching.queries.rarity import maker_for_all, size
from regulars.areas.matching.queries.reading import cards, every_card
from regulars.kernel.actor import Actor

_A_PART = 20_000  # pairs whose cards are in memory at once
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
    """By the keys of the whole register, a part of the pairs at a time; only who meets is read whole."""
    with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, blocks.LARGEST) as scan:
        for part in chain(every_card(), [incoming]):
            scan.put_keys([card.number for card in part], [blocks.keys_of(keyed(card)) for card in part])
        meeting = scan.across(blocks.enough(size() + len(incoming)))
    maker, coming = maker_for_all(), {card.number: card for card in incoming}
    return [pair for part in batched(meeting, _A_PART) for pair in _scored(maker, coming, part)]


def _scored(maker: Maker, coming: Mapping[int, Card], meeting: Sequence[tuple[int, int]]) -> Iterator[Scored]:
    """The pairs that are likely. So few are asked in Python before Splink has begun."""
    start, here = prior(maker.size), cards(sorted({b for _a, b in meeting}))
    told = {card.number: maker.features(card) for card in here.values()}
    told |= {a: maker.features(coming[a]) for a in {a for a, _b in meeting}}
    for a, b in meeting:
        if b in here:
            levels = levels_of(told[a], told[b])
            weight = sober(weight_of(levels, start), levels)
            if weight >= LIKELY:
                yield Scored(a, b, weight, levels)
