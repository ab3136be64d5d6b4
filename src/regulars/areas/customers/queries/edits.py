"""What became of a card since a version: read from its live rows and their twins."""

from dataclasses import dataclass
from typing import Any

from regulars.areas.customers import models
from regulars.areas.journal.models import Link
from regulars.areas.journal.queries.differences import differs_in
from regulars.kernel import registries
from regulars.kernel.tables import moment, table_of


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that is newer than a view: the column of the card or the group, what stands now, by whom and when.
    `fact` is what stands in the column."""

    column: str
    group: str
    was: Any
    now: Any
    by: str
    at: str
    fact: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.fact or self.column or self.group,
            "was": self.was,
            "now": self.now,
            "by": self.by,
            "at": self.at,
        }


def edited_since(row: models.Customer, seen: int) -> list[Edit]:
    """The edits to this card after link `seen`: column by column for its own row, group by group for the others."""
    return [*_own(row, seen), *_groups(row, seen)]


def _own(row: models.Customer, seen: int) -> list[Edit]:
    if row.link <= seen:
        return []
    table = table_of(models.Customer)
    past = models.Customer.past._default_manager.filter(number=row.pk, link__lte=seen, until__gt=seen).first()
    was, now = table.canonical(past) if past else {}, table.canonical(row)
    by, at = _who(row.link)
    names = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    found = []
    for name in names:
        told = differs_in(name, row.pk, "customers.customer", was, now)
        if told is None:
            found.append(Edit(name, "", was.get(name), now.get(name), by, at))
        else:
            found.append(Edit(name, "", told.was, told.now, by, at, told.field))
    return found


def _groups(row: models.Customer, seen: int) -> list[Edit]:
    found = []
    for group in registries.groups().values():
        model = registries.model_named(group.model)
        where = {"customer_id": row.pk, **dict(group.where)}
        live = model._default_manager.filter(link__gt=seen, **where).values_list("link", flat=True)
        gone = model.past._default_manager.filter(until__gt=seen, link__lte=seen, **where).values_list(
            "until", flat=True
        )
        newest = max([*live, *gone], default=None)
        if newest is not None:
            by, at = _who(newest)
            found.append(Edit("", group.name, None, None, by, at))
    return found


def _who(link: int) -> tuple[str, str]:
    by, at = Link.objects.filter(pk=link).values_list("changeset__by_name", "at").get()
    return by, moment(at)
