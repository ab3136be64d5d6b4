"""What is done to bring cards together, in one sentence each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models import ContactPoint
from regulars.areas.matching.queries.merges import MERGED
from regulars.kernel import saying
from regulars.kernel.registries import Verb


def _primaries_again(link: Any, merge: Any) -> None:
    """Each of the two cards that had a primary e-mail address or phone has one again: the one chosen since may have
    gone home with the other card."""
    first = merge.first_link
    for number in (merge.particulars["number"], merge.particulars["absorbed"]):
        for kind in ("email", "phone"):
            points = list(ContactPoint.objects.filter(customer=number, kind=kind).order_by("id"))
            if not points or any(each.primary for each in points):
                continue
            had = {"customer_id": number, "kind": kind, "primary": True, "link__lt": first, "until__gte": first}
            if ContactPoint.past._default_manager.filter(**had).exists():
                link.change(points[0], primary=True)


VERBS = [
    Verb(
        name=MERGED,
        typed=False,
        sentence=_("merged card %(absorbed)s into card %(number)s"),
        after_undo=_primaries_again,
        anew=_("To bring the two cards together again, merge them again: what each got since stays with it."),
    ),
    Verb(name="matching.rejected", sentence=_("noted that cards %(a)s and %(b)s are two people"), typed=False),
    Verb(
        name="matching.same_household",
        typed=False,
        sentence=_("noted that cards %(a)s and %(b)s are two people of one household"),
    ),
    Verb(
        name="matching.colleagues",
        typed=False,
        sentence=_("noted that cards %(a)s and %(b)s are two people who work together"),
    ),
    Verb(name="matching.works_at", typed=False, sentence=_("noted that customer %(a)s works at customer %(b)s")),
    Verb(
        name="matching.left_apart",
        typed=False,
        sentence=_("noted that cards %(a)s and %(b)s do not belong together"),
    ),
    Verb(
        name="matching.put_off",
        typed=False,
        said={"until": saying.day},
        sentence=_("put off until %(until)s whether cards %(a)s and %(b)s are one person"),
    ),
    Verb(
        name="matching.due_again",
        typed=False,
        said={"count": saying.count},
        one=_("brought back one pair of cards that had been put off"),
        sentence=_("brought back %(count)s pairs of cards that had been put off"),
    ),
]
