"""A segment is a question, not an answer; a list is an answer that somebody has fixed: who is on it, is kept here."""

from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.actions import Erasure
from regulars.areas.segments.models import Bulk, FixedList, Segment
from regulars.kernel.registries import Holding, Store

HOLDINGS = [
    Holding(
        model="segments.Listing", by=("customer",), on_merge="join", on_forget="erase", export=("list", "added_at"),
        label=_("Places on lists"),
    ),
]  # fmt: skip
_WORDS = ((Segment, ("name", "criteria", "description")), (FixedList, ("name", "description")))
_ASKED = ("asked", "value")


def _naming(erasure: Erasure) -> int:
    """Segments and lists in whose words she is named."""
    count = 0
    for model, columns in _WORDS:
        rows = list(model.objects.values_list(*columns))
        among = erasure.mentions.within(text for row in rows for text in row)
        count += sum(any(erasure.mentions.cleaned(text, among) != text for text in row) for row in rows)
    return count


def _forget(erasure: Erasure) -> None:
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
