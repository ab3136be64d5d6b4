"""The register moves to PostgreSQL and back with everything, or not at all: houses of their own, from outside."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from regulars.interfaces.server.tests.test_serve import House, until
from tests.rig import warm
from tests.rig.databases import NO_SERVER
from tests.rig.outside import Home
from tests.rig.postgres import Server, find_binaries

pytestmark = pytest.mark.skipif(not find_binaries(), reason=NO_SERVER)

SEED = 20261128
MOVING = "regulars.areas.safekeeping.actions.moving"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    server.make("regulars")
    server.make("another")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def home(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("moving"), server.url, full=True)


OVERLONG = """
import django; django.setup()
from django.utils import timezone
from regulars.kernel.models import Chore
Chore.objects.create(name="x" * 101, due=timezone.now())
"""


MARKED = """
import django; django.setup()
from regulars.kernel.models import Mark
print(list(Mark.objects.filter(name="search keys")))
"""


def test_a_dry_run_counts_looks_and_changes_nothing(home: Home) -> None:
    told = home.run("move", "--to", home.url, "--dry-run", where=home.on_file)
    assert told["good"] and told["rows"] > 500 and told["target"] == home.url
    assert {each["name"] for each in told["findings"]} >= {"empty", "rights", "content", "room", "version"}
    home.python("-c", OVERLONG, where=home.on_file)
    told = home.run("move", "--to", home.url, "--dry-run", where=home.on_file, code=1)
    assert "kernel_chore" in next(each["said"] for each in told["findings"] if each["state"] == "bad")
    assert "kernel_chore" in home.run("move", "--to", home.url, where=home.on_file, code=1)["error"]["message"]
    home.python("-c", OVERLONG.replace("create(", "all().delete() #"), where=home.on_file)


def test_it_is_refused_into_a_database_that_others_use_and_under_a_name_that_is_none(home: Home) -> None:
    import psycopg

    another = home.url.replace("/regulars?", "/another?")
    with psycopg.connect(another.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute("CREATE TABLE recipes (name text)")
    refused = home.run("move", "--to", another, where=home.on_file, code=1)
    assert "Name an empty database" in refused["error"]["message"]
    assert (
        "--to must look like" in home.run("move", "--to", "mysql://a/b", where=home.on_file, code=1)["error"]["message"]
    )
    assert "already" in home.run("move", "--to", "file", where=home.on_file, code=1)["error"]["message"]


def test_there_and_back_cut_off_on_the_way(home: Home) -> None:
    before, chance = home.told(home.on_file), random.Random(SEED)
    whole = [_kill_at(home, chance.uniform(1, 4)) for _kill in range(3)]
    stands = home.told(home.on_file)
    if any(whole):  # gone and taken back, which leaves two deeds
        assert _but_for_the_move(stands) == _but_for_the_move(before)
    else:
        assert stands == before

    home.cut(MOVING, "_opened", 1, "move", "--to", home.url, where=home.on_file)  # closed here, not open there
    assert "cut off" in home.run("find", "", where=home.on_server, code=1)["error"]["message"]
    refused = home.run("find", "", where=home.on_file, code=1)["error"]["message"]
    assert "has moved from here to postgres://" in refused and "--undo" in refused
    moved = home.run("move", "--to", home.url, where=home.on_file)
    assert moved["setting"] == {"REGULARS_DATABASE_URL": home.url} and moved["links"] > 20
    assert _but_for_the_move(home.told(home.on_server)) == _but_for_the_move(before)

    number = home.run("add", "given_name=Later", where=home.on_server)["number"]
    assert "went on" in home.run("move", "--undo", where=home.on_file, code=1)["error"]["message"]
    there = home.told(home.on_server)
    assert home.run("move", "--to", "file", where=home.on_server)["rows"] > 500
    back = home.told(home.on_file)
    assert _but_for_the_move(back) == _but_for_the_move(there)
    for where in (home.on_file, home.on_server):  # nothing of making tables there was done here
        assert home.python("-c", MARKED, where=where).strip() == "[]"
    assert "Later" in str(back["all"]) and not list(home.folder.glob("*arriving*"))
    assert home.run("add", "given_name=Next", where=home.on_file)["number"] == number + 1
    assert home.run("move", "--undo", where=home.on_file, code=1)


def test_taken_back_it_goes_to_the_same_place_again_unless_somebody_worked_there(home: Home) -> None:
    stands = home.told(home.on_file)
    for _time in range(2):
        home.run("move", "--to", home.url, where=home.on_file)
        home.run("move", "--undo", where=home.on_file)
        home.run("add", "given_name=Here", where=home.on_file)
    home.run("move", "--to", home.url, where=home.on_file)
    assert len(home.told(home.on_server)["all"]) == len(stands["all"]) + 2
    home.run("move", "--undo", where=home.on_file)
    home.run("add", "given_name=There", where=home.on_server)
    refused = home.run("move", "--to", home.url, where=home.on_file, code=1)["error"]["message"]
    assert "There are other data" in refused
    assert len(home.run("find", 'given_name = "There"', where=home.on_server)["customers"]) == 1


def _kill_at(home: Home, seconds: float) -> bool:
    """Kills a move after so many seconds; whether all was carried by then, so that it had to be taken back."""
    moving = warm.Running(["-m", "regulars", "move", "--to", home.url, "--json"], home.on_file)
    try:
        moving.wait(seconds)
    except TimeoutError:
        moving.kill()
    taken_back = warm.run(["-m", "regulars", "move", "--undo"], home.on_file)
    assert not taken_back.returncode or "nothing to take back" in taken_back.stderr, taken_back.stderr
    return not taken_back.returncode


def _but_for_the_move(told: dict[str, Any]) -> dict[str, Any]:
    """Without the tables that a move's own deed touches."""
    own = {"journal_changeset", "journal_link", "journal_counter", "kernel_mark"}
    return {**told, "rows": {name: rows for name, rows in told["rows"].items() if name not in own}}


def test_beside_serve_which_goes_on_at_the_new_place(server: Server, tmp_path: Path) -> None:
    """A house with a `serve`: it waits meanwhile, and is open again at the new place, without a hand of anybody."""
    server.make("served")
    address = server.url.replace("/regulars?", "/served?")
    house = House(tmp_path)
    moved = Home(tmp_path, address)
    try:
        moved.run("add", "family_name=Berg", where=moved.on_file)
        assert house.start().poll() is None
        house.opened()
        for to, where in ((address, moved.on_server), ("file", moved.on_file)):
            told = moved.run("move", "--to", to, where=moved.on_file if to == address else moved.on_server)
            assert told["by_serve"] and told["setting"] == {"REGULARS_DATABASE_URL": None if to == "file" else address}
            until(lambda: house.status() == 200)
            moved.run("add", "family_name=Lund", where=where)
        assert moved.run("find", "", "--count", where=moved.on_file)["count"] == 3
        assert moved.run("verify", where=moved.on_file)["ok"]
        assert house.process and house.process.poll() is None, "the same process all the time"
    finally:
        if house.process:
            house.process.terminate()
            house.process.communicate(timeout=120)
        house.errors.close()
