"""The fixed lists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import visible
from regulars.areas.segments.language.errors import meant, nearest
from regulars.areas.segments.models import FixedList, Listing
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.text import fold


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list as it is shown, with how many are on it."""

    name: str
    description: str
    made_by: str
    made_at: datetime
    count: int

    def as_json(self) -> dict[str, Any]:
        return {each: getattr(self, each) for each in self.__dataclass_fields__}


def fixed_lists(by: Actor) -> list[ListShown]:
    """Every list by name."""
    counts = dict(_on_it(by).values_list("list").annotate(count=Count("pk")).order_by())
    return [_shown(row, counts.get(row.pk, 0)) for row in FixedList.objects.order_by("key")]


def show_list(name: str, *, by: Actor) -> ListShown:
    """One list by its name (folded). Raises NotFound."""
    row = list_named(name)
    return _shown(row, _on_it(by).filter(list=row).count())


def _on_it(by: Actor) -> QuerySet[Listing]:
    """Who is on lists, of those whom the actor may know of."""
    if by.own is None and by.may("customers.view"):
        return Listing.objects.all()
    return Listing.objects.filter(customer__in=visible(by))


def list_named(name: str) -> FixedList:
    """The list of this name (folded). Raises NotFound, with the nearest names."""
    row = FixedList.objects.filter(key=fold(name)).first()
    if row is None:
        near = nearest(name, FixedList.objects.values_list("name", flat=True))
        message = _("There is no list “%(name)s”.") % {"name": name[:60]}
        raise NotFound(f"{message} {meant(near)}" if near else message, where="name")
    return row


def _shown(row: FixedList, count: int) -> ListShown:
    return ListShown(row.name, row.description, row.made_by, row.made_at, count)


def names_of_lists(by: Actor, keys: Collection[int]) -> dict[int, str]:
    """What these lists are called; one that is gone was a list."""
    known = dict(FixedList.objects.filter(pk__in=keys).values_list("pk", "name"))
    return {key: known.get(key, _("a list")) for key in keys}
