"""One customer, or one fact of hers, as she was in a copy: written by one ordinary deed that can be taken back.

Rows have lasting ids, so what differs is a matter of sets: rows of the copy that are not here come back, rows that
differ become what they were, rows that came later go. Where a row points at somebody who is not here any more it stays
away, and the answer says so.
"""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import joined_to, number_is_forgotten
from regulars.areas.journal.actions import deed
from regulars.areas.journal.models import Journaled, journaled_models
from regulars.areas.safekeeping.actions.restoring import choosing
from regulars.areas.safekeeping.actions.restoring.building import opened
from regulars.areas.safekeeping.actions.restoring.planning import Plan, Rows
from regulars.areas.safekeeping.actions.restoring.whole import RIGHT, Choice
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import replacing
from regulars.kernel.errors import Gone, NotAllowed, NotFound, Refused
from regulars.kernel.registries import Column, Fact, Member
from regulars.kernel.tables import table_of


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
    _refuse_forgotten(number)
    version = choosing.chosen(name=choice.name, until=choice.until, folder=choice.folder, told=told)
    which = _which(fact)
    card, joined, then = _as_it_was(version, number, which)
    if card is None:
        raise NotFound(
            _("The version %(version)s has no customer %(number)s.") % {"version": version.name, "number": number}
        )
    _refuse_forgotten(number, joined)
    _refuse_elsewhere(card, fact)
    if dry_run:
        return _result(Plan(number, then, _rows(number, which), fact=fact), version.name, None)
    particulars = {"number": number, "version": version.name, **({"fact": fact} if fact else {})}
    verb = "safekeeping.field_brought_back" if fact else "safekeeping.brought_back"
    with deed(verb=verb, by=by, at=at, particulars=particulars) as link:
        _refuse_forgotten(number, joined)  # under the writing lock, all is looked at as it is now
        _refuse_elsewhere(card, fact)
        plan = Plan(number, then, _rows(number, which), fact=fact)
        plan.write(link)
    return _result(plan, version.name, link.changeset)


def _result(plan: Plan, version: str, changeset: int | None) -> BroughtBack:
    return BroughtBack(plan.number, version, changeset, *plan.counts, tuple(plan.left))


def _refuse_forgotten(number: int, joined: Iterable[int] = ()) -> None:
    """Whoever was forgotten does not come back, nor with a card that hers had been merged into: nobody can tell there
    what was hers."""
    if number_is_forgotten(number):
        raise Gone(_("Customer %(number)s was forgotten and does not come back.") % {"number": number})
    for other in joined:
        if number_is_forgotten(other):
            message = _("In that version card %(number)s holds what was of %(other)s, who was forgotten since.")
            raise Refused(message % {"number": number, "other": other}, where="version")


def _refuse_elsewhere(was: Customer, fact: str) -> None:
    """A card that was merged, or un-merged, since: its rows stand elsewhere, and its own way back is another. Of one
    that is not there no fact comes back alone."""
    number = was.number
    if fact and not Customer.objects.filter(pk=number).exists():
        message = _("Customer %(number)s is not there any more. Bring back all of the card.")
        raise Refused(message % {"number": number}, where="number")
    into = Customer.objects.filter(pk=number).values_list("merged_into_id", flat=True).first()
    if into is not None:
        message = _("Card %(number)s was merged into card %(keeper)s. Un-merge them first, or bring that one back.")
        raise Refused(message % {"number": number, "keeper": into}, where="number")
    if was.merged_into_id is not None:
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


def _as_it_was(version: Any, number: int, which: Which) -> tuple[Customer | None, list[int], Rows]:
    """Her card in the copy, if it has one, which cards had been merged into it, and the rows that are asked for."""
    with ExitStack() as stack:
        stack.callback(replacing.abandon, connection, looking=True)
        target = replacing.built(connection, version.file, looking=True)
        stack.enter_context(opened(target, version))
        card = Customer.objects.filter(pk=number).first()
        return card, joined_to(number), _rows(number, which)
