"""Making, changing and removing a list. Who is on it, is changed by `act_on_many`."""

from datetime import datetime
from itertools import batched

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.journal.actions import Link, deed, long_deed, resume_long_deed
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.actions.saving import EDIT, one_line
from regulars.areas.segments.language.tree import Listed
from regulars.areas.segments.models import FixedList, Listing
from regulars.areas.segments.queries.asked_for import refuse_asked_for
from regulars.areas.segments.queries.lists import list_named
from regulars.kernel.actor import Actor
from regulars.kernel.databases import writer_lock
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.milestones import milestone
from regulars.kernel.text import clean, fold

_AT_ONCE = 1_000
_A_TRANSACTION = 500
_REMOVED = "segments.list_removed"


def make_list(*, name: str, description: str = "", by: Actor, at: datetime) -> FixedList:
    """Makes an empty list. Raises NotAllowed without `segments.edit`, Refused for a name that is none or is taken."""
    row = new_list(name=name, description=description, by=by, at=at)
    with deed(verb="segments.list_made", by=by, at=at, particulars={"name": row.name}) as link:
        put_down(link, row)
    return row


def new_list(*, name: str, description: str = "", by: Actor, at: datetime) -> FixedList:
    """A list that is still to be put down. Raises NotAllowed, Refused for a name that is none."""
    _needs(by)
    told = {"name": _named(name, "name"), "description": clean(description)[:500]}
    return FixedList(**told, made_by=by.name[:200], made_at=at)


def put_down(link: Link, row: FixedList) -> None:
    """Adds a new list. Raises Refused for a name that is taken."""
    _free(row.name, "name")
    link.add(row)


def change_list(
    *, name: str, to: str | None = None, description: str | None = None, by: Actor, at: datetime
) -> int | None:
    """Gives a list another name or description. Refused while segments ask for it by the old name."""
    _needs(by)
    values: dict[str, str] = {}
    if description is not None:
        values["description"] = clean(description)[:500]
    if to is not None:
        values["name"] = _named(to, "to")
    with deed(verb="segments.list_changed", by=by, at=at, particulars={}) as link:
        row = list_named(name)
        if to is not None and fold(to) != row.key:
            refuse_asked_for(row.name, Listed)
            _free(values["name"], "to")
        link.particulars["name"] = values.get("name", row.name)
        link.change(row, **values)
    return link.changeset


def remove_list(*, name: str, by: Actor, at: datetime) -> int | None:
    """Removes a list; the customers stay as they are. Raises NotFound; Refused while segments ask for it."""
    _needs(by)
    if by.own is not None:
        raise NotAllowed(
            _("Others may have customers on this list. Take yours off it, or ask whoever sees all customers.")
        )
    row = list_named(name)
    count, begun = Listing.objects.filter(list=row).count(), _begun(row)
    if begun is not None or count > _AT_ONCE:
        return _remove_in_steps(row, count, begun, by, at)
    with deed(verb=_REMOVED, by=by, at=at, particulars={}) as link:
        row = list_named(name)
        refuse_asked_for(row.name, Listed)
        on_it = list(Listing.objects.filter(list=row))
        link.particulars.update(name=row.name, count=len(on_it))
        link.remove(*on_it)
        link.remove(row)
    return link.changeset


def _begun(row: FixedList) -> int | None:
    """The deed that was to remove this list and was cut off."""
    begun = Changeset.objects.filter(verb=_REMOVED, state="open", particulars__list=row.pk)
    return begun.values_list("pk", flat=True).first()


def _remove_in_steps(row: FixedList, count: int, begun: int | None, by: Actor, at: datetime) -> int:
    """One that was cut off goes on when the list is removed once more."""
    refuse_asked_for(row.name, Listed)
    milestone("many", many=count)
    told = {"name": row.name, "count": count, "list": row.pk}
    work = resume_long_deed(begun) if begun else long_deed(verb=_REMOVED, by=by, at=at, particulars=told)
    for keys in batched(Listing.objects.filter(list=row).values_list("pk", flat=True), _A_TRANSACTION):
        with work.transaction(by=by, at=at) as link:
            link.remove(*Listing.objects.filter(pk__in=keys))
    with transaction.atomic():
        writer_lock(connection)
        if FixedList.objects.filter(pk=row.pk).exists():  # else somebody else came to the end first
            with work.transaction(by=by, at=at) as link:
                link.remove(*Listing.objects.filter(list=row))  # whoever came on it meanwhile
                link.remove(*FixedList.objects.filter(pk=row.pk))
            work.close(by=by, at=at, particulars={})
    milestone("many", many=count, over=True)
    return work.changeset


def _needs(by: Actor) -> None:
    if not by.may(EDIT):
        raise NotAllowed(_("Your account may not change lists."))


def _named(name: str, where: str) -> str:
    name = one_line(name)
    if not fold(name) or len(name) > 100:
        raise Refused(_("A list needs a name of up to 100 characters."), where=where)
    return name


def _free(name: str, where: str) -> None:
    if FixedList.objects.filter(key=fold(name)).exists():
        raise Refused(_("There is a list “%(name)s” already.") % {"name": name}, where=where)
