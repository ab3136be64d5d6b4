"""The key file: made once, for the owner's eyes, never made anew."""

import json
import stat
from pathlib import Path

import pytest

from regulars.kernel import keyfile, places
from regulars.kernel.errors import Refused


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "keys" / "key.json"))
    keyfile.forget_cached()
    return tmp_path


def test_keys_are_made_at_first_and_stay() -> None:
    first = keyfile.keys()
    keyfile.forget_cached()
    assert keyfile.keys() == first
    assert stat.S_IMODE(keyfile.path().stat().st_mode) == 0o600
    assert set(json.loads(keyfile.path().read_text())) == {"home", "database", "fields", "chain", "sign"}
    assert keyfile.heads_path() == keyfile.path().parent / "key.heads"


def test_without_a_setting_the_keys_lie_in_the_config_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REGULARS_KEY_FILE")
    monkeypatch.setattr(places, "config", lambda: tmp_path / "config")
    assert keyfile.keys().home == keyfile.path().stem == places.home_id()
    assert keyfile.path().parent == tmp_path / "config"


def test_a_home_with_data_never_gets_new_keys() -> None:
    keyfile.keys()
    keyfile.path().unlink()
    keyfile.forget_cached()
    with pytest.raises(keyfile.KeysMissing, match=r"key\.json is missing"):
        keyfile.keys()
    assert not keyfile.path().exists()


def test_a_key_file_that_others_can_read_is_refused() -> None:
    keyfile.keys()
    keyfile.path().chmod(0o640)
    keyfile.forget_cached()
    with pytest.raises(keyfile.KeysMissing, match="chmod 600"):
        keyfile.keys()


def test_the_keys_of_another_home_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keyfile.keys()
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "other.json"))
    keyfile.keys()
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "keys" / "key.json"))
    with pytest.raises(keyfile.KeysMissing, match="another home"):
        keyfile.keys()


def test_a_damaged_file_is_said_to_be_damaged() -> None:
    keyfile.keys()
    keyfile.path().write_text('{"home": "x"}')
    keyfile.forget_cached()
    with pytest.raises(keyfile.KeysMissing, match="damaged"):
        keyfile.keys()


def test_the_recovery_sheet_brings_the_keys_back() -> None:
    first, sheet = keyfile.keys(), keyfile.recovery_sheet()
    keyfile.path().unlink()
    assert keyfile.restore_from_sheet(sheet) == first


def test_a_slip_in_the_sheet_is_noticed() -> None:
    sheet = keyfile.recovery_sheet()
    place = sheet.index(keyfile.keys().fields.hex()[:8])
    slip = sheet[:place] + ("1" if sheet[place] == "0" else "0") + sheet[place + 1 :]
    with pytest.raises(Refused, match="slip"):
        keyfile.restore_from_sheet(slip)


def test_keys_do_not_show_in_dumps() -> None:
    own = keyfile.keys()
    assert own.chain.hex() not in repr(own) + str(own.chain) + f"{own.chain}"
