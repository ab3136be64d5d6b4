"""A version is proved by a process of its own. What it finds stands in the slip; what it cannot end is tried again."""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.models import Customer
from regulars.areas.safekeeping import actions, endpoints, jobs, queries
from regulars.areas.safekeeping.keeping import proving, slips
from regulars.kernel import jobs as queue
from regulars.kernel import keyfile, places, processes
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copies, copying
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))
ON_FILE = not os.environ.get("REGULARS_DATABASE_URL")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    return tmp_path


def _clock() -> datetime:
    return AT + timedelta(minutes=1)


def _added(name: str = "Anna") -> None:
    add_customer(by=OLGA, at=AT, card={"given_name": name})


def _made(why: str = "nightly", at: datetime = AT) -> slips.Version:
    return actions.make_version(at=at, why=why, by=OLGA, proved_here=True)


def test_the_child_proves_all_of_a_version_and_the_slip_says_so() -> None:
    _added()
    made = _made()
    assert (made.customers, made.links, made.link) == (1, 1, 1) and made.digest and made.library and made.schema == ""
    proved = actions.prove_version(name=made.name, clock=_clock)
    assert proved.state == "proved" and proved.proof and proved.problems == ()
    assert (proved.proof.at, proved.proof.kind) == (_clock(), "whole") and proved.proof.changes >= 1
    told = queries.version_named(made.name).as_json()
    assert told["checked"] is True and told["proof"]["ok"] is True and told["customers"] == 1
    assert endpoints.Version.model_validate(told).proof and set(told["proof"]) == set(endpoints.Proof.model_fields)


@pytest.mark.usefixtures("proved_here")
def test_a_flipped_bit_is_found() -> None:
    made = _made()
    content = bytearray(made.file.read_bytes())
    content[len(content) // 2] ^= 1
    made.file.write_bytes(content)
    proved = actions.prove_version(name=made.name, clock=_clock)
    assert proved.state == "damaged" and "not the one that was written" in proved.problems[0]


@pytest.mark.usefixtures("proved_here")
@pytest.mark.skipif(not ON_FILE, reason="alters the encrypted file")
@pytest.mark.parametrize(
    ("alter", "said", "state"),
    [
        ("UPDATE customers_customer SET given_name = 'Eve'", "differs", "doubtful"),
        ("DELETE FROM customers_customer", "instead of", "damaged"),
        ("UPDATE journal_link SET digest = x'00' WHERE number = 1", "instead of", "damaged"),
        ("DELETE FROM journal_link WHERE number = 2", "instead of", "damaged"),
    ],
)
def test_what_was_altered_with_the_right_key_is_found_too(alter: str, said: str, state: str) -> None:
    """Whoever has the keys can write pages that are sound: the chain and the counts tell."""
    from regulars.kernel import crypto
    from regulars.kernel.databases.sqlcipher import base

    _added()
    _added("Bo")
    _added("Cleo")
    made = _made()
    opened = base.open_file(made.file, keyfile.keys().database)
    opened.execute("PRAGMA foreign_keys = OFF")
    if "DELETE FROM journal" not in alter:
        opened.execute(alter.replace("number = 1", "number = 3"))
    else:
        opened.execute(alter)
    opened.execute("PRAGMA journal_mode = DELETE")
    opened.close()
    slips.amend(made, sha256=crypto.sha256_of_file(made.file).hex())
    proved = actions.prove_version(name=made.name, clock=_clock)
    assert proved.state == state and not proved.proved
    found = (*proved.problems, *(proved.proof.doubts if proved.proof else ()))
    assert any(said in each for each in found), found


@pytest.mark.usefixtures("proved_here")
def test_a_true_copy_of_a_register_that_was_altered_stays_and_is_not_called_proved() -> None:
    _added()
    for hours in (3, 2):
        actions.prove_version(name=_made("nightly", AT - timedelta(hours=hours)).name, clock=_clock)
    Customer.objects.update(given_name="Eve")  # behind the program's back
    with pytest.raises(actions.Doubtful, match="differs"):
        actions.make_and_prove(at=AT, why="backup", by=actions.SYSTEM)
    newest, *before = queries.versions()
    assert newest.why == "backup" and newest.state == "doubtful" and newest.good
    assert queries.newest_proved() == before[0]


@pytest.mark.usefixtures("proved_here")
def test_an_hourly_one_is_held_against_the_chain_from_where_the_last_whole_proof_ended() -> None:
    _added()
    actions.prove_version(name=_made().name, clock=_clock)
    _added("Bo")
    hourly = _made("hourly", AT + timedelta(hours=1))
    proved = actions.prove_version(name=hourly.name, clock=_clock, whole=False)
    assert proved.proof and proved.proof.kind == "new" and proved.proved
    again = actions.prove_version(name=hourly.name, clock=_clock, whole=True)
    assert again.proof and again.proof.kind == "whole"


@pytest.mark.usefixtures("proved_here")
def test_a_file_that_a_version_names_and_nobody_has_is_missed() -> None:
    made = _made()
    made.list_of_files.write_text("originals/" + "ab" * 32 + "\n")
    proved = actions.prove_version(name=made.name, clock=_clock)
    assert proved.state == "damaged" and "is missing" in proved.problems[0]


def test_a_child_that_is_killed_leaves_no_verdict_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = _made()
    monkeypatch.setattr(proving, "look_at", _die)
    with pytest.raises(Refused, match="without a verdict"):
        actions.prove_version(name=made.name, clock=_clock)
    assert queries.version_named(made.name).state == "waiting"
    assert [each.name for each in actions.unproved(at=AT)] == [made.name]
    monkeypatch.undo()
    monkeypatch.setattr(places, "versions", lambda: made.file.parent)
    jobs.ask_for_proofs()
    jobs.ask_for_proofs()
    assert Job.objects.count() == 1 and queue.run_due() == 1
    assert queries.version_named(made.name).proved


def test_it_is_given_up_after_so_many_deaths() -> None:
    made = _made()
    slips.amend(made, tries=5)
    assert actions.unproved(at=AT) == []
    actions.ask_for_proof(name=made.name, by=OLGA)
    assert queries.version_named(made.name).tries == 0 and Job.objects.count() == 1


def test_whoever_may_not_make_copies_may_not_have_them_proved() -> None:
    made = _made()
    with pytest.raises(NotAllowed):
        actions.ask_for_proof(name=made.name, by=Actor(kind="user", name="Ole"))
    with pytest.raises(NotAllowed):
        actions.ask_for_version(by=Actor(kind="user", name="Ole"))


def test_the_child_has_only_so_much_memory() -> None:
    with pytest.raises(processes.ChildDied):
        processes.apart(_hungry, memory=256, meanwhile=lambda: None)


def test_a_child_ends_with_whoever_waits_for_it() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processes.apart(_sleep, memory=256, meanwhile=stop)


def test_slips_of_an_earlier_release_are_read(own_folder: Path) -> None:
    folder = places.versions()
    (folder / "2026-11-01T010000Z-nightly.db").write_bytes(b"x")
    (folder / "2026-11-01T010000Z-nightly.json").write_text(
        '{"version": "2026-11-01T010000Z-nightly", "at": "2026-11-01T01:00:00Z", "why": "nightly", "by": "Regulars",'
        ' "bytes": 1, "sha256": "00", "checked": true, "problems": [], "file": "2026-11-01T010000Z-nightly.db"}'
    )
    (old,) = queries.versions()
    assert old.proved and old.link == 0 and old.proof and old.proof.kind == "pages"


def _die(_claim: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hungry() -> int:
    return len(bytearray(1 << 30))


def _sleep() -> None:
    import time

    time.sleep(60)


@pytest.mark.skipif(ON_FILE, reason="a database beside the house's is one of PostgreSQL")
def test_two_proofs_at_once_leave_each_other_alone_and_take_away_what_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def there() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [copies._prefix()])
            return {name for (name,) in cursor.fetchall()}

    monkeypatch.setattr(copying, "fill", lambda *_given: None)
    killed = connection.copy()
    with killed.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {copies._prefix()}killed")
    killed.close()
    first, second = connection.copy(), connection.copy()
    try:
        with copies.scratch(first, tmp_path) as one, copies.scratch(second, tmp_path) as other:
            assert there() == {one, other}  # nobody was connected to the first when the second took away leftovers
        assert there() == set()
    finally:
        first.close()
        second.close()
