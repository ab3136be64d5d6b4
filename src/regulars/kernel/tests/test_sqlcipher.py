"""The encrypted file: its settings, its refusals, its secrecy."""

import os
import subprocess
import sys
import threading
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

from regulars.kernel import databases, keyfile
from regulars.kernel.databases.sqlcipher import disk, library
from regulars.kernel.databases.sqlcipher.turnstile import Turnstile
from regulars.kernel.errors import Refused

on_file = pytest.mark.skipif(bool(os.environ.get("REGULARS_DATABASE_URL")), reason="about the encrypted file")


def pragma(name: str) -> object:
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


@on_file
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("journal_size_limit", 64 * 1024 * 1024),
        ("wal_autocheckpoint", 1000),
    ],
)
def test_settings(name: str, value: object) -> None:
    assert pragma(name) == value


@on_file
@pytest.mark.django_db(transaction=True)
def test_no_plain_text_on_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE canary (word text)")
        cursor.execute("INSERT INTO canary VALUES ('Kanarienvogel')")
        file = Path(connection.settings_dict["NAME"])
        written = b"".join(each.read_bytes() for each in file.parent.glob(file.name + "*"))
        cursor.execute("DROP TABLE canary")
    assert len(written) > 4096 and b"Kanarienvogel" not in written and b"SQLite format" not in written


def test_keys_stand_in_no_setting() -> None:
    dump = repr(connections.settings) + repr(settings.DATABASES) + repr(connection.__dict__)
    assert keyfile.keys().database.hex() not in dump


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        *(((3, 51, 3), True), ((3, 50, 7), True), ((3, 44, 6), True), ((4, 0, 0), True)),
        *(((3, 40, 1), False), ((3, 51, 2), False), ((3, 50, 6), False), ((3, 44, 5), False), ((3, 45, 0), False)),
    ],
)
def test_a_library_with_the_wal_reset_race_is_refused(version: tuple[int, ...], safe: bool) -> None:
    assert library.fixed(version) is safe


def test_other_libraries_keep_their_own_sqlite() -> None:
    import sqlite3

    from regulars.kernel.databases.sqlcipher import base

    assert sqlite3.__name__ == "sqlite3" and base._engine.Database.__name__.startswith("sqlcipher3")


def test_memory_is_not_counted() -> None:
    """SQLITE_STATUS_MEMORY_USED (0) stays at nothing while a connection holds memory."""
    import ctypes

    from sqlcipher3 import _sqlite3 as built  # type: ignore[import-untyped]

    from regulars.kernel.databases.sqlcipher import base

    now, most = ctypes.c_int(-1), ctypes.c_int(-1)
    with closing(base._engine.Database.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE shelf AS SELECT randomblob(100000) AS goods")
        ctypes.CDLL(built.__file__).sqlite3_status(0, ctypes.byref(now), ctypes.byref(most), 0)
    assert now.value == 0


def test_network_file_systems_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = f"/dev/vda1 / ext4 rw 0 0\nserver:/x {str(tmp_path).replace(' ', chr(92) + '040')} nfs4 rw 0 0\n"
    monkeypatch.setattr(disk, "kind_of", lambda path: disk._among(path, disk.mounts(table)))
    disk.refuse_network(Path("/"))
    with pytest.raises(Refused, match="nfs4"):
        disk.refuse_network(tmp_path / "home")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another home with a database of its own."""
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "key.json"))
    monkeypatch.delenv("REGULARS_DATABASE_URL", raising=False)
    return tmp_path / "home" / "regulars.db"


def opened(file: Path):
    from regulars.kernel.databases.sqlcipher.base import DatabaseWrapper

    wrapper = DatabaseWrapper({**connections.settings["default"], "NAME": str(file), "OPTIONS": {}}, "elsewhere")
    wrapper.connect()
    return wrapper


@pytest.mark.django_db
def test_a_flipped_bit_is_found(elsewhere: Path) -> None:
    one = opened(elsewhere)
    with one.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
        cursor.execute("INSERT INTO t VALUES (%s)", ["x" * 9000])
    one.close()
    content = bytearray(elsewhere.read_bytes())
    content[4096 * 2 + 100] ^= 1
    elsewhere.write_bytes(content)
    two = opened(elsewhere)
    assert any("page 3" in line for line in databases.quick_integrity(two))
    two.close()


@pytest.mark.django_db
def test_a_foreign_file_is_refused_in_plain_words(elsewhere: Path) -> None:
    keyfile.keys()
    elsewhere.parent.mkdir(exist_ok=True)
    elsewhere.write_bytes(os.urandom(8192))
    with pytest.raises(Refused, match="does not open with the keys"):
        opened(elsewhere)


WRITER = """
import sys, time
from pathlib import Path
import django
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "regulars.kernel.databases.sqlcipher", "NAME": sys.argv[1]}})
django.setup()
from django.db import connection, transaction
for _ in range(40):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES ('greedy')")
        print("in", flush=True)
        time.sleep(0.05)
"""


@pytest.mark.django_db
def test_a_writer_that_never_rests_lets_others_in(elsewhere: Path) -> None:
    """The import takes the lock again at once; whoever waited comes first all the same."""
    one = opened(elsewhere)
    with one.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
    greedy = subprocess.Popen([sys.executable, "-c", WRITER, str(elsewhere)], stdout=subprocess.PIPE)
    assert greedy.stdout and greedy.stdout.readline() == b"in\n"
    for _ in range(5):
        one.set_autocommit(True)
        one._start_transaction_under_autocommit()
        with one.cursor() as cursor:
            cursor.execute("INSERT INTO t VALUES ('patient')")
            cursor.execute("COMMIT")
    with one.cursor() as cursor:
        turns = [row[0] for row in cursor.execute("SELECT x FROM t ORDER BY rowid").fetchall()]
    greedy.kill()
    greedy.communicate()
    one.close()
    assert turns.count("patient") == 5 and turns.count("greedy") <= 15


@on_file
@pytest.mark.django_db(transaction=True)
def test_a_connection_whose_commit_failed_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.backends.base.base import BaseDatabaseWrapper

    def failing(self: BaseDatabaseWrapper) -> None:
        raise OperationalError("disk I/O error")

    assert connection.is_usable()
    with pytest.raises(OperationalError), transaction.atomic():
        monkeypatch.setattr(BaseDatabaseWrapper, "_commit", failing)
    assert not connection.is_usable()
    monkeypatch.undo()
    connection.close()


@on_file
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("within", [False, True])
def test_who_writes_without_a_transaction_waits_her_turn_too(within: bool) -> None:
    done = threading.Event()

    def write() -> None:
        with transaction.atomic() if within else nullcontext(), connections["default"].cursor() as cursor:
            cursor.execute("DELETE FROM kernel_job WHERE task = %s", ["nothing of the kind"])
        connections["default"].close()
        done.set()

    before_her = Turnstile(Path(connection.settings_dict["NAME"]), wait=5.0)
    writer = threading.Thread(target=write)
    with before_her.passing():
        writer.start()
        assert not done.wait(0.4), "she went past somebody who stood there before her"
    assert done.wait(5.0)
    writer.join()
    before_her.close()
