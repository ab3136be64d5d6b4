"""One customer as her card shows her: her own values, and what other cards say of her. Never writes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer, Employment, HouseholdMember, Relation
from regulars.areas.customers.queries import (
    card_for,
    joined_to,
    json_of,
    keeper_of,
    names_of_customers,
    seen_among,
    visible,
)
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.language.text import quoted
from regulars.kernel import registries, saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.phones import international
from regulars.kernel.prepared import Prepared
from regulars.kernel.text import House, fold, sort_key

_MOST = 50
_DEEPEST = 4
_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Person:
    """Another customer in one line: number, name, and what she is to this one."""

    number: int
    name: str
    what: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def line(self) -> str:
        """`Buyer · until 30 June 2024`."""
        return " · ".join(filter(None, (self.what, saying.span(self.since, self.until))))


@dataclass(frozen=True, slots=True)
class Joined:
    """A card that was merged into this one, when, and by which deed; None where that cannot be said."""

    number: int
    name: str
    at: datetime
    deed: int | None


@dataclass(slots=True)
class Branch:
    """Somebody in the tree of who sent whom, with those she sent."""

    number: int
    name: str
    here: bool = False
    sent: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """What the card page shows of one customer. `card` is the contract's JSON, in which the birth date is hidden;
    `birth_day` its month and day, 307 for 7 March; the rest is said by other cards."""

    card: Mapping[str, Any]
    birth_day: int | None
    works_here: tuple[Person, ...]
    related_from: tuple[Person, ...]
    households: tuple[tuple[str, tuple[Person, ...]], ...]
    tree: Branch | None
    referrer: Person | None

    @property
    def number(self) -> int:
        return int(self.card["number"])

    @property
    def phones(self) -> list[str]:
        """Her phones as people read them."""
        return [international(str(each["value"])) for each in self.card.get("phones", ())]

    @property
    def more_work_here(self) -> bool:
        return len(self.works_here) == _MOST

    @property
    def where_they_work(self) -> str:
        """The criterion that has everybody who works here or did."""
        return f"works_at.organisation_name = {quoted(str(self.card['name']))}"


def look(by: Actor, number: int) -> Look:
    """Everything the card shows. A merged number answers with its keeper. Raises NotFound."""
    row = card_for(by, number)
    above = list(_above(row))
    if by.own is not None:
        above = _known(by, above)
    referrer = Person(above[0].number, above[0].name) if above else None
    return Look(
        card=json_of(by, row),
        birth_day=row.birth_day,
        works_here=_works_here(by, row),
        related_from=_related_from(by, row),
        households=_households(by, row),
        tree=_tree(by, row, above),
        referrer=referrer,
    )


def merged_into(by: Actor, number: int) -> tuple[Joined, ...]:
    """The cards that were merged into this one, newest first, each with the deed that did it."""
    numbers = joined_to(number)[1:]
    if by.own is not None:
        numbers = sorted(seen_among(by, numbers))
    found = []
    for row in Customer.objects.filter(pk__in=numbers) if numbers else ():
        deed = Changeset.objects.filter(links__number=row.link).first()
        if deed is not None:
            mine = deed.particulars.get("absorbed") == row.number
            found.append(Joined(row.number, row.name, deed.at, deed.number if mine else None))
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def named_on(by: Actor, look: Look) -> Mapping[int, str]:
    """The names of those whose number stands on the card itself: who sent her, and whoever else a fact names."""
    known = {look.referrer.number: look.referrer.name} if look.referrer else {}
    facts = [fact for fact in registries.REGISTRY.facts.values() if fact.type == "customer" and fact.group is None]
    missing = {int(look.card[fact.name]) for fact in facts if look.card.get(fact.name)} - known.keys()
    return {**known, **names_of_customers(by, missing)} if missing else known


def _told(by: Actor, asked: Prepared[Any], number: int) -> list[Any]:
    """The rows about this customer of those cards that the actor may know of."""
    return asked.rows(number) if by.own is None else list(_seen(by, asked.build(number))[: asked.most])


def _staff(number: int) -> QuerySet[Employment]:
    rows = Employment.objects.filter(organisation=number).select_related("customer")
    return rows.order_by(F("until_day").desc(nulls_first=True), "customer__sort_key")


def _at_home(number: int) -> QuerySet[HouseholdMember]:
    hers = HouseholdMember.objects.filter(customer=number).values("household_id")
    rows = HouseholdMember.objects.filter(household_id__in=hers).exclude(customer=number)
    return rows.select_related("customer", "household")


_STAFF = Prepared(_staff, _MOST)
_RELATED = Prepared(
    lambda number: Relation.objects.filter(other=number).select_related("customer").order_by("id"), _MOST
)
_AT_HOME = Prepared(_at_home, _MOST)
_SENT = Prepared(lambda number: Customer.objects.filter(referred_by=number).order_by("number"), _MOST)


def _seen[Rows: QuerySet[Any]](by: Actor, rows: Rows) -> Rows:
    """Rows of those cards that the actor may know of."""
    return rows if by.own is None else rows.filter(customer__in=visible(by))


def _known(by: Actor, above: list[Customer]) -> list[Customer]:
    """As far up as the actor may know of them."""
    seen = seen_among(by, {each.number for each in above})
    return list(takewhile(lambda each: each.number in seen, above))


def _works_here(by: Actor, row: Customer) -> tuple[Person, ...]:
    """Who works there, then who did, last first."""
    rows = _told(by, _STAFF, row.number)
    return tuple(Person(e.customer_id, e.customer.name, e.job_title, e.since, e.until_day) for e in rows)


def _related_from(by: Actor, row: Customer) -> tuple[Person, ...]:
    """Those on whose card this customer stands as somebody's partner, child, guardian."""
    rows = _told(by, _RELATED, row.number)
    return tuple(Person(r.customer_id, r.customer.name, r.get_kind_display(), r.since, r.until_day) for r in rows)


def _households(by: Actor, row: Customer) -> tuple[tuple[str, tuple[Person, ...]], ...]:
    """Each household of hers with the others in it."""
    found: dict[str, list[Person]] = {}
    for member in _told(by, _AT_HOME, row.number):
        found.setdefault(member.household.name, []).append(
            Person(member.customer_id, member.customer.name, member.role, member.since, member.until_day)
        )
    return tuple((name, tuple(people)) for name, people in found.items())


def _tree(by: Actor, row: Customer, above: Iterable[Customer]) -> Branch | None:
    """Who sent whom: from the first above her down to those she brought; None where nobody did either."""
    top = Branch(row.number, row.name, here=True)
    _grow(by, [top])
    for each in above:
        top = Branch(each.number, each.name, sent=[top])
    return top if top.sent else None


def _above(row: Customer) -> Iterator[Customer]:
    """Who sent her, who sent that one, and so on."""
    if row.referred_by_id is None:
        return
    further = "__".join(["referred_by"] * (_DEEPEST - 1))
    known = Customer.objects.select_related(further).filter(pk=row.referred_by_id).first()
    for _step in range(_DEEPEST):
        if known is None:
            return
        yield known
        known = known.referred_by if _step + 1 < _DEEPEST else None


def _grow(by: Actor, level: list[Branch]) -> None:
    for _step in range(_DEEPEST):
        by_number = {each.number: each for each in level}
        if by.own is None and len(by_number) == 1:
            rows = _SENT.rows(*by_number)
        else:
            rows = list(visible(by).filter(referred_by__in=by_number).order_by("number")[:_MOST])
        level = []
        for row in rows:
            branch = Branch(row.number, row.name)
            by_number[row.referred_by_id or 0].sent.append(branch)
            level.append(branch)
        if not level:
            return


# --- finding somebody to name on a card -------------------------------------------------------------------------------


def pick(by: Actor, text: str, limit: int = 8) -> list[Person]:
    """Customers whose name, number or organisation begins as typed, for a field that names another card."""
    words = fold(text).split()
    if not words:
        return []
    found: dict[int, Customer] = {}
    for each in _begins(text.strip(), words):  # one index each; sorted here, or the database walks everybody in order
        found |= {row.number: row for row in visible(by).filter(each, merged_into=None).order_by()[:_LOOKED_AT]}
    rows = sorted(found.values(), key=lambda row: (row.sort_key, row.number))
    return [Person(row.number, row.name) for row in rows[:limit]]


def _begins(text: str, words: list[str]) -> list[Q]:
    """Family name first and organisations stand in the sort key; the given name has a key of its own."""
    if text.isdigit():
        return [Q(number=keeper_of(int(text[:15])))]
    asked = [_from("sort_key", sort_key(text, House.language))]
    if len(words) == 1:
        return [*asked, _from("given_fold", words[0])]
    return [*asked, _from("family_fold", words[-1]) & _from("given_fold", " ".join(words[:-1]))]


def _from(column: str, beginning: str) -> Q:
    """Texts that begin so, as a stretch of the index: a `LIKE` would read the whole table."""
    return Q(**{f"{column}__gte": beginning, f"{column}__lt": beginning + "\U0010ffff"})


def number_named(by: Actor, text: str, *, where: str) -> str:
    """A typed name becomes its number. Raises Refused where nobody is called so, or several are."""
    typed = text.strip().lstrip("#")
    if not typed or typed.isdigit():
        return typed
    people = pick(by, typed, 3)
    if not people:
        raise Refused(
            _("Nobody is called “%(name)s”. Choose one of those proposed as you type, or type the number.")
            % {"name": typed[:100]},
            where=where,
        )
    if len(people) > 1:
        raise Refused(
            _("Several are called so: %(people)s … Choose one of those proposed as you type, or type the number.")
            % {"people": ", ".join(f"{each.name} ({each.number})" for each in people)},
            where=where,
        )
    return str(people[0].number)
