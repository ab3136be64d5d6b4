"""Who a card could be of: a few look-ups by what has an index, then the same comparison as a scan's, in Python."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import QuerySet

from regulars.areas.customers.models import ContactPoint, IdentityNumber
from regulars.areas.customers.queries import seen_among
from regulars.areas.customers.queries.searching import called_so
from regulars.areas.matching.comparing.features import Card
from regulars.areas.matching.comparing.incoming import COLUMN_OF, read_card
from regulars.areas.matching.comparing.model import LIKELY, POSSIBLE, prior, probability, reasons_of, sober, verdict_of
from regulars.areas.matching.comparing.nicknames import groups_of
from regulars.areas.matching.comparing.scoring import levels_of, weight_of
from regulars.areas.matching.engine import Scored
from regulars.areas.matching.queries.rarity import maker_for
from regulars.areas.matching.queries.reading import cards
from regulars.areas.matching.queries.rejections import rejected_among
from regulars.kernel.actor import Actor
from regulars.kernel.prepared import Prepared
from regulars.kernel.spelling import plainest, words
from regulars.kernel.tables import table_of

_MOST = 200  # cards that are compared with one
_SHARED = 50  # a contact point that more have tells nothing
_CALLED = 40  # cards that a name is searched for
_FULL_NAMES = 3  # names that a short one may stand for, and are searched for too


def _having(key: str, kind: str) -> QuerySet[Any, int]:
    return ContactPoint.objects.filter(key=key, kind=kind).values_list("customer_id", flat=True)


_HAVING = {kind: Prepared[int](partial(_having, kind=kind), most=_SHARED + 1) for kind in ("email", "phone")}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be meant, with the probability, the verdict and the reasons."""

    number: int
    score: float
    verdict: str
    reasons: list[dict[str, Any]]


def whom_it_could_be(by: Actor, card: Mapping[str, Any], *, country: str = "") -> list[Candidate]:
    """The customers who may be the person of this card (the contract's JSON, not kept yet), the likeliest first: those
    whom the actor may know of. `country` is that of phones without one."""
    asked = read_card(card, country)
    return _known_to(by, compared(asked, nearby(by, asked)))


def whom_it_becomes(by: Actor, number: int, changes: Mapping[str, Any], *, country: str = "") -> list[Candidate]:
    """The customers who may be the person of this customer's card once it says `changes` (the contract's JSON of what
    is edited), but was not likely to before, and of whom nobody who saw these reasons said that they are two."""
    before = cards([number]).get(number)
    if before is None:
        return []
    after = _changed(before, changes, country)
    found = {pair.b: pair for pair in compared(after, nearby(by, after), LIKELY)}
    known = {pair.b for pair in compared(before, found, LIKELY)}
    said = rejected_among((min(number, other), max(number, other)) for other in found)
    told = {
        other for other, pair in found.items() if said.get((min(number, other), max(number, other))) == codes_of(pair)
    }
    return _known_to(by, [pair for other, pair in found.items() if other not in known | told])


def codes_of(pair: Scored) -> str:
    """The codes of its reasons as a rejection keeps them."""
    return ",".join(sorted({str(each["code"]) for each in reasons_of(pair.levels)}))


def _known_to(by: Actor, found: Collection[Scored]) -> list[Candidate]:
    known = seen_among(by, [pair.b for pair in found])
    return [
        Candidate(pair.b, probability(pair.weight), verdict_of(pair.weight), reasons_of(pair.levels))
        for pair in sorted(found, key=lambda pair: (-pair.weight, pair.b))
        if pair.b in known
    ]


def _changed(before: Card, changes: Mapping[str, Any], country: str) -> Card:
    """The card with what is told in its place; contact points and addresses come beside those that stand there."""
    told = read_card(changes, country)
    own: dict[str, Any] = {column: getattr(told, column) for name, column in COLUMN_OF.items() if name in changes}
    many: dict[str, Any] = {
        name: [*getattr(told, name), *getattr(before, name)] for name in ("emails", "phones", "addresses")
    }
    return replace(before, **own, **many)


def nearby(by: Actor, card: Card) -> set[int]:
    """The numbers of those who share a contact point, an identity number or a name with it; not its own."""
    found = _sharing(card)
    for called in called_so(by, _searches(card) if len(found) < _MOST else (), limit=_CALLED):
        found |= called
        if len(found) >= _MOST:
            break
    return found - {card.number}


def compared(card: Card, numbers: Collection[int], least: float = POSSIBLE) -> list[Scored]:
    """The card against each of these customers; those whose weight is `least` bits or more."""
    others = cards(sorted(numbers)[:_MOST])
    maker = maker_for(card, others.values())
    here, start = maker.features(card), prior(maker.size)
    found = []
    for number, other in others.items():
        if other.person == card.person:
            levels = levels_of(here, maker.features(other))
            weight = sober(weight_of(levels, start), levels)
            if weight >= least:
                found.append(Scored(card.number, number, weight, levels))
    return found


def _sharing(card: Card) -> set[int]:
    found: set[int] = set()
    for kind, keys in (("email", card.emails), ("phone", card.phones)):
        for key in keys:
            rows = _HAVING[kind].rows(key)
            found |= set(rows) if len(rows) <= _SHARED else set()
    blinds: Sequence[str] = [each.rpartition(" ")[2] for each in card.identities]
    found |= {number for (number,) in table_of(IdentityNumber).pick(("customer_id",), "blind", blinds)}
    return found


def _searches(card: Card) -> list[str]:
    """What is searched for: the whole name, and the full names that a short given name may stand for."""
    if not card.person:
        return [card.organisation] if card.organisation else []
    given = words(card.given)[:1]
    full = groups_of(plainest(given[0]))[1 : 1 + _FULL_NAMES] if given and card.family else ()
    whole = " ".join(filter(None, (*given, card.family)))
    return [text for text in (whole, *(f"{name} {card.family}" for name in full)) if text]
