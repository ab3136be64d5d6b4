"""A segment is a question, not an answer; a list is an answer that somebody has fixed: who is on it, is kept here."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.areas.house.queries import today, zone
from regulars.areas.journal.actions import Erasure
from regulars.areas.segments.language.check import check as refuse_unaskable
from regulars.areas.segments.language.grammar import parse
from regulars.areas.segments.models import Bulk, FixedList, Segment
from regulars.areas.segments.queries.ground import ground_of
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Holding, Store

HOLDINGS = [
    Holding(
        model="segments.Listing", by=("customer",), on_merge="join", on_forget="erase", export=("list", "added_at"),
        label=_("Places on lists"),
    ),
]  # fmt: skip
_WORDS = ((Segment, ("name", "criteria", "description")), (FixedList, ("name", "description")))
_NOBODY = "number = %d"  # a criterion that nobody meets: no number is given twice
_ASKED = ("asked", "value")


def _naming(erasure: Erasure) -> int:
    """Segments and lists in whose words she is named."""
    count = 0
    for model, columns in _WORDS:
        rows = list(model.objects.values_list(*columns))
        among = erasure.mentions.within(text for row in rows for text in row)
        count += sum(any(erasure.mentions.cleaned(text, among) != text for text in row) for row in rows)
    return count


def _askable(row: Any, *, erasure: Erasure) -> bool:
    """Takes her out of criteria, so that they can still be asked: where words will not do (a phone is compared with
    phones alone), nobody meets them any more."""
    told, at = erasure.mentions.cleaned(row.criteria), erasure.link.at
    if told == row.criteria:
        return False
    try:
        refuse_unaskable(parse(told), ground_of(erasure.link.by, today(at), zone()))
    except Refused:
        told = _NOBODY % erasure.number
    row.criteria = told
    return True


def _forget(erasure: Erasure) -> None:
    erasure.reword(Segment, partial(_askable, erasure=erasure))
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
