"""Forgetting a customer: final, and nobody takes it back.

What goes, what stays and why is what the rooms say of their holdings and stores. Her rows and texts go in one
transaction; the files that only she had and the key of her sealed values are destroyed by a job that is asked for in
it, so that a kill in between leaves nothing behind. The erasure ledger knows of it before the register does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.customers.queries import joined_to, keeper_of, number_is_forgotten, returned
from regulars.areas.journal.actions import Erasure, Link, deed, undo
from regulars.areas.journal.chain import ledger
from regulars.areas.journal.models import Changeset, Counter
from regulars.kernel import databases, registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import writer_lock
from regulars.kernel.errors import Gone, NotAllowed, NotFound
from regulars.kernel.jobs import enqueue, named, run_here

RIGHT = "customers.forget"
_JOB = "regulars.areas.customers.jobs.let_go_of_forgotten"  # stands above the actions and is called by name


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one holding: `then` is erase, blank or keep; `count` is how much of it is hers, None where that
    cannot be counted."""

    name: str
    label: str
    then: str
    why: str
    count: int | None

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "label": self.label, "then": self.then, "count": self.count, "why": self.why}


@dataclass(slots=True)
class Forgetting:
    """What forgetting a customer did, or would do. `cards` are the others on whose cards she is named."""

    number: int
    changeset: int | None = None
    fates: list[Fate] = field(default_factory=list)
    cards: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        fates = [each.as_json() for each in self.fates]
        return {"number": self.number, "changeset": self.changeset, "holdings": fates, "cards": self.cards}


def what_would_go(*, number: int, by: Actor) -> Forgetting:
    """What goes, what stays and why, changing nothing. Raises NotAllowed, NotFound, Gone, Refused."""
    numbers = _whole_person(by, number)
    return _looked(Erasure(None, numbers[0], numbers))


def _looked(erasure: Erasure) -> Forgetting:
    cards: set[int] = set()
    for table, _column, _optional, pks in erasure.pointing():
        cards |= {subject for (subject,) in table.pick((table.subject or table.pk,), table.pk, pks)}
    return Forgetting(erasure.number, None, list(_fates(erasure)), sorted(cards))


def forget_customer(*, number: int, by: Actor, at: datetime) -> Forgetting:
    """Forgets a customer for good, also one that was deleted, with every number that was merged into this one.

    Raises NotAllowed without the right, NotFound, Gone for one who is forgotten already, and Refused where that cannot
    be done now (a list is coming in).
    """
    numbers = _whole_person(by, number)
    number = numbers[0]
    ahead = Erasure(None, number, numbers)
    done = _looked(ahead)  # files are read before anybody has to wait for the deed
    entry: ledger.Entry | None = None
    try:
        with deed(verb="customers.forgotten", by=by, at=at, particulars={"number": number}) as link:
            erasure = _erase(link, by, number, ahead)
            entry = _note(erasure, at)
            key, gone = f"forgotten {number}", dict(erasure.gone_after)
            ticket = enqueue(named(_JOB), key=key, numbers=erasure.numbers, files=gone).ticket
    except BaseException:
        if entry is not None:
            ledger.withdraw(entry)
        raise
    if not connection.in_atomic_block:
        run_here(ticket)
    done.changeset = link.changeset
    return done


def forget_again(*, by: Actor, at: datetime) -> list[int]:
    """Forgets everybody whom the ledger names and this register still has: for a copy that was put back. The numbers.

    A copy may also have given out fewer numbers than the register had: the counter goes on where that had come to.
    Raises NotAllowed.
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not forget customers. The owner of the house can give the right."))
    _no_number_twice(max((entry.next for entry in ledger.entries()), default=0))
    found = returned()
    _take_apart(set(found), by=by, at=at)
    for number in found:
        if not number_is_forgotten(number):  # one with several numbers goes with the first of them
            forget_customer(number=number, by=by, at=at)
    return found


def _take_apart(found: set[int], *, by: Actor, at: datetime) -> None:
    """In a copy two may be one who had been taken apart before the one was forgotten: the other one stays."""
    joined = models.Customer.objects.filter(merged_into__isnull=False)
    for number, into in joined.values_list("number", "merged_into_id"):
        if (number in found) is not (into in found):
            alone = models.Customer.past._default_manager.filter(number=number, merged_into_id__isnull=True)
            merge = Changeset.objects.get(links=alone.aggregate(end=Max("until"))["end"])
            if merge.undone_by_id is None:
                undo(changeset=merge.number, by=by, at=at)


def let_go(numbers: list[int], files: Mapping[str, list[str]]) -> None:
    """Destroys what could only be destroyed once the deed was kept. May be done twice."""
    for name, gone in files.items():
        store = registries.stores()[name]
        for each in gone:
            if store.let_go is not None:
                store.let_go(each)
    databases.scrub(connection)


# --- who --------------------------------------------------------------------------------------------------------------


def _whole_person(by: Actor, number: int) -> list[int]:
    """All numbers of the one person: the keeper's first, then those that were merged into it."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not forget customers. The owner of the house can give the right."))
    if number_is_forgotten(number):
        raise Gone(_("Customer %(number)s was forgotten already.") % {"number": number})
    if not any(kind._default_manager.filter(number=number).exists() for kind in _KINDS):
        raise NotFound(_("There is no customer %(number)s.") % {"number": number})
    there = models.Customer.objects.filter(number=number).exists()
    keeper, *others = joined_to(keeper_of(number)) if there else _as_they_stood_last(number)
    return [keeper, *sorted(others)]


def _as_they_stood_last(number: int) -> list[int]:
    """The same of somebody whose card is there no more: one who was merged was deleted with her keeper."""
    past: Any = models.Customer.past._default_manager

    def into(each: int) -> int | None:
        found: int | None = past.filter(number=each).order_by("-until").values_list("merged_into_id", flat=True).first()
        return found

    while (keeper := into(number)) is not None:
        number = keeper
    numbers, fresh = [number], [number]
    while fresh:
        told = set(past.filter(merged_into_id__in=fresh).values_list("number", flat=True)) - set(numbers)
        told -= set(models.Customer.objects.filter(number__in=told).values_list("number", flat=True))
        fresh = sorted(each for each in told if into(each) in fresh)
        numbers += fresh
    return numbers


_KINDS: Any = (models.Customer, models.Customer.past)


def _no_number_twice(following: int) -> None:
    """The counter goes on where it had come to when the last one was forgotten."""
    with transaction.atomic():
        writer_lock(connection)
        Counter.objects.filter(name="customer", next__lt=following).update(next=following)


# --- the deed ---------------------------------------------------------------------------------------------------------


def _erase(link: Link, by: Actor, number: int, ahead: Erasure) -> Erasure:
    erasure = Erasure(link, number, _whole_person(by, number), ahead.prepared)
    for store in registries.stores().values():
        if store.forget is not None:
            store.forget(erasure)
    erasure.reword_deeds()
    erasure.point_away()
    erasure.erase_rows()
    erasure.settle()
    return erasure


def _note(erasure: Erasure, at: datetime) -> ledger.Entry:
    values = {
        "number": map(str, erasure.numbers),
        "email": _points(erasure, "email"),
        "phone": _points(erasure, "phone"),
        "reference": {f"{r['source']}|{r['value']}" for r in _rows(erasure, "customers.reference")},
    }
    following = Counter.objects.filter(name="customer").aggregate(at=Max("next"))["at"] or 0
    return ledger.append(at=at, next_number=following, values=values, let_go=erasure.gone_after)


def _points(erasure: Erasure, kind: str) -> set[str]:
    return {row["value"] for row in _rows(erasure, "customers.contactpoint") if row["kind"] == kind}


def _rows(erasure: Erasure, label: str) -> list[dict[str, Any]]:
    return [each.row for each in erasure.versions(label)]


# --- what becomes of what ---------------------------------------------------------------------------------------------


def _fates(erasure: Erasure) -> Iterator[Fate]:
    for holding in registries.holdings().values():
        label = holding.model.lower()
        rows = {each.pk for each in erasure.versions(label)}
        if rows:
            yield Fate(label, str(holding.label), holding.on_forget, str(holding.why), len(rows))
    for store in registries.stores().values():
        count = store.found(erasure) if store.found is not None else None
        if count or store.found is None:
            yield Fate(store.name, str(store.label), store.on_forget, str(store.why), count)
