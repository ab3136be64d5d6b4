"""Kept mappings: which column goes where, under a name, for everybody in the house who brings in such a file."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.intake.actions.understanding import correct
from regulars.areas.intake.models import Intake, SavedMapping
from regulars.areas.intake.queries import mapping_named
from regulars.areas.intake.queries.files import earlier_for, fitting, mapping_of, open_intake, shape_of
from regulars.areas.journal import actions as journal
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.text import clean


def save_mapping(*, token: str, name: str, by: Actor, at: datetime) -> int | None:
    """Keeps the mapping of this file for all with the same headings, under a name that is their source as well."""
    intake, name = open_intake(by, token), _named(name)
    kept = mapping_of(intake).from_source(name).as_json()
    kept.pop("kept_as", None)
    values: dict[str, Any] = {"shape": shape_of(intake.inspected["columns"]), "mapping": kept}
    with journal.deed(verb="intake.mapping_saved", by=by, at=at, particulars={"name": name}) as link:
        standing = SavedMapping.objects.filter(name=name).first()
        if standing is None:
            link.add(SavedMapping(name=name, **values))
        else:
            link.change(standing, **values)
    if intake.state in ("waiting", "failed"):
        options = {**intake.options, "source": name}
        Intake.objects.filter(pk=intake.pk).update(mapping={**kept, "kept_as": name}, options=options)
    return link.changeset


def rename_mapping(*, name: str, to: str, by: Actor, at: datetime) -> int | None:
    """Another name; the source of its references stays, so that customers are known again. Raises Refused, NotFound."""
    to = _named(to)
    with journal.deed(verb="intake.mapping_renamed", by=by, at=at, particulars={"name": name, "to": to}) as link:
        standing = mapping_named(by, name)
        if to != name and SavedMapping.objects.filter(name=to).exists():
            raise Refused(_("There is a mapping called %(name)s already.") % {"name": to}, where="name")
        link.change(standing, name=to)
    return link.changeset


def remove_mapping(*, name: str, by: Actor, at: datetime) -> int | None:
    with journal.deed(verb="intake.mapping_removed", by=by, at=at, particulars={"name": name}) as link:
        link.remove(mapping_named(by, name))
    return link.changeset


def use_mapping(*, token: str, name: str, by: Actor, at: datetime) -> Intake:
    """Takes a kept mapping for this file; columns that it has not are passed over, those it does not name left out.

    Raises NotFound, and Refused where no heading is the same.
    """
    intake, kept = open_intake(by, token), mapping_named(by, name)
    return correct(token=token, mapping=fitting(kept.mapping, intake) | {"kept_as": name}, by=by, at=at)


def use_earlier(*, token: str, by: Actor, at: datetime) -> Intake:
    """Takes the mapping with which the last file of these headings came in; the source of this one stays."""
    intake = open_intake(by, token)
    earlier = earlier_for(intake)
    if earlier is None:
        raise NotFound(_("No file with these columns has come in."))
    mapping = fitting(earlier.mapping, intake) | {"source": mapping_of(intake).source}
    return correct(token=token, mapping=mapping, by=by, at=at)


def _named(name: str) -> str:
    name = clean(name)[:100]
    if not name:
        raise Refused(_("A mapping needs a name: that of the program or list it comes from."), where="name")
    return name
