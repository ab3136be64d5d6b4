"""Twelve ways to break the database and one more: each is noticed, said in plain words on the rescue pages, and ends
with the list on screen again in five clicks at most."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from regulars.areas.access.models import Password
from regulars.areas.access.tests.people import hash_of, person
from regulars.areas.customers.actions import add_customer
from regulars.areas.journal.actions import sign_heads
from regulars.areas.journal.queries import verify
from regulars.areas.safekeeping.actions import make_version
from regulars.areas.safekeeping.actions.restoring import what_is_wrong
from regulars.interfaces.rescue import TOLD
from regulars.interfaces.server import ready
from regulars.interfaces.server.takeover import carry_out
from regulars.kernel import crypto, keyfile, places, takeover
from regulars.kernel.actor import Actor
from tests.rig.forgetting import clean_home

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(os.environ.get("REGULARS_DATABASE_URL")), reason="about the encrypted file"),
]
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TOKEN, PASSWORD = "ab" * 16, "a long way home 4711"
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    with clean_home():
        yield


def raw(*statements: str) -> Callable[[Path], None]:
    def broken(live: Path) -> None:
        from regulars.kernel.databases.sqlcipher import base

        opened = base.open_file(live, keyfile.keys().database)
        opened.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            opened.execute(statement)
        opened.close()

    return broken


def cut(live: Path) -> None:
    os.truncate(live, live.stat().st_size // 2)


def zeroed(live: Path) -> None:
    with live.open("r+b") as file:
        file.write(bytes(4096))


def of_another_key(live: Path) -> None:
    from regulars.kernel.databases.sqlcipher import base

    live.unlink()
    opened = base.open_file(live, crypto.random_key())
    opened.execute("CREATE TABLE django_migrations (id)")
    opened.close()


WAYS: dict[str, Callable[[Path], Any]] = {
    "cut off": cut,
    "nothing left in the file": lambda live: live.write_bytes(b""),
    "its start overwritten by zeros": zeroed,
    "garbage": lambda live: live.write_bytes(os.urandom(300_000)),
    "gone": Path.unlink,
    "renamed by a blackmailer": lambda live: live.rename(live.with_name("regulars.db.locked")),
    "of another key": of_another_key,
    "a table dropped": raw("DROP TABLE access_session"),
    "the customers' table dropped": raw("DROP TABLE customers_customer"),
    "an upgrade half done": raw("ALTER TABLE access_user DROP COLUMN theme"),
    "customers emptied": raw("DELETE FROM customers_customer", "DELETE FROM customers_customer_past"),
    "the journal emptied": raw("DELETE FROM journal_link", "DELETE FROM journal_changeset"),
    "the memory of upgrades gone": raw("DROP TABLE django_migrations"),
}


class Visitor:
    """Somebody at a browser, whose clicks are counted; forms are sent as they stand on the page."""

    def __init__(self) -> None:
        self.client, self.clicks, self.page = Client(), 0, ""

    def open(self, address: str) -> str:
        """A link is followed, or an address given: one click."""
        return self._came_to(self.client.get(address))

    def press(self, button: str, **typed: str) -> str:
        """Sends the form of the page that has this button."""
        form = next(each for each in _FORM.findall(self.page) if button in each)
        fields = dict(_FIELD.findall(form)) | typed
        action = _ACTION.search(form)
        return self._came_to(self.client.post(action[1] if action else "", fields))

    def _came_to(self, answer: Any) -> str:
        while "Location" in answer:
            answer = self.client.get(answer["Location"])
        self.clicks, self.page = self.clicks + 1, answer.content.decode()
        return self.page


_FORM = re.compile(r"<form.*?</form>", re.DOTALL)
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_ACTION = re.compile(r'action="([^"]+)"')


@pytest.mark.parametrize("way", WAYS)
def test_each_way_is_noticed_and_the_list_is_back_in_five_clicks(way: str, settings: Any) -> None:
    Password.objects.filter(user=person("owner")).update(hash=hash_of(PASSWORD))
    add_customer(card={"kind": "person", "family_name": "Berg"}, by=OLGA, at=AT)
    make_version(at=AT + timedelta(minutes=1), why="test", by=OLGA)
    sign_heads(at=AT + timedelta(minutes=1))
    assert ready.database(TOKEN) is None
    live = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for log in ("-wal", "-shm"):
        live.with_name(f"{live.name}{log}").unlink(missing_ok=True)
    WAYS[way](live)

    found = ready.database(TOKEN)  # what `serve` asks at its start
    assert found, way
    visitor = Visitor()
    with rescue_pages(settings, found):
        page = visitor.open(f"/rescue/{TOKEN}/")
        assert escape(found["why"]) in page and "1 customer" in page
        assert "is being put back" in visitor.press("Put it back")
    order, _answer = takeover.read()
    done = carry_out(order, told=print)
    assert done["wrong"] and ready.database(TOKEN) is None

    visitor.client = Client()  # another process answers from here on
    visitor.open("/")
    visitor.press("Sign in", login="Olga", password=PASSWORD)
    visitor.open("/customers/")
    assert "Berg" in visitor.page and visitor.clicks <= 5
    assert what_is_wrong() == [] and [each.message for each in verify().problems] == []
    if way != "gone" and not way.startswith("renamed"):
        kept = places.versions() / done["replaced"]
        assert kept.exists() or (places.versions() / f"{done['replaced']}.db").exists()
    live.with_name("regulars.db.locked").unlink(missing_ok=True)


@contextmanager
def rescue_pages(settings: Any, told: Mapping[str, str]) -> Iterator[None]:
    """The web as `serve` starts it for a database that does not open."""
    from regulars.project import rescue

    names = ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES")
    before = {name: getattr(settings, name) for name in names}
    for name in names:
        setattr(settings, name, getattr(rescue, name))
    TOLD.update(told)
    try:
        yield
    finally:
        TOLD.clear()
        for name, value in before.items():
            setattr(settings, name, value)
