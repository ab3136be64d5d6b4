"""The whole house put back: one copy in place of the register, never half.

The register that is there becomes a copy first; where it cannot be read any more, its files are put aside as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, connections
from django.utils.translation import gettext as _

from regulars.areas.journal.actions import sign_heads
from regulars.areas.journal.chain import heads
from regulars.areas.safekeeping.actions.making import make_version
from regulars.areas.safekeeping.actions.restoring import choosing
from regulars.areas.safekeeping.actions.restoring.building import Built, NotSound, made_ready, opened
from regulars.areas.safekeeping.actions.restoring.losing import Loss, loss_after
from regulars.areas.safekeeping.actions.restoring.soundness import what_is_wrong
from regulars.areas.safekeeping.queries import Version
from regulars.kernel import places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import beside, replacing
from regulars.kernel.errors import NotAllowed, Refused

RIGHT = "safekeeping.backup"
PATIENCE = 30.0  # seconds for others to let go of the database


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, or would do. `replaced` names the copy, or the folder, that the register has become;
    `refused` counts what was said no to since and went along."""

    version: Version
    loss: Loss
    customers: int
    wrong: tuple[str, ...]
    replaced: str = ""
    forgotten: tuple[int, ...] = ()
    ended: tuple[str, ...] = ()
    refused: int = 0
    missing: tuple[str, ...] = ()
    done: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version.name,
            "at": self.version.as_json()["at"],
            "restored": self.done,
            "wrong": list(self.wrong),
            "replaced": self.replaced,
            "lost": self.loss.as_json(),
            "customers": {"then": self.customers, "now": self.loss.customers},
            "forgotten": list(self.forgotten),
            "ended": list(self.ended),
            "refused": self.refused,
            "missing_files": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """Which copy is meant: by name, the newest of a moment, or (neither) the newest good one; in which folder."""

    name: str = ""
    until: datetime | None = None
    folder: Path | None = None


def restore_house(
    *, choice: Choice, by: Actor, at: datetime, told: choosing.Told = choosing.silent, dry_run: bool = False
) -> Restored:
    """Puts a copy in place of the register. Raises NotAllowed, NotFound, Refused; then nothing has changed.

    Nobody else may have the database open meanwhile (on the file), or write (PostgreSQL): `HouseClosed` where they do
    not let go. With `dry_run` it only builds and says what would be lost.
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not put versions back. The owner of the house can give the right."))
    connections.close_all()
    with replacing.alone(connection, patience=PATIENCE, needed=not dry_run):
        try:
            return _restored(choice, by, at, told, dry_run=dry_run)
        finally:
            connections.close_all()
            replacing.abandon(connection, looking=dry_run)


def _restored(choice: Choice, by: Actor, at: datetime, told: choosing.Told, *, dry_run: bool) -> Restored:
    wrong = tuple(what_is_wrong())
    for version in _in_turn(choice, told):
        try:
            target = replacing.built(connection, version.file, looking=dry_run)
            with opened(target, version) as copy:
                pass
            loss = loss_after(copy)
            if dry_run:
                return Restored(version, loss, copy.customers, wrong)
            kept = _kept(wrong, by, at)
            with beside.working_on(connection, target):
                built = made_ready(version, copy, loss, by=by, at=at)
        except (NotSound, DatabaseError) as error:
            if choice.name:
                raise
            told(str(error))
            continue
        _put_in_place(target, built, loss, kept, at)
        replaced = kept or (_aside(at).name if _aside(at).exists() else "")
        facts = (built.forgotten, built.ended, built.refused, built.missing)
        return Restored(version, loss, copy.customers, wrong, replaced, *facts, done=True)
    raise Refused(_("None of the versions is a whole register. Look for one at another place: regulars restore --from"))


def _in_turn(choice: Choice, told: choosing.Told) -> list[Version]:
    """The one that was named; else every good one, newest first."""
    first = choosing.chosen(name=choice.name, until=choice.until, folder=choice.folder, told=told)
    if choice.name:
        return [first]
    others = [each.name for each in choosing.candidates(until=choice.until, folder=choice.folder)]
    after = set(others[others.index(first.name) + 1 :])
    return [first, *(each for each in choosing.candidates(folder=choice.folder) if each.name in after)]


def _kept(wrong: tuple[str, ...], by: Actor, at: datetime) -> str:
    """The register as it is, made a copy; '' where it cannot be read and its files are put aside instead."""
    try:
        return make_version(at=at, why=choosing.REPLACED, by=by).name
    except Exception:  # the library's own errors among them: whatever it is, it cannot be copied
        if not wrong:
            raise  # a sound register is not replaced without a copy of it
        return ""
    finally:
        connection.close()


def _put_in_place(target: Path | str, built: Built, loss: Loss, kept: str, at: datetime) -> None:
    copy = built.copy
    line = heads.for_restore(
        links=copy.links,
        changeset=copy.changeset,
        at=at,
        digest=copy.digest,
        next_number=max(loss.counters.get("customer", 0), copy.counters.get("customer", 0)),
        version=built.version.name,
        common=built.common,
    )
    replacing.put_in_place(connection, target, aside=_aside(at), keep=not kept, then={"head": line}, said=say_outside)
    sign_heads(at=at)


def _aside(at: datetime) -> Path:
    return places.versions() / f"{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-replaced-broken"


def say_outside(then: Mapping[str, Any]) -> None:
    """What a finished swap has to say outside the database: the signed line that the register is an older one now."""
    if "head" in then:
        heads.append_ready(then["head"])


def finish_swap() -> bool:
    """Finishes what a restore or an upgrade that was killed had decided. True if there was anything."""
    return replacing.finish(connection, say_outside, patience=PATIENCE)
