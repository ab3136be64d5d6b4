"""Saying, outside the database, how far the chain has come."""

from datetime import datetime

from regulars.areas.journal.chain import heads
from regulars.areas.journal.models import Link


def sign_heads(*, at: datetime, only_if_due: bool = False) -> bool:
    """Signs the newest link into the heads file, unless it stands there already. True if a head was written."""
    newest = Link.objects.order_by("-number").values_list("number", "changeset_id", "digest").first()
    if newest is None:
        return False
    number, changeset, digest = newest
    stated = heads.last()
    if stated is not None and stated.links >= number:
        return False
    if only_if_due and not heads.due(changeset=changeset, at=at):
        return False
    heads.append(links=number, changeset=changeset, at=at, digest=bytes(digest))
    return True
