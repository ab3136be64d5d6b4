"""Whom a deed on many is for, what can be done, and how far it has come."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import zstandard
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.segments.language import Tree, parse
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.models import Bulk
from regulars.kernel import crypto
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.registries import Text

MOST_TICKED = 1_000
MANY = "customers.many"


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be done to many: its right, what its value is called (none: it takes none), and the sentence of what
    was done."""

    right: str
    label: Text
    value: Text = ""
    field: bool = False
    empties: bool = False  # an empty value takes the fact away
    listed: bool = False  # the value is the name of a list

    def missing(self, by: Actor) -> str:
        """The right that `by` would need as well, '' for none. Cards are edited many at once by few."""
        needed = (self.right, MANY) if self.right.startswith("customers.") else (self.right,)
        return next((right for right in needed if not by.may(right)), "")


_FACT = gettext_lazy("Value")
KINDS: dict[str, Kind] = {
    "tag": Kind("customers.edit", gettext_lazy("Tag them"), gettext_lazy("Tag")),
    "untag": Kind("customers.edit", gettext_lazy("Take a tag off"), gettext_lazy("Tag")),
    "territory": Kind("customers.edit", gettext_lazy("Set the territory"), gettext_lazy("Territory"), empties=True),
    "representative": Kind(
        "customers.edit", gettext_lazy("Set the representative"), gettext_lazy("Representative"), empties=True
    ),
    "fact": Kind("customers.edit", gettext_lazy("Set a fact of our own"), _FACT, field=True, empties=True),
    "archive": Kind("customers.archive", gettext_lazy("Archive")),
    "unarchive": Kind("customers.archive", gettext_lazy("Take out of the archive")),
    "list": Kind("segments.edit", gettext_lazy("Put on a list"), gettext_lazy("List"), listed=True),
    "unlist": Kind("segments.edit", gettext_lazy("Take off a list"), gettext_lazy("List"), listed=True),
}


def kind_named(deed: str) -> Kind:
    """Raises Refused for a deed that is none."""
    if deed not in KINDS:
        raise Refused(_("What is done to many is one of: %(words)s.") % {"words": ", ".join(KINDS)}, where="deed")
    return KINDS[deed]


def whom(numbers: Iterable[int]) -> Tree:
    """Customers ticked one by one, as criteria. Raises Refused for none and for more than a thousand."""
    chosen = sorted(set(numbers))
    if not chosen:
        raise Refused(_("Nobody is chosen."), where="numbers")
    if len(chosen) > MOST_TICKED:
        message = _("One by one at most %(most)s customers are chosen. Say whom by criteria.")
        raise Refused(message % {"most": MOST_TICKED}, where="numbers")
    return t.Test(t.Ask("number"), "in", tuple(t.Number(str(number)) for number in chosen))


def already(deed: str, value: str) -> Tree | None:
    """Those whom the deed would not change, as criteria; None where that is not known beforehand."""
    text = t.Text(value)
    match deed:
        case "tag":
            return t.Test(t.Ask("tag"), "=", (text,))
        case "untag":
            return t.Not(t.Test(t.Ask("tag"), "=", (text,)))
        case "archive":
            return parse("archived")
        case "unarchive":
            return parse("not archived")
        case "list":
            return t.Listed(value)
        case "unlist":
            return t.Not(t.Listed(value))
    return None


def fingerprint(numbers: Iterable[int]) -> str:
    """Which customers these are, whatever their order, in little room: another set has another one."""
    return crypto.sha256(array("q", sorted(numbers)).tobytes()).hex()[:16]


def changed_meanwhile() -> str:
    return _("Whom it concerns has changed since you looked. Nothing was done: look once more.")


def packed(numbers: Iterable[int]) -> bytes:
    """Ascending numbers in little room: their steps, eight bytes each, compressed."""
    chosen = sorted(numbers)
    steps = array("q", [each - before for each, before in zip(chosen, [0, *chosen], strict=False)])
    return zstandard.compress(steps.tobytes())


def unpacked(kept: bytes | memoryview) -> "array[int]":
    found = array("q")
    found.frombytes(zstandard.decompress(bytes(kept)))
    total = 0
    for place, step in enumerate(found):
        total += step
        found[place] = total
    return found


def bulk_named(token: str) -> Bulk:
    """Raises NotFound."""
    row = Bulk.objects.filter(token=token).first()
    if row is None:
        raise NotFound(_("There is no such work on many customers."))
    return row


@dataclass(frozen=True, slots=True)
class BulkShown:
    """How far a deed on many has come. Of those `done`, `changed` differed and `gone` were to be found no longer;
    `changeset` takes it back."""

    token: str
    deed: str
    value: str
    field: str
    count: int
    done: int
    changed: int
    gone: int
    state: str
    changeset: int | None
    made_at: datetime
    finished_at: datetime | None
    problem: str

    def as_json(self) -> dict[str, Any]:
        return {each: getattr(self, each) for each in self.__dataclass_fields__}


def show_bulk(token: str) -> BulkShown:
    row = bulk_named(token)
    return BulkShown(
        token=row.token,
        deed=row.deed,
        value=row.value,
        field=row.field,
        count=row.count,
        done=row.position,
        changed=row.changed,
        gone=row.gone,
        state=row.state,
        changeset=row.changeset,
        made_at=row.made_at,
        finished_at=row.finished_at,
        problem=row.error,
    )
