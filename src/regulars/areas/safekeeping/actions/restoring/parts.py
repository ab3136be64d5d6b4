"""One customer, or one fact of hers, as she was in a copy: written by one ordinary deed that can be taken back.

Rows have lasting ids, so what differs is a matter of sets: rows of the copy that are not here come back, rows that
differ become what they were, rows that came later go. Where a row points at somebody who is not here any more it stays
away, and the answer says so.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import number_is_forgotten
from regulars.areas.journal.actions import Link, deed
from regulars.areas.journal.models import Journaled, journaled_models
from regulars.areas.safekeeping.actions.restoring import choosing
from regulars.areas.safekeeping.actions.restoring.building import opened
from regulars.areas.safekeeping.actions.restoring.whole import RIGHT, Choice
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import replacing
from regulars.kernel.errors import Gone, NotAllowed, NotFound, Refused
from regulars.kernel.registries import Column, Fact, Member
from regulars.kernel.tables import Table, table_of

Rows = Mapping[type[Journaled], Mapping[int, Journaled]]


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What was written, or would be. `left` names what could not come back and why."""

    number: int
    version: str
    changeset: int | None
    added: int
    changed: int
    removed: int
    left: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        counts = {"added": self.added, "changed": self.changed, "removed": self.removed}
        told = {"number": self.number, "version": self.version, "changeset": self.changeset}
        return {**told, **counts, "left": list(self.left)}

    def sentence(self) -> str:
        """For the screen."""
        count = self.added + self.changed + self.removed
        if not count:
            return _("Card %(number)s is as it was in the version %(version)s.") % self.as_json()
        said = ngettext(
            "%(count)d part of card %(number)s is as it was in the version %(version)s again.",
            "%(count)d parts of card %(number)s are as they were in the version %(version)s again.",
            count,
        )
        return said % {**self.as_json(), "count": count}


def restore_customer(
    *,
    choice: Choice,
    number: int,
    fact: str = "",
    by: Actor,
    at: datetime,
    told: choosing.Told = choosing.silent,
    dry_run: bool = False,
) -> BroughtBack:
    """Brings a customer, or the one `fact` of hers, back as she was in a copy. Raises NotAllowed, Gone for one who was
    forgotten, NotFound where the copy does not know her, Refused for a fact that cannot be brought back alone."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not put versions back. The owner of the house can give the right."))
    if number_is_forgotten(number):
        raise Gone(_("Customer %(number)s was forgotten and does not come back.") % {"number": number})
    version = choosing.chosen(name=choice.name, until=choice.until, folder=choice.folder, told=told)
    which = _which(fact)
    then = _as_it_was(version, number, which)
    if not fact and number not in then.get(Customer, {}):
        raise NotFound(
            _("The version %(version)s has no customer %(number)s.") % {"version": version.name, "number": number}
        )
    _refuse_merged(number, then)
    plan = _planned(then, _rows(number, which), fact=fact)
    if dry_run:
        return plan.result(number, version.name, None)
    particulars = {"number": number, "version": version.name, **({"fact": fact} if fact else {})}
    verb = "safekeeping.field_brought_back" if fact else "safekeeping.brought_back"
    with deed(verb=verb, by=by, at=at, particulars=particulars) as link:
        _refuse_merged(number, then)
        plan = _planned(then, _rows(number, which), fact=fact)  # under the writing lock: as it is now
        plan.write(link)
    return plan.result(number, version.name, link.changeset)


def _refuse_merged(number: int, then: Rows) -> None:
    """A card that was merged, or un-merged, since: its rows stand elsewhere, and its own way back is another."""
    was = then.get(Customer, {}).get(number)
    into = Customer.objects.filter(pk=number).values_list("merged_into_id", flat=True).first()
    if into is not None:
        message = _("Card %(number)s was merged into card %(keeper)s. Un-merge them first, or bring that one back.")
        raise Refused(message % {"number": number, "keeper": into}, where="number")
    if isinstance(was, Customer) and was.merged_into_id is not None:
        message = _("In that version card %(number)s was merged into card %(keeper)s. Bring back that one.")
        raise Refused(message % {"number": number, "keeper": was.merged_into_id}, where="number")


# --- which rows -------------------------------------------------------------------------------------------------------

Which = Mapping[type[Journaled], Mapping[str, Any]]


def _which(fact: str) -> Which:
    """The tables, each with what its rows must have besides: all that belong to a customer, or those of one fact."""
    if not fact:
        return {model: {} for model in journaled_models() if table_of(model).subject is not None}
    declared: Fact | None = registries.facts().get(fact)
    if declared is None:
        raise NotFound(_("There is no fact %(name)s.") % {"name": fact}, where="field")
    if isinstance(declared.source, Column):
        return {Customer: {}}
    if isinstance(declared.source, Member) and declared.group is not None:
        group = registries.groups()[declared.group]
        return {registries.model_named(group.model): dict(group.where)}
    raise Refused(
        _("“%(name)s” is not kept by itself. Bring the whole customer back, or undo the deed.") % {"name": fact},
        where="field",
    )


def _rows(number: int, which: Which) -> Rows:
    found: dict[type[Journaled], Mapping[int, Journaled]] = {}
    for model, more in which.items():
        subject = table_of(model).subject
        rows = model._default_manager.filter(**{str(subject): number, **more})
        found[model] = {row.pk: row for row in rows}
    return found


def _as_it_was(version: Any, number: int, which: Which) -> Rows:
    with ExitStack() as stack:
        stack.callback(replacing.abandon, connection, looking=True)
        target = replacing.built(connection, version.file, looking=True)
        stack.enter_context(opened(target, version))
        return _rows(number, which)


# --- what differs -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Plan:
    add: list[Journaled]
    change: list[tuple[Journaled, dict[str, Any]]]
    remove: list[Journaled]
    left: list[str]

    def write(self, link: Link) -> None:
        """Goes before comes: of what only one may have (a first address, a tag) there are never two."""
        link.remove(*self.remove)
        for row, values in self.change:
            link.change(row, **values)
        for row in self.add:
            link.add(row)

    def result(self, number: int, version: str, changeset: int | None) -> BroughtBack:
        counts = (len(self.add), len(self.change), len(self.remove))
        return BroughtBack(number, version, changeset, *counts, tuple(self.left))


def _planned(then: Rows, now: Rows, *, fact: str) -> _Plan:
    plan = _Plan([], [], [], [])
    for model, rows in then.items():
        table, here = table_of(model), now.get(model, {})
        for pk, row in rows.items():
            if lacking := _nobody_there(row, then):
                plan.left.append(lacking)
            elif pk in here:
                values = _differing(table, row, here[pk], fact)
                plan.change += [(here[pk], values)] if values else []
            elif model is not Customer or not fact:
                plan.add.append(_fresh(row))
        plan.remove += [row for pk, row in here.items() if pk not in rows]
        _leave_what_moved(plan, table)
    plan.change.sort(key=lambda each: bool(each[1].get("primary")))  # whoever steps down does so first
    return plan


def _leave_what_moved(plan: _Plan, table: Table) -> None:
    """Rows that a merge or its undo brought from one card to another stand where they stand: what came from another
    card is not taken away, and what went to one does not come twice."""
    subject, what = str(table.subject), {"what": str(table.model._meta.verbose_name)}
    coming = [row for row in plan.add if table_of(type(row)) is table]
    live: Any = table.model._default_manager
    there = set(live.filter(pk__in=[row.pk for row in coming]).values_list("pk", flat=True)) if coming else set()
    plan.add = [row for row in plan.add if row not in coming or row.pk not in there]
    plan.left += [_("%(what)s: it stands on another card now.") % what] * len(there)
    going = [row for row in plan.remove if table_of(type(row)) is table]
    past = table.model.past._default_manager  # type: ignore[attr-defined]
    pairs = past.filter(**{f"{table.pk}__in": [row.pk for row in going]}).values_list(table.pk, subject)
    came = {pk for pk, whose in pairs if any(r.pk == pk and getattr(r, subject) != whose for r in going)}
    plan.remove = [row for row in plan.remove if row not in going or row.pk not in came]
    plan.left += [_("%(what)s: it came from another card since, and stays.") % what] * len(came)


def _differing(table: Table, then: Journaled, now: Journaled, fact: str) -> dict[str, Any]:
    names = _columns_of(fact) if fact and isinstance(now, Customer) else _own_columns(then)
    before, after = table.canonical(now), {name: getattr(then, name) for name in names}
    was = table.canonical(then)
    return {name: value for name, value in after.items() if before.get(name, None) != was.get(name, None)}


def _own_columns(row: Journaled) -> Iterator[str]:
    """What a deed writes: neither the link and version, which it gives, nor what follows from other columns."""
    given = {"link", "version", "updated_at", *row.journal_derived}
    for field in row._meta.local_concrete_fields:
        if not field.primary_key and field.attname not in given and field.name not in given:
            yield field.attname


def _columns_of(fact: str) -> list[str]:
    source = registries.facts()[fact].source
    assert isinstance(source, Column)
    return [source.column, *([source.currency] if source.currency else [])]


def _fresh(row: Journaled) -> Journaled:
    row._state.adding, row._state.db = True, None
    return row


def _nobody_there(row: Journaled, then: Rows) -> str:
    """Says so where a row points at another card, or row, that is not here."""
    for field in row._meta.local_concrete_fields:
        target: Any = field.remote_field.model if field.remote_field else None
        pointed = getattr(row, field.attname, None)
        if target is None or pointed is None or pointed in then.get(target, {}):
            continue
        if not target._default_manager.filter(pk=pointed).exists():
            return _("%(what)s: what it points to is not here any more.") % {"what": str(row._meta.verbose_name)}
    return ""
