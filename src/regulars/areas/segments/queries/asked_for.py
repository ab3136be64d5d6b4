"""Which segments ask for a segment or a list; and what must hold between them when a deed was taken back."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.journal.models import Changeset
from regulars.areas.segments.language import parse
from regulars.areas.segments.language.tree import Listed, tests_in
from regulars.areas.segments.language.tree import Segment as Named
from regulars.areas.segments.models import FixedList, Segment
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold


def refuse_asked_for(name: str, kind: type[Named | Listed], beside: int = 0) -> None:
    """Refuses while segments ask for a segment or a list by this name."""
    users = [
        other.name
        for other in Segment.objects.exclude(pk=beside)
        if any(isinstance(leaf, kind) and fold(leaf.name) == fold(name) for leaf in tests_in(parse(other.criteria)))
    ]
    if users:
        values = {"name": name, "users": ", ".join(sorted(users))}
        raise Refused(_("Other segments ask for “%(name)s”: %(users)s.") % values, where="name", users=sorted(users))


def still_asked(link: Any, changeset: Any) -> None:
    """Refuses where segments ask for what would go, and where one would come that asks for what is not there or for
    itself. What goes back in many steps has gone by now: there its segments say what they miss."""
    if Changeset.objects.filter(undoes=changeset.pk, state="open").exists():
        return
    for model, kind in ((Segment, Named), (FixedList, Listed)):
        for name in model.past._default_manager.filter(until=link.number).values_list("name", flat=True):
            if not model._default_manager.filter(key=fold(name)).exists():
                refuse_asked_for(name, kind)
    segments = dict(Segment.objects.values_list("key", "criteria"))
    lists, founded = set(FixedList.objects.values_list("key", flat=True)), set[str]()
    for name in Segment.objects.filter(link=link.number).values_list("name", flat=True):
        _refuse_unfounded((name,), segments, lists, founded)


def _refuse_unfounded(inside: tuple[str, ...], segments: Mapping[str, str], lists: set[str], founded: set[str]) -> None:
    """`founded` are those that were looked at already: many may ask for the same."""
    for leaf in tests_in(parse(segments[fold(inside[-1])])):
        if isinstance(leaf, Listed) and fold(leaf.name) not in lists:
            raise Refused(_("There is no list “%(name)s”.") % {"name": leaf.name[:60]})
        if not isinstance(leaf, Named):
            continue
        chain = (*inside, leaf.name)
        if fold(leaf.name) in map(fold, inside):
            raise Refused(_("The segment contains itself: %(chain)s.") % {"chain": " → ".join(chain)})
        if fold(leaf.name) not in segments:
            raise Refused(_("There is no segment “%(name)s”.") % {"name": leaf.name[:60]})
        if fold(leaf.name) not in founded:
            _refuse_unfounded(chain, segments, lists, founded)
    founded.add(fold(inside[-1]))
