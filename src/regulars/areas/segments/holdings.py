"""A segment is a question, not an answer; a list is an answer that somebody has fixed: who is on it, is kept here."""

import re
from collections.abc import Mapping
from functools import partial
from itertools import chain, count
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.areas.house.queries import today, zone
from regulars.areas.journal.actions import Erasure
from regulars.areas.segments.language.check import check as refuse_unaskable
from regulars.areas.segments.language.grammar import parse
from regulars.areas.segments.language.text import quoted
from regulars.areas.segments.models import Bulk, FixedList, Segment
from regulars.areas.segments.queries.ground import ground_of
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Holding, Store
from regulars.kernel.text import fold

HOLDINGS = [
    Holding(
        model="segments.Listing", by=("customer",), on_merge="join", on_forget="erase", export=("list", "added_at"),
        label=_("Places on lists"),
    ),
]  # fmt: skip
_WORDS = ((Segment, ("name", "criteria", "description")), (FixedList, ("name", "description")))
_NOBODY = "number = %d"  # a criterion that nobody meets: no number is given twice
_ASKED = ("asked", "value")
_LONGEST = 100  # letters of a name


def _naming(erasure: Erasure) -> int:
    """Segments and lists in whose words she is named."""
    many = 0
    for model, columns in _WORDS:
        rows = list(model.objects.values_list(*columns))
        among = erasure.mentions.within(text for row in rows for text in row)
        many += sum(any(erasure.mentions.cleaned(text, among) != text for text in row) for row in rows)
    return many


def _names(erasure: Erasure, model: Any) -> dict[str, str]:
    """What segments or lists that name her are called from now on: two of them may not be called the same."""
    names = model.objects.order_by("pk").values_list("name", flat=True)
    told = {name: erasure.mentions.cleaned(name)[:_LONGEST] for name in names}
    taken = {fold(name) for name, cleaned in told.items() if name == cleaned}
    for name, cleaned in told.items():
        if name == cleaned:
            continue
        again = (f"{cleaned[: _LONGEST - 6]} {place}" for place in count(2))
        told[name] = next(each for each in chain([cleaned], again) if fold(each) not in taken)
        taken.add(fold(told[name]))
    return {name: cleaned for name, cleaned in told.items() if name != cleaned}


def _called(row: Any, *, names: Mapping[str, str]) -> bool:
    before, row.name = row.name, names.get(row.name, row.name)
    return bool(row.name != before)


def _renamed(criteria: str, before: str, now: str) -> str:
    """Criteria in which a quoted name is another, in whatever letters it was written."""
    return re.sub(re.escape(before), lambda _found: now, criteria, flags=re.IGNORECASE)


def _askable(row: Any, *, erasure: Erasure, names: Mapping[str, str]) -> bool:
    """Takes her out of criteria, so that they can still be asked: where words will not do (a phone is compared with
    phones alone), nobody meets them any more."""
    told, at = row.criteria, erasure.link.at
    for before, name in names.items():
        told = _renamed(told, quoted(before), quoted(name))
    told = erasure.mentions.cleaned(told)
    if told == row.criteria:
        return False
    try:
        refuse_unaskable(parse(told), ground_of(erasure.link.by, today(at), zone()))
    except Refused:
        told = _NOBODY % erasure.number
    row.criteria = told
    return True


def _forget(erasure: Erasure) -> None:
    names: dict[Any, dict[str, str]] = {model: _names(erasure, model) for model, _columns in _WORDS}
    known = names[Segment] | names[FixedList]
    for model in names:
        erasure.reword(model, partial(_called, names=names[model]))
    erasure.reword(Segment, partial(_askable, erasure=erasure, names=known))  # by the names that they have now
    for model, columns in _WORDS:
        erasure.clean(model, *columns)
    for work in Bulk.objects.only("pk", *_ASKED):
        told = {name: erasure.mentions.cleaned(getattr(work, name)) for name in _ASKED}
        if any(getattr(work, name) != text for name, text in told.items()):
            Bulk.objects.filter(pk=work.pk).update(**{name: text[:500] for name, text in told.items()})


STORES = [
    Store(
        name="segments.words",
        label=_("Segments and lists whose name or criteria name this customer"),
        on_forget="blank",
        why=_("They stay; in the place of the name, the address or the number stands that somebody was forgotten."),
        found=_naming,
        forget=_forget,
    ),
]
