"""Whom a card could be of, asked by rooms that stand below the one that compares cards.

That room puts its answer on a shelf (`facts.resembling`) and takes there what somebody answered (`holdings.apart`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from regulars.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for one person or against it: its code, its weight in bits (below 0 against), its sentence."""

    code: str
    bits: float
    text: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """A customer whom a card could be of. `score` is the probability; `verdict` is same, likely or possible."""

    number: int
    score: float
    verdict: str
    reasons: tuple[Why, ...]

    @property
    def speaks(self) -> list[str]:
        """What speaks for it, the weightiest first."""
        return [why.text for why in self.reasons if why.bits > 0]

    def as_json(self) -> dict[str, Any]:
        """As the API and commands tell it."""
        told = [asdict(why) for why in self.reasons]
        return {"number": self.number, "score": round(self.score, 6), "verdict": self.verdict, "reasons": told}


class Resembling(Protocol):
    """Whom the actor may know of and whom this card (the contract's JSON, whole or what is changed of the customer
    `number`) could be of, the likeliest first; of a customer those alone who are new by the change."""

    def __call__(self, by: Actor, card: Mapping[str, Any], *, number: int = 0) -> list[Somebody]: ...


class Apart(Protocol):
    """Within a deed (`link`): somebody said that the customer `number` is none of `others`."""

    def __call__(self, link: Any, number: int, others: Collection[int], *, by: Actor, at: datetime) -> None: ...


def whom(
    asked: Iterable[Resembling], by: Actor, card: Mapping[str, Any], *, number: int = 0, most: int = 5
) -> list[Somebody]:
    """The answers of these rooms together, so many at most."""
    return [each for ask in asked for each in ask(by, card, number=number)][:most]
