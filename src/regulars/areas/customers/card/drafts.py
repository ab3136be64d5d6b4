"""A card as JSON becomes rows. Each group of the card has one small builder; `key` names a row that stands already.

In a list such as `emails` an item is a new value unless its folded value, or its `key`, is that of a row on the card;
then it changes that row. `{"key": …, "remove": true}` takes the row away. Rows that the list does not name stay.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.customers.card.cleaning import Ground, clean_value
from regulars.areas.customers.card.sealing import sealed_bank_account, sealed_identity
from regulars.kernel import registries
from regulars.kernel.errors import Refused
from regulars.kernel.names import split_name

Values = dict[str, Any]
_READ_ONLY = {"number", "state", "merged_into", "created_at", "updated_at", "files", "version", "birthday"}


@dataclass(slots=True)
class Item:
    """One row of a group, cleaned: the columns it sets, the key it is known by, and whether it is to go."""

    values: Values
    key: str = ""
    remove: bool = False
    secret: Callable[[models.CardRow], Values] | None = None  # what can be sealed only when the row's id is known


@dataclass(slots=True)
class Draft:
    """A card, or a part of one, read and clean: what to set on the row itself, and the items of each group."""

    own: Values = field(default_factory=dict)
    groups: dict[str, list[Item]] = field(default_factory=dict)


def read(card: Mapping[str, Any], ground: Ground) -> Draft:
    """Reads the contract's JSON of a customer, whole or in part. Raises Refused naming the first bad value."""
    draft = Draft()
    card = _with_name_in_parts(card)
    facts = {fact.name: fact for fact in registries.facts_of(None)}
    for name, value in card.items():
        if name in facts and facts[name].writable and isinstance(facts[name].source, registries.Column):
            draft.own |= _own(facts[name], facts[name].source, clean_value(facts[name], value, ground))  # type: ignore[arg-type]
        elif name in ("hows", "declined"):
            draft.own[name] = _words(name, value)
        elif name in _GROUPS:
            draft.groups[name] = list(_items(name, value, ground))
        elif name in _READ_ONLY:
            raise Refused(_("%(name)s cannot be set.") % {"name": name}, where=name)
        else:
            raise Refused(_unknown(name, [*facts, *_GROUPS]), where=name)
    return draft


def _own(fact: registries.Fact, source: registries.Column, value: Any) -> Values:
    """The columns of the customer's row that a clean value sets: an amount has its currency beside it."""
    if fact.type != "money":
        return {source.column: value}
    number, currency = value or (None, "")
    return {source.column: number, source.currency: currency}


def _with_name_in_parts(card: Mapping[str, Any]) -> Mapping[str, Any]:
    """A full name under `name` is taken apart where no part of it is given, else it is left out."""
    if "name" not in card:
        return card
    rest = {name: value for name, value in card.items() if name != "name"}
    if any(rest.get(part) for part in ("given_name", "family_name", "organisation_name")):
        return rest
    return {**split_name(str(card["name"] or "")).as_card(), **rest}


def _unknown(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    hint = _(" Did you mean %(near)s?") % {"near": near[0]} if near else ""
    return _("There is no fact called %(name)s.") % {"name": name} + hint


def _words(name: str, value: Any) -> Any:
    if name == "hows" and isinstance(value, dict) and all(v in dict(models.HOWS) for v in value.values()):
        return {str(key): word for key, word in value.items()}
    if name == "declined" and isinstance(value, list):
        return sorted({str(each) for each in value})
    raise Refused(_("%(name)s is not in a form that can be read.") % {"name": name}, where=name)


def _items(group: str, value: Any, ground: Ground) -> Iterable[Item]:
    if group == "custom":
        value = [{"field": name, "value": each} for name, each in value.items()] if isinstance(value, dict) else value
    if not isinstance(value, list):
        raise Refused(_("%(name)s takes a list.") % {"name": group}, where=group)
    bare = registries.groups()[group].plain or registries.groups()[group].bare
    for each in value:
        item = {bare: each} if isinstance(each, str) else each
        if not isinstance(item, dict):
            raise Refused(_("Each of %(name)s is an object with named values.") % {"name": group}, where=group)
        if item.get("remove") is True and item.get("key"):
            yield Item({}, key=str(item["key"]), remove=True)
            continue
        try:
            yield _GROUPS[group](item, ground)
        except Refused as refusal:
            raise Refused(refusal.message, where=f"{group}.{refusal.where}" if refusal.where else group) from refusal


def _cleaned(group: str, item: Mapping[str, Any], ground: Ground, **columns: str) -> Values:
    """The members of one item, cleaned by the facts that declare them; `columns` maps a member to its column."""
    by_member = {fact.key: fact for fact in registries.facts_of(group)}
    values: Values = {}
    for member, value in item.items():
        if member in ("key", "remove"):
            continue
        if member == "how" and value in dict(models.HOWS):
            values["how"] = value
        elif member in by_member:
            values[columns.get(member, member)] = clean_value(by_member[member], value, ground)
        elif member not in columns:
            raise Refused(_unknown(member, by_member), where=member)
    return values


def _needed(group: str, values: Values, *columns: str) -> None:
    """Refuses a row that lacks one of these, named as a person knows it."""
    for column in columns:
        if not values.get(column):
            fact = next(fact for fact in registries.facts_of(group) if column in (fact.key, _column_of(fact)))
            raise Refused(_("%(what)s is missing.") % {"what": capfirst(str(fact.label))}, where=fact.key)


def _column_of(fact: registries.Fact) -> str:
    return str(getattr(fact.source, "column", ""))


def _contact_point(kind: str) -> Callable[[Mapping[str, Any], Ground], Item]:
    group = "emails" if kind == "email" else "phones"

    def read_one(item: Mapping[str, Any], ground: Ground) -> Item:
        item = dict(item)
        primary = item.pop("primary", None)
        values = _cleaned(group, item, ground)
        if primary is not None:
            values["primary"] = bool(primary)
        if not item.get("key"):
            _needed(group, values, "value")
        return Item({"kind": kind, **values}, key=str(item.get("key", "")))

    return read_one


def _address(item: Mapping[str, Any], ground: Ground) -> Item:
    values = _cleaned("addresses", item, ground)
    parts = ("street", "street2", "city", "region", "postcode", "country")
    if not item.get("key") and not any(values.get(part) for part in parts):
        raise Refused(_("An address needs at least one of its parts."), where="street")
    return Item(values, key=str(item.get("key", "")))


def _tag(item: Mapping[str, Any], ground: Ground) -> Item:
    values = _cleaned("tags", item, ground)
    _needed("tags", values, "tag")
    return Item(values, key=str(item.get("key", "")))


def _reference(item: Mapping[str, Any], ground: Ground) -> Item:
    values = _cleaned("references", item, ground)
    if not item.get("key"):
        _needed("references", values, "value")
        values.setdefault("source", "")
    return Item(values, key=str(item.get("key", "")))


def _note(item: Mapping[str, Any], ground: Ground) -> Item:
    values = _cleaned("notes", {k: v for k, v in item.items() if k != "by"}, ground)
    if not item.get("key"):
        _needed("notes", values, "text")
        values["day"] = values.get("day") or ground.today
        values["kind"] = values.get("kind") or "note"
    return Item(values, key=str(item.get("key", "")))


_DAYS = {"from": "since", "to": "until_day"}


def _works_at(item: Mapping[str, Any], ground: Ground) -> Item:
    item = dict(item)
    number = item.pop("number", None)
    values = _cleaned("works_at", item, ground, **_DAYS)
    if number is not None:
        values["organisation_id"] = int(number)
    if not item.get("key") and not number:
        _needed("works_at", values, "organisation")
    return Item(values, key=str(item.get("key", "")))


def _social(item: Mapping[str, Any], ground: Ground) -> Item:
    values = _cleaned("social", item, ground)
    if not item.get("key"):
        _needed("social", values, "network", "handle")
    return Item(values, key=str(item.get("key", "")))


def _household(item: Mapping[str, Any], ground: Ground) -> Item:
    values = _cleaned("households", item, ground, **_DAYS)
    if not item.get("key"):
        _needed("households", values, "name")
    return Item(values, key=str(item.get("key", "")))


def _relation(item: Mapping[str, Any], ground: Ground) -> Item:
    values = _cleaned("relations", {k: v for k, v in item.items() if k != "name"}, ground, number="other_id", **_DAYS)
    if not item.get("key"):
        _needed("relations", values, "other_id", "kind")
    return Item(values, key=str(item.get("key", "")))


def _identity(item: Mapping[str, Any], ground: Ground) -> Item:
    if item.get("key"):
        raise Refused(_("A sealed value is not edited: take it away and add the right one."), where="value")
    values = _cleaned("identity_numbers", item, ground)
    _needed("identity_numbers", values, "value")
    clear, columns = sealed_identity(
        values.pop("value"), values.get("kind") or "", values.get("country") or ground.country
    )
    return Item({**values, **columns}, secret=clear)


def _bank_account(item: Mapping[str, Any], ground: Ground) -> Item:
    if item.get("key"):
        raise Refused(_("A sealed value is not edited: take it away and add the right one."), where="iban")
    text = str(item.get("iban") or item.get("number") or "")
    if not text:
        raise Refused(_("A bank account needs its IBAN or its number."), where="iban")
    clear, columns = sealed_bank_account(
        text, is_iban=bool(item.get("iban")), country=ground.country, bic=str(item.get("bic") or "")
    )
    return Item(columns, secret=clear)


def _custom(item: Mapping[str, Any], ground: Ground) -> Item:
    name = str(item.get("field", ""))
    fact = registries.facts().get(f"custom.{name}")
    if fact is None or not isinstance(fact.source, registries.Member):
        known = [each.key for each in registries.facts_of("custom")]
        raise Refused(_unknown(name, known), where=name)
    value = clean_value(fact, item.get("value"), ground)
    field_id = dict(fact.source.where)["field_id"]
    if value is None or value == "":
        return Item({"field_id": field_id}, remove=True)
    column = {"key": "text", "blind": "sealed"}.get(fact.source.column, fact.source.column)
    values: Values = {"field_id": field_id}
    if fact.type == "money":
        values["number"], values["currency"] = value
    elif fact.type == "sealed":
        from regulars.areas.customers.card.sealing import sealed_custom

        secret, columns = sealed_custom(value, field_id)
        return Item({**values, **columns}, secret=secret)
    else:
        values[column] = value
    return Item(values)


_GROUPS: dict[str, Callable[[Mapping[str, Any], Ground], Item]] = {
    "emails": _contact_point("email"),
    "phones": _contact_point("phone"),
    "addresses": _address,
    "tags": _tag,
    "references": _reference,
    "notes": _note,
    "works_at": _works_at,
    "social": _social,
    "households": _household,
    "relations": _relation,
    "identity_numbers": _identity,
    "bank_accounts": _bank_account,
    "custom": _custom,
}
