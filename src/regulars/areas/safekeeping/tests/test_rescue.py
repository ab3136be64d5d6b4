"""Twelve ways to break the database: each is noticed, said in plain words, and ends with the newest good copy back."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.models import Customer
from regulars.areas.journal.actions import sign_heads
from regulars.areas.journal.queries import verify
from regulars.areas.safekeeping.actions import make_version
from regulars.areas.safekeeping.actions.restoring import Choice, restore_house, what_is_wrong
from regulars.kernel import crypto, keyfile, places
from regulars.kernel.actor import Actor
from tests.rig.forgetting import clean_home

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(os.environ.get("REGULARS_DATABASE_URL")), reason="about the encrypted file"),
]
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
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


@pytest.mark.parametrize("way", WAYS)
def test_each_way_is_noticed_and_ends_with_the_newest_good_copy(way: str) -> None:
    add_customer(card={"kind": "person", "family_name": "Berg"}, by=OLGA, at=AT)
    make_version(at=AT + timedelta(minutes=1), why="test", by=OLGA)
    sign_heads(at=AT + timedelta(minutes=1))
    assert what_is_wrong() == []
    live = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for log in ("-wal", "-shm"):
        live.with_name(f"{live.name}{log}").unlink(missing_ok=True)
    WAYS[way](live)
    assert what_is_wrong(), way
    connection.close()
    done = restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=2))
    assert done.wrong and list(Customer.objects.values_list("family_name", flat=True)) == ["Berg"]
    assert what_is_wrong() == [] and [each.message for each in verify().problems] == []
    if way != "gone" and not way.startswith("renamed"):
        kept = places.versions() / done.replaced
        assert kept.exists() or (places.versions() / f"{done.replaced}.db").exists()
    live.with_name("regulars.db.locked").unlink(missing_ok=True)
