"""Reading very much in a short time is noticed, told and slowed: so takes what is not his who may read (security Z10).

Customers whose cards somebody opens, pages through or takes out in a file are counted, those of all her sessions and
tokens together. A process counts in memory and writes only every 25 of them, so that a card opened costs no write.
"""

import logging
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from regulars.areas.access.actions.pieces import cover, require
from regulars.areas.access.models import Noticed, Reading, User
from regulars.areas.journal.actions import deed
from regulars.areas.journal.queries import as_of
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused

log = logging.getLogger("regulars.access")
MOST, WITHIN = 500, timedelta(minutes=10)
STEP = 25  # so many are counted in memory before anything is written
PAUSE = 10.0  # seconds between two cards of somebody who is slowed
_KEPT = timedelta(days=1)
_SYSTEM = Actor(kind="system", name="Regulars", rights=frozenset({"*"}), through="job")
_LOCK = threading.Lock()
_UNWRITTEN: dict[int, int] = {}
_LAST: dict[int, float] = {}


class ReadsTooMuch(Refused):
    """Somebody who read very much in a short time reads slowly, until an owner lifts it."""

    code = "reads_too_much"
    status = 429


def reads(by: Actor, at: datetime, many: int = 1) -> None:
    """Counts so many customers as read by whoever asks, before she gets them. Raises ReadsTooMuch.

    Who is slowed gets one card every ten seconds and nothing in numbers. An owner is noticed as others are, and not
    slowed: she could lift it herself.
    """
    if by.account is None or not many:
        return
    if by.slowed:
        _one_at_a_time(by.account, many)
    with _LOCK:
        count = _UNWRITTEN.get(by.account, 0) + many
        _UNWRITTEN[by.account] = 0 if count >= STEP else count
    if count >= STEP:
        # what can be read is shown, also where nothing can be written; who looks back reads today
        with suppress(DatabaseError), as_of(None):
            _counted(by.account, count, at)


def lift_reading(*, by: Actor, at: datetime, user: User) -> int | None:
    """An owner says that it was all right: the count begins anew, and nothing is slowed. Raises NotAllowed."""
    require(by, "access.users")
    cover(by, user.role)
    if not Noticed.objects.filter(user=user).exists():
        return None
    with deed(verb="access.reading_lifted", by=by, at=at, particulars={"user": user.name}) as link:
        link.saw(subject=None, what={"user": user.public})
        Noticed.objects.filter(user=user).delete()
        Reading.objects.filter(user=user).delete()
    return link.changeset


def forget_counts() -> None:
    """Forgets what this process counted and did not write (tests)."""
    with _LOCK:
        _UNWRITTEN.clear()
        _LAST.clear()


def _one_at_a_time(account: int, many: int) -> None:
    with _LOCK:
        waited = time.monotonic() - _LAST.get(account, float("-inf"))
        if many == 1 and waited >= PAUSE:
            _LAST[account] = time.monotonic()
            return
    raise ReadsTooMuch(
        _(
            "You have read very many customers in a short time. Until an owner of the house says that it is all right, "
            "one card opens every ten seconds, and nothing goes out in a file."
        ),
        retry_after=round(PAUSE),
    )


def _counted(account: int, count: int, at: datetime) -> None:
    minute = at.replace(second=0, microsecond=0)
    Reading.objects.get_or_create(user_id=account, minute=minute)
    Reading.objects.filter(user_id=account, minute=minute).update(count=F("count") + count)
    recent = Reading.objects.filter(user_id=account, minute__gt=minute - WITHIN)
    read = recent.aggregate(all=Sum("count"))["all"] or 0
    if read >= MOST and not Noticed.objects.filter(user_id=account).exists():
        _noticed(User.objects.get(pk=account), read, at)


def _noticed(user: User, read: int, at: datetime) -> None:
    with deed(verb="access.reading_noticed", by=_SYSTEM, at=at, particulars={"user": user.name}) as link:
        _row, made = Noticed.objects.get_or_create(user=user, defaults={"at": at, "count": read})
        if made:
            link.saw(subject=None, what={"user": user.public, "customers": read})
    Reading.objects.filter(minute__lt=at - _KEPT).delete()
    log.warning("User %s read %d customers within ten minutes.", user.public, read)
