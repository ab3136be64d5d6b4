"""The search keys of the whole register, made anew."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.card import at_rest, keys
from regulars.kernel.actor import Actor
from regulars.kernel.databases import writer_lock
from regulars.kernel.errors import NotAllowed
from regulars.kernel.models import Mark


def rebuild_search_keys(*, by: Actor, told: at_rest.Told | None = None) -> int:
    """Makes all search keys anew; how many customers have them now. Meanwhile search finds who has hers already."""
    if not by.may("safekeeping.backup"):
        raise NotAllowed(_("You may not make the search keys anew."))
    with transaction.atomic():
        writer_lock(connection)
        Mark.objects.update_or_create(name=keys.MARK, defaults={"value": "due"})
        keys.clear()
    return at_rest.fill(told)
