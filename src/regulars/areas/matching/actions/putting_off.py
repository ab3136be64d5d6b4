"""Somebody puts off saying whether two cards are one person: the pair is out of the queue until a day."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from regulars.areas.customers.queries import card_for
from regulars.areas.house.queries import today
from regulars.areas.journal.actions import deed
from regulars.areas.matching.actions.rejecting import RIGHT
from regulars.areas.matching.models import Later, Pair
from regulars.areas.matching.queries.rejections import put_off_of
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.saying import day

A_MONTH = timedelta(days=30)
_LONGEST = timedelta(days=3_660)
_SYSTEM = Actor(kind="system", name="Regulars", rights=frozenset({"*"}), through="job")
_AT_ONCE = 500


def put_off(*, a: int, b: int, by: Actor, at: datetime, until: date | None = None) -> int | None:
    """Notes that the pair waits until this day, 30 days where none is named; it comes back earlier when something on
    either card changes, or other reasons speak for it. Returns the changeset, None where that was known.

    Raises NotAllowed without `customers.edit`, NotFound for a card the actor may not know of and for two that are no
    pair, Refused for a day that is not to come.
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not say which cards are the same person."), right=RIGHT)
    a, b, now = min(a, b), max(a, b), today(at)
    until = until or now + A_MONTH
    if not now < until <= now + _LONGEST:
        message = _("%(day)s will not do: name a day after today, within ten years.") % {"day": day(until)}
        raise Refused(message, where="until")
    with deed(verb="matching.put_off", by=by, at=at, particulars={"a": a, "b": b, "until": until.isoformat()}) as link:
        card = card_for(by, a)
        card_for(by, b)
        codes = Pair.objects.filter(a=a, b=b).values_list("codes", flat=True).first()
        if codes is None:
            raise NotFound(_("These two cards are no pair that was found."))
        told = {"codes": codes, "until_day": until, "day": now, "by": by.name[:200]}
        row = put_off_of(a, b)
        if row is not None:
            link.remove(row)  # put off once more: what was changed since then is known now
        link.add(Later(customer=card, other=b, **told))
    return link.changeset


def bring_back(*, at: datetime) -> int:
    """Takes what was put off until today, or an earlier day, into the queue again; how many."""
    due = Later.objects.filter(until_day__lte=today(at)).order_by("id")
    if not due.exists():
        return 0
    with deed(verb="matching.due_again", by=_SYSTEM, at=at, particulars={}) as link:
        waiting = list(due[:_AT_ONCE])
        link.particulars["count"] = len(waiting)
        link.remove(*waiting)
    return len(waiting)
