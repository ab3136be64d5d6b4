"""What leaves the house is recorded."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.journal.actions import deed
from regulars.areas.segments.actions.agreeing import NeedsAnother, is_whole, needs_another, spend_agreement
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed
from regulars.kernel.tables import moment


def record_export(
    *, asked: str, count: int, withheld: int, format: str, by: Actor, at: datetime, then: datetime | None = None
) -> int | None:
    """Records, before the first byte leaves, that customers go out of the house in a file, and which; `then` is the
    moment as of which they do, if it is not the present.

    Raises NotAllowed without `customers.export`, NeedsAnother where an owner has to agree first.
    """
    if not by.may("customers.export"):
        raise NotAllowed(_("Your account may not export customers."))
    if needs_another(count, by=by, at=at):
        raise NeedsAnother(_("This is the whole register, and the house has two owners: another owner has to agree."))
    particulars: dict[str, Any] = {"asked": asked or "*", "count": count, "format": format}
    if then is not None:
        particulars["then"] = moment(then)
    with deed(verb="segments.exported", by=by, at=at, particulars=particulars) as link:
        link.saw(subject=None, what={**particulars, "withheld": withheld})
        if is_whole(count):
            spend_agreement(by)
    return link.changeset
