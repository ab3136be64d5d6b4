"""Keys are changed, also where that is cut off: everything opens, older copies too; a sheet is told whether it fits."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.rig.fullhouse import IBAN
from tests.rig.outside import Home

# Ends the process, as a kill does, when this function of this module is called for the so-manieth time.
CUT = """
import importlib, os, sys
module, name, count, what = sys.argv[1:]
import django; django.setup()
owner = importlib.import_module(module)
real, left = getattr(owner, name), [int(count)]
def cut(*given, **named):
    left[0] -= 1
    if left[0] == 0:
        os._exit(9)
    return real(*given, **named)
setattr(owner, name, cut)
from regulars.interfaces.cli.main import main
sys.exit(main(["keys", "rotate", what, "--json"]))
"""
OPENS = """
import sys, django; django.setup()
from regulars.areas.customers.card import sealing
from regulars.areas.customers.models import BankAccount
from regulars.areas.journal.queries import verify
account = BankAccount.objects.get(blind=sealing.blind("bank", sys.argv[1]))
assert sealing.opened(account) == sys.argv[1]
verdict = verify()
assert verdict.ok, verdict.problems
"""
REKEYING, ROTATING = "regulars.kernel.databases.rekeying", "regulars.areas.safekeeping.actions.rotating"
CUTS = [
    ("database", "regulars.kernel.keyfile", "change", 1),  # recorded, nothing else
    ("database", ROTATING, "encipher_anew", 1),  # the key file knows the new key, no file has it
    ("database", REKEYING, "_put_in_place", 1),  # enciphered anew beside
    ("database", ROTATING, "encipher_anew", 2),  # one file has the new key, the other the old one
    ("fields", "regulars.kernel.personkeys", "wrap_anew", 1),
    ("sign", ROTATING, "_follow", 1),  # the new key signs, and nobody has said so
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("keys"))
    made.run("user", "list", where=made.on_file)
    made.python("-m", "tests.rig.fullhouse", where=made.on_file)
    made.run("backup", where=made.on_file)
    return made


def opens(home: Home) -> None:
    home.python("-c", OPENS, IBAN, where=home.on_file)


def test_cut_off_anywhere_everything_opens(home: Home) -> None:
    for what, module, name, count in CUTS:
        command = [sys.executable, "-c", CUT, module, name, str(count), what]
        done = subprocess.run(command, env=home.on_file, capture_output=True, text=True)
        assert done.returncode == 9, (what, name, done.stderr)
        opens(home)


def test_changed_all_at_once_an_older_copy_opens_and_an_older_sheet_is_told(home: Home, tmp_path: Path) -> None:
    keys = Path(home.on_file["REGULARS_KEY_FILE"])
    before = keys.read_bytes()
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.write_text(home.run("keys", "recovery", where=home.on_file)["sheet"])
    told = home.run("keys", "rotate", where=home.on_file)
    assert [each["kind"] for each in told["changed"]] == ["database", "fields", "sign", "session"]
    assert [each["wrapped"] for each in told["changed"]][1] > 0
    opens(home)
    assert all(each["checked"] for each in home.run("versions", "--check", where=home.on_file))

    newer.write_text(home.run("keys", "recovery", where=home.on_file)["sheet"])
    assert home.run("keys", "recovery", "--check", str(newer), where=home.on_file) == {"sheet": "fits"}
    assert home.run("keys", "recovery", "--check", str(older), where=home.on_file, code=1) == {"sheet": "older"}

    after = keys.read_bytes()
    keys.write_bytes(before)
    assert "older than the keys" in refused(home, "user", "list")
    keys.unlink()
    assert "older than the keys" in refused(home, "keys", "recovery", "--restore", str(older))
    home.run("keys", "recovery", "--restore", str(newer), where=home.on_file)
    same, own = json.loads(keys.read_text()), json.loads(after)
    assert {name: same[name] for name in ("database", "fields", "chain", "sign", "session")} == {
        name: own[name] for name in ("database", "fields", "chain", "sign", "session")
    }
    opens(home)


def test_the_chains_key_stays(home: Home) -> None:
    assert "as long as the register" in refused(home, "keys", "rotate", "chain")


def refused(home: Home, *words: str) -> Any:
    return home.run(*words, where=home.on_file, code=1)["error"]["message"]
