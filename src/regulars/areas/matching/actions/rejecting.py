"""Somebody says that two cards are two people."""

from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.customers.queries import card_for
from regulars.areas.journal.actions import deed
from regulars.areas.matching.holdings import note
from regulars.areas.matching.models import Pair
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

RIGHT = "customers.edit"


def reject(*, a: int, b: int, by: Actor, at: datetime) -> int | None:
    """Notes that two customers are not the same person; the pair does not come back unless other reasons do. Returns
    the changeset, None where that was known.

    Raises NotAllowed without `customers.edit`, NotFound for one whom the actor may not know of, Refused for one number.
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not say which cards are the same person."), right=RIGHT)
    if a == b:
        raise Refused(_("A card is always the same as itself. Name two different numbers."), where="b")
    a, b = min(a, b), max(a, b)
    with deed(verb="matching.rejected", by=by, at=at, particulars={"a": a, "b": b}) as link:
        card_for(by, a)
        card_for(by, b)
        codes = Pair.objects.filter(a=a, b=b).values_list("codes", flat=True).first() or ""
        note(link, a, b, codes, by=by, at=at)
    return link.changeset
