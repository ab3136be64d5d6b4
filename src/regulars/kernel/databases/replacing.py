"""One database in the place of another, on both: built from a copy beside the live one, then swapped in one step."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from regulars.kernel import keyfile, places
from regulars.kernel.databases import copying, gate, is_file, rekeying, swapping
from regulars.kernel.errors import Refused

Said = swapping.Said


def live_file(connection: Any) -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def alone(connection: Any, *, patience: float, needed: bool = True) -> Iterator[None]:
    """Nobody else has the file open. On PostgreSQL nobody else writes; whoever reads need not go."""
    if not needed:
        yield
        return
    if not is_file(connection):
        from regulars.kernel.databases.postgres import replacing as schemas

        with schemas.alone(connection):
            yield
        return
    with gate.closed(live_file(connection), patience=patience):
        yield


def built(connection: Any, copied: Path, *, looking: bool = False) -> Path | str:
    """The content of a copy beside the live database: the path of its file, or the name of its schema. With `looking`
    it is never meant to be put in place, and stands where nobody else builds."""
    _refuse_other_kind(connection, copied)
    if not is_file(connection):
        from regulars.kernel.databases.postgres import replacing as schemas

        return schemas.built(connection, copied, looking=looking)
    live = live_file(connection)
    target = _look(live) if looking else swapping.begin(live)
    _refuse_full(copied, target.parent)
    shutil.copyfile(copied, target)
    target.chmod(0o600)
    if not looking:
        rekeying.of_today(target, keyfile.keys().database)
    return target


def put_in_place(
    connection: Any, target: Path | str, *, aside: Path, keep: bool, then: dict[str, Any], said: Said
) -> None:
    """Makes what was built the live database. The replaced file goes to `aside`, and stays there with `keep`."""
    connection.close()
    if isinstance(target, str):
        from regulars.kernel.databases.postgres import replacing as schemas

        schemas.put_in_place(connection, target, keep=keep, then=then, said=said)
        return
    swapping.put_in_place(swapping.Swap(live_file(connection), aside, keep, then), said)


def pending(connection: Any) -> bool:
    """Whether a swap was decided and not finished: whoever did it was killed, or is still at it."""
    return swapping.pending(_place(connection))


def finish(connection: Any, said: Said, *, patience: float) -> bool:
    """Finishes, or withdraws, what somebody who was killed had decided. True if there was anything. Raises
    `HouseClosed` while somebody is at it."""
    if not pending(connection):
        return False
    connection.close()
    with alone(connection, patience=patience):
        if is_file(connection):
            return swapping.finish(live_file(connection), said)
        from regulars.kernel.databases.postgres import replacing as schemas

        return schemas.finish(connection, said)


def abandon(connection: Any, *, looking: bool = False) -> None:
    """What was built and not put in place goes; with `looking` only what this process looked at."""
    if is_file(connection):
        if not looking:
            swapping.abandon(live_file(connection))
            _clear_looked_at(live_file(connection))
        shutil.rmtree(_look(live_file(connection)).parent, ignore_errors=True)
    else:
        from regulars.kernel.databases.postgres import replacing as schemas

        schemas.abandon(connection, looking=looking)


def _place(connection: Any) -> Path:
    """Beside which the journal of a swap lies."""
    return live_file(connection) if is_file(connection) else places.database()


def _look(live: Path) -> Path:
    return places.folder(live.with_name(f"looking-{os.getpid()}")) / live.name


def _clear_looked_at(live: Path) -> None:
    """What processes that are gone had looked at."""
    for folder in live.parent.glob("looking-*"):
        try:
            os.kill(int(folder.name.partition("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, OSError):
            continue


def _refuse_other_kind(connection: Any, copied: Path) -> None:
    if copied.suffix != copying.ending(connection):
        raise Refused(
            _(
                "The version %(file)s was made of the other kind of database. Put it back there, and then move the "
                "house: regulars move --to URL"
            )
            % {"file": copied.name}
        )


def _refuse_full(copied: Path, folder: Path) -> None:
    needed, free = copied.stat().st_size, shutil.disk_usage(folder).free
    if free < needed * 1.2 + 64 * 1024 * 1024:
        raise Refused(
            _(
                "Putting this version back needs %(needed)d MB, but only %(free)d MB are free in %(folder)s. Make room "
                "there."
            )
            % {"needed": needed * 12 // 10_000_000 + 65, "free": free // 1_000_000, "folder": folder}
        )
