"""What leaves the house is recorded."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed
from regulars.kernel.tables import moment


def record_export(
    *, asked: str, count: int, withheld: int, format: str, by: Actor, at: datetime, then: datetime | None = None
) -> int | None:
    """Records, before the first byte leaves, that customers go out of the house in a file, and which; `then` is the
    moment as of which they do, if it is not the present.

    Raises NotAllowed without `customers.export`.
    """
    if not by.may("customers.export"):
        raise NotAllowed(_("Your account may not export customers."))
    particulars: dict[str, Any] = {"asked": asked or "*", "count": count, "format": format}
    if then is not None:
        particulars["then"] = moment(then)
    with deed(verb="segments.exported", by=by, at=at, particulars=particulars) as link:
        link.saw(subject=None, what={**particulars, "withheld": withheld})
    return link.changeset
