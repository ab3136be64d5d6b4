"""A stolen disk shows nothing (K1), and what was acknowledged outlives a kill: a house of its own, from outside."""

import http.client
import json
import os
import secrets
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from regulars.interfaces.server.tests.test_serve import House, until
from tests.rig import warm

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes as Linux shows them"),
    pytest.mark.skipif(bool(os.environ.get("REGULARS_DATABASE_URL")), reason="looks at the encrypted file"),
]


def regulars(house: House, *words: str) -> Any:
    """What a command of this house answers."""
    done = warm.run(["-m", "regulars", *words, "--json"], house.environment)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def found_it(house: House) -> str:
    """Makes the owner and a token for everything; gives the token's text."""
    script = """
import django; django.setup()
from regulars.areas.access.tests.people import token_of
from regulars.areas.access.models import RIGHTS
print(token_of("owner", *RIGHTS)[1])
"""
    names = {**house.environment, "DJANGO_SETTINGS_MODULE": "regulars.project.settings"}
    done = warm.run(["-c", script], names)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


def send(house: House, token: str, method: str, path: str, body: bytes, kind: str = "application/json") -> Any:
    asked = http.client.HTTPConnection("127.0.0.1", house.port, timeout=120)
    try:
        asked.request(method, f"/api/v1{path}", body, {"Authorization": f"Bearer {token}", "Content-Type": kind})
        answered = asked.getresponse()
        told = answered.read()
        assert answered.status < 300, told
        return json.loads(told)
    finally:
        asked.close()


@pytest.fixture
def house(tmp_path: Path) -> Any:
    house = House(tmp_path)
    yield house
    if house.process:
        house.process.kill()
        house.process.communicate()
    house.errors.close()


def card(word: Any) -> dict[str, Any]:
    """A card with a known string in every text."""
    return {
        **{name: word() for name in ("given_name", "family_name", "title", "occupation", "greeting", "reason_chosen")},
        "emails": [{"value": f"{word()}@example.org", "label": word()}],
        "addresses": [{"street": word(), "city": word(), "region": word(), "label": word()}],
        "notes": [{"text": word() * 8}],
        "tags": [word()],
        "references": [{"source": word(), "value": word()}],
        "works_at": [{"organisation": word(), "job_title": word()}],
        "social": [{"network": word(), "handle": word()}],
        "identity_numbers": [{"kind": "idnr", "country": "DE", "value": "36574261809"}],
        "bank_accounts": [{"iban": "DE89370400440532013000"}],
    }


def holding(folder: Path, known: list[bytes]) -> list[str]:
    """The files, by name or content, in which one of these strings stands in clear."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert len(files) > 3
    found = []
    for each in files:
        content = each.name.encode() + each.read_bytes()
        found += [f"{each.name}: {word!r}" for word in known if word in content]
    return found


def test_a_stolen_disk_shows_nothing(house: House, tmp_path: Path) -> None:
    known = ["DE89370400440532013000", "0532013000", "36574261809"]

    def word() -> str:
        known.append(f"q{secrets.token_hex(8)}")
        return known[-1]

    house.start()
    house.opened()
    token = found_it(house)
    known.append(token)
    for _ in range(5):
        made = send(house, token, "POST", "/customers", json.dumps(card(word)).encode())
    number = made["number"]
    bound = "-----------------b"
    lines = [f"--{bound}", f'Content-Disposition: form-data; name="file"; filename="{word()}.txt"', "", word() * 99]
    file = "\r\n".join([*lines, f"--{bound}--", ""]).encode()
    send(house, token, "POST", f"/customers/{number}/files", file, f"multipart/form-data; boundary={bound}")
    send(house, token, "POST", f"/customers/{number}/unmask", json.dumps({"fact": "iban", "reason": word()}).encode())
    send(house, token, "POST", "/segments", json.dumps({"name": word(), "criteria": f'city = "{word()}"'}).encode())
    with pytest.raises(AssertionError):
        send(house, token, "POST", "/customers", json.dumps({"given_name": "a", "nonsense": word()}).encode())
    asked = http.client.HTTPConnection("127.0.0.1", house.port, timeout=120)
    by = {"Authorization": f"Bearer {token}"}
    asked.request("GET", f"/api/v1/customers?criteria=city%3D%22{word()}%22", headers=by)
    assert asked.getresponse().status == 200
    asked.close()
    regulars(house, "backup")
    assert len(known) > 100
    wanted = [each.encode() for each in known]
    wanted += [each.encode("utf-16-le") for each in known] + [b"SQLite format 3"]
    assert not holding(tmp_path / "home", wanted)
    assert house.process
    house.process.terminate()
    house.process.wait(120)
    assert not holding(tmp_path / "home", wanted)
    said = Path(house.errors.name).read_text()
    assert not [each for each in known if each in said], said
    keys = [each for each in json.loads((tmp_path / "keys.json").read_text()).values() if isinstance(each, str)]
    assert not holding(tmp_path / "home", [each.encode() for each in keys[1:] if len(each) > 20])
    loose = [each for each in (tmp_path / "home").rglob("*") if each.is_file() and each.stat().st_mode & 0o077]
    assert not loose


def test_what_was_acknowledged_outlives_a_kill(house: House) -> None:
    house.start()
    house.opened()
    token = found_it(house)
    kept: list[int] = []
    faults: list[str] = []
    stop = threading.Event()

    def write(place: int) -> None:
        for turn in range(10_000):
            if stop.is_set():
                return
            try:
                body = json.dumps({"given_name": f"W{place} {turn}"}).encode()
                made = send(house, token, "POST", "/customers", body)
                kept.append(made["number"])
            except AssertionError as fault:
                faults.append(str(fault))
            except (OSError, http.client.HTTPException, ValueError):
                pass  # not acknowledged

    writers = [threading.Thread(target=write, args=(place,)) for place in range(20)]
    for each in writers:
        each.start()
    until(lambda: len(kept) > 100)
    processes = house.children()
    assert house.process
    for each in (*processes, house.process.pid):
        os.kill(each, signal.SIGKILL)
    stop.set()
    for each in writers:
        each.join()
    house.process.communicate()
    assert not faults
    house.process = None
    found = regulars(house, "find", "", "--columns", "number", "--limit", "100000")
    there = {each["number"] for each in found["customers"]}
    assert len(kept) == len(set(kept)) and set(kept) <= there
    assert len(there) <= len(kept) + 20
    assert regulars(house, "verify")["ok"]
