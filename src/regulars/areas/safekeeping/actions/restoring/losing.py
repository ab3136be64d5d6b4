"""What a restore loses: the deeds after the copy, in plain words, so that they can be done again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.areas.access.models import Token, User
from regulars.areas.customers.models import Customer
from regulars.areas.journal import queries as journal
from regulars.areas.journal.chain import heads
from regulars.areas.journal.models import Changeset, Counter, Link
from regulars.areas.journal.queries import Deed
from regulars.areas.safekeeping.actions.restoring.refusals import Refusal, said_since
from regulars.kernel import databases
from regulars.kernel.errors import Refused

_MOST = 1000  # deeds that are listed
_BEHIND = 1000  # numbers that may have been given since the newest head was signed


class _OtherHistory(Exception):
    """The register at hand did not come from this copy."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a register ends: its links, its last deed, the counters of what is never given twice."""

    links: int
    digest: bytes
    changeset: int
    customers: int
    counters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Loss:
    """What stood after the copy. `deeds` newest first; without `known` they cannot be read any more, and `count` is
    what the signed heads say. `customers` is how many the register has now, None where it cannot be read."""

    first: int
    last: int
    count: int
    deeds: tuple[Deed, ...] = ()
    known: bool = True
    customers: int | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()  # public names of accounts and tokens that are of no use any more
    refusals: tuple[Refusal, ...] = ()  # said after the copy

    def as_json(self) -> dict[str, Any]:
        told = {"links": {"from": self.first, "to": self.last} if self.last >= self.first else None}
        return {**told, "count": self.count, "known": self.known, "deeds": [each.as_json() for each in self.deeds]}

    def sentence(self) -> str:
        """In one sentence, for whoever decides."""
        if not self.count:
            return _("Nothing was done after this version.")
        if not self.known:
            said = ngettext(
                "About %(count)d deed was done after this version. It cannot be read any more and is not in it.",
                "About %(count)d deeds were done after this version. They cannot be read any more and are not in it.",
                self.count,
            )
        else:
            said = ngettext(
                "%(count)d deed was done after this version and is not in it.",
                "%(count)d deeds were done after this version and are not in it.",
                self.count,
            )
        return said % {"count": self.count}


def end_of_this() -> End:
    """Where the register at hand ends."""
    newest = Link.objects.order_by("-number").values_list("number", "digest", "changeset_id").first()
    number, digest, changeset = newest or (0, b"", 0)
    counters = dict(Counter.objects.values_list("name", "next"))
    return End(number, bytes(digest), changeset, Customer.objects.count(), counters)


def loss_after(copy: End) -> Loss:
    """What the register at hand has done since it was as the copy says; by the signed heads where it cannot be read."""
    if databases.is_file(connection) and not Path(connection.settings_dict["NAME"]).exists():
        return _unread(copy)  # opening it would make an empty one
    try:
        return _read(copy)
    except (DatabaseError, Refused, OSError, _OtherHistory):
        return _unread(copy)


def _read(copy: End) -> Loss:
    live = end_of_this()
    at = Link.objects.filter(pk=copy.links).values_list("digest", flat=True).first()
    if copy.links and (at is None or bytes(at) != copy.digest):
        raise _OtherHistory
    count = Changeset.objects.filter(number__gt=copy.changeset).count()
    deeds = [each for each in journal.changes(limit=min(count, _MOST)) if each.changeset > copy.changeset]
    ended = {
        *User.objects.filter(active=False).values_list("public", flat=True),
        *Token.objects.exclude(revoked_at=None).values_list("public", flat=True),
    }
    refusals = said_since(copy.links)
    return Loss(
        copy.links + 1, live.links, count, tuple(deeds), True, live.customers, live.counters, frozenset(ended), refusals
    )


def _unread(copy: End) -> Loss:
    newest = max(heads.standing(heads.read()[0])[0], key=lambda head: head.links, default=None)
    if newest is None or newest.links <= copy.links:
        return Loss(copy.links + 1, copy.links, 0, known=False)
    counters = {"customer": newest.next + _BEHIND if newest.next else 0, "changeset": newest.changeset + _BEHIND}
    count = max(0, newest.changeset - copy.changeset)
    return Loss(copy.links + 1, newest.links, count, known=False, counters=counters)
