"""The key file: made once, for the owner's eyes, never made anew."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from regulars.kernel import crypto, keyfile, places
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
    assert set(json.loads(keyfile.path().read_text())) == {*keyfile.KINDS, "home", "check"}
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


AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", keyfile.CHANGEABLE)
def test_a_changed_key_is_retired_and_the_others_stay(kind: str) -> None:
    first = keyfile.keys()
    changed = keyfile.change(kind, at=AT)
    assert {each for each in keyfile.KINDS if changed.ids()[each] != first.ids()[each]} == {kind} - {"session"}
    assert [(each.kind, each.at) for each in changed.retired] == [(kind, AT.isoformat())]
    keyfile.forget_cached()
    assert keyfile.keys() == changed and stat.S_IMODE(keyfile.path().stat().st_mode) == 0o600
    assert json.loads((places.home() / "keys.ids").read_text()) == changed.ids()


def test_the_chains_key_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="chain"):
        keyfile.change("chain", at=AT)


def test_of_a_signing_key_only_the_public_half_stays() -> None:
    first = keyfile.keys()
    changed = keyfile.change("sign", at=AT)
    assert changed.signers() == [crypto.public_key(first.sign), crypto.public_key(changed.sign)]
    assert first.sign.hex() not in keyfile.path().read_text()


def test_what_was_sealed_before_opens_and_the_index_of_sealed_values_stays() -> None:
    first = keyfile.keys()
    key = crypto.derive(first.fields, "files")
    sealed = crypto.seal(crypto.key_id(key), key, b"text", b"place")
    changed = keyfile.change("fields", at=AT)
    changed = keyfile.change("fields", at=AT)
    assert crypto.unseal(keyfile.opened_by("files"), sealed, b"place") == b"text"
    assert changed.index == first.fields
    with pytest.raises(KeyError):
        crypto.unseal(keyfile.opened_by("another purpose"), sealed, b"place")


def test_what_the_earlier_session_key_signed_is_taken_for_a_day() -> None:
    (before,) = keyfile.session_secrets(AT)
    lasting = keyfile.lasting_secret()
    keyfile.change("session", at=AT)
    fresh, *fallbacks = keyfile.session_secrets(AT + timedelta(hours=23))
    assert fresh != before and fallbacks == [before]
    assert keyfile.session_secrets(AT + timedelta(hours=25)) == [fresh]
    assert keyfile.lasting_secret() == lasting
    keyfile.change("session", at=AT)
    assert keyfile.session_secrets(AT)[1:] == [fresh]


def test_a_sheet_says_whether_it_fits_and_brings_back_the_retired(tmp_path: Path) -> None:
    older = keyfile.recovery_sheet()
    for kind in keyfile.CHANGEABLE:
        keyfile.change(kind, at=AT)
    sheet, own = keyfile.recovery_sheet(), keyfile.keys()
    assert (keyfile.sheet_fits(sheet), keyfile.sheet_fits(older)) == ("fits", "older")
    keyfile.path().unlink()
    with pytest.raises(keyfile.KeysMissing, match="older than the keys"):
        keyfile.restore_from_sheet(older)
    assert not keyfile.path().exists()
    back = keyfile.restore_from_sheet(sheet)
    assert (back.ids(), back.session, back.signers()) == (own.ids(), own.session, own.signers())
    assert [(each.kind, each.key) for each in back.retired] == [
        (each.kind, each.key) for each in own.retired if each.kind != "session"
    ]


def test_another_homes_sheet_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sheet = keyfile.recovery_sheet()
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "other.json"))
    assert keyfile.sheet_fits(sheet) == "foreign"


def test_keys_older_than_the_home_are_refused() -> None:
    keyfile.keys()
    before = keyfile.path().read_bytes()
    keyfile.change("fields", at=AT)
    keyfile.path().write_bytes(before)
    keyfile.forget_cached()
    with pytest.raises(keyfile.KeysMissing, match="older than the keys"):
        keyfile.keys()


def test_a_bit_that_rots_in_a_key_on_which_nothing_depends_is_noticed() -> None:
    keyfile.change("session", at=datetime(2026, 11, 30, tzinfo=UTC))
    told = json.loads(keyfile.path().read_text())
    session = told["session"]
    told["session"] = ("1" if session[0] == "0" else "0") + session[1:]
    keyfile.path().write_text(json.dumps(told))
    keyfile.forget_cached()
    with pytest.raises(keyfile.KeysMissing, match="damaged"):
        keyfile.keys()
