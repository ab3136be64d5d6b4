"""Making a version, and keeping the last seven."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from regulars.areas.safekeeping.queries import Version, versions
from regulars.kernel import crypto, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copying
from regulars.kernel.errors import NotAllowed, Refused

KEPT = 7
_SYSTEM = Actor(kind="system", name="Regulars", rights=frozenset({"safekeeping.backup"}), through="job")


class NotWhole(Refused):
    """A copy was made, but the check found it damaged. Earlier versions stand."""

    code = "copy_damaged"


def make_version(*, at: datetime, why: str, by: Actor = _SYSTEM) -> Version:
    """Copies the house, checks the copy, keeps the last seven. Raises `Refused`; the house goes on as before."""
    if not by.may("safekeeping.backup"):
        raise NotAllowed(_("Your account may not make copies."))
    folder = places.versions()
    _refuse_full(folder)
    name = f"{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-{why}"
    file = folder / f"{name}{copying.ending(connection)}"
    copying.copy(connection, file)
    made = _written(name, file, at=at, why=why, by=by)
    if made.problems:
        raise NotWhole(_("The copy %(file)s is damaged: %(what)s") % {"file": file, "what": made.problems[0]})
    prune(folder)
    return made


def _written(name: str, file: Path, *, at: datetime, why: str, by: Actor) -> Version:
    problems = tuple(copying.rotten(file))
    version = Version(name, at, why, by.name, file.stat().st_size, crypto.sha256_of_file(file).hex(), problems, file)
    slip = {**version.as_json(), "file": file.name}
    places.write_whole(file.with_name(f"{name}.json"), json.dumps(slip, indent=1).encode())
    return version


def prune(folder: Path) -> None:
    """Leaves the newest seven good ones and whatever is newer than the oldest of them; nothing half-made."""
    good = [version for version in versions(folder) if version.good]
    for old in versions(folder):
        if len(good) >= KEPT and old.name < good[KEPT - 1].name:
            old.file.with_name(f"{old.name}.json").unlink(missing_ok=True)
            old.file.unlink(missing_ok=True)
    for half in folder.glob(".*.part"):  # of a copy that was killed: the one at hand is whole by now
        half.unlink(missing_ok=True)


def _refuse_full(folder: Path) -> None:
    needed, free = copying.size(connection), shutil.disk_usage(folder).free
    if free < needed * 1.1 + 64 * 1024 * 1024:
        raise Refused(
            _("A copy needs about %(needed)d MB, but only %(free)d MB are free in %(folder)s. Make room there.")
            % {"needed": needed // 1_000_000 + 1, "free": free // 1_000_000, "folder": folder}
        )
