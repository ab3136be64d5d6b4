"""Who is responsible for which customers: territories, and codes as a representative."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.access.actions.pieces import cover, require
from regulars.areas.access.models import Charge, User
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.text import clean


def change_charges(
    *,
    by: Actor,
    at: datetime,
    user: User,
    territories: Iterable[str] | None = None,
    representatives: Iterable[str] | None = None,
) -> int | None:
    """What the user is responsible for, each kind whole: what is not named is hers no more; None leaves a kind as it
    is. It works at her next step.

    Codes are written as on the cards. Raises NotAllowed without `access.users`; Refused for one that is too long.
    """
    require(by, "access.users")
    cover(by, user.role)
    named = {"territory": territories, "representative": representatives}
    codes = {fact: _codes(given, f"{fact}s") for fact, given in named.items() if given is not None}
    with deed(verb="access.charges_changed", by=by, at=at, particulars={"user": user.name}) as link:
        rows = {(row.fact, row.code): row for row in Charge.objects.filter(user=user, fact__in=codes)}
        wanted = {(fact, code) for fact, each in codes.items() for code in each}
        link.remove(*(row for key, row in rows.items() if key not in wanted))
        link.add(*(Charge(user=user, fact=fact, code=code) for fact, code in sorted(wanted - rows.keys())))
    return link.changeset


def _codes(given: Iterable[str], where: str) -> list[str]:
    codes = [code for code in (clean(each) for each in given) if code]
    if any(len(code) > 60 for code in codes):
        raise Refused(_("A code has at most 60 signs."), where=where)
    return codes
