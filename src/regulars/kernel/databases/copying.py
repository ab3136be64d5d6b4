"""A copy of the whole house while it goes on working, enciphered as the house is; and whether a copy is whole.

The encrypted file is copied by `VACUUM INTO` (one consistent moment, no free pages); PostgreSQL by `pg_dump`, whose
output is sealed on its way to the disk.
"""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from regulars.kernel import crypto, databases, keyfile, places
from regulars.kernel.errors import Refused

_AAD = b"regulars: copy of the database"

# Asks a copy, or the moment of which it is made: takes the text of a query, gives its rows.
Ask = Callable[[str], list[tuple[Any, ...]]]


def ending(connection: Any) -> str:
    """How a copy's file name ends."""
    return ".db" if databases.is_file(connection) else ".pgdump"


def size(connection: Any) -> int:
    """About how many bytes a copy will have."""
    if databases.is_file(connection):
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def copy[T](connection: Any, target: Path, look: Callable[[Ask], T] | None = None) -> T | None:
    """Writes a copy, whole and durable or not at all; answers what `look` finds in it. Raises `Refused` when the tool
    for it is missing, `FileExistsError` where there is a file of this name by then."""
    partial = target.with_name(f".{target.name}.{crypto.random_bytes(4).hex()}.part")  # of two at once, each its own
    try:
        if databases.is_file(connection):
            _vacuum(Path(connection.settings_dict["NAME"]), partial)
            found = _looked_into(partial, look) if look else None
        else:
            with _moment(connection) as (ask, snapshot):
                found = look(ask) if look else None
                _dump(connection, partial, snapshot)
        _settle(partial)
        _name(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    places.sync_folder(target.parent)
    return found


def library(connection: Any) -> str:
    """What wrote the copy: `SQLCipher 4.x, SQLite 3.y` or `PostgreSQL 17.z`."""
    with connection.cursor() as cursor:
        if not databases.is_file(connection):
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
        cursor.execute("PRAGMA cipher_version")
        cipher = cursor.fetchone()[0]
        cursor.execute("SELECT sqlite_version()")
        return f"SQLCipher {cipher}, SQLite {cursor.fetchone()[0]}"


def copy_file(source: Path, target: Path, key: bytes) -> None:
    """The same for another enciphered file of the house, such as the customers' keys."""
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    _vacuum(source, partial, key)
    _settle(partial)
    partial.replace(target)
    places.sync_folder(target.parent)


def rotten(copied: Path) -> list[str]:
    """What is wrong with a copy, a sentence each; empty when it opens and every part of it is authentic."""
    try:
        return _rotten_archive(copied) if copied.suffix == ".pgdump" else rotten_file(copied, keyfile.keys().database)
    except (crypto.Tampered, KeyError, OSError) as error:
        return [str(error)]


def fill(connection: Any, name: str, copied: Path) -> None:
    """Brings an archive back into the empty database of this name, on the PostgreSQL of this connection. Raises
    `Refused` where it does not come back whole."""
    command = [tool("pg_restore"), "--no-owner", "--exit-on-error", "--dbname", name]
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    environment = reached(connection)[0]
    with (
        subprocess.Popen(command, stdin=pipe, stdout=none, stderr=pipe, env=environment) as reader,
        copied.open("rb") as source,
    ):
        assert reader.stdin and reader.stderr
        crypto.unseal_stream(archive_keys(), source, _Pipe(reader.stdin), _AAD)
        with suppress(BrokenPipeError):
            reader.stdin.close()
        said = reader.stderr.read().decode(errors="replace").strip()
    if reader.returncode:
        raise Refused(_("pg_restore could not bring the version back: %(reason)s") % {"reason": said[-500:]})


def _looked_into[T](copied: Path, look: Callable[[Ask], T]) -> T:
    from regulars.kernel.databases.sqlcipher import base

    opened = base.open_copy(copied, keyfile.keys().database)
    try:
        return look(lambda sql: opened.execute(sql).fetchall())
    finally:
        opened.close()


@contextmanager
def _moment(connection: Any) -> Iterator[tuple[Ask, str]]:
    """One moment of PostgreSQL, for asking and for pg_dump alike; over a connection of its own."""
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:

            def ask(sql: str) -> list[tuple[Any, ...]]:
                cursor.execute(sql)
                return cursor.fetchall()  # type: ignore[no-any-return]

            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield ask, ask("SELECT pg_export_snapshot()")[0][0]
    finally:
        beside.close()


def _vacuum(source: Path, target: Path, key: bytes | None = None) -> None:
    from regulars.kernel.databases.sqlcipher import base

    opened = base.open_file(source, key or keyfile.keys().database)
    try:
        opened.execute("VACUUM INTO ?", (str(target),))
    finally:
        opened.close()


def _settle(partial: Path) -> None:
    partial.chmod(0o600)
    handle = os.open(partial, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(partial: Path, target: Path) -> None:
    """Takes nobody's place. Raises `FileExistsError`."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a disk on which a file has one name alone (exFAT)
        if target.exists():
            raise FileExistsError(target) from None
        partial.replace(target)


def rotten_file(copied: Path, key: bytes) -> list[str]:
    """The same for any enciphered file of the house that nobody writes to."""
    from regulars.kernel.databases.sqlcipher import base

    try:
        with closing(base.open_copy(copied, key)) as opened:
            found = [str(row[0]) for row in opened.execute("PRAGMA cipher_integrity_check")]
            found += [str(row[0]) for row in opened.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            return found + [
                _("A row of %(table)s points at nothing.") % {"table": row[0]}
                for row in opened.execute("PRAGMA foreign_key_check")
            ]
    except base.DatabaseError as error:
        return [str(error)]


def _dump(connection: Any, target: Path, snapshot: str) -> None:
    environment, database = reached(connection)
    # what is being built beside the house for a restore is no part of it
    command = [tool("pg_dump"), "--format=custom", "--no-owner", "--exclude-schema=regulars_*"]
    command += ["--snapshot", snapshot, "--dbname", database]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment) as dump,
        target.open("xb") as out,
    ):
        assert dump.stdout and dump.stderr
        own = keyfile.keys().database
        crypto.seal_stream(own.id, _archive_key(own), cast(BinaryIO, dump.stdout), out, _AAD)
        said = dump.stderr.read().decode(errors="replace").strip()
    if dump.returncode:
        raise Refused(_("pg_dump could not copy the database: %(reason)s") % {"reason": said[-500:]})


def reached(connection: Any) -> tuple[dict[str, str], str]:
    """The environment in which PostgreSQL's own tools reach the house's server, and the database's name."""
    settings = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE"}
    names["sslrootcert"] = "PGSSLROOTCERT"
    told = {name: str(settings[key]) for key, name in names.items() if settings.get(key)}
    return {**os.environ, **told}, str(settings["dbname"])


@contextmanager
def unsealed_into(copied: Path, pipe: Any) -> Iterator[None]:
    """Within it the archive's plain content runs into the pipe, which is closed after it. Raises `Tampered` at the end
    where a part of it is not what was written."""
    found: list[BaseException] = []

    def pump() -> None:
        try:
            with copied.open("rb") as source:
                crypto.unseal_stream(archive_keys(), source, _Pipe(pipe), _AAD)
        except (crypto.Tampered, KeyError, OSError) as error:
            found.append(error)
        finally:
            with suppress(BrokenPipeError):
                pipe.close()

    thread = threading.Thread(target=pump, name="unsealing", daemon=True)
    thread.start()
    yield
    thread.join()
    if found:
        raise Refused(_("The version %(file)s is damaged: %(what)s") % {"file": copied.name, "what": found[0]})


def _rotten_archive(copied: Path) -> list[str]:
    """Opens every segment of the archive and lets `pg_restore` read its table of contents."""
    with (
        subprocess.Popen(
            [tool("pg_restore"), "--list"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as reader,
        copied.open("rb") as source,
    ):
        assert reader.stdin and reader.stderr
        crypto.unseal_stream(archive_keys(), source, _Pipe(reader.stdin), _AAD)
        with suppress(BrokenPipeError):  # it has read the head, and what was still to be given it does not want
            reader.stdin.close()
        said = reader.stderr.read().decode(errors="replace").strip()
    return [said or "pg_restore"] if reader.returncode else []


class _Pipe:
    """A pipe whose reader may stop early (`--list` reads the head only); the rest is still opened and so checked."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe

    def write(self, part: bytes) -> int:
        try:
            self._pipe.write(part)
        except BrokenPipeError:
            return len(part)
        return len(part)


def archive_keys() -> dict[str, bytes]:
    """The keys of archives by the id they carry, also of those made before the database's key was changed."""
    return {each.id: _archive_key(each) for each in keyfile.keys().all("database")}


def _archive_key(key: bytes) -> bytes:
    return crypto.derive(key, "regulars: copies of the database")


def tool(name: str) -> str:
    """The newest of the installed ones: an older pg_dump refuses a newer server."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    path = str(found[0]) if found else shutil.which(name)
    if not path:
        raise Refused(
            _(
                "%(name)s is not installed, so this PostgreSQL database cannot be copied. Install PostgreSQL's "
                "client tools."
            )
            % {"name": name}
        )
    return path
