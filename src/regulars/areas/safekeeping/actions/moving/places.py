"""Where the register can lie: in the encrypted file of its home, or in a PostgreSQL database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.kernel import addresses, databases, places
from regulars.kernel.databases import elsewhere
from regulars.kernel.errors import Refused

FILE = "file"
_ENDINGS = ("", "-wal", "-shm", "-journal", "-turn", "-gate")


@dataclass(frozen=True, slots=True)
class Place:
    """`kind` is file or postgresql; `url` what `REGULARS_DATABASE_URL` must be there, empty for the file."""

    kind: str
    url: str = ""

    @property
    def told(self) -> str:
        """The place as it may be shown and kept."""
        return addresses.told(self.url) if self.url else FILE

    def settings(self) -> dict[str, Any]:
        return elsewhere.on_server(self.url, "--to") if self.url else elsewhere.on_file(places.database())

    @contextmanager
    def standing(self) -> Iterator[Any]:
        """A connection to what stands there; None where the file is not there."""
        if not self.url and not places.database().exists():
            yield None
            return
        with elsewhere.opened(self.settings()) as found:
            yield found

    @contextmanager
    def building(self) -> Iterator[Any]:
        """A connection to what is to stand there: it does so, whole, when this ends without an error."""
        if self.url:
            with elsewhere.opened(self.settings()) as made, transaction.atomic(using=made.alias):
                yield made
            return
        fresh = places.database().with_name(f"{places.database().name}.arriving")
        _cleared(fresh)
        try:
            with elsewhere.opened(elsewhere.on_file(fresh)) as made:
                yield made
            _put_in_place(fresh)
        finally:
            _cleared(fresh)


def place_named(to: str) -> Place:
    """`file`, or the address of a PostgreSQL database. Raises `Refused` for anything else."""
    if to == FILE:
        if databases.is_file(connection):
            raise Refused(_("The register lies in the encrypted file already."))
        return Place(FILE)
    addresses.postgres(to, "--to")
    return Place("postgresql", to)


def here() -> str:
    """Where the register lies now, as it may be shown."""
    if databases.is_file(connection):
        return FILE
    told = connection.settings_dict
    host, port = str(told["HOST"] or ""), f":{told['PORT']}" if told["PORT"] else ""
    socket = host.startswith("/")
    return f"postgres://{told['USER']}@{'' if socket else host}{port}/{told['NAME']}{f'?host={host}' * socket}"


def _put_in_place(fresh: Path) -> None:
    """Durably, in place of an older file that was moved away from; nothing of that one's log may be taken for ours."""
    final = places.database()
    if final.exists():
        with elsewhere.opened(elsewhere.on_file(final)) as older, older.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = DELETE")
            if cursor.fetchone()[0] != "delete":
                raise Refused(_("Another program has %(file)s open. End it and try again.") % {"file": final})
    handle = os.open(fresh, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.chmod(0o600)
    fresh.replace(final)
    places.sync_folder(final.parent)


def _cleared(file: Path) -> None:
    for ending in _ENDINGS:
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
