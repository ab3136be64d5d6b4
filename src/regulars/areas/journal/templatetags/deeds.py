"""`{% timeline deeds %}`: what was done, day by day, in sentences with their differences and the way back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import template
from django.db.models import DateField, DateTimeField
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.journal.queries import Deed, Difference, cards_named
from regulars.kernel import registries, saying
from regulars.kernel.registries import Text

register = template.Library()

THROUGH: dict[str, Text] = {
    "page": gettext_lazy("on screen"),
    "api": gettext_lazy("through the API"),
    "command": gettext_lazy("by command"),
    "file": gettext_lazy("from a file"),
    "job": gettext_lazy("in the background"),
}
_ICONS = {
    "added": "user-plus", "edited": "pencil", "many_edited": "pencil", "archived": "archive",
    "unarchived": "archive-restore", "deleted": "trash-2", "forgotten": "eraser", "unmasked": "eye",
    "file_added": "paperclip", "file_removed": "paperclip", "undone": "undo-2", "standing_given": "ban",
    "standing_taken": "check", "brought_in": "import", "refused": "ban", "given": "check",
    "field_defined": "sliders-horizontal",
}  # fmt: skip
_FEW = 3
# The deed itself says who, when and whom; the rest is for programs: where a file lies, how its columns were read.
_UNSAID = {"created_at", "updated_at", "saved_at", "saved_by", "number", "by", "row", "intake", "public"}
_UNSAID |= {"token", "sha256", "size", "read_as", "mapping", "shape"}


@dataclass(frozen=True, slots=True)
class Line:
    """One value that changed, in words; the first of a row that stands `apart` from the row before."""

    label: str
    was: str
    now: str
    number: int | None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """One deed as it stands in a timeline."""

    deed: Deed
    day: str
    time: str
    icon: str
    through: Text
    lines: tuple[Line, ...]
    more: int
    card: int | None
    called: str  # the name on that card today, as the reader may know it


def lines_of(differences: Iterable[Difference]) -> list[Line]:
    """The differences in words; hidden and sealed values stay hidden. What says nothing to a person is left out."""
    told = ((each.row, line_of(each)) for each in differences if each.field not in _UNSAID)
    rows = groupby((each for each in told if each[1].was != each[1].now), key=itemgetter(0))
    lines: list[Line] = []
    many = False  # rows of a single value, such as tags, stand together
    for _row, of_it in rows:
        some = [line for _same, line in of_it]
        some[0] = replace(some[0], apart=bool(lines) and (many or len(some) > 1))
        lines, many = lines + some, len(some) > 1
    return lines


def line_of(difference: Difference) -> Line:
    """One value that changed, in words."""
    fact = None if difference.column is not None else registries.facts().get(difference.field)
    was, now = (
        difference.called(value) or _words(fact, value, difference.column) for value in (difference.was, difference.now)
    )
    return Line(capfirst(difference.label), was, now, difference.number)


def _words(fact: registries.Fact | None, value: Any, column: Any = None) -> str:
    if value in (None, "", [], {}):
        return ""
    if fact is None:
        return _in_column(column, value)
    if fact.protection == "masked":
        return saying.HIDDEN
    return saying.yesno(True) if isinstance(fact.source, registries.Present) else saying.said(fact, value)


def _in_column(column: Any, value: Any) -> str:
    """The value of a column that is no fact: as its room says it, one of its choices, a day, or as it stands."""
    said = getattr(getattr(column, "model", None), "journal_said", {}).get(getattr(column, "attname", ""))
    if said is not None:
        return str(said(value))
    choices = dict(getattr(column, "flatchoices", ()))
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if isinstance(column, DateTimeField):
        return saying.moment(value)
    if isinstance(column, DateField):
        return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
    return _yes_or_text(value)


def _yes_or_text(value: Any) -> str:
    if isinstance(value, bool):
        return saying.yesno(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@register.inclusion_tag("journal/timeline.html", takes_context=True)
def timeline(context: Any, deeds: Iterable[Deed], here: int | None = None, brief: bool = False) -> dict[str, Any]:
    """The deeds under their days. `here` is the customer whose page this is; `brief` shows few values of each."""
    actor = getattr(context.get("request"), "actor", None)
    deeds = list(deeds)
    cards = {deed.card for deed in deeds} - {here, None}
    names = cards_named(cards, actor) if cards and actor is not None else {}
    with registries.steady(anew=False):
        moments = [_moment(deed, here, brief, names) for deed in deeds]
    return {
        "days": list(_by_day(moments)),
        "brief": brief,
        "here": here,
        "may_undo": actor is not None and actor.may("journal.undo"),
        "may_read": actor is not None and actor.may("journal.view"),
    }


def _by_day(moments: Iterable[Moment]) -> Iterator[tuple[str, list[Moment]]]:
    for day, of_that_day in groupby(moments, key=lambda moment: moment.day):
        yield day, list(of_that_day)


def _moment(deed: Deed, here: int | None, brief: bool, names: Mapping[int, str]) -> Moment:
    lines = lines_of(deed.fields)
    shown = lines[:_FEW] if brief else lines
    at = timezone.localtime(deed.at)
    gone = deed.verb.endswith(".deleted") and not deed.undone_by
    return Moment(
        deed=deed,
        day=day_in_words(at),
        time=formats.time_format(at, "TIME_FORMAT"),
        icon=_ICONS.get(deed.verb.rpartition(".")[2], "circle-dot"),
        through=THROUGH.get(deed.through, deed.through),
        lines=tuple(shown),
        more=len(lines) - len(shown),
        card=deed.card if deed.card != here and not gone else None,
        called=_called(deed.card, names),
    )


def _called(card: int | None, names: Mapping[int, str]) -> str:
    """The name on a card, "" where there is none or the reader may not know it: the sentence says the number."""
    name = names.get(card, "") if card is not None else ""
    return "" if name == str(card) else name


def day_in_words(at: datetime) -> str:
    """Today, Yesterday, or the date, in the house's zone."""
    distance = (timezone.localtime().date() - at.date()).days
    near = {0: _("Today"), 1: _("Yesterday")}.get(distance)
    return near or formats.date_format(at, "DATE_FORMAT")
