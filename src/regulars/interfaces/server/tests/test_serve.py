"""`serve` as a person starts it: opens a new home, answers, stands up after a kill, leaves nothing behind."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from regulars.areas.customers.actions.bringing import RESTING
from regulars.areas.customers.models import Customer
from regulars.interfaces.server import upgrade
from regulars.kernel.databases import resting
from regulars.kernel.errors import Refused
from regulars.kernel.models import Mark
from tests.rig.outside import furnish


class House:
    """A home with a `serve` of its own; `fresh` where not even the home is there yet."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        if not fresh:
            furnish(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        names = {"REGULARS_HOME": str(folder / "home"), "REGULARS_KEY_FILE": str(folder / "keys.json")}
        self.environment = {**os.environ, **names, "REGULARS_DATABASE_URL": "", "REGULARS_BASE_URL": ""}
        self.errors = (folder / "errors").open("w+")
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "regulars", "serve", "--port", str(self.port), "--workers", "1", "--json"]
        self.process = subprocess.Popen(
            [*command, *words], env=self.environment, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        return self.process

    def opened(self) -> dict[str, str]:
        assert self.process and self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if line.rstrip() == "}" or line.rstrip().endswith("}"):
                return dict(json.loads(said))
        raise AssertionError(Path(self.errors.name).read_text())

    def status(self, path: str = "/healthz") -> int:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", path)
            return asked.getresponse().status
        except OSError:
            return 0
        finally:
            asked.close()

    def children(self) -> list[int]:
        """Every process below the supervisor."""
        assert self.process
        parents = dict(_parents())
        found = {self.process.pid}
        while below := {each for each, parent in parents.items() if parent in found} - found:
            found |= below
        return sorted(found - {self.process.pid})


def _parents() -> Iterator[tuple[int, int]]:
    """Each process and its parent, as Linux tells them."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    house = House(tmp_path, fresh=request.function is test_from_the_first_start_to_the_last_signal)
    yield house
    if house.process:
        house.process.kill()
        house.process.communicate()
    house.errors.close()


def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes as Linux shows them")
def test_from_the_first_start_to_the_last_signal(house: House) -> None:
    house.start()
    said = house.opened()
    assert said["address"] == f"http://127.0.0.1:{house.port}" and f"{said['address']}/welcome/" in said["first_link"]
    assert house.status() == 200
    assert house.status(said["first_link"].removeprefix(said["address"])) == 200

    second = subprocess.run(
        [sys.executable, "-m", "regulars", "serve", "--port", str(house.port)],
        env=house.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1 and "already" in second.stderr

    processes = house.children()
    web = next(each for each in processes if b"server.web" in Path(f"/proc/{each}/cmdline").read_bytes())
    os.kill(web, signal.SIGKILL)
    until(lambda: web not in house.children() and house.status() == 200)

    processes = house.children()
    assert house.process
    house.process.terminate()
    assert house.process.wait(120) == 0
    assert not any(map(alive, processes)) and house.status() == 0


HOST, HIDDEN = b"Host: localhost\r\n", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
TWO_LENGTHS = {
    "a length and chunks": b"Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 50\r\n\r\n",
    "an encoding nobody knows": b"Transfer-Encoding: xchunked\r\n\r\n",
    "a length with a sign": b"Content-Length: +5\r\n\r\n",
    "a length with a blank before": b"Content-Length : 5\r\n\r\n",
    "a chunk of less than nothing": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
}


def test_where_a_message_ends_is_beyond_doubt(house: House) -> None:
    """A message of two lengths hides no second one: it is refused, and the line closed. No version is told."""
    house.start()
    house.opened()
    for name, rest in TWO_LENGTHS.items():
        told = _sent(house.port, b"POST /sign-in/ HTTP/1.1\r\n" + HOST + rest + HIDDEN)
        assert told.count(b"HTTP/1.1 ") == 1 and told[9:12] in (b"400", b"403"), name
    plain = _sent(house.port, HIDDEN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert plain[9:12] == b"200" and b"server: granian\r\n" in plain.lower()


def _sent(port: int, message: bytes) -> bytes:
    """All that comes back until the other side closes, or has been silent for two seconds."""
    told = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line, suppress(TimeoutError, ConnectionError):
        line.sendall(message)
        while part := line.recv(65_536):
            told += part
            line.settimeout(2)
    return told


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes as Linux shows them")
def test_a_killed_supervisor_leaves_nothing_running(house: House) -> None:
    house.start()
    house.opened()
    processes = house.children()
    assert house.process and len(processes) >= 3
    house.process.kill()
    until(lambda: not any(map(alive, processes)))


@pytest.mark.django_db(transaction=True)
def test_a_database_of_a_newer_version_is_refused() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("kernel", "9999_of_next_year")
    try:
        with pytest.raises(Refused, match=r"kernel\.9999_of_next_year"):
            upgrade.bring_up_to_date()
    finally:
        recorder.record_unapplied("kernel", "9999_of_next_year")
    assert upgrade.bring_up_to_date() is False


@pytest.mark.django_db(transaction=True)
def test_search_keys_that_a_killed_import_left_at_rest_stand_again() -> None:
    left = resting.resting(connection, RESTING)
    left.__enter__()  # and the process ends
    rested = {name for _model, name in RESTING}
    assert rested.isdisjoint(indexes_of(Customer))
    upgrade.bring_up_to_date()
    assert rested <= indexes_of(*(model for model, _name in RESTING))
    assert resting.mend(connection) == []


def indexes_of(*models: type[Model]) -> set[str]:
    with connection.cursor() as cursor:
        tables = {model._meta.db_table for model in models}
        return {name for table in tables for name in connection.introspection.get_constraints(cursor, table)}


@pytest.mark.django_db(transaction=True)
def test_a_database_of_another_home_is_refused() -> None:
    upgrade.bring_up_to_date()
    Mark.objects.filter(name="keys").update(value="of another home")
    with pytest.raises(Refused, match="belongs to another home"):
        upgrade.bring_up_to_date_alone()


@pytest.mark.django_db(transaction=True)
def test_a_command_asks_once_when_nothing_changed(django_assert_num_queries) -> None:
    upgrade.bring_up_to_date_alone()
    with django_assert_num_queries(3):
        assert upgrade.bring_up_to_date_alone() is False
