"""Test runs on both databases. Plain `pytest` makes two passes side by side: SQLCipher, and PostgreSQL.

With paths given it makes the SQLCipher pass alone; `--postgres` makes the other alone, `--both` both.
"""

import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import django
import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as hypothesis

from tests.rig import databases

# how long an example takes is the machine's business; what takes long is measured in benchmarks/
hypothesis.register_profile("house", deadline=None)
hypothesis.load_profile("house")
pytest_plugins = ["tests.rig.browser", "tests.rig.shell"]
_FAILED: list[pytest.TestReport] = []
_LOOKED_THROUGH = [0]  # how often


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("regulars")
    group.addoption("--postgres", action="store_true", help="one pass, on a PostgreSQL of our own")
    group.addoption("--deeds", type=int, default=0, help="this many sequences of deeds in tests/test_any_deeds.py")
    group.addoption("--endurance", action="store_true", help="power cuts and failing disks too (minutes; needs strace)")
    group.addoption("--both", action="store_true", help="two passes: SQLCipher, and PostgreSQL beside it")


def pytest_configure(config: pytest.Config) -> None:
    """Before pytest-django reads the settings: a throwaway home, its keys, and the database of this pass."""
    databases.prepare(config)
    django.setup()
    # Django's live server insists on addresses for files it would serve; the house serves its own (web/assets.py)
    settings.STATIC_URL = settings.MEDIA_URL = "/no-such-files/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker that found the settings named here would read them, and where the house lies, before `prepare`."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    databases.clear_away(config)


@pytest.fixture(autouse=True)
def _nobody_stays_forgotten() -> Iterator[None]:
    """The ledger lies beside the database and numbers begin anew with each test: no test takes another's to heart."""
    yield
    from regulars.kernel import keyfile

    keyfile.ledger_path().unlink(missing_ok=True)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {databases.described()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    databases.leave_out_what_says_nothing(config, items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded for the tests stays to the end: nobody looks through it for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_runtest_logfinish() -> None:
    """What tests load on their way stays as well: where a test had all looked through, what is left is not again."""
    if gc.get_stats()[2]["collections"] != _LOOKED_THROUGH[0]:
        gc.collect()
        gc.freeze()
        _LOOKED_THROUGH[0] = gc.get_stats()[2]["collections"]


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, int | None, int | None]:
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    worker = hasattr(config, "workerinput")
    if whole and not worker and getattr(config.option, "numprocesses", None) is None and not config.option.usepdb:
        # the one on SQLCipher waits more often, and has more to do
        config.option.numprocesses = 3 - config.getoption("--postgres") + (os.cpu_count() or 2) // 4
    both = config.getoption("--both") or (whole and not config.getoption("--postgres"))
    if worker or not both or config.option.collectonly:
        return (yield)
    if config.option.usepdb:  # it asks at the terminal
        return (yield) or subprocess.call(_on_postgres(config), env=_untold())
    with tempfile.TemporaryFile() as told:
        beside = subprocess.Popen(_on_postgres(config), env=_untold(), stdout=told, stderr=subprocess.STDOUT)
        first: int | None = pytest.ExitCode.INTERNAL_ERROR
        try:
            first = yield
        finally:
            if first and (config.getoption("maxfail") or first != pytest.ExitCode.TESTS_FAILED):
                beside.send_signal(signal.SIGINT)  # it ends as by hand, and takes its server with it
            second = beside.wait()
        told.seek(0)
        sys.stdout.write(told.read().decode(errors="replace"))
    if second == pytest.ExitCode.NO_TESTS_COLLECTED:
        second = 0  # nothing of it says anything else on PostgreSQL
    for report in _FAILED:  # thousands of lines ago
        sys.stdout.write(f"\nFAILED on SQLCipher: {report.nodeid} ({report.when})\n{report.longreprtext}\n")
    return first or second


def _on_postgres(config: pytest.Config) -> list[str]:
    given = [str(word) for word in config.invocation_params.args if word != "--both"]
    return [sys.executable, "-m", "pytest", *given, "--postgres"]


def _untold() -> dict[str, str]:
    """With this pass's environment pytest-django would read this pass's settings there, before `prepare`."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _FAILED.append(report)


@pytest.fixture(scope="session")
def for_a_while(django_db_setup: None, django_db_blocker: Any) -> Callable[[], AbstractContextManager[None]]:
    """What is done within is there for all tests meanwhile, and gone afterwards: for what a module's tests share."""

    @contextmanager
    def opened() -> Iterator[None]:
        from django.db import transaction

        from regulars.kernel import keyfile

        with django_db_blocker.unblock(), transaction.atomic():
            keyfile.heads_path().unlink(missing_ok=True)
            yield
            transaction.set_rollback(True)

    return opened


@pytest.fixture
def own_home() -> Iterator[None]:
    """What lies beside the database, person keys among it, begins anew with a test and goes with it."""
    from tests.rig.forgetting import clean_home

    with clean_home():
        yield


@pytest.fixture
def lists_read_here() -> Iterator[None]:
    """Lists are read in this process instead of in a child."""
    from regulars.areas.intake.tests.lists import in_this_process

    with in_this_process():
        yield


@pytest.fixture
def proved_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions are proved in this process instead of in a child; what the child is for is tried in tests of its own."""
    from regulars.kernel import processes

    monkeypatch.setattr(processes, "apart", lambda function, *given, **_how: function(*given))


@pytest.fixture(autouse=True)
def _nobody_needs_the_register_alone() -> Iterator[None]:
    """Who asked for it in one test does not keep the next from asking."""
    yield
    from regulars.kernel import takeover

    takeover.clear()


@pytest.fixture(autouse=True)
def _no_language_is_left_on() -> None:
    """A request leaves its reader’s language on in this thread; the next begins with its own, a deed does not."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nobody_has_read_much() -> None:
    """A process counts in memory what somebody reads, under numbers that begin anew with each test."""
    from regulars.areas.access.actions.reading import forget_counts

    forget_counts()


@pytest.fixture(autouse=True)
def _heads_of_this_test_alone() -> None:
    """Each test begins with an empty register; heads signed for another one would accuse it of having lost its tail."""
    from regulars.kernel import keyfile

    keyfile.heads_path().unlink(missing_ok=True)
