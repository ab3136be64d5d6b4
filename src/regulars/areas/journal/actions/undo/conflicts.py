"""Where a later edit stands against taking a deed back: what it was, by whom, and what may be chosen.

A person decides each, or a rule decides all. What she had not seen when she decided is kept.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.utils.translation import gettext as _

from regulars.areas.journal import models
from regulars.areas.journal.actions.undo.steps import Step, stands
from regulars.areas.journal.queries.differences import Difference, differs_in, named, rows_differ
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.tables import Canonical

Choice = Literal["keep", "overwrite"]
Kind = Literal["value", "row", "card", "rests", "gone", "twice", "circle", "joined"]
CHOICES: tuple[Choice, ...] = ("keep", "overwrite")


@dataclass(frozen=True, slots=True)
class Edit:
    """One later edit: what the deed left and what stands now, and what taking the deed back would put there."""

    then: Difference
    back: Difference
    link: int
    by: str = ""
    changeset: int | None = None

    @property
    def number(self) -> int | None:
        return self.then.number

    def as_json(self) -> dict[str, Any]:
        """The contract's shape of a kept edit, and what would come back instead."""
        told, back = self.then.as_json(), self.back.as_json()
        return {
            "number": self.number, "field": told["field"], "then": told["from"], "now": told["to"], "by": self.by,
            "back": back["from"], "changeset": self.changeset,
        }  # fmt: skip


@dataclass(slots=True)
class Conflict:
    """One thing to decide. `key` names it towards whoever decides; not `open`: nothing but to keep is possible."""

    key: str
    kind: Kind
    number: int | None
    edits: list[Edit]
    choice: Choice = "keep"
    open: bool = True
    place: tuple[str, int, str] = ("", 0, "")  # table, row and column, for whoever does more in the same deed

    @property
    def last_link(self) -> int:
        return max((edit.link for edit in self.edits), default=0)

    @property
    def why(self) -> str:
        return {
            "value": _("This value was changed since."),
            "row": _("This was changed or taken away since."),
            "card": _("This card was used since. To keep it means to keep all of it, as it stands now."),
            "rests": _("Others name this. Kept, they go on naming it; taken away, they no longer do."),
            "gone": _("What it belongs to is gone. Take back the deed that took it away, then this comes back, too."),
            "circle": _("Put back, somebody would stand below herself. Change who was brought by whom first."),
            "joined": _("This card was merged with another since. Un-merge them first, then take this back."),
            "twice": _("The same was put in again since, and it can stand only once."),
        }[self.kind]

    def as_json(self) -> dict[str, Any]:
        edits = [edit.as_json() for edit in self.edits]
        return {
            "key": self.key, "kind": self.kind, "number": self.number, "choice": self.choice, "open": self.open,
            "why": self.why, "edits": edits,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decisions:
    """How conflicts are decided: one by one by their keys, the rest by a rule. Where `seen` is given, an edit made
    after that link is kept: nobody decided over it."""

    later: Choice = "keep"
    one_by_one: Mapping[str, Choice] = field(default_factory=dict)
    seen: int | None = None

    def __post_init__(self) -> None:
        for each in (self.later, *self.one_by_one.values()):
            if each not in CHOICES:
                raise Refused(_("A later edit is kept (keep) or taken back (overwrite)."), where="later")

    def on(self, conflict: Conflict) -> Choice:
        if not conflict.open or (self.seen is not None and conflict.last_link > self.seen):
            return "keep"
        return self.one_by_one.get(conflict.key, self.later)


def key_of(step: Step, column: str = "") -> str:
    """What a conflict is called outside: the same each time it is asked for, and no inner id."""
    told = f"{step.table.label}|{step.pk}|{column}"
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def value_edits(step: Step, columns: Sequence[str]) -> list[Edit]:
    """The later edit of some columns of a row, as far as it says something to a person."""
    edits, label = list[Edit](), step.table.label
    before, left, now = step.before or {}, step.left or {}, step.now or {}
    for column in columns:
        then = differs_in(column, step.subject, label, left, now)
        back = differs_in(column, step.subject, label, before, now)
        known = {edit.then.field for edit in edits}
        if then is None or back is None or then.was == then.now or then.field in known:
            continue
        edits.append(Edit(then, back, step.last_link))
    return edits


def row_edits(step: Step, back: Canonical | None = None) -> list[Edit]:
    """The later edit of a row, value by value; of one that says nothing to a person, only in which table it is."""
    left, now, label = step.left or {}, step.now or stands(step), step.table.label
    if step.clean:
        left = {}
    told = list(rows_differ(step.subject, label, left, now))
    if not told:
        name = label.partition(".")[2]
        told = [Difference(step.subject, name, str(step.table.model._meta.verbose_name), None, None)]
    return [Edit(each, _back(each, label, step.subject, back or {}, now), step.last_link) for each in told]


def _back(then: Difference, label: str, number: int | None, back: Canonical, now: Canonical) -> Difference:
    returning = {each.field: each for each in rows_differ(number, label, back, now)}
    return returning.get(then.field) or replace(then, was=None)


def told(conflicts: Iterable[Conflict], by: Actor) -> None:
    """Fills in by whom the edits were made, and the names of what their values point to."""
    edits = [edit for conflict in conflicts for edit in conflict.edits]
    if not edits:
        return
    links = models.Link.objects.filter(number__in={edit.link for edit in edits})
    who = {
        link: (name, changeset)
        for link, name, changeset in links.values_list("number", "changeset__by_name", "changeset_id")
    }
    then, back = (named([getattr(edit, side) for edit in edits], by) for side in ("then", "back"))
    at = iter(zip(edits, then, back, strict=True))
    for conflict in conflicts:
        full = []
        for edit, was, returning in (next(at) for _each in conflict.edits):
            name, changeset = who.get(edit.link, ("", None))
            full.append(replace(edit, then=was, back=returning, by=name or "", changeset=changeset))
        conflict.edits = full
