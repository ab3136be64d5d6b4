"""Who belongs together without being one: people who share a home, a telephone, an e-mail address or an organisation,
and a person and the organisation whose telephone, address or e-mail domain is hers. What is known already is not
proposed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models import Address, ContactPoint, Customer, Employment, HouseholdMember, Relation
from regulars.areas.customers.queries import names_of_customers, seen_among
from regulars.areas.matching.comparing.features import Card
from regulars.areas.matching.models import Pair, Rejection
from regulars.areas.matching.queries.colleagues import domain_of, workplaces
from regulars.areas.matching.queries.reading import cards
from regulars.kernel import marks
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Text

Kind = Literal["household", "works_at", "colleagues"]
Two = tuple[int, int]
SCANNED = "duplicates"  # before the first scan nobody knows who is one person
_KEYS = 500  # shared values that are looked at
_SHARE = 6  # cards with one value above which it tells nothing
_STAFF = 40  # people with an address at one domain above which it is a provider's
SHARED: Mapping[str, Text] = {
    "email": _("They share an e-mail address."),
    "phone": _("They share a telephone number."),
    "address": _("They share an address."),
    "domain": _("The e-mail address is at the organisation's domain."),
    "organisation": _("The same organisation stands on both cards."),
}


@dataclass(frozen=True, slots=True)
class Near:
    """Two cards that belong together: people of one household, people who work together, or (`a` a person, `b` an
    organisation) who works there. `shares` says what both have, by code."""

    a: int
    b: int
    kind: Kind
    shares: tuple[str, ...]
    a_name: str = ""
    b_name: str = ""

    @property
    def why(self) -> list[str]:
        return [str(SHARED[each]) for each in self.shares]

    def as_json(self) -> dict[str, Any]:
        reasons = [{"code": each, "text": str(SHARED[each])} for each in self.shares]
        return {"a": self.a, "b": self.b, "kind": self.kind, "reasons": reasons}


def near(by: Actor, *, limit: int = 50) -> list[Near]:
    """Those who share most first, of whom the actor may know both; none before the first scan. What is answered makes
    room for the next."""
    if not by.may("customers.view") or not was_scanned():
        return []
    shares: dict[Two, set[str]] = defaultdict(set)
    for what, numbers in (*_shared_points(), *_shared_homes(), *_shared_names(), *_domains()):
        for two in combinations(sorted(numbers), 2):
            shares[two].add(what)
    seen = seen_among(by, {number for two in shares for number in two})
    open_to = {two: whats for two, whats in shares.items() if seen.issuperset(two)}
    found = sorted(_proposed(open_to), key=lambda each: (-len(each.shares), each.a, each.b))[:limit]
    names = names_of_customers(by, {number for each in found for number in (each.a, each.b)})
    return [Near(each.a, each.b, each.kind, each.shares, names[each.a], names[each.b]) for each in found]


def was_scanned() -> bool:
    """Whether it is known who may be one person."""
    return bool(marks.recall(SCANNED))


# --- what two may share -----------------------------------------------------------------------------------------------


def _shared_points() -> Iterator[tuple[str, set[int]]]:
    shared = ContactPoint.objects.values("kind", "key").annotate(n=Count("id")).filter(n__gt=1, n__lte=_SHARE)
    keys = {(row["kind"], row["key"]) for row in shared.order_by("-n", "key")[:_KEYS]}
    having: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = ContactPoint.objects.filter(key__in={key for _kind, key in keys})
    for kind, key, number in rows.values_list("kind", "key", "customer_id"):
        having[kind, key].add(number)
    yield from ((kind, numbers) for (kind, key), numbers in having.items() if (kind, key) in keys)


def _shared_homes() -> Iterator[tuple[str, set[int]]]:
    told = Address.objects.exclude(street="")
    shared = told.values("key").annotate(n=Count("id")).filter(n__gt=1, n__lte=_SHARE).order_by("-n", "key")
    keys = [row["key"] for row in shared[:_KEYS]]
    having: dict[str, set[int]] = defaultdict(set)
    for key, number in told.filter(key__in=keys).values_list("key", "customer_id"):
        having[key].add(number)
    yield from (("address", numbers) for numbers in having.values())


def _shared_names() -> Iterator[tuple[str, set[int]]]:
    """People on whose cards the name of one organisation stands."""
    told = Customer.objects.filter(kind="person", merged_into=None, organisation_fold__gt="")
    shared = told.values("organisation_fold").annotate(n=Count("number")).filter(n__gt=1, n__lte=_SHARE)
    names = [row["organisation_fold"] for row in shared.order_by("-n", "organisation_fold")[:_KEYS]]
    having: dict[str, set[int]] = defaultdict(set)
    for name, number in told.filter(organisation_fold__in=names).values_list("organisation_fold", "number"):
        having[name].add(number)
    yield from (("organisation", numbers) for numbers in having.values())


def _domains() -> Iterator[tuple[str, set[int]]]:
    """Each organisation that alone has its domain, with each person who has an address there."""
    firms: dict[str, set[int]] = defaultdict(set)
    for key, number in _emails("organisation"):
        firms[domain_of(key)].add(number)
    alone = {domain: min(numbers) for domain, numbers in firms.items() if domain and len(numbers) == 1}
    if not alone:
        return
    people: dict[str, set[int]] = defaultdict(set)
    for key, number in _emails("person"):
        if (domain := domain_of(key)) in alone:
            people[domain].add(number)
    for domain, numbers in people.items():
        if len(numbers) <= _STAFF:
            yield from (("domain", {alone[domain], number}) for number in numbers)


def _emails(kind: str) -> Iterable[tuple[str, int]]:
    rows = ContactPoint.objects.filter(kind="email", customer__kind=kind)
    return rows.values_list("key", "customer_id").iterator(chunk_size=10_000)


# --- what of it is news -----------------------------------------------------------------------------------------------


def _proposed(shares: Mapping[Two, set[str]]) -> Iterator[Near]:
    there = cards(sorted({number for two in shares for number in two}))
    known = _known(set(shares))
    at_work = {two for two in shares if _kind(there, two) == "works_at"}
    firms: dict[int, set[int]] = defaultdict(set)
    for a, b in at_work:
        person, firm = (a, b) if there[a].person else (b, a)
        firms[person].add(firm)
    at = workplaces({number for two in shares for number in two} - {number for two in at_work for number in two})
    for (a, b), whats in shares.items():
        kind = _kind(there, (a, b))
        if kind is None or (a, b) in known:
            continue
        if kind == "works_at":
            person, firm = (a, b) if there[a].person else (b, a)
            yield Near(person, firm, kind, tuple(sorted(whats)))
        elif not firms[a] & firms[b]:  # what two colleagues share is the firm's
            if "address" not in whats and at[a] & at[b]:
                kind = "colleagues"
            yield Near(a, b, kind, tuple(sorted(whats)))


def _kind(there: Mapping[int, Card], two: Two) -> Kind | None:
    people = [there[number].person for number in two if number in there]
    if len(people) < 2 or not any(people):
        return None
    return "household" if all(people) else "works_at"


def _known(wanted: set[Two]) -> set[Two]:
    """Those of whom something was said already, or who may be one person: they stand in the other queue."""
    numbers = {number for two in wanted for number in two}
    found: set[Two] = set()
    pairs: list[tuple[type[Any], str, str]] = [
        (Pair, "a", "b"), (Rejection, "customer_id", "other"), (Relation, "customer_id", "other_id"),
        (Employment, "customer_id", "organisation_id"),
    ]  # fmt: skip
    for model, one, other in pairs:
        rows = model._default_manager.filter(**{f"{one}__in": numbers}).values_list(one, other)
        found |= {(min(row), max(row)) for row in rows}
    living: dict[int, set[int]] = defaultdict(set)
    for number, household in HouseholdMember.objects.filter(customer_id__in=numbers).values_list(
        "customer_id", "household_id"
    ):
        living[household].add(number)
    working: dict[int, set[int]] = defaultdict(set)
    for number, firm in Employment.objects.filter(customer_id__in=numbers).values_list(
        "customer_id", "organisation_id"
    ):
        working[firm].add(number)
    for together in (*living.values(), *working.values()):
        found |= set(combinations(sorted(together), 2))
    return found & wanted


def kinds_of(a: int, b: int) -> tuple[Kind, ...]:
    """What these two could be: two people a household or colleagues, a person and an organisation work."""
    kinds = sorted(Customer.objects.filter(number__in=(a, b), merged_into=None).values_list("kind", flat=True))
    if kinds == ["person", "person"]:
        return ("household", "colleagues")
    return ("works_at",) if kinds == ["organisation", "person"] else ()
