"""Where a column goes: a place on the card, written as a path.

`given_name` · `emails[2].value` · `addresses[1].city` · `custom.shoe_size` name what the contract's JSON names. Further
words stand for what a list says and a card does not: `full_name`, `organisation` (of the person, or the card's own
name), `salutation` (title, and the gender it states), `addresses[1].house_number`, `.postcode_city`, `.whole`,
`refusal.CHANNEL` and `claim.CHANNEL` (a no, an unproved yes), `standing.KIND`, `ignore`. A list of purchases has
`purchase.number`, `line.quantity` and the like beside them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

if TYPE_CHECKING:
    from regulars.kernel.registries import Fact

# What the rows beside the card have, and what a text may be there at most. The card's own facts are those the rooms
# declare (`words_of`, `cells.Declared`).
GROUPS: Final[Mapping[str, Mapping[str, int]]] = {
    "emails": {"value": 320, "label": 60},
    "phones": {"value": 40, "label": 60},
    "addresses": {
        "label": 60, "street": 300, "street2": 300, "city": 150, "region": 150, "postcode": 20, "country": 2,
        "valid_from": 10, "valid_to": 10, "house_number": 60, "postcode_city": 200, "whole": 600, "po_box": 60,
    },
    "works_at": {"organisation": 300, "job_title": 200, "department": 200, "from": 10, "to": 10},
    "identity_numbers": {"value": 60, "kind": 20, "country": 2},
    "bank_accounts": {"iban": 60, "bic": 11},
    "social": {"handle": 200, "network": 40, "followers": 0, "influence": 40},
    "households": {"name": 200, "role": 40, "from": 10, "to": 10},
    "notes": {"text": 20_000},
    "references": {"value": 200},
    "tags": {"tag": 100},
}  # fmt: skip
# What a list of purchases has beside its buyers.
SALES: Final[Mapping[str, Mapping[str, int]]] = {
    "purchase": {
        "number": 80, "at": 60, "time": 20, "channel": 40, "place": 200, "served_by": 100, "currency": 3,
        "rate": 30, "status": 40, "total": 60,
    },
    "line": {
        "code": 60, "name": 300, "type": 100, "quantity": 60, "unit_price": 60, "amount": 60, "reason": 300,
        "returns": 80, "warranty_until": 60,
    },
}  # fmt: skip
# Days between which a row holds: (group, first, last).
SPANS: Final = (("addresses", "valid_from", "valid_to"), ("works_at", "from", "to"), ("households", "from", "to"))
DAYS: Final = frozenset(f"{group}.{key}" for group, *keys in SPANS for key in keys)
CHANNELS: Final = ("email", "phone", "sms", "post", "any")
STANDINGS: Final = ("deceased", "do_not_contact", "minor", "secret_address", "prospect")
FURTHER: Final = ("ignore", "full_name", "organisation", "salutation")
_PLAIN: Final = {"tags": "tag", "notes": "text", "note": "text", "reference": "value", "references": "value"}
MOST_SLOTS = 99
_PATH = re.compile(r"(?P<group>[a-z_]+)(?:\[(?P<slot>\d{1,2})\])?(?:\.(?P<key>[a-z0-9_]+))?")


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed path. `group` is '' for the card's own row and the further words, `slot` counts from 1."""

    group: str
    key: str
    slot: int = 1

    def __str__(self) -> str:
        if not self.group:
            return self.key
        if self.group in ("custom", "refusal", "claim", "standing", *SALES):
            return f"{self.group}.{self.key}"
        if self.group in ("tags", "notes", "references"):
            return {"tags": "tag", "notes": "note", "references": "reference"}[self.group]
        return f"{self.group}[{self.slot}].{self.key}"


IGNORE: Final = Target("", "ignore")


def target(path: str, words: Mapping[str, str] | None = None) -> Target:
    """The place that a path, or a fact's name in `words`, stands for. Raises `Refused` with the nearest name."""
    path = path.strip()
    found = _parsed(path)
    if found is None and words and path in words:
        found = placed_at(words[path])
    unknown_field = found is not None and found.group == "custom" and words is not None and path not in words
    if found and not unknown_field:
        return found
    raise _unknown(path, words or {})


def placed_at(path: str) -> Target:
    """The place of a path that was checked before: what is no place beside the card is a fact of the card's own row."""
    return _parsed(path) or Target("", path)


def words_of(facts: "Iterable[Fact]") -> dict[str, str]:
    """Every fact's name with its path, so that a mapping may say `email`, `street` or `works_at.job_title`.

    A fact of the card's own row is a target as soon as it is declared.
    """
    from regulars.kernel.registries import Column  # who reads a file needs no registry, and all that it loads

    paths = {}
    for fact in facts:
        path = f"{fact.group}.{fact.key}" if fact.group and fact.group != "custom" else fact.name
        of_the_card = isinstance(fact.source, Column)
        if fact.writable and (of_the_card or _parsed(path)):
            paths[fact.name] = path
    return paths


def _parsed(path: str) -> Target | None:
    if path in FURTHER:
        return Target("", path)
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    group, key, slot = match["group"], match["key"] or "", int(match["slot"] or 1)
    group = {"tag": "tags", "note": "notes", "reference": "references"}.get(group, group)
    if group == "custom":
        return Target(group, key) if key else None
    if (group in ("refusal", "claim") and key in CHANNELS) or (group == "standing" and key in STANDINGS):
        return Target(group, key)
    if key in SALES.get(group, ()):
        return Target(group, key)
    key = key or _PLAIN.get(group, "")
    return Target(group, key, slot) if slot and key in GROUPS.get(group, ()) else None


def _unknown(path: str, words: Mapping[str, str]) -> Exception:
    from difflib import get_close_matches

    known = [*words, *FURTHER, *(f"{group}.{key}" for group, keys in GROUPS.items() for key in keys)]
    near = get_close_matches(path, known, n=1, cutoff=0.5)
    if near:
        return refusal(
            _("There is no place called {path} on a card. Did you mean {near}?"), path=short(path), near=near[0]
        )
    return refusal(_("There is no place called {path} on a card."), path=short(path))
