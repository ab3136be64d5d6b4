"""Un-merging: two cards again, as they were, at any time later.

It is the undo of the merge. What came from the absorbed card goes back to it with whatever was edited in it since; what
stood on the card that was kept stays there, and so does what was put on it since. Where nobody can tell whose something
is, it is asked: it stays with the card that was kept unless `assign` gives it to the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import visible
from regulars.areas.journal import models as journal
from regulars.areas.journal.actions import Link, undo
from regulars.areas.journal.actions.undo import Choice as Decision
from regulars.areas.journal.actions.undo import Conflict
from regulars.areas.journal.queries.differences import Difference, rows_differ
from regulars.areas.matching.actions.choosing import Side
from regulars.areas.matching.actions.merging import RIGHT
from regulars.areas.matching.actions.rows import held_tables, identity, name_of, only_ones
from regulars.areas.matching.queries.merges import MERGED
from regulars.kernel import crypto, registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.tables import Table, table_of

_NOT_ASKED = ("customers.look",)  # who looked at a value: a record of what was done, not something of hers


@dataclass(frozen=True, slots=True)
class Question:
    """Something of which nobody can tell whose it is. `key` names it to whoever answers; `side` is whom it goes to.
    `told` says it value by value, for a page."""

    key: str
    number: int
    field: str
    label: str
    now: Any
    side: Side = "keep"
    place: tuple[str, int, str] = ("", 0, "")
    conflict: str = ""
    told: tuple[Difference, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "number": self.number, "field": self.field, "label": self.label, "now": self.now,
            "values": self.values, "choices": ["keep", "absorb"], "assigned": self.side,
        }  # fmt: skip

    @property
    def values(self) -> list[dict[str, Any]]:
        """All that it says: of two notes the first value of each is that they are notes."""
        told = [(each, each.called(each.now) or each.now) for each in self.told]
        return [{"field": each.field, "label": each.label, "now": now} for each, now in told]

    def sentence(self) -> str:
        """For the shell."""
        told = [f"{each['label']}: {each['now']}" for each in self.values]
        return " · ".join(told) or f"{self.label}: {self.now}"


@dataclass(slots=True)
class Unmerged:
    """What an un-merge did, or would do."""

    undoes: int
    keep: int
    absorb: int
    changeset: int | None = None
    asked: list[Question] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {"changeset": self.changeset, "asked": [each.as_json() for each in self.asked]}


@registries.steady(anew=False)
def unmerge(
    *, changeset: int, by: Actor, at: datetime, assign: Mapping[str, Side] | None = None, dry_run: bool = False
) -> Unmerged:
    """Takes the merge that this changeset did apart. `assign` answers what is asked, by its key: keep or absorb.

    Raises NotAllowed, NotFound, and Refused: no merge, un-merged already, one of the cards gone, an unknown key.
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not un-merge customers. Whoever runs the house can give the right."))
    merge = _merge_of(changeset, by)
    done = Unmerged(changeset, merge.particulars["number"], merge.particulars["absorbed"])
    looked = undo(changeset=changeset, by=by, at=at, dry_run=True)
    done.asked = _answered([*_of_values(looked.conflicts, done.keep), *_of_rows(merge, done.keep)], assign or {})
    if dry_run:
        return done
    given = [each for each in done.asked if each.side == "absorb"]
    decisions: dict[str, Decision] = {each.conflict: "overwrite" for each in given if each.conflict}
    values = [(each, _standing(each)) for each in given if each.conflict]

    def then(link: Link) -> None:
        for question, value in values:
            _give_value(link, question, value, done.absorb)
        for question in given:
            if not question.conflict:
                _give_row(link, question, done.absorb)

    undone = undo(changeset=changeset, by=by, at=at, decisions=decisions, seen=looked.seen, then=then)
    done.changeset = undone.changeset
    return done


def _merge_of(changeset: int, by: Actor) -> journal.Changeset:
    row = journal.Changeset.objects.filter(pk=changeset).first()
    if row is None:
        raise NotFound(_("There is no deed %(number)s.") % {"number": changeset})
    if row.verb != MERGED:
        message = _("Deed %(number)s merged no cards. `regulars undo` takes other deeds back.")
        raise Refused(message % {"number": changeset}, where="changeset")
    two = {row.particulars["number"], row.particulars["absorbed"]}
    there = set(Customer.objects.filter(pk__in=two).values_list("pk", flat=True))
    if by.own is not None and set(visible(by).filter(pk__in=two).values_list("pk", flat=True)) != there:
        raise NotFound(_("There is no deed %(number)s.") % {"number": changeset})
    if there != two and row.undone_by_id is None:
        message = _("Card %(number)s is not there any more. Take back the deed that took it away, then un-merge.")
        raise Refused(message % {"number": min(two - there)}, where="changeset")
    return row


# --- what is asked ----------------------------------------------------------------------------------------------------


def _of_values(conflicts: Sequence[Conflict], keep: int) -> Iterator[Question]:
    """Values that the merged card had from the other one, or of both, and that were changed since."""
    for each in conflicts:
        if each.kind == "value" and each.open and each.number == keep and each.edits:
            then = each.edits[0].then
            now = then.called(then.now) or then.now
            asked = Question(each.key, keep, then.field, then.label, now, place=each.place, conflict=each.key)
            yield replace(asked, told=(then,))


def _of_rows(merge: journal.Changeset, keep: int) -> Iterator[Question]:
    """What was put on the merged card since."""
    last = merge.last_link or 0
    for _holding, table in held_tables():
        if table.label in _NOT_ASKED:
            continue
        rows = list(table.model._default_manager.filter(**{table.subject or "": keep, "link__gt": last}))
        past = table.model.past._default_manager  # type: ignore[attr-defined]
        older = past.filter(**{f"{table.pk}__in": [row.pk for row in rows], "link__lte": last})
        known = set(older.values_list(table.pk, flat=True))
        for row in rows:
            if row.pk not in known:
                yield _question(table, row, keep)


def _question(table: Table, row: Any, keep: int) -> Question:
    told = tuple(rows_differ(keep, table.label, {}, table.canonical(row)))
    key = crypto.sha256(f"{table.label}|{row.pk}|row".encode())[:8].hex()
    name, label = name_of(table, row), str(table.model._meta.verbose_name)
    place = (table.label, row.pk, "")
    if not told:
        return Question(key, keep, name, label, None, place=place)
    return Question(key, keep, told[0].field, told[0].label, told[0].now, place=place, told=told)


def _answered(asked: Sequence[Question], assign: Mapping[str, Side]) -> list[Question]:
    for key, side in assign.items():
        if side not in ("keep", "absorb"):
            raise Refused(_("What is asked goes to keep or to absorb."), where=key)
        if all(each.key != key for each in asked):
            raise Refused(_("Nothing is asked under the key %(key)s.") % {"key": key[:60]}, where=key)
    return [replace(each, side=assign.get(each.key, "keep")) for each in asked]


# --- what was answered ------------------------------------------------------------------------------------------------


def _standing(question: Question) -> dict[str, Any]:
    """The value as it stands on the merged card, with the columns that are one with it."""
    label, pk, column = question.place
    model: Any = registries.model_named(label)
    row = model._default_manager.get(pk=pk)
    groups = [*model.journal_together, (column,)]
    group = next(each for each in groups if column in each)
    return {name: getattr(row, name) for name in group}


def _give_value(link: Link, question: Question, value: dict[str, Any], absorb: int) -> None:
    """The absorbed card gets the value: in its own row, or in the row of its own that says the same."""
    label, pk, _column = question.place
    model: Any = registries.model_named(label)
    table = table_of(model)
    row = model._default_manager.get(pk=pk)
    if table.is_card:
        link.change(model._default_manager.get(pk=absorb), **value)
        return
    alike = list(model._default_manager.filter(**{table.subject or "": absorb}))
    theirs = next((each for each in alike if identity(table, each) == identity(table, row)), None)
    if theirs is not None and not set(value) & set(model.journal_enciphered):
        link.change(theirs, **value)


def _give_row(link: Link, question: Question, absorb: int) -> None:
    """A row put on the merged card since goes to the absorbed one; where that has the same, it stays."""
    label, pk, _column = question.place
    model: Any = registries.model_named(label)
    table, row = table_of(model), model._default_manager.filter(pk=pk).first()
    beside = list(model._default_manager.filter(**{table.subject or "": absorb}))
    key = identity(table, row) if row is not None else None
    if row is None or (key is not None and any(identity(table, each) == key for each in beside)):
        return
    values = {}
    for rule in only_ones(table):
        others = [column for column in (*rule.columns, rule.only) if column != table.subject]
        if any(all(getattr(each, c) == getattr(row, c) for c in others) for each in beside):
            values[rule.only] = False
    link.move([row], to=absorb, **values)
