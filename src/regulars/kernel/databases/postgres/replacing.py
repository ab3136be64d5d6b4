"""One database in the place of another on PostgreSQL: a schema beside `public`, renamed in one transaction.

A sealed archive is brought into a schema of its own in one transaction, while everybody goes on: `public` steps aside
under another name, the archive is read into a new `public`, and both change names again before it commits, so nobody
else ever sees it. It commits by a word of ours alone: `psql` outlives whoever fed it and was killed, and takes the end
of what it was given for the end of the work.

The swap itself is a transaction of renames under the house's writing lock: whoever asks sees the old register or the
new one. The role must own the database (it renames `public` and makes schemas).
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from regulars.kernel import crypto, places
from regulars.kernel.databases import WRITER, copying, swapping
from regulars.kernel.databases.gate import HouseClosed
from regulars.kernel.errors import Refused
from regulars.kernel.models import Mark

_FRESH, _LIVE, _REPLACED = "regulars_fresh", "regulars_live", "regulars_replaced"
_MARK = "swap"
_BUILDER = 0x5245_4756  # the advisory lock of who builds a schema beside `public`


@contextmanager
def alone(connection: Any) -> Iterator[None]:
    """The house's writing lock is held by a connection of its own: what is copied is what is replaced. Raises
    `HouseClosed` where somebody writes for longer than a lock is waited for."""
    guard = connection.copy()
    try:
        with guard.cursor() as cursor:
            try:
                cursor.execute("SELECT pg_advisory_lock(%s)", [WRITER])
            except DatabaseError as error:
                raise HouseClosed(_("Somebody is writing and does not end. Do it again: nothing was done.")) from error
        yield
    finally:
        guard.close()


def built(connection: Any, copied: Path, *, looking: bool = False) -> str:
    """The name of a schema that holds what the archive does."""
    name = _look() if looking else _FRESH
    before, after = _around(name, _has_extension(connection))
    connection.close()
    environment, database = copying.reached(connection)
    with (
        subprocess.Popen(
            [copying.tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", "-d", database],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
        ) as writer,
        subprocess.Popen(
            [copying.tool("pg_restore"), "--no-owner", "--no-acl", "--no-comments", "-f", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as reader,
    ):  # fmt: skip
        assert writer.stdin and writer.stderr and reader.stdin and reader.stdout
        with suppress(BrokenPipeError):
            writer.stdin.write(before.encode())
            with copying.unsealed_into(copied, reader.stdin):
                shutil.copyfileobj(reader.stdout, writer.stdin, 1 << 20)
            if reader.wait() == 0:
                writer.stdin.write(after.encode())
        with suppress(BrokenPipeError):
            writer.stdin.close()
        said = writer.stderr.read().decode(errors="replace").strip()
    if writer.returncode or reader.returncode:
        raise Refused(
            _("PostgreSQL could not read the version in: %(reason)s") % {"reason": said[-500:] or "pg_restore"}
        )
    return name


def _around(name: str, extension: bool) -> tuple[str, str]:
    """What is said before the archive and after it. One whose builder was killed is waited for first."""
    move = "ALTER EXTENSION pg_trgm SET SCHEMA {};" if extension else ""
    before = [
        "BEGIN;",
        f"SELECT pg_advisory_xact_lock({_BUILDER});",
        f"DROP SCHEMA IF EXISTS {name} CASCADE;",
        f"ALTER SCHEMA public RENAME TO {_LIVE};",
        "CREATE SCHEMA public;",
        move.format("public"),
    ]
    after = [
        move.format(_LIVE),
        f"ALTER SCHEMA public RENAME TO {name};",
        f"ALTER SCHEMA {_LIVE} RENAME TO public;",
        "COMMIT;",
    ]
    return "\n".join([*before, ""]), "\n".join(["", *after, ""])


def put_in_place(connection: Any, target: str, *, keep: bool, then: Mapping[str, Any], said: swapping.Said) -> None:
    """Makes the schema the live one. The replaced one goes, or stays under a name of its own where `keep` says so."""
    swap = crypto.random_bytes(8).hex()
    kept = f"{_REPLACED}_{swap}" if keep else _REPLACED
    _drop(connection, _REPLACED)
    places.folder(_intent().parent)
    places.write_whole(_intent(), json.dumps({"swap": swap, "then": dict(then)}).encode())
    extension = _has_extension(connection)
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            if extension:
                cursor.execute(f"ALTER EXTENSION pg_trgm SET SCHEMA {target}")
            cursor.execute(f"ALTER SCHEMA public RENAME TO {kept}")
            cursor.execute(f"ALTER SCHEMA {target} RENAME TO public")
        Mark.objects.update_or_create(name=_MARK, defaults={"value": swap})
    finish(connection, said)


def finish(connection: Any, said: swapping.Said) -> bool:
    """After the transaction, or after a kill: says outside what a swap that came about has to say; withdraws one that
    did not. True if there was anything."""
    try:
        told = json.loads(_intent().read_text())
    except FileNotFoundError:
        return False
    if Mark.objects.filter(name=_MARK, value=told["swap"]).exists():
        said(told["then"])
        _drop(connection, _REPLACED)
    else:
        _drop(connection, _FRESH)
    _intent().unlink(missing_ok=True)
    places.sync_folder(_intent().parent)
    shutil.rmtree(_intent().parent, ignore_errors=True)
    return True


def abandon(connection: Any, *, looking: bool = False) -> None:
    """What was built and not put in place goes."""
    with suppress(Exception):
        _drop(connection, _look() if looking else _FRESH)


def _look() -> str:
    return f"regulars_look_{os.getpid()}"


def _intent() -> Path:
    return swapping.workshop(places.database()) / "swap.json"


def _drop(connection: Any, schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def _has_extension(connection: Any) -> bool:
    """Whether trigrams live in `public`, so that they have to move with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
            "WHERE e.extname = 'pg_trgm' AND n.nspname = 'public'"
        )
        return cursor.fetchone() is not None
