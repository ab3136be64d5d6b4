"""The house taken over beside `serve`, and a broken one brought back by its rescue pages."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from regulars.interfaces.server.tests.test_serve import House, until
from tests.rig import warm

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes as Linux shows them")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    if house.process:
        house.process.terminate()
        house.process.communicate(timeout=120)
    house.errors.close()


def run(house: House, *words: str, code: int = 0) -> Any:
    ran = warm.run(["-m", "regulars", *words, "--json"], house.environment)
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout)


def home_of(house: House) -> Path:
    return Path(house.environment["REGULARS_HOME"])


def test_beside_serve_and_back_by_itself(house: House) -> None:
    run(house, "add", "family_name=Berg")
    kept = run(house, "backup")["version"]
    run(house, "add", "family_name=Lund")
    house.start()
    house.opened()
    before = house.children()
    done = run(house, "restore")
    assert done["version"] == kept and done["lost"]["count"] == 1 and done["restored"]
    until(lambda: house.status() == 200)
    assert not set(before) & set(house.children()), "web and backroom let go of the old file"
    assert run(house, "find", "", "--count")["count"] == 1
    assert run(house, "verify")["ok"]


def test_killed_while_it_has_the_house_it_opens_again_with_the_old_or_the_new(house: House) -> None:
    """The one who carries out the order, then `serve` itself: whoever waits is told, and what stands is whole."""
    run(house, "add", "family_name=Berg")
    run(house, "backup")
    run(house, "add", "family_name=Lund")
    house.start()
    house.opened()
    for who, sentence in (("server.takeover", "ended from outside"), ("regulars serve", "Start it again")):
        code, said = restored_and_killed(house, who)
        assert code == 0 or sentence in said
        assert house.process
        if who == "regulars serve":
            house.process.communicate()
            house.start()
            house.opened()
        until(lambda: house.status() == 200)
        assert run(house, "find", "", "--count")["count"] in (1, 2) and run(house, "verify")["ok"]


def restored_and_killed(house: House, who: str) -> tuple[int, str]:
    """A restore beside `serve`, of which somebody is killed when the register has just been made a version: how the
    command that asked for it ended, and what it said."""
    there = len(versions(house))
    with TemporaryFile("w+") as told:
        asking = warm.Running(["-m", "regulars", "restore"], house.environment, errors=told.fileno())
        until(lambda: len(versions(house)) > there or over(asking))
        assert house.process
        for pid, words in {**commands(house), house.process.pid: "regulars serve"}.items():
            if who in words:
                os.kill(pid, signal.SIGKILL)
        code = asking.wait(60)
        told.seek(0)
        return code, told.read()


def versions(house: House) -> list[Path]:
    return list((home_of(house) / "versions").glob("*-restore.db"))


def commands(house: House) -> dict[int, str]:
    """What runs below `serve`."""
    found = {}
    for pid in house.children():
        with suppress(OSError):
            found[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return found


def over(running: warm.Running) -> bool:
    with suppress(TimeoutError):
        running.wait(0.01)
    return running.returncode is not None


def test_the_keys_are_changed_beside_serve_and_what_is_refused_is_told(house: House) -> None:
    run(house, "add", "family_name=Berg")
    house.start()
    house.opened()
    before = house.children()
    done = run(house, "keys", "rotate")
    assert [each["kind"] for each in done["changed"]] == ["database", "fields", "sign", "session"] and done["by_serve"]
    until(lambda: house.status() == 200)
    assert not set(before) & set(house.children()), "web and backroom let go of the old file"
    assert run(house, "find", "", "--count")["count"] == 1 and run(house, "verify")["ok"]

    assert "chain" in run(house, "keys", "rotate", "chain", code=1)["error"]["message"]
    assert "look like" in run(house, "move", "--to", "mysql://a/b", code=1)["error"]["message"]
    until(lambda: house.status() == 200)
    assert run(house, "verify")["ok"]


def test_a_broken_house_is_brought_back_in_three_clicks(house: House) -> None:
    run(house, "add", "family_name=Berg")
    run(house, "backup")
    (home_of(house) / "regulars.db").write_bytes(b"\0" * 100_000)
    house.start()
    said = house.opened()
    assert house.status() == 503 and house.status("/") == 503
    cookie, page = click(house, urlsplit(said["rescue_link"]).path)
    cookie, page = click(house, "/", cookie)
    assert "1 customer" in page
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    _cookie, page = click(house, "/rescue/restore/", cookie, csrfmiddlewaretoken=token)
    assert "being put back" in page
    until(lambda: house.status() == 200)
    assert run(house, "find", "", "--count")["count"] == 1 and run(house, "verify")["ok"]


def click(house: House, path: str, cookie: str = "", **fields: str) -> tuple[str, str]:
    asked = HTTPConnection("127.0.0.1", house.port, timeout=120)
    body = urlencode(fields) if fields else None
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    asked.request("POST" if fields else "GET", path, body, headers)
    told = asked.getresponse()
    cookies = [value.partition(";")[0] for name, value in told.getheaders() if name.lower() == "set-cookie"]
    page = told.read().decode()
    asked.close()
    return "; ".join([*([cookie] if cookie else []), *cookies]), page


def test_a_killed_restore_is_finished_or_never_was(house: House) -> None:
    run(house, "add", "family_name=Berg")
    run(house, "backup")
    run(house, "add", "family_name=Lund")
    for wait in (0.05, 0.3, 0.6, 1.2):
        process = warm.Running(["-m", "regulars", "restore", "--json"], house.environment)
        try:
            process.wait(wait)
        except TimeoutError:
            process.kill()
        assert run(house, "find", "", "--count")["count"] in (1, 2)
    assert run(house, "verify")["ok"]
