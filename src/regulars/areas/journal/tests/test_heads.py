"""The signing key is changed: the old heads stay, the old key names the new one, and signs nothing any more."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from regulars.areas.journal.chain import heads
from regulars.kernel import crypto, keyfile

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "key.json"))


def signed(links: int, key: bytes) -> bytes:
    bare = heads.Head(keyfile.keys().home, links, links, AT.isoformat(), "00")
    told = {name: getattr(bare, name) for name in heads.Head.__slots__}
    return orjson.dumps({**told, "sig": crypto.sign(key, bare.stated()).hex()}) + b"\n"


def write(line: bytes) -> None:
    with keyfile.heads_path().open("ab") as file:
        file.write(line)


def test_old_heads_stay_and_the_newest_is_found_behind_the_change() -> None:
    heads.append(links=1, changeset=1, at=AT, digest=b"1")
    keyfile.change("sign", at=AT)
    assert [each.links for each in heads.read()[0]] == [1]
    heads.pass_on()
    heads.pass_on()
    newest = heads.last()
    assert newest is not None and newest.links == 1
    heads.append(links=2, changeset=2, at=AT, digest=b"2")
    keyfile.change("sign", at=AT)
    heads.pass_on()
    heads.append(links=3, changeset=3, at=AT, digest=b"3")
    assert ([each.links for each in heads.read()[0]], heads.read()[1]) == ([1, 2, 3], [])
    assert keyfile.heads_path().read_bytes().count(b'"key"') == 2


def test_however_many_sign_at_once_heads_never_go_backwards() -> None:
    """Each has read which link is the newest before any of them writes."""
    ready = threading.Barrier(8)

    def sign(place: int) -> int:
        ready.wait()
        return sum(heads.append(links=links, changeset=links, at=AT, digest=b"1") for links in range(place, 64, 8))

    with ThreadPoolExecutor(8) as threads:
        written = sum(threads.map(sign, range(1, 9)))
    known, bad = heads.read()
    assert (len(known), bad, heads.standing(known)[1]) == (written, [], None) and known[-1].links == 63
    assert not heads.append(links=62, changeset=62, at=AT, digest=b"1") and len(heads.read()[0]) == written


def test_after_the_change_the_old_key_signs_nothing_any_more() -> None:
    old = keyfile.keys().sign
    write(signed(1, old))
    keyfile.change("sign", at=AT)
    heads.pass_on()
    write(signed(2, old))
    assert ([each.links for each in heads.read()[0]], heads.read()[1]) == ([1], [3])


def test_a_successor_that_is_not_ours_or_not_named_by_ours_is_told() -> None:
    own = keyfile.keys()
    stranger = crypto.random_key()
    public = crypto.public_key(stranger)
    for key in (own.sign, stranger):
        sig = crypto.sign(key, keyfile.succession(own.home, public)).hex()
        write(orjson.dumps({"home": own.home, "key": public.hex(), "sig": sig}) + b"\n")
    write(signed(1, own.sign))
    assert ([each.links for each in heads.read()[0]], heads.read()[1]) == ([1], [1, 2])


def test_a_bit_that_makes_a_letter_a_capital_is_rot_as_well() -> None:
    line = signed(1, keyfile.keys().sign)
    sig = orjson.loads(line)["sig"].encode()
    letter = next(each for each in sig.decode() if each.isalpha())
    write(line)
    write(line.replace(sig, sig.replace(letter.encode(), letter.upper().encode(), 1)))
    assert [each.links for each in heads.read()[0]] == [1] and heads.read()[1] == [2]
