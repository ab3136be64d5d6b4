"""What is proposed for a card and still open."""

from regulars.areas.customers.models import Proposal
from regulars.areas.customers.queries.cards import card_for
from regulars.kernel.actor import Actor
from regulars.kernel.prepared import Prepared


def proposals_for(by: Actor, number: int) -> list[Proposal]:
    """The open proposals for one card, the newest first. Raises NotFound."""
    return proposals_on(card_for(by, number).number)


def proposals_on(number: int) -> list[Proposal]:
    """The same for whoever has been shown this card already."""
    return _OPEN.rows(number)


_OPEN = Prepared(lambda number: Proposal.objects.filter(customer=number, state="open").order_by("-day", "-id"))
