"""Saving, renaming and removing a segment. Each refuses what would leave a segment that cannot be asked."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from regulars.areas.journal.actions import deed
from regulars.areas.segments.language import parse, text_of
from regulars.areas.segments.language.check import check
from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.tree import Segment as Named
from regulars.areas.segments.models import Segment
from regulars.areas.segments.queries.asked_for import refuse_asked_for
from regulars.areas.segments.queries.ground import ground_of, segments_by_name
from regulars.areas.segments.queries.saved import segment_named
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.text import clean, fold

EDIT = "segments.edit"


class Standing(Refused):
    """There is a segment of this name, which was not meant to be replaced."""

    code = "standing"


def save_segment(
    *,
    name: str,
    criteria: str,
    description: str = "",
    replaces: bool = True,
    by: Actor,
    at: datetime,
    today: date,
    zone: ZoneInfo,
) -> Segment:
    """Saves a criterion under a name; one already there by that name (folded) is replaced by it.

    Raises NotAllowed without `segments.edit`, CriteriaError where the criterion cannot be asked or contains itself,
    Refused (`where` name) for a name that is none, Standing for one that is not to be replaced and would be another.
    """
    _needs(by)
    name = _named(name, "name")
    with deed(verb="segments.saved", by=by, at=at, particulars={"name": name}) as link:
        text = _askable(name, criteria, by, today, zone)
        values = {"criteria": text, "description": clean(description)[:500], "saved_by": by.name}
        standing = Segment.objects.filter(key=fold(name)).first()
        if standing is None:
            standing = Segment(name=name, saved_at=at, **values)
            link.add(standing)
        elif any(getattr(standing, field) != value for field, value in values.items()):
            if not replaces:
                message = _("There is a segment “%(name)s” already.") % {"name": standing.name}
                raise Standing(message, where="name", name=standing.name, criteria=standing.criteria)
            link.change(standing, name=name, saved_at=at, **values)
    return standing


def change_segment(
    *,
    name: str,
    to: str | None = None,
    criteria: str | None = None,
    description: str | None = None,
    by: Actor,
    at: datetime,
    today: date,
    zone: ZoneInfo,
) -> Segment:
    """Gives a segment another name, criterion or description; what is None stays. Refuses what these two refuse."""
    if criteria is None and description is None:
        return rename_segment(name=name, to=segment_named(name).name if to is None else to, by=by, at=at)
    _needs(by)
    values: dict[str, str] = {} if to is None else {"name": _named(to, "to")}
    with deed(verb="segments.saved", by=by, at=at, particulars={}) as link:
        segment = segment_named(name)
        now = values.get("name", segment.name)
        _free(segment, now)
        link.particulars["name"] = now
        if criteria is not None:
            values["criteria"] = _askable(now, criteria, by, today, zone, instead=segment.name)
        if description is not None:
            values["description"] = clean(description)[:500]
        if any(getattr(segment, field) != value for field, value in values.items()):
            link.change(segment, saved_by=by.name, saved_at=at, **values)
    return segment


def rename_segment(*, name: str, to: str, by: Actor, at: datetime) -> Segment:
    """Gives a segment another name. Refused while other segments ask for it by the old one, or the new one is taken."""
    _needs(by)
    to = _named(to, "to")
    with deed(verb="segments.renamed", by=by, at=at, particulars={"to": to}) as link:
        segment = segment_named(name)
        link.particulars["name"] = segment.name
        _free(segment, to)
        link.change(segment, name=to)
    return segment


def remove_segment(*, name: str, by: Actor, at: datetime) -> int | None:
    """Removes a segment and gives the changeset. Raises NotFound; Refused while other segments ask for it."""
    _needs(by)
    with deed(verb="segments.removed", by=by, at=at, particulars={}) as link:
        segment = segment_named(name)
        link.particulars["name"] = segment.name
        _unused(segment)
        link.remove(segment)
    return link.changeset


def _needs(by: Actor) -> None:
    if not by.may(EDIT):
        raise NotAllowed(_("Your account may not change segments."))


def one_line(name: str) -> str:
    """A name as it is kept: whatever blanks it was typed with, it stands in one line."""
    return " ".join(clean(name).split())


def _named(name: str, where: str) -> str:
    name = one_line(name)
    if not fold(name) or len(name) > 100:
        raise Refused(_("A segment needs a name of up to 100 characters."), where=where)
    return name


def _free(segment: Segment, to: str) -> None:
    """Refuses another name while it is taken, or segments ask for this one by the old one."""
    if fold(to) == segment.key:
        return
    _unused(segment)
    if Segment.objects.filter(key=fold(to)).exists():
        raise Refused(_("There is a segment “%(name)s” already.") % {"name": to}, where="to")


def _askable(name: str, criteria: str, by: Actor, today: date, zone: ZoneInfo, instead: str = "") -> str:
    """The canonical text, after asking it once as it will stand: with this very segment in it, `instead` of one."""
    text = text_of(parse(criteria))
    gone = {fold(name), fold(instead)}
    known = {each: kept for each, kept in segments_by_name().items() if fold(each) not in gone}
    ground = ground_of(by, today, zone, segments={**known, name: text})
    try:
        check(Named(name), ground)
    except CriteriaError as error:
        inner = error.__cause__ if isinstance(error.__cause__, CriteriaError) else error
        raise inner from None
    return text


def _unused(segment: Segment) -> None:
    refuse_asked_for(segment.name, Named, beside=segment.pk)
