"""Bringing from an SFTP server or a bucket what is needed to put a version back, into a folder of plain files.

From there it goes on as from a disk. What has come whole in an earlier attempt does not come again.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.areas.safekeeping.actions.restoring.choosing import REPLACED, Told, damaged, passed_over, silent
from regulars.areas.safekeeping.keeping import slips
from regulars.areas.safekeeping.keeping.arrangement import Elsewhere
from regulars.areas.safekeeping.keeping.elsewhere import Place, opened
from regulars.areas.safekeeping.keeping.slips import Version
from regulars.areas.safekeeping.queries import files_of
from regulars.kernel import crypto, keyfile, places
from regulars.kernel.errors import NotFound, Refused

Progress = Callable[[int, int], object]
_BESIDE = (".heads", ".forgotten")  # what lies beside the key file, whatever that is called
_SMALL = frozenset({"home.id", "keys.ids", "keys.db"})


def fetch(
    *,
    where: Elsewhere,
    name: str = "",
    until: datetime | None = None,
    told: Told = silent,
    progress: Progress = lambda done, of: None,
) -> Path:
    """The folder to restore from, with one version in it and all that belongs to it: the one of this name, or the
    newest good one (of those made until then). One that does not arrive as its slip says is passed over for the next
    older one. `progress`: bytes that are here, and of how many. Raises Refused, NotFound."""
    own = f"regulars-{keyfile.keys().home}"
    room = places.folder(_room() / own)
    with opened(where, reading=own) as there:
        known = there.names("")
        versions = [each for each in known if each.startswith("versions/") and each.endswith(".json")]
        if not versions:
            raise Refused(
                _("There are no versions of this register in %(place)s: no folder %(own)s.")
                % {"place": where, "own": own}
            )
        small = [each for each in known if each in _SMALL or ("/" not in each and each.endswith(_BESIDE))]
        for each in (*small, *versions):
            _get(there, each, room)
        for version in _wanted(room, name=name, until=until):
            told(_("The version %(version)s comes from %(place)s.") % {"version": version.name, "place": where})
            if _arrived(there, known, room, version, progress):
                return room
            if name:
                raise Refused(damaged(version, [_("It is not what was carried there.")]))
            told(passed_over(version, [_("It is not what was carried there.")]))
    raise NotFound(_("There is no good version in %(folder)s.") % {"folder": where})


def let_go_of_fetched() -> None:
    """What was brought is deleted: it has been put back."""
    shutil.rmtree(_room(), ignore_errors=True)


def _room() -> Path:
    return places.spool() / "fetched"


def _wanted(room: Path, *, name: str, until: datetime | None) -> Iterator[Version]:
    """By their slips alone, the newest first; last of all what a restore put aside. Raises NotFound for a name."""
    slips_there = sorted((room / "versions").glob("*.json"))
    read = [version for slip in slips_there if (version := slips.read(slip, alone=True)) is not None]
    if name:
        read = [each for each in read if each.name == name]
        if not read:
            raise NotFound(_("There is no version %(name)s. The command `versions` lists them.") % {"name": name})
        yield from read
        return
    fitting = [each for each in read if each.good and (until is None or each.at <= until)]
    fitting.sort(key=lambda each: (each.why != REPLACED, each.at, each.name), reverse=True)
    yield from fitting


def _arrived(there: Place, known: Mapping[str, int], room: Path, version: Version, progress: Progress) -> bool:
    """Brings the version with its files; whether it is what its slip says. A file that is not there any more is missed
    by whoever reads the register."""
    copy, listed = f"versions/{version.file.name}", f"versions/{version.list_of_files.name}"
    if copy not in known:
        return False
    if listed in known:
        _get(there, listed, room)
    files = [each for each in files_of(version) if each in known and not (places.home() / each).exists()]
    wanted = [each for each in (copy, *files) if not _is_here(room / each, known[each])]
    whole, done = sum(known[each] for each in wanted), 0
    _refuse_without_room(whole)
    for each in wanted:
        progress(done, whole)
        _get(there, each, room)
        done += known[each]
    progress(whole, whole)
    if all(_is_here(room / each, known[each]) for each in wanted) and _is_as_said(version):
        return True
    (room / copy).unlink(missing_ok=True)
    return False


def _is_as_said(version: Version) -> bool:
    return not version.sha256 or crypto.sha256_of_file(version.file).hex() == version.sha256


def _is_here(file: Path, size: int) -> bool:
    return file.is_file() and file.stat().st_size == size


def _get(there: Place, name: str, room: Path) -> None:
    """Whole or not at all."""
    target = room / name
    places.folder(target.parent)
    partial = target.with_name(f".{target.name}.part")
    there.get(name, partial)
    partial.replace(target)


def _refuse_without_room(needed: int) -> None:
    free = shutil.disk_usage(_room()).free
    if needed > free:
        raise Refused(
            _("%(needed)d MB are to come and %(free)d MB are free on the disk of %(folder)s. Make room there first.")
            % {"needed": needed >> 20, "free": free >> 20, "folder": places.home()}
        )
