"""The drill of a lost machine: a blank one, the recovery sheet, and the copies at the other place."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def machine(folder: Path) -> dict[str, str]:
    """A machine of its own: its home, its config folder."""
    names = {"REGULARS_HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "config")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    return {**kept, **names, "REGULARS_DATABASE_URL": ""}


def run(environment: Mapping[str, str], *words: str, code: int = 0) -> Any:
    ran = subprocess.run(
        [sys.executable, "-m", "regulars", *words, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout)


def test_from_a_blank_machine_with_the_sheet_and_the_copies(tmp_path: Path) -> None:
    old, blank, place = machine(tmp_path / "old"), machine(tmp_path / "blank"), tmp_path / "disk"
    place.mkdir()
    run(old, "add", "family_name=Berg", "iban=DE89370400440532013000")
    run(old, "add", "family_name=Lund")
    (tmp_path / "sheet").write_text(run(old, "keys", "recovery")["sheet"])
    run(old, "backup", "--to", str(place))
    run(old, "forget", "10002")
    run(old, "backup", "--to", str(place))

    run(blank, "keys", "recovery", "--restore", str(tmp_path / "sheet"))
    done = run(blank, "restore", "--from", str(place))
    assert done["restored"] and run(blank, "find", "", "--count")["count"] == 1
    assert run(blank, "find", 'iban = "DE89370400440532013000"', "--count")["count"] == 1
    assert run(blank, "verify")["ok"]

    beside = run(blank, "restore", "--from", str(place), "--into", str(tmp_path / "beside"))
    assert beside["home"] == str(tmp_path / "beside") and Path(beside["key_file"]).stat().st_mode & 0o077 == 0
    third = {**blank, "REGULARS_HOME": beside["home"], "REGULARS_KEY_FILE": beside["key_file"]}
    assert run(third, "find", "", "--count")["count"] == 1 and run(third, "verify")["ok"]
    assert "not empty" in run(blank, "restore", "--into", str(tmp_path / "beside"), code=1)["error"]["message"]
