"""Making a version, and letting go of those that the rule does not keep."""

import json
import logging
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from regulars.areas.safekeeping.keeping import arrangement, slips
from regulars.areas.safekeeping.keeping.holding import Held, files_named, held, newest_link
from regulars.areas.safekeeping.keeping.ladder import Rested, to_go
from regulars.areas.safekeeping.keeping.slips import Proof, Version
from regulars.areas.safekeeping.queries import MAKE, PROVE, RIGHT, TROUBLE, versions
from regulars.kernel import crypto, jobs, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copying
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.models import Mark
from regulars.kernel.tables import moment

log = logging.getLogger("regulars.safekeeping")
SYSTEM = Actor(kind="system", name="Regulars", rights=frozenset({RIGHT}), through="job")
_BEFORE = frozenset({"upgrade", "restore"})  # what must not begin without a whole copy: looked at before anything else


class NotWhole(Refused):
    """A copy was made, but it is damaged. Earlier versions stand."""

    code = "copy_damaged"


class Doubtful(Refused):
    """A true copy was made, of a register that is not as it was written. It stays, and is not called proved."""

    code = "register_doubtful"


def make_version(*, at: datetime, why: str, by: Actor = SYSTEM, proved_here: bool = False) -> Version:
    """Copies the house beside it, and asks for the copy to be proved unless the caller does that here. Raises
    `Refused`; the house goes on as before.

    Before an upgrade or a restore the copy's pages are read at once, and a damaged one is refused (`NotWhole`).
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not make versions."))
    folder = places.versions()
    _refuse_full(folder, at_any_price=why in _BEFORE)
    begun = 0 if why in _BEFORE else newest_link()[0]
    file, found = _copied(folder, at, why)
    made = _written(file, found, begun, at=at, why=why, by=by)
    if made.problems:
        raise NotWhole(_("The version %(file)s is damaged: %(what)s") % {"file": file, "what": made.problems[0]})
    if why not in _BEFORE and not proved_here:
        jobs.enqueue(jobs.named(PROVE), key=f"{PROVE} {made.name}", name=made.name)
    return made


def make_if_changed(*, at: datetime, why: str) -> Version | None:
    """A version, if the chain has grown since the newest good one. What goes wrong is noted for the screen and stops
    nobody: None then, and where nothing changed."""
    newest = next((each for each in versions() if each.good), None)
    try:
        if newest is not None and (newest.link, newest.digest) == newest_link():
            return None
        made = make_version(at=at, why=why)
    except (Refused, OSError, DatabaseError) as error:
        log.warning("no version %s: %s", why, error)
        note_trouble(at=at, why=why, said=str(error))
        return None
    note_trouble(at=at)
    return made


def ask_for_version(*, by: Actor) -> jobs.JobView:
    """The job that makes a version and proves it, or the one that is at it already. Raises NotAllowed."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not make versions."))
    return jobs.enqueue(jobs.named(MAKE), key=MAKE, by=by.name)


def note_trouble(*, at: datetime, why: str = "", said: str = "") -> None:
    """Remembers, for the screen, why the last version could not be made; forgets it with the next one that was."""
    if said:
        told = json.dumps({"at": moment(at), "why": why, "said": said[:500]})
        Mark.objects.update_or_create(name=TROUBLE, defaults={"value": told})
    else:
        Mark.objects.filter(name=TROUBLE).delete()


def prune(folder: Path, *, at: datetime, budget: int | None = None) -> list[str]:
    """Lets go of the versions in a folder that the rule does not keep; the names of these. Nothing half-made stays."""
    known = {each.name: each for each in versions(folder)}
    gone = to_go(rested(known.values()), now=at, budget=budget)
    for name in gone:
        slips.remove(known[name])
    for half in folder.glob(".*.part"):
        if at.timestamp() - half.stat().st_mtime > 3600:  # of a copy that was killed: none takes an hour
            half.unlink(missing_ok=True)
    return gone


def prune_home(*, at: datetime) -> list[str]:
    """The same at home, where versions may take so much of the disk and no more."""
    return prune(places.versions(), at=at, budget=arrangement.room()[0] * arrangement.arrangement().budget // 100)


def rested(known: Iterable[Version]) -> list[Rested]:
    """What the rule is told of versions."""
    states = {"proved": True, "damaged": False, "doubtful": None, "waiting": None}
    return [Rested(each.name, each.at, each.why, each.size, states[each.state]) for each in known]


def _copied(folder: Path, at: datetime, why: str) -> tuple[Path, Held]:
    """A copy under a name that is free, also where another process makes one in the same second."""
    while True:
        file = folder / f"{_free_name(folder, at, why)}{copying.ending(connection)}"
        with suppress(FileExistsError):
            return file, copying.copy(connection, file, held) or Held()


def _free_name(folder: Path, at: datetime, why: str) -> str:
    name = f"{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-{why}"
    taken = {each.stem for each in folder.glob(f"{name}*")}
    return next(each for each in (name, *(f"{name}-{n}" for n in range(2, 1000))) if each not in taken)


def _written(file: Path, found: Held, begun: int, *, at: datetime, why: str, by: Actor) -> Version:
    problems, proof = [], None
    if found.link < begun:
        problems = [_("It ends at link %(there)d, but link %(begun)d was there before.") % {
            "there": found.link, "begun": begun,
        }]  # fmt: skip
    if why in _BEFORE:
        problems += copying.rotten(file)
        proof = Proof(at.astimezone(UTC), not problems, "pages")
    named = files_named()
    version = Version(
        file.stem, at, why, by.name, file.stat().st_size, crypto.sha256_of_file(file).hex(), tuple(problems), file,
        found.link, found.digest, found.customers, found.links, copying.library(connection), _schema(), len(named),
        proof,
    )  # fmt: skip
    places.write_whole(version.list_of_files, "".join(f"{name}\n" for name in named).encode())
    slips.write(version)
    return version


def _schema() -> str:
    """Which migrations the database has had, by their digest; '' before it remembers any."""
    return Mark.objects.filter(name="steps").values_list("value", flat=True).first() or ""


def _refuse_full(folder: Path, *, at_any_price: bool) -> None:
    needed, free = copying.size(connection), shutil.disk_usage(folder).free
    if free < needed * 1.1 + 64 * 1024 * 1024:
        raise Refused(
            _("A version needs about %(needed)d MB, but only %(free)d MB are free in %(folder)s. Make room there.")
            % {"needed": needed // 1_000_000 + 1, "free": free // 1_000_000, "folder": folder}
        )
    total, used = arrangement.room()
    if used * 100 >= total * arrangement.STOPPED and not at_any_price:
        raise Refused(
            _("The disk is %(full)d%% full: from %(most)d%% on no versions are made. Make room in %(folder)s.")
            % {"full": used * 100 // total, "most": arrangement.STOPPED, "folder": folder}
        )
