"""The weekly drill brings the newest proved version back on trial, and leaves nothing behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers.actions import add_customer
from regulars.areas.safekeeping import actions, jobs, queries
from regulars.areas.safekeeping.keeping import slips
from regulars.kernel import jobs as queue
from regulars.kernel import keyfile, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import is_file
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    yield tmp_path
    assert not _left()


def _left() -> list[Path]:
    return [*places.spool().glob("drill-*"), *keyfile.path().parent.glob("drill-*")]


def _proved() -> slips.Version:
    made = actions.make_version(at=AT, why="nightly", proved_here=True)
    return slips.amend(made, proof={"at": "2026-11-24T01:00:00+00:00", "ok": True, "kind": "whole"}) or made


def test_the_newest_proved_version_comes_back_and_is_used() -> None:
    for name in ("Anna", "Bo"):
        add_customer(by=OLGA, at=AT, card={"given_name": name})
    heads = keyfile.heads_path().read_bytes() if keyfile.heads_path().exists() else b""
    version = _proved()
    jobs.ask_for_the_drill()
    assert queue.run_due() == 1
    (told,) = queries.drills()
    assert told.ok and told.version == version.name, Job.objects.get(task=queries.DRILL).error
    assert dict(told.steps) == {"migrated": "", "counted": "2", "listed": "2", "card": "", "searched": ""}
    assert (keyfile.heads_path().read_bytes() if keyfile.heads_path().exists() else b"") == heads
    page = browser_of().get("/safekeeping/").content.decode()
    assert "It came back just now." in page and "all customers there (2)" in page


def test_an_owner_comes_in_and_finds_the_first_page_and_the_report() -> None:
    person("owner")
    add_customer(by=OLGA, at=AT, card={"given_name": "Anna"})
    _proved()
    jobs.ask_for_the_drill()
    queue.run_due()
    (told,) = queries.drills()
    assert told.ok and list(dict(told.steps))[-2:] == ["entered", "reported"], told.error


def test_one_that_does_not_come_back_is_said() -> None:
    add_customer(by=OLGA, at=AT, card={"given_name": "Anna"})
    version = _proved()
    slips.amend(version, customers=5)
    with pytest.raises(Refused, match="1 customers instead of 5"):
        actions.drill()
    if is_file(connection):
        version.file.write_bytes(b"no database" * 1000)
        with pytest.raises(Refused, match="did not come back"):
            actions.drill()


def test_without_a_proved_version_there_is_nothing_to_try_and_not_everybody_may_ask() -> None:
    with pytest.raises(Refused, match="no proved version"):
        actions.drill()
    with pytest.raises(NotAllowed):
        actions.ask_for_drill(by=Actor(kind="user", name="Ole"))


def test_whatever_a_killed_drill_left_is_cleared_away_and_stopping_ends_the_child() -> None:
    _proved()
    left = places.folder(places.spool() / "drill-abc")
    (left / "regulars.db").write_bytes(b"left")
    places.folder(keyfile.path().parent / "drill-abc")

    def stop() -> None:
        assert len(_left()) == 2  # those of now alone
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.drill(meanwhile=stop)
