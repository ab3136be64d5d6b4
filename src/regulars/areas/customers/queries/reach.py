"""Whom an actor may know of: everybody, or only those of whom a fact (territory, representative) says that they are
hers. Every question and every deed goes by this; what another card tells of a stranger is her number alone."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.journal.queries import as_of, looking_back
from regulars.kernel.actor import Actor
from regulars.kernel.databases import among, each_of
from regulars.kernel.dialect import FALSE, Sql, quoted
from regulars.kernel.errors import NotAllowed


def visible(by: Actor) -> QuerySet[models.Customer]:
    """The customers that this actor may know of. Looking back those who are hers today, as they were then."""
    everybody = models.Customer.objects.all()
    if not by.may("customers.view"):
        return everybody.none()
    if by.own is None:
        return everybody
    if looking_back() is None:
        return everybody.filter(_hers(by))
    numbers, values = each_of(connection, _numbers_today(by))
    return everybody.filter(pk__in=RawSQL(numbers, values))  # noqa: S611 the numbers are a parameter


def seen_among(by: Actor, numbers: Collection[int]) -> set[int]:
    """Those of these customers that the actor may know of."""
    return set(visible(by).filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()


def condition_on(by: Actor, alias: str) -> Sql | None:
    """The condition that the customer's row `alias` is one the actor may know of; None where all are."""
    if not by.may("customers.view"):
        return FALSE
    if by.own is None:
        return None
    if looking_back() is not None:
        text, values = among(connection, f"{alias}.number", _numbers_today(by))
        return Sql(text, tuple(values))
    parts: list[str] = []
    params: list[Any] = []
    for column, codes in by.own:
        if codes:
            parts.append(f"{alias}.{quoted(column)} IN ({', '.join(['%s'] * len(codes))})")
            params += codes
    return Sql(f"({' OR '.join(parts)})", tuple(params)) if parts else FALSE


def without_strangers(by: Actor, cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The contract's cards, in which somebody the actor may not know of is called by her number."""
    if by.own is None:
        return cards
    named = [(row, word) for card in cards for group, word in _NAMED for row in card[group]]
    known = seen_among(by, {row["number"] for row, _word in named})
    for row, word in named:
        if row["number"] not in known:
            row[word] = str(row["number"])
    return cards


_NAMED = (("works_at", "organisation"), ("relations", "name"))


def claim(row: models.Customer, by: Actor) -> None:
    """A new card of somebody who sees only her own is hers, unless it says whose it is."""
    if by.own is None or any(getattr(row, column) in codes for column, codes in by.own):
        return
    for column, codes in by.own:
        if codes and not getattr(row, column):
            setattr(row, column, codes[0])
            return


def refuse_strangers(by: Actor, numbers: Collection[int], link: int) -> None:
    """Raises NotAllowed if one of the cards that a link touched was or is somebody else's."""
    if by.own is None or not numbers:
        return
    now = models.Customer.objects.filter(number__in=numbers)
    before = models.Customer.past._default_manager.filter(number__in=numbers, until=link)
    if now.exclude(_hers(by)).exists() or before.exclude(_hers(by)).exists():
        raise NotAllowed(
            _(
                "You see and change only your own customers: a card stays with your territory or with you as its "
                "representative. Whoever sees all customers can hand it over."
            ),
            where="territory",
        )


def _hers(by: Actor) -> Q:
    found = Q(pk__in=())
    for column, codes in by.own or ():
        found |= Q(**{f"{column}__in": codes})
    return found


def _numbers_today(by: Actor) -> list[int]:
    with as_of(None):
        return list(models.Customer.objects.filter(_hers(by)).values_list("pk", flat=True))
