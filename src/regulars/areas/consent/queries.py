"""Whether somebody may be written to, and why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from regulars.areas.consent.models import CHANNELS, PURPOSES, Answer
from regulars.areas.customers.models import Standing
from regulars.areas.customers.queries import card_for
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is allowed, and the reason in words."""

    allowed: bool
    why: str

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel and purpose on the card's page: the answer that stands, None for no answer, and the verdict."""

    channel: str
    purpose: str
    channel_label: str
    purpose_label: str
    answer: Answer | None
    verdict: Verdict

    @property
    def word(self) -> str:
        """refused, claimed, given, or none."""
        return self.answer.answer if self.answer else "none"


def may_contact(number: int, channel: str, purpose: str) -> Verdict:
    """Whether this customer may be contacted so. A claimed yes allows nothing; a no wins over everything."""
    if channel not in dict(CHANNELS) or purpose not in dict(PURPOSES):
        raise Refused(_("There is no such channel or purpose: %(what)s.") % {"what": f"{channel}, {purpose}"})
    standings = set(Standing.objects.filter(customer_id=number).values_list("kind", flat=True))
    row = Answer.objects.filter(customer_id=number, channel=channel, purpose=purpose).first()
    return _verdict(standings, row, channel, purpose)


def for_card(by: Actor, number: int) -> Sequence[Sequence[Cell]]:
    """The card's table of answers: a line per purpose, a cell per channel. Raises NotFound."""
    card = card_for(by, number)
    return on_card(card.number, Standing.objects.filter(customer=card).values_list("kind", flat=True))


def on_card(number: int, marks: Iterable[str]) -> Sequence[Sequence[Cell]]:
    """The same where the card with its marks has been read already."""
    standings = set(marks)
    rows = {(row.channel, row.purpose): row for row in _ANSWERS.rows(number)}
    return [
        [
            Cell(c, p, str(cl), str(pl), rows.get((c, p)), _verdict(standings, rows.get((c, p)), c, p))
            for c, cl in CHANNELS
        ]
        for p, pl in PURPOSES
    ]


_ANSWERS = Prepared(lambda number: Answer.objects.filter(customer=number))


def _verdict(standings: set[str], row: Answer | None, channel: str, purpose: str) -> Verdict:
    if "deceased" in standings:
        return Verdict(False, _("The customer has died."))
    if "do_not_contact" in standings:
        return Verdict(False, _("The customer wants no contact."))
    if "secret_address" in standings and channel == "post":
        return Verdict(False, _("The address is secret."))
    if row is not None and row.answer == "refused":
        return Verdict(False, _("The customer said no on %(day)s.") % {"day": row.day.isoformat()})
    if purpose == "service":
        return Verdict(True, _("Needed to serve the customer."))
    if "minor" in standings:
        return Verdict(False, _("The customer is a minor."))
    if row is not None and row.answer == "given":
        return Verdict(True, _("The customer agreed on %(day)s.") % {"day": row.day.isoformat()})
    if row is not None:
        return Verdict(False, _("A yes is claimed, but there is no proof."))
    if channel == "post":
        return Verdict(True, _("Letters are allowed until the customer says no."))
    return Verdict(False, _("The customer has not been asked."))
