"""A copy is whole, secret, proved; what is carried elsewhere is enough to begin anew."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from regulars.areas.journal.chain import ledger
from regulars.areas.safekeeping import actions, jobs, queries
from regulars.kernel import crypto, keyfile, personkeys, places
from regulars.kernel import jobs as queue
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copying
from regulars.kernel.databases.sqlcipher import base
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.models import Chore, Job
from tests.rig.forgetting import clean_home

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("proved_here")]
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"safekeeping.backup"}))
ON_FILE = not os.environ.get("REGULARS_DATABASE_URL")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    return tmp_path


def test_a_version_is_made_checked_and_listed() -> None:
    Chore.objects.create(name="Kanarienvogel", due=AT)
    made = actions.make_version(at=AT, why="nightly", by=OLGA)
    assert (
        [made] == queries.versions()
        and made.state == "waiting"
        and made.good
        and made.by == "Olga"
        and made.size == made.file.stat().st_size
    )
    assert made.name == "2026-11-24T010000Z-nightly" and queries.version_named(made.name) == made
    assert actions.make_version(at=AT, why="nightly").name == f"{made.name}-2"
    assert b"Kanarienvogel" not in made.file.read_bytes() and made.file.stat().st_mode & 0o077 == 0
    assert not list(made.file.parent.glob(".*.part"))


@pytest.mark.skipif(not ON_FILE, reason="about the encrypted file")
def test_a_version_holds_the_data_of_its_moment() -> None:
    from regulars.kernel import keyfile
    from regulars.kernel.databases.sqlcipher import base

    Chore.objects.create(name="before", due=AT)
    made = actions.make_version(at=AT, why="nightly")
    Chore.objects.create(name="after", due=AT)
    opened = base.open_copy(made.file, keyfile.keys().database)
    assert opened.execute("SELECT name FROM kernel_chore").fetchall() == [("before",)]
    opened.close()


def test_a_flipped_bit_in_a_copy_is_found() -> None:
    made = actions.make_version(at=AT, why="nightly")
    content = bytearray(made.file.read_bytes())
    content[len(content) // 2] ^= 1
    made.file.write_bytes(content)
    assert queries.problems_of(made)


@pytest.mark.skipif(not ON_FILE, reason="about the encrypted file")
def test_a_copy_that_does_not_even_open_is_found_also_where_there_are_earlier_keys(own_folder: Path) -> None:
    made, before = actions.make_version(at=AT, why="test", by=OLGA), keyfile.path().read_bytes()
    try:
        keyfile.change("database", at=AT)
        base.rekey(made.file, bytes(keyfile.keys().database))
        assert not queries.problems_of(made)
        content = bytearray(made.file.read_bytes())
        for page in range(1, len(content) // 4096):  # all but the first, by which a key is known
            content[page * 4096 + 100] ^= 1
        made.file.write_bytes(content)
        assert queries.problems_of(made)
    finally:
        keyfile.path().write_bytes(before)
        (places.home() / "keys.ids").unlink()
        keyfile.forget_cached()


@pytest.mark.parametrize("slip", [b"", b"{", b"[]", b'{"at": 3}', b"\xff\xfe"])
def test_a_version_whose_slip_is_damaged_is_proved_again_and_gets_a_new_one(slip: bytes) -> None:
    made = actions.make_version(at=AT, why="nightly", by=OLGA)
    proved = actions.prove_version(name=made.name, clock=timezone.now)
    made.slip.write_bytes(slip)
    (found,) = queries.versions()
    assert (found.name, found.at, found.why, found.state) == (made.name, AT, "nightly", "waiting")
    assert actions.unproved(at=timezone.now()) == [found]
    again = actions.prove_version(name=made.name, clock=timezone.now)
    assert (again.state, again.sha256, again.link, again.digest) == (
        "proved",
        proved.sha256,
        proved.link,
        proved.digest,
    )
    assert (again.customers, again.links) == (proved.customers, proved.links) and queries.versions() == [again]


def test_a_damaged_copy_with_a_damaged_slip_is_found_out() -> None:
    made = actions.make_version(at=AT, why="nightly", by=OLGA)
    made.slip.write_bytes(b"{")
    made.file.write_bytes(made.file.read_bytes()[:5000])
    assert actions.prove_version(name=made.name, clock=timezone.now).state == "damaged"


def test_before_an_upgrade_a_damaged_copy_is_refused_and_the_older_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    good = actions.make_version(at=AT, why="nightly")
    monkeypatch.setattr(copying, "rotten", lambda copied: ["page 2"])
    with pytest.raises(actions.NotWhole, match="page 2"):
        actions.make_version(at=AT + timedelta(days=1), why="upgrade")
    assert queries.versions()[-1] == good and not queries.versions()[0].good


def test_what_a_killed_copy_left_behind_goes(own_folder: Path) -> None:
    half = places.folder(own_folder / "versions") / ".2026-11-23T010000Z-nightly.db.part"
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    actions.prune_home(at=AT)
    assert not half.exists()


def test_two_made_in_the_same_second_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = copying._settle

    def meanwhile(partial: Path) -> None:
        monkeypatch.setattr(copying, "_settle", settle)
        actions.make_version(at=AT, why="hourly", by=OLGA)
        settle(partial)

    monkeypatch.setattr(copying, "_settle", meanwhile)
    made = actions.make_version(at=AT, why="hourly", by=OLGA)
    both = queries.versions()
    assert len(both) == 2 and made.name in {each.name for each in both}
    assert all(crypto.sha256_of_file(each.file).hex() == each.sha256 for each in both)
    assert not list(made.file.parent.glob(".*.part"))


def test_a_disk_that_gives_a_file_one_name_alone_keeps_versions_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_names: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refused)
    made = [actions.make_version(at=AT, why="hourly", by=OLGA) for _turn in range(2)]
    assert [each.name for each in queries.versions()] == [each.name for each in reversed(made)]
    assert not list(made[0].file.parent.glob(".*.part"))


def test_only_who_may_makes_copies() -> None:
    with pytest.raises(NotAllowed):
        actions.make_version(at=AT, why="backup", by=Actor(kind="user", name="Ole"))


def test_a_full_disk_is_said_before_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "size", lambda connection: 10**18)
    with pytest.raises(Refused, match="are free"):
        actions.make_version(at=AT, why="backup", by=OLGA)
    assert queries.versions() == []


def test_another_place_gets_all_that_is_needed_but_the_key_file(own_folder: Path) -> None:
    personkeys.seal_value(10001, "p", "secret")
    file = places.folder(places.home() / "files" / "ab") / "abcd"
    file.write_bytes(b"sealed")
    place = places.folder(own_folder / "disk")
    for day in range(2):
        actions.backup_to(place=place, at=AT + timedelta(days=day), by=OLGA)
    there = place / f"regulars-{places.home_id()}"
    assert [each.good for each in queries.versions(there / "versions")] == [True, True]
    assert (there / "files/ab/abcd").read_bytes() == b"sealed" and (there / "keys.db").stat().st_size
    assert {each.name for each in there.iterdir()} >= {"versions", "files", "keys.db", "home.id", "keys.ids"}
    assert not list(there.rglob("*.json")) or all(each.parent.name == "versions" for each in there.rglob("*.json"))
    file.unlink()


def test_what_was_destroyed_for_a_forgotten_customer_goes_at_the_other_place_too(own_folder: Path) -> None:
    folder = places.folder(places.home() / "files" / "cd")
    (folder / "cdef").write_bytes(b"hers")
    (folder / "cd00").write_bytes(b"of somebody else")
    place = places.folder(own_folder / "disk")
    actions.backup_to(place=place, at=AT, by=OLGA)
    (folder / "cdef").unlink()
    (folder / "cd00").unlink()
    with clean_home():
        ledger.append(at=AT, next_number=1, values={}, let_go={"customers.files": ["cdef"]})
        actions.backup_to(place=place, at=AT + timedelta(days=1), by=OLGA)
        there = place / f"regulars-{places.home_id()}"
        assert [each.name for each in (there / "files/cd").iterdir()] == ["cd00"]
        assert (there / keyfile.ledger_path().name).read_bytes() == keyfile.ledger_path().read_bytes()


def test_a_place_that_is_none_is_refused(own_folder: Path) -> None:
    with pytest.raises(Refused, match="no folder"):
        actions.backup_to(place=own_folder / "nowhere", at=AT, by=OLGA)
    with pytest.raises(Refused, match="inside the home"):
        actions.backup_to(place=places.folder(places.home() / "inside"), at=AT, by=OLGA)


def test_the_nightly_copy_is_a_job_asked_for_once() -> None:
    jobs.ask_for_the_nightly_copy()
    jobs.ask_for_the_nightly_copy()
    assert Job.objects.count() == 1 and queue.run_due() == 2
    copied, proved = Job.objects.order_by("id")
    assert copied.result == queries.versions()[0].name and proved.result is True


def test_tidying_harms_nothing() -> None:
    jobs.tidy_the_database()
    assert Chore.objects.count() == 0 and timezone.now() > AT - timedelta(days=9999)
    assert connection.is_usable()
