"""Saying, outside the database, how far the chain has come."""

import logging
from datetime import datetime

from django.db import connection
from django.db.models import Subquery

from regulars.areas.journal.chain import heads
from regulars.areas.journal.models import Counter, Link
from regulars.kernel.databases import beside

log = logging.getLogger("regulars.journal")


def sign_heads_if_due(*, at: datetime) -> None:
    """The same after a deed, which is kept already: a disk that does not take the head now takes the next one."""
    try:
        sign_heads(at=at, only_if_due=True)
    except OSError as error:
        log.warning("The signed heads could not be written (%s); they will be with what is done next.", error.strerror)


def sign_heads(*, at: datetime, only_if_due: bool = False) -> bool:
    """Signs the newest link into the heads file, unless it stands there already. True if a head was written.

    Nothing is signed for a database that is only being made beside the house's own.
    """
    if beside.at_work(connection):
        return False
    following = Counter.objects.filter(name="customer").values("next")
    rows = Link.objects.order_by("-number").annotate(following=Subquery(following))
    newest = rows.values_list("number", "changeset_id", "digest", "following").first()
    if newest is None:
        return False
    number, changeset, digest, next_number = newest
    stated = heads.last()
    if stated is not None and stated.links >= number:
        return False
    if only_if_due and not heads.due(changeset=changeset, at=at):
        return False
    return heads.append(links=number, changeset=changeset, at=at, digest=bytes(digest), next_number=next_number or 0)
