"""The drill of a lost machine: a blank one, the recovery sheet, and the copies at the other place."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from regulars.areas.safekeeping.tests.bucket import Service
from regulars.areas.safekeeping.tests.server import sftp_server
from tests.rig import warm
from tests.rig.outside import furnish


def machine(folder: Path, *, with_register: bool = False) -> dict[str, str]:
    """A machine of its own: its home, its config folder. Blank, but for one that has a register with nothing in it."""
    if with_register:
        furnish(folder)
        config = folder / "config" / "regulars"
        config.mkdir(parents=True)
        for each in folder.glob("keys.*"):
            each.rename(config / each.name.replace("keys", (folder / "home" / "home.id").read_text().strip()))
    names = {"REGULARS_HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "config")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    return {**kept, **names, "REGULARS_DATABASE_URL": ""}


def run(environment: Mapping[str, str], *words: str, code: int = 0, typed: str = "") -> Any:
    ran = warm.run(["-m", "regulars", *words, "--json"], environment, typed)
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout or "{}") if code != 2 else ran.stderr


def test_from_a_blank_machine_with_the_sheet_and_the_copies(tmp_path: Path) -> None:
    old, blank, place = machine(tmp_path / "old", with_register=True), machine(tmp_path / "blank"), tmp_path / "disk"
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
    assert done["replaced"] == "", "nothing was here that could be kept"
    assert run(blank, "find", 'iban = "DE89370400440532013000"', "--count")["count"] == 1
    assert run(blank, "verify")["ok"]

    looked = run(blank, "restore", "--from", str(place), "--into", str(tmp_path / "beside"), "--dry-run")
    assert looked["customers"]["then"] == 1 and not list(tmp_path.glob("beside*"))
    beside = run(blank, "restore", "--from", str(place), "--into", str(tmp_path / "beside"))
    assert beside["home"] == str(tmp_path / "beside") and Path(beside["key_file"]).stat().st_mode & 0o077 == 0
    third = {**blank, "REGULARS_HOME": beside["home"], "REGULARS_KEY_FILE": beside["key_file"]}
    assert run(third, "find", "", "--count")["count"] == 1 and run(third, "verify")["ok"]
    assert "not empty" in run(blank, "restore", "--into", str(tmp_path / "beside"), code=1)["error"]["message"]


def test_from_a_blank_machine_with_the_sheet_and_a_server_or_a_bucket(tmp_path: Path) -> None:
    old, blank, server = machine(tmp_path / "old", with_register=True), machine(tmp_path / "blank"), tmp_path / "server"
    (server / "copies").mkdir(parents=True)
    run(old, "add", "family_name=Berg", "iban=DE89370400440532013000")
    (tmp_path / "list.csv").write_text("First name,Email\nAnna,anna@example.org\n")
    run(old, "import", str(tmp_path / "list.csv"), "--yes")
    (tmp_path / "sheet").write_text(run(old, "keys", "recovery")["sheet"])
    first = run(old, "backup", "--to", str(server / "copies"))["version"]
    run(old, "add", "family_name=Lund")
    newest = run(old, "backup", "--to", str(server / "copies"))["version"]
    run(blank, "keys", "recovery", "--restore", str(tmp_path / "sheet"))

    with sftp_server(server) as (port, key):
        place = f"sftp://olga@127.0.0.1:{port}/copies"
        assert key in run(blank, "restore", "--from", place, code=2), "who cannot compare it is shown the server's key"
        wrong = run(blank, "restore", "--from", place, "--host-key", key, code=1, typed="guessed\n")
        assert "does not know" in wrong["error"]["message"]
        nowhere = place.replace("/copies", "/elsewhere")
        assert "no folder regulars-" in str(run(blank, "restore", "--from", nowhere, "--host-key", key, code=1,
                                                typed="very-secret\n"))  # fmt: skip
        said = ("restore", "--from", place, "--host-key", key, "--yes")
        done = run(blank, *said, typed="very-secret\n")
        assert done["version"] == newest and run(blank, "find", "", "--count")["count"] == 3
        assert run(blank, "verify")["ok"] and not (tmp_path / "blank" / "home" / "spool" / "fetched").exists()

        (copy,) = server.rglob(f"{newest}.db")
        copy.write_bytes(copy.read_bytes()[:-4096])
        assert "not what was carried" in str(run(blank, said[0], newest, *said[1:], code=1, typed="very-secret\n"))
        assert run(blank, *said, typed="very-secret\n")["version"] == first, "a damaged one is passed over"

    with Service() as service:
        files = [each for each in (server / "copies").rglob("*") if each.is_file()]
        service.kept = {f"all/{each.relative_to(server / 'copies').as_posix()}": each.read_bytes() for each in files}
        third = machine(tmp_path / "third")
        run(third, "keys", "recovery", "--restore", str(tmp_path / "sheet"))
        said = ("restore", first, "--from", "s3://safe/all", "--access-key", "olga", "--endpoint", service.address)
        assert run(third, *said, "--dry-run", typed="very-secret\n")["version"] == first
        assert sum(each.endswith(f"{first}.db") for each in service.asked) == 1
        done = run(third, *said, "--yes", typed="very-secret\n")
        assert done["version"] == first and run(third, "find", "", "--count")["count"] == 2
        assert sum(each.endswith(f"{first}.db") for each in service.asked) == 1, "what is here does not come again"
        assert not any(each.endswith(f"{newest}.db") for each in service.asked)
        assert run(third, "verify")["ok"]
