"""Which cards were merged, by which deed, and whether they still are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.areas.customers.queries import seen_among
from regulars.areas.journal.models import Changeset
from regulars.kernel.actor import Actor
from regulars.kernel.tables import moment

MERGED = "matching.merged"  # the verb of a merge


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge: which card went into which, by whom and when; `undone_by` is the deed that took it apart.
    `by_itself` says that the house did it without asking."""

    changeset: int
    keep: int
    absorb: int
    at: datetime
    by: str
    undone_by: int | None
    by_itself: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "changeset": self.changeset, "keep": self.keep, "absorb": self.absorb, "at": moment(self.at),
            "by": self.by, "undone_by": self.undone_by,
            "by_itself": self.by_itself,
        }  # fmt: skip


def merges(by: Actor, *, before: int | None = None, limit: int = 50) -> list[Merge]:
    """The house's merges, newest first, of cards that the actor may know of; `before` a changeset gives the next."""
    rows = Changeset.objects.filter(verb=MERGED).order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = [_merge(row) for row in rows[: limit if by.own is None else 1_000]]
    if by.own is not None:
        seen = seen_among(by, {number for each in found for number in (each.keep, each.absorb)})
        found = [each for each in found if {each.keep, each.absorb} <= seen]
    return found[:limit]


def _merge(row: Changeset) -> Merge:
    return Merge(
        row.number, row.particulars["number"], row.particulars["absorbed"], row.at, row.by_name, row.undone_by_id,
        row.by_kind == "system",
    )  # fmt: skip


def taken_apart() -> set[tuple[int, int]]:
    """Pairs of cards that were merged once and taken apart since."""
    rows = Changeset.objects.filter(verb=MERGED).exclude(undone_by=None).values_list("particulars", flat=True)
    return {(min(two), max(two)) for two in ((told["number"], told["absorbed"]) for told in rows)}
