"""The register moves to PostgreSQL and back with everything, or not at all: houses of their own, from outside."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rig.databases import NO_SERVER
from tests.rig.postgres import Server, find_binaries

pytestmark = pytest.mark.skipif(not find_binaries(), reason=NO_SERVER)

# Everything in one process: whether it is proved, every row there is, and what commands answer about everybody.
ASKED = """
import contextlib, io, json, django; django.setup()
from regulars.areas.journal.queries import verify
from regulars.interfaces.cli.main import main
from tests.rig.dump import dump

def plain(value):
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value

def said(*words):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        main([*words, "--json"])
    return json.loads(out.getvalue())

told = {"ok": verify().ok}
told["rows"] = {name: sorted(repr([plain(each) for each in row]) for row in rows) for name, rows in dump().items()}
told["all"] = said("find", "", "--limit", "100")["customers"]
told["then"] = said("find", "", "--at", "2026-02-25T09:30:00Z", "--limit", "100")["customers"]
told["changes"] = [each for each in said("changes") if each["verb"] != "safekeeping.moved"]
told["history"] = [said("history", str(each["number"])) for each in told["all"][:8]]
print(json.dumps(told))
"""
SEED = 20261128


class Home:
    """A home with its keys; its commands run as an operator runs them."""

    def __init__(self, folder: Path, url: str) -> None:
        names = {"REGULARS_HOME": str(folder / "home"), "REGULARS_KEY_FILE": str(folder / "keys.json")}
        more = {"DJANGO_SETTINGS_MODULE": "regulars.project.settings", "REGULARS_DATABASE_URL": ""}
        self.on_file = {**os.environ, **names, **more}
        self.on_server = {**self.on_file, "REGULARS_DATABASE_URL": url}
        self.url = url
        self.folder = folder / "home"

    def run(self, *words: str, where: dict[str, str], code: int = 0) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "regulars", *words, "--json"], env=where, capture_output=True, text=True
        )
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout)

    def python(self, *words: str, where: dict[str, str]) -> str:
        done = subprocess.run([sys.executable, *words], env=where, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def told(self, where: dict[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.python("-c", ASKED, where=where))
        assert told["ok"]
        return told


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    import psycopg

    with psycopg.connect(host=str(server.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE regulars")
        connection.execute("CREATE DATABASE another")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def home(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("moving"), server.url)
    made.run("user", "list", where=made.on_file)
    made.python("-m", "tests.rig.fullhouse", where=made.on_file)
    return made


def test_a_dry_run_counts_and_changes_nothing(home: Home) -> None:
    told = home.run("move", "--to", home.url, "--dry-run", where=home.on_file)
    assert told["good"] and told["rows"] > 500 and told["target"] == home.url
    assert {each["name"] for each in told["findings"]} >= {"empty", "rights", "content", "room", "version"}
    assert home.run("verify", where=home.on_file)["ok"]


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


def test_there_and_back_with_kills_on_the_way(home: Home) -> None:
    before, chance = home.told(home.on_file), random.Random(SEED)
    for _kill in range(3):
        _kill_at(home, chance.uniform(2, 9))
    assert home.told(home.on_file) == before

    moved = home.run("move", "--to", home.url, where=home.on_file)
    assert moved["setting"] == {"REGULARS_DATABASE_URL": home.url} and moved["rows"] > 500
    assert _but_for_the_move(home.told(home.on_server)) == _but_for_the_move(before)
    refused = home.run("find", "", where=home.on_file, code=1)["error"]["message"]
    assert "has moved from here to postgres://" in refused and "--undo" in refused

    number = home.run("add", "given_name=Later", where=home.on_server)["number"]
    assert "went on" in home.run("move", "--undo", where=home.on_file, code=1)["error"]["message"]
    there = home.told(home.on_server)
    home.run("move", "--to", "file", where=home.on_server)
    back = home.told(home.on_file)
    assert _but_for_the_move(back) == _but_for_the_move(there)
    assert "Later" in str(back["all"]) and not list(home.folder.glob("*arriving*"))
    assert home.run("add", "given_name=Next", where=home.on_file)["number"] == number + 1
    assert home.run("move", "--undo", where=home.on_file, code=1)


def _kill_at(home: Home, seconds: float) -> None:
    command = [sys.executable, "-m", "regulars", "move", "--to", home.url, "--json"]
    moving = subprocess.Popen(command, env=home.on_file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        moving.wait(seconds)
    except subprocess.TimeoutExpired:
        moving.kill()
        moving.wait()
        return
    home.run("move", "--undo", where=home.on_file)  # this machine was quicker


def _but_for_the_move(told: dict[str, Any]) -> dict[str, Any]:
    """Without the tables that a move's own deed touches."""
    own = {"journal_changeset", "journal_link", "journal_counter", "kernel_mark"}
    return {**told, "rows": {name: rows for name, rows in told["rows"].items() if name not in own}}
