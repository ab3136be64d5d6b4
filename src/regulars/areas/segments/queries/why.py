"""Why a customer is found by criteria, or not: the tree, each leaf with its answer and her value."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from regulars.areas.customers.queries import card_for
from regulars.areas.segments.language import Tree, parse, text_of
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.queries.asking import count, sentence
from regulars.areas.segments.queries.columns import listed_facts, values_of
from regulars.areas.segments.queries.ground import segments_by_name
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Fact
from regulars.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of the criteria. `kind` is and, or, not, segment, or leaf; `said` the part in words, empty for and, or,
    not; `value` what her card says to a leaf, masked where the asker may not see it."""

    kind: str
    criteria: str
    said: str
    holds: bool
    value: str = ""
    parts: "tuple[Reason, ...]" = field(default=())

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in ("kind", "criteria", "said", "holds", "value")}
        return {**told, "parts": [part.as_json() for part in self.parts]}


def why(criteria: str | Tree, number: int, *, by: Actor, today: date, zone: ZoneInfo) -> Reason:
    """Each part of the criteria with whether it holds for this customer. Raises NotFound, CriteriaError."""
    card = card_for(by, number)
    tree = parse(criteria) if isinstance(criteria, str) else criteria
    how: dict[str, Any] = {"by": by, "today": today, "zone": zone}
    count(tree, **how)  # what cannot be asked is refused as a whole
    return _Asker(card.number, how).reason(tree)


class _Asker:
    """Asks of one customer, leaf by leaf, the very question that a list asks."""

    def __init__(self, number: int, how: dict[str, Any]) -> None:
        self.number, self.how = number, how
        self.her = t.Test(t.Ask("number"), "=", (t.Number(str(number)),))
        self.facts = listed_facts(how["by"])
        self.segments = {fold(name): text for name, text in segments_by_name().items()}

    def reason(self, tree: Tree) -> Reason:
        match tree:
            case t.And(parts) | t.Or(parts):
                inner = tuple(self.reason(part) for part in parts)
                holds = all(part.holds for part in inner) if isinstance(tree, t.And) else any(p.holds for p in inner)
                return Reason("and" if isinstance(tree, t.And) else "or", text_of(tree), "", holds, parts=inner)
            case t.Not(part):
                below = self.reason(part)
                return Reason("not", text_of(tree), "", not below.holds, parts=(below,))
            case t.Segment(name):
                below = self.reason(parse(self.segments[fold(name)]))
                return Reason("segment", text_of(tree), self._said(tree), below.holds, parts=(below,))
        return Reason("leaf", text_of(tree), self._said(tree), self._holds(tree), self._value(tree))

    def _said(self, tree: Tree) -> str:
        return sentence(tree, **self.how)

    def _holds(self, tree: Tree) -> bool:
        return isinstance(tree, t.Every) or count(t.both(tree, self.her), **self.how) > 0

    def _value(self, tree: Tree) -> str:
        ask = tree.ask if isinstance(tree, t.Test | t.Top) else None
        fact = self._shown(ask) if ask is not None else None
        if fact is None:
            return ""
        value = values_of([self.number], [fact], by=self.how["by"])[self.number][fact.name]
        say = saying.saying_of(fact)
        held = value if isinstance(value, list) else [value]
        return ", ".join(str(say(each)) for each in held if each not in (None, ""))

    def _shown(self, ask: t.Ask) -> Fact | None:
        """The fact of a list column that says it: for a birthday the birth date."""
        if ask.arguments:
            return None  # a column says what it comes to over all time, not in a window
        return self.facts.get("birth_date" if ask.name == "birthday" else ask.name)
