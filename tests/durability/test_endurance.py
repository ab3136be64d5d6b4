"""The trials of `python3 run.py endurance` at small: what was confirmed outlives them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.durability import tape

ROOT = Path(__file__).parents[2]
SEED = "6"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes as Linux shows them")
on_file = pytest.mark.skipif(bool(os.environ.get("REGULARS_DATABASE_URL")), reason="about the encrypted file")


def tried(*words: str) -> list[dict[str, Any]]:
    """The reports of a run; in a process of its own, which is warm and may be forked."""
    told = {name: value for name, value in os.environ.items() if name not in ("REGULARS_HOME", "REGULARS_KEY_FILE")}
    if url := told.get("REGULARS_DATABASE_URL"):
        told["REGULARS_DATABASE_URL"] = _a_database_of_its_own(url)
    command = [sys.executable, "-m", "tests.durability", "--json", "--seed", SEED, *words]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True)
    assert done.stdout, done.stderr[-4000:]
    reports: list[dict[str, Any]] = json.loads(done.stdout)
    assert not [each for report in reports for each in report["findings"]], done.stderr[-4000:]
    return reports


def _a_database_of_its_own(url: str) -> str:
    import psycopg

    with psycopg.connect(url.replace("/regulars?", "/postgres?"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS endurance")
        server.execute("CREATE DATABASE endurance ENCODING 'UTF8' TEMPLATE template0")
    return url.replace("/regulars?", "/endurance?")


def watched() -> None:
    if why := tape.missing():
        pytest.skip(why)


@linux
@on_file
def test_no_power_cut_takes_what_was_confirmed() -> None:
    watched()
    (report,) = tried("--only", "cuts", "--cuts", "500")
    assert report["tried"] == 500


@linux
@on_file
def test_the_rig_finds_what_is_known_to_be_unsafe() -> None:
    watched()
    normal, off = tried("--only", "self-test")
    assert normal["tried"] and off["tried"]


@linux
@pytest.mark.both
def test_no_kill_takes_what_was_confirmed() -> None:
    many = 10 if not os.environ.get("REGULARS_DATABASE_URL") else 4
    reports = tried("--only", "kills", "--kills", str(many))
    assert {each["tried"] for each in reports} == {many} and len(reports) >= 4


@linux
@on_file
def test_every_rotten_bit_is_found() -> None:
    (report,) = tried("--only", "flips", "--flips", "100")
    assert report["tried"] == 100


@linux
@on_file
def test_a_disk_that_fails_is_told_of_and_work_goes_on() -> None:
    watched()
    by_request, by_command, small = tried("--only", "faults", "--faults", "1")
    assert by_request["tried"] and by_command["tried"] and (small["tried"] or small["note"])


@linux
@pytest.mark.both
def test_in_a_crowd_nobody_hears_an_error() -> None:
    (report,) = tried("--only", "crowd", "--minutes", "0.15")
    assert report["tried"] > 0
