"""Pairs that hang together: one person on three cards or more is one group, not three pairs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from regulars.areas.customers.queries import visible
from regulars.areas.matching.comparing.model import LIKELY
from regulars.areas.matching.queries.pairs import PairShown, seen_pairs
from regulars.kernel.actor import Actor

MOST = 12  # cards of one group: more are hardly one person
_ROUNDS = 4
_AT_ONCE = 2_000
Edge = tuple[float, int, int]  # bits turned round, a, b: the weightiest is the least


@dataclass(frozen=True, slots=True)
class Group:
    """The cards that hang together, and the weightiest pair among them."""

    numbers: tuple[int, ...]
    first: tuple[int, int]


def groups_among(by: Actor, pairs: Iterable[PairShown]) -> dict[tuple[int, int], Group]:
    """The groups of more than two cards to which these pairs belong. Cards hang together by pairs that are likely at
    least and open."""
    edges = _edges(by, {number for pair in pairs for number in (pair.a, pair.b)})
    beside: dict[int, set[int]] = defaultdict(set)
    for _bits, a, b in edges:
        beside[a].add(b)
        beside[b].add(a)
    weightiest = {(a, b): (bits, a, b) for bits, a, b in edges}
    found: dict[tuple[int, int], Group] = {}
    for members in _together(beside):
        if 2 < len(members) <= MOST:
            within = [pair for pair in weightiest if pair[0] in members]
            group = Group(tuple(sorted(members)), min(within, key=lambda pair: weightiest[pair]))
            found |= dict.fromkeys(within, group)
    return found


def _edges(by: Actor, numbers: Collection[int]) -> set[Edge]:
    """The pairs from these cards on, some steps far."""
    known: set[int] = set()
    frontier, edges = set(numbers), set[Edge]()
    for _step in range(_ROUNDS):
        rows = seen_pairs(by).filter(Q(a__in=frontier) | Q(b__in=frontier), state="open", bits__gte=LIKELY)
        edges |= {(-bits, a, b) for bits, a, b in rows.values_list("bits", "a", "b")[:_AT_ONCE]}
        known |= frontier
        frontier = {number for _bits, *two in edges for number in two} - known
        if not frontier:
            break
    return edges


def _together(beside: dict[int, set[int]]) -> Iterable[set[int]]:
    left = set(beside)
    while left:
        members, waiting = set[int](), [left.pop()]
        while waiting:
            at = waiting.pop()
            members.add(at)
            waiting += beside[at] - members
        left -= members
        yield members


def left_of(by: Actor, numbers: Sequence[int]) -> list[int]:
    """Those of these cards that are there still, not merged, and that the actor may know of."""
    rows = visible(by).filter(number__in=numbers, merged_into=None)
    return sorted(rows.values_list("number", flat=True))
