"""A home, keys and a database for one pass, made before Django reads its settings and removed afterwards."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings

from tests.rig.keys import write_keys
from tests.rig.postgres import Server, find_binaries

_STARTED: list[Server] = []
_FOLDERS: list[Path] = []
_ROOMY = 4 << 30  # bytes
NO_SERVER = "no PostgreSQL found (Debian: apt-get install postgresql)"


def prepare(config: pytest.Config) -> None:
    """Sets the `REGULARS_…` environment of this process, and with it of the workers it starts."""
    for name in [each for each in os.environ if each.startswith("REGULARS_")]:
        if not (_is_worker(config) and name == "REGULARS_DATABASE_URL"):
            del os.environ[name]
    if not _is_worker(config):
        _work_in_memory()
        _FOLDERS.append(Path(tempfile.mkdtemp(prefix="shared-")))
        os.environ["TESTS_SHARED"] = str(_FOLDERS[-1])  # what is made once, by whichever worker wants it first
    home = Path(tempfile.mkdtemp(prefix="regulars-"))
    _FOLDERS.append(home)
    os.environ["REGULARS_HOME"] = str(home / "home")
    os.environ["REGULARS_KEY_FILE"] = str(home / "keys.json")
    (home / "home").mkdir()
    write_keys(home / "keys.json")
    if config.getoption("--postgres") and not _is_worker(config) and find_binaries():
        server = Server()
        server.start()
        _STARTED.append(server)
        os.environ["REGULARS_DATABASE_URL"] = server.url
    os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
    django.setup()  # pytest-django does so only where settings were read before
    _empty_only_what_was_written()
    _make_tables_as_the_house_does()


def _work_in_memory() -> None:
    """Everything temporary of this pass, of its workers and of what they start lies in memory, where the machine has
    room for it there: nothing of it is to outlive the machine, and a disk is waited for at every commit."""
    memory = Path("/dev/shm")
    if "TMPDIR" in os.environ or not memory.is_dir() or shutil.disk_usage(memory).free < _ROOMY:
        return
    for left in memory.glob("tests-*-*"):  # of a run that was killed
        if not Path(f"/proc/{left.name.split('-')[1]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"tests-{os.getpid()}-", dir=memory))
    folder.chmod(0o711)  # the user that PostgreSQL runs as goes through it
    _FOLDERS.append(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def _empty_only_what_was_written() -> None:
    """After a test that commits the tables with rows are emptied, not all hundred: on PostgreSQL, which makes the files
    of each table and index anew to truncate it, that took longer than most tests."""
    from django.db import connection

    def sql_flush(self: Any, _style: Any, tables: Sequence[str], **_how: bool) -> list[str]:
        named = [self.quote_name(table) for table in tables]
        asked = [f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {name})" for place, name in enumerate(named)]
        with self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked))
            return [f"DELETE FROM {named[place]}" for (place,) in cursor.fetchall()]

    setattr(type(connection.ops), "sql_flush", sql_flush)  # noqa: B010 - of this run alone


def _make_tables_as_the_house_does() -> None:
    """The database of a pass, of which each worker makes one, by Django's own command but in half its time."""
    from django.db import connection

    from regulars.kernel.databases import migrating

    creation: Any = type(connection.creation)
    make = creation.create_test_db

    def create_test_db(self: Any, *given: Any, **named: Any) -> Any:
        with migrating.forwards():
            return make(self, *given, **named)

    creation.create_test_db = create_test_db


def clear_away(config: pytest.Config) -> None:
    while _STARTED:
        _STARTED.pop().stop()
    while _FOLDERS:
        shutil.rmtree(_FOLDERS.pop(), ignore_errors=True)
    if not _is_worker(config) and not Path(tempfile.gettempdir()).exists():
        del os.environ["TMPDIR"]
        tempfile.tempdir = None


def described() -> str:
    """By what Django was told, not by what this rig meant to tell it."""
    return "PostgreSQL" if settings.DATABASES["default"]["ENGINE"].endswith("postgres") else "SQLCipher"


def leave_out_what_says_nothing(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a machine without PostgreSQL its pass skips everything and says so, instead of testing SQLCipher twice.

    What cannot differ on PostgreSQL runs in the other pass alone: pages marked `looks`, whatever database they come
    from, and tests that ask for no database, which pytest-django lets open none. Marked `both` they run here too.
    """
    if not config.getoption("--postgres"):
        return
    told = [item for item in items if _says_something(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _says_something(item)])
    items[:] = told
    if not os.environ.get("REGULARS_DATABASE_URL"):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=NO_SERVER))


def _says_something(item: pytest.Item) -> bool:
    if item.get_closest_marker("looks"):
        return False
    return _asks_a_database(item) or item.get_closest_marker("both") is not None


def _asks_a_database(item: pytest.Item) -> bool:
    wanted = {"db", "transactional_db", "django_db_setup", "live_server"}
    return item.get_closest_marker("django_db") is not None or not wanted.isdisjoint(getattr(item, "fixturenames", ()))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
