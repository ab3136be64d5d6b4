"""The second place: a folder, an SFTP server and an S3 service on loopback; and the nightly journey there."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncssh
import pytest
from django.utils import timezone

from regulars.areas.safekeeping import actions, jobs, queries
from regulars.areas.safekeeping.keeping import elsewhere, sftp
from regulars.areas.safekeeping.keeping.arrangement import Elsewhere, arrange
from regulars.areas.safekeeping.tests.bucket import Service
from regulars.areas.safekeeping.tests.server import sftp_server
from regulars.kernel import jobs as queue
from regulars.kernel import places
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.models import Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("proved_here")]
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))
NAMES = ("path", "host", "user", "host_key", "endpoint", "region", "bucket", "prefix")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    yield tmp_path
    (places.home() / "safekeeping.json").unlink(missing_ok=True)


def _sftp(port: int, key: str, password: str = "very-secret") -> Elsewhere:
    told = {**dict.fromkeys(NAMES, ""), "host": "127.0.0.1", "port": str(port), "user": "olga", "host_key": key}
    return Elsewhere("sftp", {**told, "path": "/copies"}, {"password": password})


def _s3(service: Service) -> Elsewhere:
    told = {**dict.fromkeys(NAMES, ""), "bucket": "safe", "prefix": "regulars", "user": "olga", "port": "22"}
    return Elsewhere("s3", {**told, "endpoint": service.address}, {"password": "very-secret"})


def _proved(at: datetime = AT, why: str = "nightly") -> queries.Version:
    made = actions.make_version(at=at, why=why, proved_here=True)
    return actions.prove_version(name=made.name, clock=lambda: at)


def _file(name: str = "files/ab/abcd") -> Path:
    path = places.home() / name
    places.folder(path.parent)
    path.write_bytes(b"sealed")
    return path


def test_what_can_be_done_at_a_place_is_the_same_at_each(own_folder: Path) -> None:
    given = own_folder / "given"
    given.write_bytes(b"one" * 100_000)
    (own_folder / "disk").mkdir()
    (own_folder / "server").mkdir()
    with sftp_server(own_folder / "server") as (port, key), Service() as service:
        folder = Elsewhere("folder", {**dict.fromkeys(NAMES, ""), "path": str(own_folder / "disk")})
        for where in (folder, _sftp(port, key), _s3(service)):
            with elsewhere.opened(where) as place:
                assert place.names("versions") == {}
                place.put(given, "versions/a.db")
                place.put(given, "files/ab/abcd")
                place.put(given, "versions/a.db")
                assert place.names("versions") == {"versions/a.db": 300_000}
                assert place.names("files") == {"files/ab/abcd": 300_000}
                assert place.names("") == {"files/ab/abcd": 300_000, "versions/a.db": 300_000}
                place.get("files/ab/abcd", own_folder / "got")
                assert (own_folder / "got").read_bytes() == given.read_bytes()
                place.remove("versions/a.db")
                place.remove("versions/a.db")
                assert place.names("versions") == {}


def test_a_bucket_that_is_not_there_is_said_without_the_secret(own_folder: Path) -> None:
    (own_folder / "given").write_bytes(b"one")
    with Service() as service:
        good = _s3(service)
        other = Elsewhere("s3", {**good.told, "bucket": "none"}, good.secrets)
        said = "s3://none/regulars cannot be used"
        with pytest.raises(Refused, match=said) as refused, elsewhere.opened(other) as place:
            place.put(own_folder / "given", "versions/a.db")
        assert "very-secret" not in str(refused.value)


def test_a_server_with_another_key_or_a_wrong_password_gets_nothing(own_folder: Path) -> None:
    with sftp_server(own_folder) as (port, key):
        assert sftp.key_of("127.0.0.1", port) == key
        with pytest.raises(Refused, match="another key"), elsewhere.opened(_sftp(port, "SHA256:other")):
            pass
        with pytest.raises(Refused, match="does not know") as refused, elsewhere.opened(_sftp(port, key, "guess")):
            pass
        assert "guess" not in str(refused.value)
    with pytest.raises(Refused, match="second place"), elsewhere.opened(_sftp(port, key)):
        pass


def test_an_unknown_key_is_shown_for_comparing_before_anything_is_kept(own_folder: Path) -> None:
    with sftp_server(own_folder) as (port, key):
        with pytest.raises(Refused) as refused:
            actions.arrange_house(elsewhere=_sftp(port, ""), by=OLGA, at=AT)
        assert key in str(refused.value) and refused.value.where == "host_key"
        (own_folder / "copies").mkdir()
        assert actions.arrange_house(elsewhere=_sftp(port, key), by=OLGA, at=AT).elsewhere


def test_the_nightly_version_is_carried_to_the_server_once_it_is_proved(own_folder: Path) -> None:
    file = _file()
    with sftp_server(own_folder) as (port, key):
        arrange(elsewhere=_sftp(port, key))
        jobs.ask_for_the_nightly_copy()
        while queue.run_due():
            pass
    (version,) = queries.versions()
    assert Job.objects.get(task=queries.CARRY).state == "done", Job.objects.get(task=queries.CARRY).traceback
    assert version.elsewhere is not None
    there = own_folder / "copies" / elsewhere.root()
    assert (there / "versions" / version.file.name).read_bytes() == version.file.read_bytes()
    assert (there / "files/ab/abcd").read_bytes() == b"sealed" and (there / "keys.ids").exists()
    assert not list(there.rglob("*.part")) and not [each for each in there.rglob("*.json") if each.parent == there]
    file.unlink()


def test_a_place_out_of_reach_is_said_and_tried_again() -> None:
    version = _proved()
    arrange(elsewhere=Elsewhere("folder", {**dict.fromkeys(NAMES, ""), "path": "/nowhere/at/all"}))
    with pytest.raises(Refused, match="no folder"):
        jobs.carry.call(version.name)
    assert queries.version_named(version.name).elsewhere is None
    assert queries.standing(timezone.now()).carried_late is False


class OnlyAdding(asyncssh.SFTPServer):
    def remove(self, path: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied("not here")


def test_old_ones_go_there_by_the_rule_only_where_the_place_allows_it(own_folder: Path) -> None:
    version = _proved(AT + timedelta(days=800))
    old = own_folder / "copies" / elsewhere.root() / "versions"
    old.mkdir(parents=True)
    for name in ("2025-01-01T010000Z-nightly", "2025-01-02T010000Z-nightly"):
        (old / f"{name}.db").write_bytes(b"x")
        (old / f"{name}.json").write_bytes(b"{}")
    (old / "holiday.db").write_bytes(b"foreign")
    at = version.at

    def left() -> set[str]:
        return {each.name for each in old.glob("2025*.db")}

    with sftp_server(own_folder, OnlyAdding) as (port, key):
        arrange(elsewhere=_sftp(port, key))
        actions.carry(version=version, at=at)
        assert len(left()) == 2
    with sftp_server(own_folder) as (port, key):
        never = _sftp(port, key)
        arrange(elsewhere=Elsewhere(never.kind, never.told, never.secrets, never_delete=True))
        actions.carry(version=version, at=at)
        assert len(left()) == 2
        arrange(elsewhere=never)
        actions.carry(version=version, at=at)
        assert left() == {"2025-01-02T010000Z-nightly.db"} and (old / "holiday.db").exists()


def test_whoever_does_not_carry_does_not_load_the_libraries() -> None:
    code = (
        "import django; django.setup(); import regulars.project.urls, regulars.areas.safekeeping.jobs, sys;"
        "sys.exit(bool({'asyncssh', 'obstore'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
