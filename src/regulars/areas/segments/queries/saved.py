"""The saved segments."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.models import Segment
from regulars.areas.segments.queries.asking import count, sentence
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Saved:
    """A segment as it is shown. `sentence` and `count` are None and `problem` says why where it can no longer be asked
    (a fact it names is gone)."""

    name: str
    criteria: str
    description: str
    saved_by: str
    saved_at: datetime
    sentence: str | None = None
    count: int | None = None
    problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {each: getattr(self, each) for each in self.__dataclass_fields__}


def saved_segments(*, by: Actor, today: date, zone: ZoneInfo, counted: bool = False) -> list[Saved]:
    """Every segment by name, with its sentence; with its count where asked for."""
    return [_shown(each, by, today, zone, counted) for each in Segment.objects.order_by("key")]


def show_segment(name: str, *, by: Actor, today: date, zone: ZoneInfo) -> Saved:
    """One segment by its name (folded), with sentence and count. Raises NotFound."""
    return _shown(segment_named(name), by, today, zone, counted=True)


def segments_called(text: str, *, by: Actor, limit: int) -> list[str]:
    """Names of saved segments that hold this text (folded), those that begin with it first."""
    folded = fold(text)
    if not folded or not by.may("customers.view"):
        return []
    known = Segment.objects.filter(key__contains=folded).values_list("key", "name")
    return [name for _key, name in sorted(known, key=lambda each: (not each[0].startswith(folded), each[0]))][:limit]


def segment_named(name: str) -> Segment:
    """The segment of this name (folded). Raises NotFound."""
    segment = Segment.objects.filter(key=fold(name)).first()
    if segment is None:
        raise NotFound(_("There is no segment “%(name)s”.") % {"name": name[:60]}, where="name")
    return segment


def _shown(segment: Segment, by: Actor, today: date, zone: ZoneInfo, counted: bool) -> Saved:
    kept = (segment.name, segment.criteria, segment.description, segment.saved_by, segment.saved_at)
    try:
        said = sentence(segment.criteria, by=by, today=today, zone=zone)
        many = count(segment.criteria, by=by, today=today, zone=zone) if counted else None
    except (CriteriaError, Refused) as refusal:
        return Saved(*kept, problem=str(refusal))
    return Saved(*kept, sentence=said, count=many)
