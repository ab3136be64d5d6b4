"""The engine: opens the file with the house's key and the settings of `docs/decisions/0015-sqlcipher.md`."""

import os
import re
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import OperationalError

from regulars.kernel import keyfile, places
from regulars.kernel.databases import gate
from regulars.kernel.databases.sqlcipher import disk, library
from regulars.kernel.databases.sqlcipher.turnstile import Turnstile
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold

_engine = library.django_engine()
_READ_ALONE = ("PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA temp_store = MEMORY")
_HARMLESS = frozenset({5, 6, 19})  # busy, locked, a constraint: the pages are as they were
_BUSY = frozenset({5, 6})
_MIB = 1 << 20


def page_cache() -> int:
    """KiB of deciphered pages one connection may keep: a 32nd of the machine, between 64 and 512 MiB.

    A million customers' rows and one index are about 200 MB; read from the cache they are counted in 0.1 s, read
    and deciphered anew in 0.6 s (docs/operating/performance.md).
    """
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        memory = 4096 * _MIB
    return max(64 * _MIB, min(512 * _MIB, memory // 32)) // 1024


def unlock(connection: Any, key: bytes) -> None:
    """Gives a fresh SQLCipher connection its key. The raw key needs no slow derivation."""
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def open_file(path: Path, key: bytes, *, timeout: float = 20.0) -> Any:
    """A plain connection (autocommit) to an enciphered file of the house, for what is not the register itself.

    One whose keys were changed since opens by the earlier one.
    """

    def connected() -> Any:
        return _engine.Database.connect(str(path), timeout=timeout, isolation_level=None, check_same_thread=False)

    return _unlocked(connected, key, _SAFE)


def open_copy(path: Path, key: bytes) -> Any:
    """A plain connection to a copy, for reading alone: nothing beside it or in it is written."""

    def connected() -> Any:
        return _engine.Database.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            detect_types=_engine.Database.PARSE_DECLTYPES | _engine.Database.PARSE_COLNAMES,
        )

    return _unlocked(connected, key, _READ_ALONE)


def _unlocked(connected: Callable[[], Any], key: bytes, pragmas: Iterable[str]) -> Any:
    """A connection with the first of the keys by which the file opens; where none does, with the one it should."""
    *others, last = keyfile.or_earlier(key)
    for each in others:
        connection = connected()
        try:
            return _tried(connection, each, pragmas)
        except DatabaseError as error:
            connection.close()
            if not is_foreign(error):
                raise
    connection = connected()
    try:
        unlock(connection, last)
        for pragma in pragmas:
            connection.execute(pragma)
    except DatabaseError:
        connection.close()
        raise
    return connection


def _tried(connection: Any, key: bytes, pragmas: Iterable[str]) -> Any:
    """Without SQLCipher's own words on standard error where it is another key."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    try:
        unlock(connection, key)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in pragmas:
            connection.execute(pragma)
    finally:
        connection.execute("PRAGMA cipher_log_level = ERROR")
    return connection


def is_foreign(error: BaseException) -> bool:
    """Whether a file is not one that this key opens."""
    return "not a database" in str(error)


def rekey(path: Path, key: bytes) -> None:
    """Enciphers a file of ours that nobody else knows with another key, and looks whether it opens with that alone."""
    connection = open_file(path, key)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
    finally:
        connection.close()
    again = _engine.Database.connect(str(path), isolation_level=None)
    try:
        unlock(again, key)
        again.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        again.close()


def opens(path: Path, key: bytes) -> bool:
    """Whether this key alone opens the file."""
    connection = _engine.Database.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    try:
        _tried(connection, key, ())
    except DatabaseError as error:
        if not is_foreign(error):
            raise
        return False
    finally:
        connection.close()
    return True


def shut(connection: Any) -> bool:
    """Keeps everybody else out of the file until the connection is closed; False where somebody is in it."""
    connection.execute("PRAGMA busy_timeout = 2000")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except OperationalFault as error:
        if _code(error) not in _BUSY:
            raise
        return False
    return bool(mode == "delete")


DatabaseError = _engine.Database.DatabaseError
OperationalFault = _engine.Database.OperationalError
_SAFE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    f"PRAGMA journal_size_limit = {64 * _MIB}",
    "PRAGMA wal_autocheckpoint = 1000",
)


class DatabaseFeatures(_engine.DatabaseFeatures):  # type: ignore[misc, name-defined]
    max_query_params = 250_000  # SQLCipher's build; this module has no `getlimit`


class DatabaseOperations(_engine.DatabaseOperations):  # type: ignore[misc, name-defined]
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """For logs and tests. Django's own asks the module for a limit that it does not tell."""
        return f"{sql} -- {params}" if params else sql


class DatabaseCreation(_engine.DatabaseCreation):  # type: ignore[misc, name-defined]
    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        for ending in ("", "-wal", "-shm", "-turn", "-gate"):
            Path(f"{test_database_name}{ending}").unlink(missing_ok=True)


_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class _Cursor(_engine.SQLiteCursorWrapper):  # type: ignore[misc, name-defined]
    """Django's. A statement that writes in a transaction of its own waits its turn as every transaction does: by
    SQLite's own waiting it came last, and after twenty seconds not at all."""

    in_turn: Callable[[Callable[[], Any]], Any]

    def execute(self, query: str, params: Any = None) -> Any:
        write = partial(super().execute, query, params)
        return write() if self.connection.in_transaction or not _WRITES.match(query) else self.in_turn(write)


class DatabaseWrapper(_engine.DatabaseWrapper):  # type: ignore[misc, name-defined]
    """Django's SQLite, enciphered. The key stands in no setting: it is fetched when a connection is opened."""

    # "integer PRIMARY KEY" is the row's own place in the file; "bigint" would make a second index for every table.
    data_types = {**_engine.DatabaseWrapper.data_types, "BigIntegerField": "integer"}
    features_class = DatabaseFeatures
    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
    _turnstile: Turnstile | None = None
    _pass: gate.Pass | None = None
    _patience = 20.0
    _doubtful = False
    reads_copy = False  # the file is a copy, read alone (`databases.copies`)

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        self.transaction_mode = "IMMEDIATE"  # a read that becomes a write would fail at once, whatever the timeout
        return {**params, "database": str(params["database"]), "timeout": params.get("timeout", 20.0)}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.is_in_memory_db():
            connection = super().get_new_connection(conn_params)
        elif self.reads_copy:
            connection = open_copy(Path(conn_params["database"]), keyfile.keys().database)
            _engine.register_functions(connection)
        else:
            connection = self._opened(Path(conn_params["database"]), conn_params)
        connection.create_function("house_fold", 1, fold, deterministic=True)
        self._doubtful = False
        return connection

    def _opened(self, file: Path, conn_params: dict[str, Any]) -> Any:
        disk.refuse_network(places.folder(file.parent))
        pragmas = (*_SAFE, f"PRAGMA cache_size = -{page_cache()}", "PRAGMA legacy_alter_table = OFF")
        key = keyfile.keys().database
        self._pass = gate.enter(file, patience=float(conn_params["timeout"]))
        try:
            connection = _unlocked(lambda: _engine.Database.connect(**conn_params), key, pragmas)
        except _engine.Database.DatabaseError as error:
            self._pass.give_back()
            raise _explained(error, file) from error
        _engine.register_functions(connection)
        self._patience = float(conn_params["timeout"])
        self._turnstile = Turnstile(file, self._patience)
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if self._turnstile is None:
            super()._start_transaction_under_autocommit()
            return
        self._in_turn(super()._start_transaction_under_autocommit)

    def create_cursor(self, name: str | None = None) -> Any:
        if self._turnstile is None:
            return super().create_cursor(name)
        cursor = self.connection.cursor(factory=_Cursor)
        cursor.in_turn = self._in_turn
        return cursor

    def _in_turn(self, write: Callable[[], Any]) -> Any:
        assert self._turnstile is not None
        with self._turnstile.passing():
            return self._soon(write)

    def _soon(self, write: Callable[[], Any]) -> Any:
        """Looks for the write lock every millisecond: one at a time stands here, and SQLite's own pauses are long."""
        until = time.monotonic() + self._patience
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    return write()
                except (OperationalError, _engine.Database.OperationalError) as error:
                    if _code(error) not in _BUSY or time.monotonic() > until:
                        raise
                    time.sleep(0.001)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    def _commit(self) -> None:
        try:
            super()._commit()
        except Exception as error:
            # After a failed write the pages in memory may not be those on disk: never go on with this connection.
            self._doubtful = _code(error) not in _HARMLESS
            raise

    def is_usable(self) -> bool:
        """Asked when a statement failed: after a failed write or sync outside a transaction the same holds."""
        return not (self._doubtful or self.errors_occurred)

    def _close(self) -> None:
        if self._turnstile:
            self._turnstile.close()
        super()._close()
        if self._pass:
            self._pass.give_back()


def _code(error: BaseException) -> int:
    cause = error.__cause__ or error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


def _explained(error: Exception, file: Path) -> Exception:
    """What a person can do about a file that does not open."""
    if "not a database" not in str(error) and "malformed" not in str(error):
        return error
    return Refused(
        _(
            "The database %(file)s does not open with the keys in %(keys)s: it is another home's, or "
            "its start is damaged."
        )
        % {"file": file, "keys": keyfile.path()}
    )
