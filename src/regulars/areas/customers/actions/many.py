"""The same change on many cards, all of which are there, within somebody's deed. Each gives how many it changed."""

from collections.abc import Collection
from datetime import date
from typing import Any

from regulars.areas.customers import models
from regulars.areas.journal.actions import Link
from regulars.kernel.text import fold


def tag_many(link: Link, numbers: Collection[int], tag: str) -> int:
    key = fold(tag) or tag
    have = set(models.Tag.objects.filter(customer_id__in=numbers, key=key).values_list("customer_id", flat=True))
    fresh = [models.Tag(customer_id=number, tag=tag) for number in numbers if number not in have]
    link.add(*fresh)
    return len(fresh)


def untag_many(link: Link, numbers: Collection[int], tag: str) -> int:
    rows = list(models.Tag.objects.filter(customer_id__in=numbers, key=fold(tag) or tag))
    link.remove(*rows)
    return len(rows)


def set_many(link: Link, numbers: Collection[int], column: str, value: Any) -> int:
    """One column of the cards' own rows."""
    rows = models.Customer.objects.filter(pk__in=numbers).exclude(**{column: value}).order_by("pk")
    return link.change_many(list(rows), **{column: value})


def give_standing_many(link: Link, numbers: Collection[int], kind: str, since: date) -> int:
    rows = models.Standing.objects.filter(customer_id__in=numbers, kind=kind)
    have = set(rows.values_list("customer_id", flat=True))
    fresh = [models.Standing(customer_id=number, kind=kind, since=since) for number in numbers if number not in have]
    link.add(*fresh)
    return len(fresh)


def take_standing_many(link: Link, numbers: Collection[int], kind: str) -> int:
    rows = list(models.Standing.objects.filter(customer_id__in=numbers, kind=kind))
    link.remove(*rows)
    return len(rows)


def set_fact_many(link: Link, numbers: Collection[int], field: int, values: dict[str, Any] | None) -> int:
    """One fact of the business's own: its columns, or None to take it away."""
    rows = list(models.CustomValue.objects.filter(customer_id__in=numbers, field_id=field))
    if values is None:
        link.remove(*rows)
        return len(rows)
    have = {row.customer_id for row in rows}
    fresh = [
        models.CustomValue(customer_id=number, field_id=field, **values) for number in numbers if number not in have
    ]
    link.add(*fresh)
    return len(fresh) + link.change_many(rows, **values)
