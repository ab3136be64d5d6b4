"""Where the declared facts and groups stand on the card.

A block is a surface of the card and what changes in place; it has parts. A part is what one form edits: several facts
of the customer's own row, or one row of a group. What no block names stands in the last block of its kind, so that a
fact newly declared anywhere is on the card at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kernel import registries
from regulars.kernel.errors import NotFound
from regulars.kernel.registries import Column, Fact, Member, Text


@dataclass(frozen=True, slots=True)
class Part:
    """What one form edits. `group` is None for facts of the own row; `facts` are those that a person may set."""

    name: str
    label: Text
    add: Text
    facts: tuple[Fact, ...]
    group: str | None = None
    icon: str = "plus"
    block: str = ""

    @property
    def secret(self) -> str:
        """The sealed fact of the group, '' where nothing in it is sealed."""
        return next((fact.name for fact in self.facts if fact.type == "sealed"), "")


@dataclass(frozen=True, slots=True)
class Block:
    """A surface of the card, in one of the columns `head`, `main` and `more` (facts), `side` (what was said)."""

    name: str
    label: Text
    column: str
    parts: tuple[Part, ...]
    icon: str = "plus"


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    label: Text
    column: str
    own: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    icon: str = "plus"
    own_label: Text = ""


_PLANS = (
    _Plan("name", _("Name"), "head", own=(
        "kind", "title", "given_name", "middle_name", "family_name", "suffix", "called_name", "name_spoken",
        "form_of_address", "greeting", "organisation_name",
    )),
    _Plan("reach", _("How to reach"), "main", groups=("phones", "emails", "addresses", "social"),
          own=("preferred_channel", "preferred_hours", "language", "time_zone", "confirmed"),
          icon="phone", own_label=_("Language and preferences")),
    _Plan("notes", _("Notes"), "side", groups=("notes",), icon="sticky-note"),
    _Plan("about", _("About"), "main", own=(
        "birth_date", "age", "age_band", "gender", "children", "education", "occupation", "income_range",
    ), icon="user", own_label=_("Birth date, gender, occupation …")),
    _Plan("tags", _("Tags"), "more", groups=("tags",), icon="tag"),
    _Plan("ties", _("Work, home and family"), "more", groups=("works_at", "households", "relations"), icon="users"),
    _Plan("origin", _("Where from"), "more", own=(
        "source", "reason_chosen", "referred_by", "territory", "representative", "how", "tell_by", "told_on",
    ), groups=("references",), icon="map-pin", own_label=_("Where from and why us")),
    _Plan("sealed", _("Sealed"), "more", groups=("identity_numbers", "bank_accounts"), icon="lock"),
)  # fmt: skip
_REST_OWN, _REST_GROUPS = "about", "ties"
_ELSEWHERE = ("files", "custom")  # files have a form of their own; custom facts stand among the own ones

_ADD: Mapping[str, tuple[Text, str]] = {
    "emails": (_("E-mail address"), "mail"),
    "phones": (_("Phone"), "phone"),
    "addresses": (_("Address"), "map-pin"),
    "social": (_("Social network"), "globe"),
    "notes": (_("Note"), "sticky-note"),
    "tags": (_("Tag"), "tag"),
    "works_at": (_("Place of work"), "building-2"),
    "households": (_("Household"), "house"),
    "relations": (_("Relation"), "users"),
    "identity_numbers": (_("Identity number"), "id-card"),
    "bank_accounts": (_("Bank account"), "landmark"),
    "references": (_("Reference"), "link"),
}


def blocks() -> list[Block]:
    """Every block with its parts, as the facts are declared today."""
    facts = registries.facts()
    return [_block(plan, facts) for plan in _PLANS]


def block_named(name: str) -> Block:
    return _found(block for block in blocks() if block.name == name)


def part_named(name: str) -> tuple[Block, Part]:
    """The part of this name and the block it stands in. Raises NotFound."""
    return _found((block, part) for block in blocks() for part in block.parts if part.name == name)


def _found[T](among: Iterator[T]) -> T:
    for each in among:
        return each
    raise NotFound("")


def _block(plan: _Plan, facts: Mapping[str, Fact]) -> Block:
    groups = [*plan.groups, *(_unplanned_groups() if plan.name == _REST_GROUPS else ())]
    parts = [_group_part(name, facts, plan.name) for name in groups if name in registries.groups()]
    own = [*plan.own, *(_unplanned_own(facts) if plan.name == _REST_OWN else ())]
    if own:
        known = tuple(facts[name] for name in own if name in facts)
        parts.append(Part(plan.name, plan.label, plan.own_label or plan.label, known, None, plan.icon, plan.name))
    return Block(plan.name, plan.label, plan.column, tuple(parts), plan.icon)


def _group_part(name: str, facts: Mapping[str, Fact], block: str) -> Part:
    group = registries.groups()[name]
    known = tuple(fact for fact in facts.values() if fact.group == name and fact.writable and _plain(fact))
    add, icon = _ADD.get(name, (group.label, "plus"))
    return Part(name, group.label, add, known, name, icon, block)


def _plain(fact: Fact) -> bool:
    """Not narrowed to rows of one kind: such a fact reads what another one writes."""
    return isinstance(fact.source, Member) and not fact.source.where


def _unplanned_own(facts: Mapping[str, Fact]) -> list[str]:
    planned = {name for plan in _PLANS for name in plan.own}
    own = [name for name, fact in facts.items() if isinstance(fact.source, Column) and fact.writable]
    custom = [name for name, fact in facts.items() if fact.group == "custom" and fact.writable]
    return [name for name in [*own, *custom] if name not in planned]


def _unplanned_groups() -> list[str]:
    planned = {name for plan in _PLANS for name in plan.groups}
    return [name for name in registries.groups() if name not in planned and name not in _ELSEWHERE]


def own_value(card: Mapping[str, Any], fact: Fact) -> Any:
    """The value of an own or a custom fact in the customer's JSON."""
    return card["custom"].get(fact.key) if fact.group == "custom" else card.get(fact.name)
