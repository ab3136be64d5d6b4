"""How the house is kept: the room that versions may take, the second place. A deed that tells no secret."""

from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.journal.actions import deed
from regulars.areas.safekeeping.actions.carrying import try_out
from regulars.areas.safekeeping.keeping.arrangement import Arrangement, Elsewhere, arrange, arrangement
from regulars.areas.safekeeping.queries import RIGHT
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

LEAST, MOST = 5, 90  # percent of the disk


def arrange_house(
    *,
    budget: int | None = None,
    elsewhere: Elsewhere | None = None,
    nowhere: bool = False,
    by: Actor,
    at: datetime,
) -> Arrangement:
    """Sets what is named and leaves the rest; a new second place is tried out first. Raises NotAllowed, `Refused`."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not make versions."))
    if budget is not None and not LEAST <= budget <= MOST:
        raise Refused(
            _("Versions may take between %(least)d and %(most)d%% of the disk.") % {"least": LEAST, "most": MOST},
            where="budget",
        )
    if elsewhere is not None:
        try_out(elsewhere)
    before = arrangement()
    now = arrange(budget=budget, elsewhere=elsewhere, nowhere=nowhere)
    if now != before:
        told = {"budget": now.budget, "place": str(now.elsewhere or "–")}
        with deed(verb="safekeeping.arranged", by=by, at=at, particulars=told) as link:
            link.saw(subject=None, what=told)
    return now
