"""Somebody asked, and phone, e-mail and address are still right: the day of it is kept."""

from datetime import datetime

from regulars.areas.customers import queries
from regulars.areas.house.queries import today
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor


def confirm_customer(*, number: int, by: Actor, at: datetime) -> int | None:
    """Notes that the contact details were found to be still right today; None where that stands there. Raises
    NotFound."""
    with deed(verb="customers.confirmed", by=by, at=at, particulars={"number": number}) as link:
        link.change(queries.card_for(by, number), confirmed_on=today(at))
    return link.changeset
