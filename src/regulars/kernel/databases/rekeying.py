"""A file of the house enciphered with another key: never half, whenever power or program ends.

Not in place: `PRAGMA rekey` on the live file writes every page of it, and whoever has it open would read pages of a key
unknown to it. Instead a copy is made beside, enciphered anew, read from the first page to the last, synced, and put in
the place of the old file by one rename. The key file knows both keys before that and after, so either file opens.
"""

import os
import shutil
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.kernel import places
from regulars.kernel.databases import copying, gate
from regulars.kernel.errors import Refused

_PATIENCE = 5.0  # seconds for others to let go of the file
_ENDINGS = ("", "-wal", "-shm", "-journal")


def encipher_anew(file: Path, key: bytes) -> None:
    """Raises `Refused` while somebody has the file open, and where there is no room; then all is as before."""
    from regulars.kernel.databases.sqlcipher import base

    refuse_full(file)
    fresh = file.with_name(f"{file.name}.rekeyed")
    _clear(fresh)
    with gate.closed(file, patience=_PATIENCE):  # nobody opens the old file while the new one takes its name
        live = base.open_file(file, key)
        try:
            if not base.shut(live):
                raise Refused(_("Another program has %(file)s open. End it and try again.") % {"file": file})
            live.execute("VACUUM INTO ?", (str(fresh),))
            base.rekey(fresh, key)
            _refuse_rotten(fresh, key)
            _put_in_place(fresh, file)
        finally:
            live.close()
            _clear(fresh)


def of_today(file: Path, key: bytes) -> None:
    """A file that nobody else knows opens by the key of today, also where it came from before a change of keys."""
    from regulars.kernel.databases.sqlcipher import base

    if not base.opens(file, key):
        base.rekey(file, key)


def refuse_full(file: Path) -> None:
    needed, free = file.stat().st_size * 1.1 + (16 << 20), shutil.disk_usage(file.parent).free
    if free < needed:
        told = {"file": file, "needed": int(needed / 1_000_000) + 1, "free": free // 1_000_000}
        raise Refused(_("To encipher %(file)s anew, %(needed)d MB are needed beside it; %(free)d MB are free.") % told)


def _refuse_rotten(fresh: Path, key: bytes) -> None:
    for problem in copying.rotten_file(fresh, key):
        raise Refused(_("What was enciphered anew does not read whole: %(what)s") % {"what": problem})


def _put_in_place(fresh: Path, file: Path) -> None:
    handle = os.open(fresh, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.chmod(0o600)
    fresh.replace(file)
    places.sync_folder(file.parent)


def _clear(file: Path) -> None:
    for ending in _ENDINGS:
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
