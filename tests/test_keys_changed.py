"""Keys are changed, also where that is cut off: everything opens, older copies too; a sheet is told whether it fits."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.rig import warm
from tests.rig.fullhouse import IBAN
from tests.rig.outside import Home

OPENS = """
import sys, django; django.setup()
from regulars.areas.customers.card import sealing
from regulars.areas.customers.models import BankAccount
from regulars.areas.journal.queries import verify
account = BankAccount.objects.filter(blind=sealing.blind("bank", sys.argv[1])).first()
assert sealing.opened(account) == sys.argv[1]
verdict = verify()
assert verdict.ok, verdict.problems
"""
REKEYING, ROTATING = "regulars.kernel.databases.rekeying", "regulars.areas.safekeeping.actions.rotating"
# The next command that is cut off shows already that what the one before left behind opens.
CUTS = {
    "database": [
        ("regulars.kernel.keyfile", "change", 1),  # recorded, nothing else
        (ROTATING, "encipher_anew", 1),  # the key file knows the new key, no file has it
        (REKEYING, "_put_in_place", 1),  # enciphered anew beside
        (ROTATING, "encipher_anew", 2),  # one file has the new key, the other the old one
    ],
    "fields": [("regulars.kernel.personkeys", "wrap_anew", 1)],
    "sign": [(ROTATING, "_follow", 1)],  # the new key signs, and nobody has said so
}


# Works until it is told to stop: makes customers with a sealed value, and opens those that are there.
WORK = """
import itertools, sys, django; django.setup()
from datetime import UTC, datetime
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.card import sealing
from regulars.areas.customers.models import BankAccount
from regulars.areas.segments.tests.people import OWNER
print("begun", flush=True)
for done in itertools.count():
    add_customer(card={"family_name": "Busy", "bank_accounts": [{"iban": sys.argv[1]}]}, by=OWNER, at=datetime.now(UTC))
    assert {sealing.opened(each) for each in BankAccount.objects.all()} == {sys.argv[1]}
    if sys.stdin in __import__("select").select([sys.stdin], [], [], 0)[0]:
        break
print(done)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("keys"), full=True)
    made.run("backup", where=made.on_file)
    return made


OF_TODAY = """
import django
django.setup()
from regulars.kernel import keyfile, places
from regulars.kernel.databases.sqlcipher import base
assert base.opens(places.database(), keyfile.keys().database)
"""


def opens(home: Home) -> None:
    home.python("-c", OPENS, IBAN, where=home.on_file)


def test_cut_off_anywhere_everything_opens(home: Home) -> None:
    for what, cuts in CUTS.items():
        for module, name, count in cuts:
            home.cut(module, name, count, "keys", "rotate", what, where=home.on_file)
        opens(home)


def test_the_key_of_sealed_facts_is_changed_while_people_work(home: Home) -> None:
    (typed, stop), (hears, saying) = os.pipe(), os.pipe()
    work, said = warm.Running(["-c", WORK, IBAN], home.on_file, typed, saying), os.fdopen(hears)
    os.close(typed)
    os.close(saying)
    assert said.readline() == "begun\n"
    told = [home.run("keys", "rotate", "fields", where=home.on_file)["changed"][0] for _time in range(2)]
    assert told[0]["now"] == told[1]["was"] and all(each["wrapped"] for each in told)
    assert "Others are at the database" in refused(home, "keys", "rotate", "database")
    os.close(stop)
    assert int(said.read()) > 0 and work.wait() == 0
    said.close()
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
    copies = home.run("versions", "--check", where=home.on_file)
    assert all(each["checked"] for each in copies)
    home.run("restore", copies[-1]["version"], "--yes", where=home.on_file)
    home.python("-c", OF_TODAY, where=home.on_file)
    opens(home)

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
