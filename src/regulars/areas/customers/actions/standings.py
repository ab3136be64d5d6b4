"""States given to a card, each a row with day and reason: archived, deceased, do not contact, minor, not yet one."""

from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.customers import models, queries
from regulars.areas.house.queries import today
from regulars.areas.journal.actions import deed
from regulars.kernel import forbidden
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused


def give_standing(*, number: int, kind: str, by: Actor, at: datetime, reason: str = "", verb: str = "") -> int | None:
    """Gives the card this standing; None if it has it already."""
    refuse_unknown(kind)
    forbidden.refuse(reason, where="reason")
    particulars = {"number": number, "standing": kind}
    with deed(verb=verb or "customers.standing_given", by=by, at=at, particulars=particulars) as link:
        row = queries.card_for(by, number)
        if not models.Standing.objects.filter(customer=row, kind=kind).exists():
            link.add(models.Standing(customer=row, kind=kind, since=today(at), reason=reason[:300]))
    return link.changeset


def take_standing(*, number: int, kind: str, by: Actor, at: datetime, verb: str = "") -> int | None:
    """Takes the standing off the card; None if it has none such."""
    refuse_unknown(kind)
    particulars = {"number": number, "standing": kind}
    with deed(verb=verb or "customers.standing_taken", by=by, at=at, particulars=particulars) as link:
        row = queries.card_for(by, number)
        link.remove(*models.Standing.objects.filter(customer=row, kind=kind))
    return link.changeset


def archive_customer(*, number: int, by: Actor, at: datetime, reason: str = "") -> int | None:
    """Puts the card away: it leaves the lists on screen and stays findable."""
    return give_standing(number=number, kind="archived", by=by, at=at, reason=reason, verb="customers.archived")


def unarchive_customer(*, number: int, by: Actor, at: datetime) -> int | None:
    return take_standing(number=number, kind="archived", by=by, at=at, verb="customers.unarchived")


def become_customer(*, number: int, by: Actor, at: datetime) -> int | None:
    """A prospect becomes a customer and counts as one from now on; None if it is one already."""
    return take_standing(number=number, kind="prospect", by=by, at=at, verb="customers.became_customer")


def refuse_unknown(kind: str) -> None:
    words = [word for word, _label in models.STANDINGS]
    if kind not in words:
        raise Refused(_("A standing is one of: %(words)s.") % {"words": ", ".join(words)}, where="kind")
