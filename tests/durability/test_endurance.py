"""The trials of `python3 run.py endurance` at small: what was confirmed outlives them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.durability import tape
from tests.durability.kills import WORK
from tests.rig.outside import furnish

ROOT = Path(__file__).parents[2]
SEED = "6"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes as Linux shows them")
KILLED = [f"kills of the {each}" for each in WORK]
watched = pytest.mark.skipif(bool(tape.missing()), reason=tape.missing() or "strace is there")
on_postgres = pytest.mark.skipif(not os.environ.get("REGULARS_DATABASE_URL"), reason="about PostgreSQL")
on_file = pytest.mark.skipif(bool(os.environ.get("REGULARS_DATABASE_URL")), reason="about the encrypted file")


def tried(folder: Path, *words: str) -> dict[str, dict[str, Any]]:
    """The reports of a run, by name; in a process of its own, which is warm and may be forked. All in one, since the
    longest of it is to make ready."""
    told = {name: value for name, value in os.environ.items() if name not in ("REGULARS_HOME", "REGULARS_KEY_FILE")}
    if url := told.get("REGULARS_DATABASE_URL"):
        told["REGULARS_DATABASE_URL"] = _a_database_of_its_own(url)
    else:
        furnish(folder)
        words = ("--home", str(folder), *words)
    command = [sys.executable, "-m", "tests.durability", "--json", "--seed", SEED, *words]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True)
    assert done.stdout, done.stderr[-4000:]
    reports = {each["name"]: each for each in json.loads(done.stdout)}
    found = [f"{name}, {trial}: {what}" for name, each in reports.items() for trial, what in each["findings"]]
    assert not found, "\n".join(found[:20])
    return reports


def _a_database_of_its_own(url: str) -> str:
    import psycopg

    with psycopg.connect(url.replace("/regulars?", "/postgres?"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS endurance")
        server.execute("CREATE DATABASE endurance ENCODING 'UTF8' TEMPLATE template0")
    return url.replace("/regulars?", "/endurance?")


@linux
@on_file
def test_what_was_confirmed_outlives_kills_and_what_rots_is_found(tmp_path: Path) -> None:
    reports = tried(tmp_path, "--only", "kills", "--only", "flips", "--kills", "10", "--flips", "100")
    assert reports["rotten bits"]["tried"] == 100
    assert {name: each["tried"] for name, each in reports.items() if "kills" in name} == dict.fromkeys(KILLED, 10)


@linux
@on_file
@watched
def test_what_was_confirmed_outlives_power_cuts(tmp_path: Path) -> None:
    assert tried(tmp_path, "--only", "cuts", "--cuts", "500")["power cuts"]["tried"] == 500


@linux
@on_file
@watched
def test_what_was_confirmed_outlives_failing_disks_and_the_rig_finds_losses(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if not request.config.getoption("--endurance"):
        pytest.skip("takes many minutes: pytest --endurance, or python3 run.py endurance")
    parts = [word for part in ("self-test", "outside", "faults", "crowd") for word in ("--only", part)]
    reports = tried(tmp_path, *parts, "--kills", "3", "--faults", "1", "--minutes", "0.1")
    assert all(reports[f"kills of serve {when}"]["tried"] == 3 for when in ("at its upgrade", "behind its page"))
    assert all(reports[f"the rig itself, synchronous={weak}"]["tried"] for weak in ("NORMAL", "OFF"))
    assert reports["faults of the disk, requests"]["tried"] >= 8


@linux
@on_postgres
@pytest.mark.both
def test_what_was_confirmed_outlives_kills_and_a_crowd_beside_postgresql(tmp_path: Path) -> None:
    reports = tried(tmp_path, "--only", "kills", "--only", "crowd", "--kills", "2", "--minutes", "0.05")
    assert {name: each["tried"] for name, each in reports.items() if "kills" in name} == dict.fromkeys(KILLED, 2)
