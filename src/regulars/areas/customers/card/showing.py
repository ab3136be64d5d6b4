"""Rows become the customer's JSON of the contract, many cards at a time, one query a table, sealed values masked."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from regulars.areas.customers import models
from regulars.kernel import registries
from regulars.kernel.money import plain
from regulars.kernel.prepared import Prepared
from regulars.kernel.tables import filled, moment, table_of

Card = dict[str, Any]
Own = tuple[str, str, str, Callable[[Any], Any]]


def cards(numbers: Sequence[int]) -> list[Card]:
    """The cards of these numbers in this order; a number that is not there is left out."""
    rows = models.Customer.objects.in_bulk(list(numbers))
    return cards_of([rows[n] for n in numbers if n in rows])


def cards_of(rows: Sequence[models.Customer]) -> list[Card]:
    """The cards of these customers, whose own rows are read already."""
    numbers = [row.number for row in rows]
    groups = _gathered(numbers)
    standings, own = _standings(numbers), list(_own())
    return [_card(row, own, groups, standings.get(row.number, [])) for row in rows]


def shown_as(fact: registries.Fact) -> Callable[[Any], Any]:
    """How a value of the customer's own row stands in her card."""
    return _OWN_SHOWN.get(fact.type, lambda value: value)


def _own() -> Iterator[Own]:
    """(fact, its column, that of its currency or '', how its value is shown) of the customer's own row."""
    for fact in registries.facts_of(None):
        if isinstance(fact.source, registries.Column) and fact.name not in ("birthday", "number"):
            yield fact.name, fact.source.column, fact.source.currency, _OWN_SHOWN.get(fact.type, lambda value: value)


def _card(
    row: models.Customer,
    own: Sequence[Own],
    groups: dict[str, dict[int, list[Any]]],
    standings: Sequence[models.Standing],
) -> Card:
    card: Card = {"number": row.number, "name": row.name}
    for fact, column, currency, show in own:
        value = getattr(row, column)
        card[fact] = None if value in ("", None) else show(value)
        if currency and card[fact] is not None:
            card[fact] = f"{card[fact]} {getattr(row, currency)}"
    for name in _SHOWN:
        card[name] = groups[name].get(row.number, [])
    card["custom"] = {each["field"]: each["value"] for each in card["custom"]}
    card["hows"], card["declined"] = row.hows, row.declined
    card["standings"] = {each.kind: each.since.isoformat() for each in standings}
    card["standing_reasons"] = {each.kind: each.reason for each in standings if each.reason}
    card["state"] = "archived" if "archived" in card["standings"] else "merged" if row.merged_into_id else "active"
    card["version"] = row.version
    return card


def _standings(numbers: Sequence[int]) -> dict[int, list[models.Standing]]:
    found: dict[int, list[models.Standing]] = defaultdict(list)
    asked = models.Standing.objects.filter(customer_id__in=numbers).order_by("id")
    for row in _STANDINGS.rows(numbers[0]) if len(numbers) == 1 else asked:
        found[row.customer_id].append(row)
    return found


_STANDINGS = Prepared(lambda number: models.Standing.objects.filter(customer_id=number).order_by("id"))


def groups_of(numbers: Sequence[int], names: Iterable[str]) -> dict[str, dict[int, list[Any]]]:
    """The rows of these groups by customer, as they stand in her card. Custom facts are a list of field and value."""
    return _gathered(numbers, names)


def _gathered(numbers: Sequence[int], names: Iterable[str] = ()) -> dict[str, dict[int, list[Any]]]:
    """The rows of every group by customer, shown. E-mail addresses and phones stand in one table, read once."""
    tables: dict[str, list[registries.Group]] = defaultdict(list)
    for name in names or _SHOWN:
        group = registries.groups()[name]
        tables[group.model].append(group)
    found: dict[str, dict[int, list[Any]]] = {name: defaultdict(list) for name in names or _SHOWN}
    if len(numbers) == 1:  # one card has rows in few of the tables
        there = filled([table_of(registries.model_named(model)) for model in tables], numbers[0])
        tables = {model: each for model, each in tables.items() if model.lower() in there}
    for model, groups in tables.items():
        name = groups[0].name
        hers = _hers(model, name)
        rows = hers.rows(numbers[0]) if len(numbers) == 1 else _ordered(model, name).filter(customer_id__in=numbers)
        for row in rows:
            for group in groups:
                if all(getattr(row, column) == value for column, value in group.where):
                    found[group.name][row.customer_id].append(_SHOWN[group.name](row))
    return found


def _ordered(model: str, name: str) -> Any:
    rows = registries.model_named(model)._default_manager.order_by(*ORDER_SHOWN.get(name, ("id",)))
    return rows.select_related(*_RELATED.get(name, ()) or (None,))


@cache
def _hers(model: str, name: str) -> Prepared[Any]:
    return Prepared(lambda number: _ordered(model, name).filter(customer_id=number))


def key_of(row: Any) -> str:
    """The handle by which a PATCH names a row of a card: lasting while the value stands, and telling nothing."""
    if isinstance(row, models.CustomValue):  # one for each field, whatever it says
        return models.address_key(row._meta.model_name or "", str(row.field_id))
    own = getattr(row, "blind", "") or getattr(row, "key", "")
    if isinstance(row, models.Tag | models.ContactPoint):
        return str(own)
    if isinstance(row, models.Address | models.SocialHandle) or own:
        return str(own)
    return models.address_key(row._meta.model_name or "", *(_identity_of(row)))


def _identity_of(row: Any) -> Iterable[str]:
    if isinstance(row, models.Reference):
        return (row.source, row.value)
    if isinstance(row, models.Note):
        return (row.kind, row.day.isoformat(), row.text)
    if isinstance(row, models.Employment):
        return (str(row.organisation_id),)
    if isinstance(row, models.HouseholdMember):
        return (str(row.household_id),)
    if isinstance(row, models.Relation):
        return (str(row.other_id), row.kind)
    return (row.sha256, row.name)


_OWN_SHOWN: dict[str, Callable[[Any], Any]] = {
    "moment": moment,
    "date": lambda value: value if isinstance(value, str) else value.isoformat(),
    "decimal": plain,
    "money": plain,
}


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _days(row: Any) -> dict[str, str | None]:
    return {"from": _day(row.since), "to": _day(row.until_day)}


def _bare(row: Any, **values: Any) -> dict[str, Any]:
    shown = {name: (None if value == "" else value) for name, value in values.items()}
    if getattr(row, "how", ""):
        shown["how"] = row.how
    return {**shown, "key": key_of(row)}


def custom_value(row: models.CustomValue) -> Any:
    """The value in the type of its field; amounts as exact text, sealed ones masked."""
    match row.field.type:
        case "number":
            return row.number
        case "decimal" | "money":
            return f"{plain(row.number or 0)} {row.currency}".strip()
        case "date":
            return _day(row.day)
        case "yesno":
            return row.yes
        case "sealed":
            return row.masked
        case _:
            return row.text


def _point(row: models.ContactPoint) -> dict[str, Any]:
    return _bare(row, value=row.value, label=row.label, primary=row.primary)


_SHOWN: dict[str, Callable[[Any], Any]] = {
    "emails": _point,
    "phones": _point,
    "addresses": lambda r: _bare(
        r,
        label=r.label,
        street=r.street,
        street2=r.street2,
        city=r.city,
        region=r.region,
        postcode=r.postcode,
        country=r.country,
        valid_from=_day(r.valid_from),
        valid_to=_day(r.valid_to),
    ),
    "works_at": lambda r: _bare(
        r,
        organisation=r.organisation.name,
        number=r.organisation_id,
        job_title=r.job_title,
        department=r.department,
        **_days(r),
    ),
    "identity_numbers": lambda r: _bare(r, kind=r.kind, country=r.country, value=r.masked),
    "bank_accounts": lambda r: _bare(
        r,
        iban=r.masked if r.kind == "iban" else None,
        number=None if r.kind == "iban" else r.masked,
        bic=r.bic,
        bank=r.bank,
    ),
    "social": lambda r: _bare(r, network=r.network, handle=r.handle, followers=r.followers, influence=r.influence),
    "tags": lambda r: r.tag,
    "references": lambda r: _bare(r, source=r.source, value=r.value),
    "notes": lambda r: _bare(r, kind=r.kind, day=_day(r.day), text=r.text, by=r.by),
    "households": lambda r: _bare(r, name=r.household.name, role=r.role, **_days(r)),
    "relations": lambda r: _bare(r, number=r.other_id, name=r.other.name, kind=r.kind, **_days(r)),
    "files": lambda r: _bare(r, name=r.name, content_type=r.content_type, size=r.size, sha256=r.sha256),
    "custom": lambda r: {"field": r.field.name, "value": custom_value(r)},
}
_RELATED: dict[str, tuple[str, ...]] = {
    "works_at": ("organisation",),
    "households": ("household",),
    "relations": ("other",),
    "custom": ("field",),
}
ORDER_SHOWN = {"emails": ("-primary", "id"), "phones": ("-primary", "id"), "notes": ("-day", "-id"), "tags": ("key",)}
GROUPS_SHOWN = tuple(_SHOWN)
