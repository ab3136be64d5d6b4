"""Sealed values under a key of the customer's own."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.kernel import crypto, keyfile, personkeys, places
from regulars.kernel.errors import Refused


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "key.json"))


def test_a_sealed_value_opens_for_its_customer_in_its_place() -> None:
    blob = personkeys.seal_value(10001, "customers_bank|7|sealed", "DE89 3704")
    assert personkeys.open_value(10001, "customers_bank|7|sealed", blob) == "DE89 3704"
    with pytest.raises(crypto.Tampered):
        personkeys.open_value(10001, "customers_bank|8|sealed", blob)
    with pytest.raises(personkeys.KeyDestroyed):
        personkeys.open_value(10002, "customers_bank|7|sealed", blob)


def test_keys_are_made_for_a_whole_chunk_at_once() -> None:
    numbers = range(10001, 12500)
    blobs = personkeys.seal_values([(number, "p", str(number)) for number in numbers])
    assert personkeys.open_value(12000, "p", blobs[12000 - 10001]) == "12000"
    keys = personkeys.keys_for([*numbers, 99999])
    assert len(set(keys.values())) == len(numbers) and 99999 not in keys


def test_a_destroyed_key_comes_never_back() -> None:
    blob = personkeys.seal_value(10001, "p", "secret")
    personkeys.destroy(10001)
    with pytest.raises(personkeys.KeyDestroyed):
        personkeys.open_value(10001, "p", blob)
    with pytest.raises(personkeys.KeyDestroyed):
        personkeys.seal_value(10001, "p", "again")


def test_the_file_shows_nothing() -> None:
    key = personkeys.make_keys([10001])[10001]
    written = b"".join(each.read_bytes() for each in places.home().glob("keys.db*"))
    assert written and key not in written and b"person_key" not in written


def test_a_foreign_master_key_unwraps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    personkeys.make_keys([10001])
    own = keyfile.keys()
    other = keyfile.Keys(own.home, own.database, keyfile.Key(bytes(32)), own.chain, own.sign)
    monkeypatch.setattr(keyfile, "keys", lambda: other)
    with pytest.raises(KeyError):
        personkeys.key_for(10001)


def test_wrapped_anew_the_old_key_opens_none_and_what_was_sealed_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = range(10001, 12500)
    blobs = personkeys.seal_values([(number, "p", str(number)) for number in numbers])
    personkeys.destroy(10002)
    old = keyfile.keys()
    changed = keyfile.change("fields", at=datetime(2026, 11, 28, tzinfo=UTC))
    assert personkeys.open_value(10001, "p", blobs[0]) == "10001"
    assert personkeys.wrap_anew() == len(numbers) - 1
    monkeypatch.setattr(keyfile, "keys", lambda: replace(changed, retired=()))
    assert personkeys.open_value(12000, "p", blobs[12000 - 10001]) == "12000"
    with pytest.raises(personkeys.KeyDestroyed):
        personkeys.key_for(10002)
    monkeypatch.setattr(keyfile, "keys", lambda: old)
    with pytest.raises(KeyError):
        personkeys.key_for(10001)


KILLED = """
import os, signal
from regulars.kernel import personkeys
print(personkeys.make_keys([10001])[10001].hex(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_made_key_outlives_the_process() -> None:
    keyfile.keys()
    killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, env=dict(os.environ), check=False)
    assert killed.returncode == -9 and personkeys.key_for(10001).hex() == killed.stdout.decode().strip()


def test_a_rotten_bit_is_refused_and_found() -> None:
    personkeys.make_keys([10001])
    assert personkeys.problems() == []
    personkeys.close()
    content = bytearray(places.person_keys().read_bytes())
    content[5000] ^= 1
    places.person_keys().write_bytes(content)
    assert personkeys.problems()
    with pytest.raises(Refused, match=r"keys\.db"):
        personkeys.keys_for([10001])


def test_a_page_that_a_power_cut_tore_is_brought_home_before_it_is_called_rotten() -> None:
    personkeys.destroy(10002)  # which leaves nothing in the log
    made = personkeys.make_keys([10001])
    with places.person_keys().open("r+b") as file:
        file.seek(5000)
        file.write(bytes(512))
    assert personkeys.problems() == []
    personkeys.close()
    assert personkeys.problems() == [] and personkeys.keys_for([10001]) == made


def test_after_an_error_the_connection_is_not_used_again() -> None:
    personkeys.make_keys([10001])
    before = personkeys._file()
    with pytest.raises(ZeroDivisionError), personkeys._opening():
        raise ZeroDivisionError
    assert personkeys._file() is not before and personkeys.key_for(10001)
