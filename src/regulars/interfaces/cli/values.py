"""FIELD=VALUE at the shell becomes the customer's JSON. A field is a fact by its name: `city=Berlin`, `custom.size=42`.

Facts of one group make one item: `street=… city=…` is one address; saying a fact again begins the next item. On a card
that has exactly one row of the group, facts that do not make the row what it is (a city, a label) change that row.
`FIELD-=VALUE` takes a value off the card; `FIELD=` empties a fact of the card's own row.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.card.cleaning import yes_or_no
from regulars.interfaces.cli.output import WrongUsage
from regulars.kernel import registries
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Column, Fact, Member, Present
from regulars.kernel.text import fold

# The member of a group by which a row of its own is added; facts beside it describe the row.
_MAKES = {
    "emails": "value",
    "phones": "value",
    "tags": "tag",
    "references": "value",
    "notes": "text",
    "works_at": "organisation",
    "households": "name",
    "relations": "number",
    "social": "handle",
    "identity_numbers": "value",
    "bank_accounts": "iban",
}


class Said:
    """One FIELD=VALUE as it was typed."""

    def __init__(self, text: str) -> None:
        name, equals, value = text.partition("=")
        if not equals or not name.strip("- "):
            raise WrongUsage(_("“%(text)s” is not FIELD=VALUE.") % {"text": text})
        self.away = name.endswith("-")
        self.name = name.removesuffix("-").strip()
        self.value = value.strip()


def read(texts: Iterable[str]) -> list[Said]:
    """The values as they were typed. Raises WrongUsage."""
    return [Said(text) for text in texts]


def fact_named(name: str) -> Fact:
    """The fact of this name that may be set. Raises Refused with the nearest one."""
    known = registries.facts()
    if name in known:
        if not known[name].writable:
            raise Refused(_("%(name)s cannot be set.") % {"name": name}, where=name)
        return known[name]
    writable = [each for each, fact in known.items() if fact.writable]
    near = get_close_matches(name, writable, n=1) or [each for each in writable if fold(name) in fold(each)][:1]
    hint = _(" Did you mean %(near)s?") % {"near": near[0]} if near else ""
    raise Refused(_("There is no fact called %(name)s.") % {"name": name} + hint, where=name)


def card_of(said: Iterable[Said], standing: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The card's JSON, in part, that these values make. `standing` is the card as it is, None for a new one."""
    card: dict[str, Any] = {}
    for each in said:
        if each.name == "name" and standing is None:
            card["name"] = each.value  # a full name alone is taken apart by the card itself
            continue
        fact = fact_named(each.name)
        if isinstance(fact.source, Present):
            raise Refused(_("%(name)s is a mark of its own: set it alone.") % {"name": each.name}, where=each.name)
        if isinstance(fact.source, Column):
            _own(card, fact, each)
        elif fact.group == "custom":
            card.setdefault("custom", {})[fact.key] = None if each.away or not each.value else _typed(fact, each.value)
        elif each.away:
            card.setdefault(str(fact.group), []).append(_gone(fact, each.value, standing or {}))
        else:
            _into_group(card, fact, each, standing or {})
    return card


def marks_of(said: Iterable[Said]) -> dict[str, bool]:
    """The standings among the values: `deceased=yes`; `deceased=` takes it off. Raises Refused."""
    marks = {}
    for each in said:
        fact = fact_named(each.name)
        if isinstance(fact.source, Present):
            marks[each.name] = not each.away and bool(each.value) and yes_or_no(fact, each.value)
    return marks


def _own(card: dict[str, Any], fact: Fact, each: Said) -> None:
    if each.away and each.value:
        raise Refused(_("Write %(name)s= to empty it.") % {"name": each.name}, where=each.name)
    card[fact.name] = _typed(fact, each.value) if each.value else None


def _typed(fact: Fact, value: str) -> Any:
    if fact.type == "number" and value.lstrip("-").isdigit():
        return int(value)
    return value


def _into_group(card: dict[str, Any], fact: Fact, each: Said, standing: Mapping[str, Any]) -> None:
    assert isinstance(fact.source, Member)
    group, makes = fact.source.group, _MAKES.get(fact.source.group)
    if not each.value and fact.key == makes:
        raise Refused(_("Write %(name)s-=VALUE to take a value away.") % {"name": each.name}, where=each.name)
    items: list[dict[str, Any]] = card.setdefault(group, [])
    if not items or fact.key in items[-1]:
        items.append(_begun(fact, makes, standing.get(group, [])))
    item = items[-1]
    if fact.key == makes:
        item.pop("key", None)  # a value of its own: added, or the row that has it
    item[fact.key] = _typed(fact, each.value) if each.value else None


def _begun(fact: Fact, makes: str | None, rows: list[Any]) -> dict[str, Any]:
    """A new item, or the one row that stands there."""
    if fact.key == makes or not rows or not isinstance(rows[0], dict):
        return {}
    if len(rows) == 1:
        return {"key": rows[0]["key"]}
    if makes is None:
        raise Refused(
            _("The card has %(count)s of these. Take away the one that no longer holds, then say the new one whole.")
            % {"count": len(rows)},
            where=fact.name,
        )
    return {}


def _gone(fact: Fact, value: str, standing: Mapping[str, Any]) -> dict[str, Any]:
    """The row of the card that has this value, to be taken away."""
    for row in standing.get(str(fact.group), []):
        have = row if isinstance(row, str) else row.get(fact.key)
        if fold(str(have)) == fold(value):
            return {"key": fold(have) if isinstance(row, str) else row["key"], "remove": True}
    raise Refused(_("The card has no %(fact)s %(value)s.") % {"fact": fact.label, "value": value}, where=fact.name)
