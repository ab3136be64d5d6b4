"""A glance at the copies for whoever is to choose: how many customers, and how many deeds were done after each."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from regulars.areas.customers.models import Customer
from regulars.areas.journal.chain import heads
from regulars.areas.safekeeping import queries
from regulars.areas.safekeeping.actions.restoring import choosing
from regulars.areas.safekeeping.queries import Version
from regulars.kernel import crypto, keyfile

_MOST = 60  # copies that are opened for a glance


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy as it is chosen from. `customers` and `lost` are None where it cannot be looked into (PostgreSQL)."""

    name: str
    at: datetime
    why: str
    size: int
    customers: int | None = None
    changeset: int | None = None
    lost: int | None = None


def copies(*, newest: int | None = None, folder: Path | None = None) -> list[Copy]:
    """The good copies, newest first. `newest` is the last deed of the register at hand; without it what the signed
    heads know counts."""
    known = newest if newest is not None else _signed()
    return [_glance(each, known) for each in queries.versions(folder) if each.good][:_MOST]


def newest_good(known: list[Copy]) -> Copy | None:
    """The one of these that comes back where nobody names another (`choosing.candidates`)."""
    return next((each for each in known if each.why != choosing.REPLACED), known[0] if known else None)


def customers_now() -> int:
    """How many customers the register at hand has."""
    return Customer.objects.count()


def _signed() -> int:
    return max((head.changeset for head in heads.standing(heads.read()[0])[0]), default=0)


def _glance(version: Version, newest: int) -> Copy:
    bare = Copy(version.name, version.at, version.why, version.size)
    if version.file.suffix != ".db":
        return bare
    from regulars.kernel.databases.sqlcipher import base

    try:
        opened = base.open_copy(version.file, keyfile.keys().database)
        try:
            (customers,) = opened.execute("SELECT count(*) FROM customers_customer").fetchone()
            (changeset,) = opened.execute("SELECT coalesce(max(number), 0) FROM journal_changeset").fetchone()
        finally:
            opened.close()
    except (base.DatabaseError, crypto.Tampered):
        return bare
    return Copy(bare.name, bare.at, bare.why, bare.size, customers, changeset, max(0, newest - changeset))
