"""Who was found, in order, with what is shown of her."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from operator import itemgetter
from typing import Any, Literal

from django.db import connection

from regulars.areas.customers.card.keys import MARK
from regulars.areas.customers.models import NAMED, STANDINGS, called
from regulars.areas.customers.queries.cards import keeper_of
from regulars.areas.customers.queries.reach import condition_on
from regulars.areas.customers.queries.searching import fitting, pools
from regulars.areas.customers.queries.searching.asking import Asked, read
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import among
from regulars.kernel.phones import international

LIMIT = 20
UNMASK = "customers.unmask"
# Where several words are looked for: in names alone; in anything where nobody is called so; in anything where one of
# them may be something else.
Reach = Literal["names", "called", "anywhere"]
_KEPT_FOR_LIKE = 6  # places of a full page that are kept for names with a typing error
_ARCHIVED = 25  # what an archived card is worth less
# What a line of the search text is made of: who may not see the fact does not find by it either.
_FACTS = {
    fitting.EMAILS: "email",
    fitting.PHONES: "phone",
    fitting.TOWNS: "city",
    fitting.REFERENCES: "reference",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One customer who was found. Facts that this person may not see are empty."""

    number: int
    name: str
    kind: str
    email: str
    phone: str
    city: str
    state: str  # active or archived, as on the card
    standings: tuple[str, ...] = ()  # what else is to be known before one speaks to her, as on the card

    @property
    def marks(self) -> list[str]:
        """The standings as people read them."""
        return [str(label) for kind, label in STANDINGS if kind in self.standings]

    @property
    def phone_read(self) -> str:
        """The phone as people read it."""
        return international(self.phone) if self.phone else ""


@dataclass(frozen=True, slots=True)
class Found:
    """The best first. `more` says that there are others; `whole` that every customer has her search keys by now."""

    text: str
    hits: list[Hit]
    more: bool
    whole: bool
    numbered: int | None = None  # who of them has what was typed as number

    def of(self, kind: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.kind == kind]

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "people": [asdict(hit) for hit in self.of("person")],
            "organisations": [asdict(hit) for hit in self.of("organisation")],
            "more": self.more,
            "complete": self.whole,
        }


def search(by: Actor, text: str, *, limit: int = LIMIT, recent: Sequence[int] = ()) -> Found:
    """Customers who fit what was typed. `recent` are numbers that the asker had to do with last, the latest first: of
    two who fit as well they come first, then who has changed last."""
    asked = _led(read(text))
    if not asked or not by.may("customers.view"):
        return Found(asked.text, [], more=False, whole=True)
    hidden = _hidden(by)
    worth = _judged(by, asked, hidden, limit, recent)
    order = _ordered(worth, recent)
    hits = _shown(_kept(order, worth, limit), hidden)
    numbered = next((hit.number for hit in hits if hit.number in (asked.number, asked.keeper)), None)
    return Found(asked.text, hits, more=len(order) > len(hits), whole=_is_whole(), numbered=numbered)


def called_so(by: Actor, names: Iterable[str], *, limit: int = LIMIT) -> Iterator[set[int]]:
    """For each of these names the numbers of those who are called so, at most `limit`: of names that share a word this
    is less work than one search after the other. Only where nobody is called by the first, those are told who have its
    words elsewhere or in part, as a search would: the others may stand for it, and are names alone."""
    hidden, meant = _hidden(by), dict[str, dict[str, int]]()
    for place, asked in enumerate(map(read, names if by.may("customers.view") else ())):
        with pools.remembering(meant):
            worth = _judged(by, asked, hidden, limit, (), reach="names" if place else "called") if asked else {}
            found = set(worth if len(worth) <= limit else _kept(_ordered(worth, ()), worth, limit))
        yield found


def _judged(
    by: Actor, asked: Asked, hidden: Collection[int], limit: int, recent: Sequence[int], *, reach: Reach = "anywhere"
) -> dict[int, int]:
    with pools.keeping_to(condition_on(by, "z")):
        return Judged(asked, hidden, limit, reach).by_number(recent)


def _led(asked: Asked) -> Asked:
    """The same, and where the number of a merged card leads to."""
    keeper = None if asked.number is None else keeper_of(asked.number)
    return asked if keeper == asked.number else replace(asked, keeper=keeper)


class Judged:
    """Those who fit, with their worth, gathered question by question until there are enough."""

    def __init__(self, asked: Asked, hidden: Collection[int], limit: int, reach: Reach) -> None:
        self.asked, self.limit, self.reach = asked, limit, reach
        self.fitting = fitting.Fitting(asked, hidden)
        self.worth: dict[int, int] = {}

    def by_number(self, recent: Sequence[int]) -> dict[int, int]:
        asked = self.asked
        self._take(pools.numbered(recent))
        if asked.address and self._take(pools.addressed(asked.address)):
            return self.worth  # an address whole is asked for to find whose it is, not what else holds it
        self._take(pools.sure(asked))
        if len(asked.tokens) == 1:
            self._one_word()
        else:
            self._several_words()
        return self.worth

    def _one_word(self) -> None:
        for ask in (pools.begun, self._alike, pools.inside):
            if not self._full:
                self._take(ask(self.asked))

    def _several_words(self) -> None:
        """Names first, mistyped ones too; parts of anything where something typed is no name or no name was found."""
        self._take(self._alike(self.asked))
        if self.reach == "names" and self.worth:
            return
        if not self._full:
            self._take(pools.worded(self.asked, self.fitting.meant))
        if self.reach == "names":
            return
        if not self._full and (not self.worth or (self.reach == "anywhere" and pools.elsewhere(self.asked))):
            self._take(pools.begun(self.asked))
        if not self.worth:
            self._take(pools.inside(self.asked))

    def _alike(self, asked: Asked) -> Iterable[pools.Rows]:
        self.fitting.meant, rows = pools.alike(asked)
        return [rows]

    @property
    def _full(self) -> bool:
        """A page, and one to show that there are more."""
        return len(self.worth) > self.limit

    def _take(self, pool: Iterable[pools.Rows]) -> bool:
        """Whether anybody of these fits."""
        some = False
        for number, text in chain.from_iterable(pool):
            if worth := self.worth.get(number) or self.fitting.worth(number, text):
                self.worth[number], some = worth, True
        return some


def _hidden(by: Actor) -> set[int]:
    """The lines of a search text that this person may not know of."""
    known = registries.REGISTRY.facts
    return {line for line, fact in _FACTS.items() if known[fact].protection != "open" and not by.may(UNMASK)}


def _ordered(worth: dict[int, int], recent: Sequence[int]) -> list[int]:
    """The numbers, best first; what an archived card is worth less is taken off in `worth`."""
    if not worth:
        return []
    rows = _rows(_CHANGED, list(worth))
    late = {number: place for place, number in enumerate(recent)}
    for number, _changed, archived in rows:
        if archived:
            worth[number] = max(1, worth[number] - _ARCHIVED)
    ordered = sorted((-worth[number], late.get(number, len(late)), -changed, number) for number, changed, _a in rows)
    return [number for *_rank, number in ordered]


def _kept(order: list[int], worth: dict[int, int], limit: int) -> list[int]:
    """The first of them; some places are kept for names with a typing error, else a frequent name would hide them."""
    first, rest = order[:limit], order[limit:]
    like = [number for number in rest if worth[number] <= fitting.MISTYPED]
    known = sum(worth[number] <= fitting.MISTYPED for number in first)
    room = min(len(like), max(0, min(_KEPT_FOR_LIKE, limit // 3) - known))
    return first[: limit - room] + like[:room]


def _shown(numbers: Sequence[int], hidden: Collection[int]) -> list[Hit]:
    """What is shown of them, in their order: of contact points the primary one, of towns the first."""
    names, points = _rows(_NAMES, numbers), _rows(_POINTS, numbers)
    standings: dict[int, list[str]] = defaultdict(list)
    for number, kind in _rows(_STANDINGS, numbers):
        standings[number].append(kind)
    known = {number: columns for number, *columns in names}
    shown: dict[tuple[int, str], str] = {}
    for number, kind, value, _other, _id in sorted(points, key=itemgetter(3, 4)):
        shown.setdefault((number, kind), value)
    for line, kind in ((fitting.EMAILS, "email"), (fitting.PHONES, "phone"), (fitting.TOWNS, "city")):
        if line in hidden:
            shown = {key: value for key, value in shown.items() if key[1] != kind}
    return [
        Hit(
            number=number,
            name=called(*known[number][1:]) or str(number),
            kind=known[number][0],
            email=shown.get((number, "email"), ""),
            phone=shown.get((number, "phone"), ""),
            city=shown.get((number, "city"), ""),
            state="archived" if "archived" in standings[number] else "active",
            standings=tuple(standings[number]),
        )
        for number in numbers
        if number in known
    ]


def _rows(statement: str, numbers: Sequence[int]) -> list[Any]:
    """The rows of a statement in which `{among}` stands for: of these customers."""
    pieces, values = [], []
    head, *rest = statement.split("{among ")
    pieces.append(head)
    for piece in rest:
        column, _brace, tail = piece.partition("}")
        condition, told = among(connection, column, list(numbers))
        pieces += [condition, tail]
        values += told
    with connection.cursor() as cursor:
        cursor.execute("".join(pieces), values)
        return list(cursor.fetchall())


def _is_whole() -> bool:
    """Whether every customer has her keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM kernel_mark WHERE name = %s", [MARK])
        return cursor.fetchone() is None


_CHANGED = """
SELECT c.number, c.version, s.kind FROM customers_customer c
LEFT JOIN customers_standing s ON s.customer_id = c.number AND s.kind = 'archived' WHERE {among c.number}
"""
_STANDINGS = "SELECT customer_id, kind FROM customers_standing WHERE {among customer_id} ORDER BY kind"
_NAMES = f"SELECT number, kind, {', '.join(NAMED)} FROM customers_customer WHERE {{among number}}"
_POINTS = """
SELECT customer_id, kind, value, CASE WHEN "primary" THEN 0 ELSE 1 END, id
FROM customers_contactpoint WHERE {among customer_id}
UNION ALL
SELECT customer_id, 'city', city, 0, id FROM customers_address WHERE city <> '' AND {among customer_id}
"""
