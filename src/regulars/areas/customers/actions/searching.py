"""The search keys of the whole register: made anew, and filled in where they are due."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.card import at_rest, keys
from regulars.kernel import jobs
from regulars.kernel.actor import Actor
from regulars.kernel.databases import writer_lock
from regulars.kernel.errors import NotAllowed
from regulars.kernel.models import Mark

_JOB = "regulars.areas.customers.jobs.fill_search_keys"


def rebuild_search_keys(*, by: Actor, told: at_rest.Told | None = None) -> int:
    """Makes all search keys anew; how many customers have them now. Meanwhile search finds who has hers already."""
    if not by.may("safekeeping.backup"):
        raise NotAllowed(_("You may not make the search keys anew."))
    with transaction.atomic():
        writer_lock(connection)
        Mark.objects.update_or_create(name=keys.MARK, defaults={"value": "due"})
        keys.clear()
    return at_rest.fill(told)


def fill_search_keys_soon(*, here: bool = False) -> None:
    """Has them filled in by a job where they are due; `here`, in this process, unless somebody is at it already."""
    if Mark.objects.filter(name=keys.MARK, value="due").exists():
        asked = jobs.enqueue(jobs.named(_JOB), key=keys.MARK)
        if here:
            jobs.run_here(asked.ticket)
