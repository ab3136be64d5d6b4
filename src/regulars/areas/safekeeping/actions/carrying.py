"""Carrying a version, and all that belongs to it, to another place."""

import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.areas.journal.chain import ledger
from regulars.areas.safekeeping.actions.making import Doubtful, NotWhole, make_version
from regulars.areas.safekeeping.actions.proving import prove_version
from regulars.areas.safekeeping.keeping import slips
from regulars.areas.safekeeping.keeping.arrangement import Elsewhere, arrangement
from regulars.areas.safekeeping.keeping.elsewhere import Place, folder, opened
from regulars.areas.safekeeping.keeping.ladder import Rested, to_go
from regulars.areas.safekeeping.keeping.slips import Version
from regulars.kernel import keyfile, personkeys, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copying
from regulars.kernel.errors import Refused
from regulars.kernel.tables import moment

log = logging.getLogger("regulars.safekeeping")
_A_DAY = timedelta(days=1)
_FOLDERS = ("originals", "files")  # sealed files named by their content: they never change
Told = Callable[[int, int], object]


def backup_to(*, place: Path, at: datetime, by: Actor) -> Version:
    """A fresh, proved version, and with it all that is needed to begin anew elsewhere (but the key file), in another
    folder, which may be a mounted disk. Raises `Refused`: before anything is made where there is no such folder;
    where it takes no more the version stays here."""
    with folder(place):
        made = make_and_prove(at=at, why="backup", by=by)
    try:
        with folder(place) as there:
            _carried(made, there, at=at, never_delete=False)
    except Refused as error:
        told = {"why": error, "file": made.file}
        raise Refused(_("%(why)s The version is made and proved, and lies at home: %(file)s") % told) from error
    return made


def make_and_prove(*, at: datetime, why: str, by: Actor) -> Version:
    """A version, and its proof at once. Raises `Refused`; `NotWhole` where the copy is damaged,
    `Doubtful` where the register itself is not as it was written."""
    made = make_version(at=at, why=why, by=by, proved_here=True)
    proved = prove_version(name=made.name, clock=lambda: at)
    if proved.problems:
        raise NotWhole(_("The version %(file)s is damaged: %(what)s") % {"file": made.file, "what": proved.problems[0]})
    if proved.proof and proved.proof.doubts:
        raise Doubtful(
            _("%(file)s is a true copy, but the register is not as it was written: %(what)s See: regulars verify")
            % {"file": made.file, "what": proved.proof.doubts[0]}
        )
    return proved


def carry(*, version: Version, at: datetime, told: Told = lambda done, of: None) -> str:
    """Carries a version to the second place that was arranged. What it says of it. Raises `Refused`."""
    where = arrangement().elsewhere
    if where is None:
        raise Refused(_("No second place is named. Name one on the page Safekeeping."))
    with opened(where) as there:
        _carried(version, there, at=at, never_delete=where.never_delete, told=told)
    slips.amend(version, elsewhere=moment(at.astimezone(UTC)))
    return str(where)


def try_out(where: Elsewhere) -> None:
    """Whether the place can be reached and written to. Raises `Refused`; for a server whose key nobody has compared yet
    with its fingerprint, at `host_key`."""
    if where.kind == "sftp" and not where.told["host_key"]:
        from regulars.areas.safekeeping.keeping import sftp

        shown = sftp.key_of(where.told["host"], int(where.told["port"]))
        raise Refused(
            _("The server shows the key %(key)s. Compare it with what its administrator says, and enter it here.")
            % {"key": shown},
            where="host_key",
        )
    with opened(where) as there, tempfile.TemporaryDirectory(dir=places.spool()) as beside:
        said = Path(beside) / "home.id"
        said.write_bytes((places.home() / "home.id").read_bytes())
        there.put(said, "home.id")
        there.names("versions")


def _carried(
    version: Version, there: Place, *, at: datetime, never_delete: bool, told: Told = lambda done, of: None
) -> None:
    if not never_delete:
        _sweep(there, version, at)
    missing = list(_missing(there))
    whole = [(version.file, f"versions/{version.file.name}"), (version.list_of_files, f"versions/{version.name}.files")]
    whole += [*missing, *_small(), (version.slip, f"versions/{version.slip.name}")]  # the slip last: no half is found
    for done, (source, name) in enumerate(whole):
        told(done, len(whole))
        if source.exists():
            try:
                there.put(source, name)
            except OSError:  # what is to go by the rule may have taken the room
                if never_delete or not _let_go(there, at):
                    raise
                there.put(source, name)
    _person_keys(there)
    _forgotten_files(there)
    if not never_delete:
        _let_go(there, at)


def _missing(there: Place) -> list[tuple[Path, str]]:
    found = []
    for name in _FOLDERS:
        known = there.names(name)
        for file in sorted((places.home() / name).rglob("*")):
            relative = file.relative_to(places.home()).as_posix()
            if file.is_file() and file.suffix != ".part" and relative not in known:
                found.append((file, relative))
    return found


def _small() -> list[tuple[Path, str]]:
    own = (places.home() / "home.id", places.home() / "keys.ids", keyfile.heads_path(), keyfile.ledger_path())
    return [(each, each.name) for each in own]


def _person_keys(there: Place) -> None:
    """One copy, replaced each time: a key that was destroyed must not stay in an older one."""
    if not places.person_keys().exists():
        return
    with tempfile.TemporaryDirectory(dir=places.spool()) as beside:
        copying.copy_file(places.person_keys(), Path(beside) / "keys.db", personkeys.file_key())
        there.put(Path(beside) / "keys.db", "keys.db")


def _forgotten_files(there: Place) -> None:
    """Destroys there what was destroyed here because somebody was forgotten. A file that came back under the same
    digest is here again, and stays there too. Raises `Refused` where the place does not let go of it."""
    gone = {name for entry in ledger.entries() for names in entry.let_go.values() for name in names}
    for folder_ in _FOLDERS if gone else ():
        for name in there.names(folder_):
            if name.rpartition("/")[2] in gone and not (places.home() / name).exists():
                try:
                    there.remove(name)
                except OSError as error:
                    raise Refused(
                        _("The second place does not let go of %(name)s, a file of somebody who was forgotten. Delete "
                          "it there by hand: %(reason)s") % {"name": name, "reason": error}
                    ) from error  # fmt: skip


def _let_go(there: Place, at: datetime) -> list[str]:
    """The time rule, over those that were carried there: only proved ones are. The names of those that went; where it
    is not allowed all stay."""
    known = there.names("versions")
    rested = [each for name, file in _kept(known).items() if (each := _rested(name, known[file]))]
    gone = []
    for name in to_go(rested, now=at):
        if not _removed(there, known, name):
            break
        gone.append(name)
    return gone


def _sweep(there: Place, version: Version, at: datetime) -> None:
    """Removes what of a version a kill left there a day ago and more: a half of a file, or a file without its slip."""
    known = there.names("versions")
    whole = _kept(known)
    for file in sorted(known):
        name = file.rpartition("/")[2].removeprefix(".").partition(".")[0]
        rested = _rested(name, 0)
        if rested and name != version.name and name not in whole and at - rested.at > _A_DAY:
            with suppress(OSError):
                there.remove(file)


def _kept(known: dict[str, int]) -> dict[str, str]:
    """The versions that are whole there, by name: the slip came last."""
    files = {Path(name).stem: name for name in known if name.endswith((".db", ".pgdump"))}
    return {name: file for name, file in files.items() if f"versions/{name}.json" in known}


def _removed(there: Place, known: dict[str, int], name: str) -> bool:
    """Whether the place let go of a version. Its slip goes first: what is cut off then is none."""
    try:
        for file in (f"versions/{name}.json", *(f"versions/{name}{each}" for each in (".db", ".pgdump", ".files"))):
            if file in known:
                there.remove(file)
    except OSError as error:
        log.info("the second place keeps %s: %s", name, error)
        return False
    return True


def _rested(name: str, size: int) -> Rested | None:
    """What its name says of a version; None for a foreign file."""
    stamp, _dash, why = name[:18], name[18:19], name[19:]
    with suppress(ValueError):
        return Rested(name, datetime.strptime(stamp, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC), why, size, proved=True)
    return None
