"""Asking for a proof of the register. It changes nothing, so it is no deed of the journal."""

from django.utils.translation import gettext as _

from regulars.areas.journal.queries import PROOF
from regulars.kernel import jobs
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed


def ask_for_proof(*, by: Actor) -> jobs.JobView:
    """The job that proves the register, or the one that is at it already. Raises NotAllowed."""
    if not by.may("journal.verify"):
        raise NotAllowed(_("Your account may not prove the register."), right="journal.verify")
    return jobs.enqueue(jobs.named(PROOF), key=PROOF, by=by.name)
