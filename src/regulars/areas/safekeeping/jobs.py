"""In the background: versions made, proved and carried to the second place, the drill; the database tidied."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from regulars.areas.safekeeping import actions, queries
from regulars.areas.safekeeping.keeping.arrangement import arrangement
from regulars.kernel import databases, jobs
from regulars.kernel.actor import Actor
from regulars.kernel.databases import resting
from regulars.kernel.errors import Refused

_HOUR, _DAY = 3_600, 86_400


@jobs.job(attempts=2)
def copy_the_house() -> str:
    """The nightly version; its name is the result. It is made also where nothing changed: it shows that it can be."""
    return _made("nightly", actions.SYSTEM).name


def _made(why: str, by: Actor, *, here: bool = False) -> queries.Version:
    """A version; why there is none stands on the screen until one could be made."""
    now = timezone.now()
    try:
        made = actions.make_version(at=now, why=why, by=by, proved_here=here)
    except Refused as refused:
        actions.note_trouble(at=now, why=why, said=str(refused))
        raise
    actions.note_trouble(at=now)
    return made


@jobs.job(attempts=2)
def keep(why: str) -> str | None:
    """A version, if something changed since the last one; its name is the result. Before it those go that need not
    stay: on a full disk none is made, and then none would be proved and make room."""
    actions.prune_home(at=timezone.now())
    made = actions.make_if_changed(at=timezone.now(), why=why)
    return made.name if made else None


@jobs.job(attempts=1)
def make(by: str) -> str:
    """The version somebody asked for, and its proof at once."""
    jobs.progress(0, 2)
    made = _made("backup", Actor(kind="user", name=by, rights=frozenset({queries.RIGHT}), through="job"), here=True)
    jobs.progress(1, 2)
    actions.prove_version(name=made.name, clock=timezone.now, meanwhile=lambda: jobs.progress(1, 2))
    return made.name


@jobs.job(attempts=2, priority=-1)
def prove(name: str, again: bool = False) -> bool:
    """Proves one version; the nightly one then goes to the second place."""
    version = actions.prove_version(
        name=name, clock=timezone.now, whole=again, meanwhile=lambda: jobs.progress(0, None)
    )  # fmt: skip
    if version.proved and version.why == "nightly" and not version.elsewhere and arrangement().elsewhere:
        jobs.enqueue(carry, key=queries.CARRY, name=name)
    return version.proved


@jobs.job(attempts=5, priority=-1)
def carry(name: str) -> str:
    """Carries one version to the second place; tried again for some hours where that cannot be reached."""
    return actions.carry(version=queries.version_named(name), at=timezone.now(), told=jobs.progress)


@jobs.job(attempts=2, priority=-1)
def drill() -> dict[str, Any]:
    return actions.drill(meanwhile=lambda: jobs.progress(0, None))


def milestone(why: str, over: bool) -> None:
    """Around a deed over many rows: before it a version is made here and now, off the write lock; after it soon."""
    if over:
        jobs.enqueue(keep, key=f"after-{why}", why=f"after-{why}")
    elif not connection.in_atomic_block:
        actions.make_if_changed(at=timezone.now(), why=f"before-{why}")


@jobs.every(_HOUR, "hourly version")
def ask_for_the_hourly_version() -> None:
    jobs.enqueue(keep, key="hourly version", why="hourly")


@jobs.every(_DAY, "nightly copy", hour=1)
def ask_for_the_nightly_copy() -> None:
    jobs.enqueue(copy_the_house, key="nightly copy")


@jobs.every(120, "unproved versions")
def ask_for_proofs() -> None:
    """Of versions whose proof came to no end; one that is asked for already is not asked for twice."""
    for version in actions.unproved(at=timezone.now()):
        jobs.enqueue(prove, key=f"{queries.PROVE} {version.name}", name=version.name)


@jobs.every(7 * _DAY, "weekly drill")
def ask_for_the_drill() -> None:
    jobs.enqueue(drill, key=queries.DRILL)


@jobs.every(_DAY, "tidy database", hour=2)
def tidy_the_database() -> None:
    jobs.clear_away(before=timezone.now() - timedelta(days=30))
    resting.mend(connection)
    databases.tidy(connection)
