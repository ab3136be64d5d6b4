"""A second place that takes no more: no half stays there, what the rule lets go makes room, and home has it all."""

import errno
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from regulars.areas.safekeeping import actions, queries
from regulars.areas.safekeeping.keeping import elsewhere
from regulars.areas.safekeeping.keeping.arrangement import Elsewhere, arrange
from regulars.areas.safekeeping.tests.server import sftp_server
from regulars.areas.safekeeping.tests.test_elsewhere import NAMES, OLGA, _proved, _sftp
from regulars.kernel import places
from regulars.kernel.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("proved_here")]
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OLD = ("2025-01-01T010000Z-nightly", "2025-01-02T010000Z-nightly")
Full = Callable[[int], None]


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    yield places.folder(tmp_path / "disk")
    (places.home() / "safekeeping.json").unlink(missing_ok=True)


@pytest.fixture
def room(disk: Path, monkeypatch: pytest.MonkeyPatch) -> Full:
    """From then on the disk takes so many bytes of versions in all."""

    def small(most: int) -> None:
        def copied(given: Any, taken: Any, _length: int = 0) -> None:
            data, left = given.read(), most - sum(_sizes(disk / elsewhere.root() / "versions").values())
            taken.write(data[: max(0, left)])
            taken.flush()
            if len(data) > left:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(shutil, "copyfileobj", copied)

    return small


def _sizes(disk: Path) -> dict[str, int]:
    return {each.name: each.stat().st_size for each in disk.rglob("*") if each.is_file()}


def _there(disk: Path, *names: str, size: int = 10) -> Path:
    """Versions that were carried there before."""
    folder = places.folder(disk / elsewhere.root() / "versions")
    for name in names:
        (folder / f"{name}.db").write_bytes(b"x" * size)
        (folder / f"{name}.json").write_bytes(b"{}")
    return folder


def test_a_full_disk_is_said_leaves_nothing_half_and_the_version_is_at_home(disk: Path, room: Full) -> None:
    room(100_000)
    for _again in range(2):
        with pytest.raises(Refused) as refused:
            actions.backup_to(place=disk, at=AT, by=OLGA)
        made = queries.versions()[0]
        assert made.state == "proved" and str(made.file) in str(refused.value)
        assert "it is full, only" in str(refused.value) and "Make room there." in str(refused.value)
        assert not _sizes(disk)


def test_a_place_that_is_none_is_refused_before_anything_is_made(disk: Path) -> None:
    with pytest.raises(Refused, match="no folder"):
        actions.backup_to(place=disk / "none", at=AT, by=OLGA)
    assert queries.versions() == []


@pytest.mark.parametrize("never", [False, True])
def test_what_the_rule_lets_go_makes_room(disk: Path, room: Full, never: bool) -> None:
    version = _proved(AT + timedelta(days=800))
    folder = _there(disk, *OLD, "2025-01-03T010000Z-nightly", size=1_000_000)
    told = {**dict.fromkeys(NAMES, ""), "path": str(disk)}
    arrange(elsewhere=Elsewhere("folder", told, never_delete=never))
    room(version.size + 2_500_000)
    if never:
        with pytest.raises(Refused, match="it is full"):
            actions.carry(version=version, at=version.at)
        assert len(list(folder.glob("2025*.db"))) == 3
    else:
        actions.carry(version=version, at=version.at)
        assert [each.name for each in folder.glob("2025*.db")] == ["2025-01-03T010000Z-nightly.db"]
        assert (folder / version.file.name).read_bytes() == version.file.read_bytes()
    assert not list(disk.rglob("*.part"))


def test_what_a_kill_left_there_goes_a_day_later_and_nothing_else_does(disk: Path) -> None:
    version = _proved(AT)
    folder = _there(disk, "2026-11-20T010000Z-nightly", "2026-11-23T010000Z-nightly")
    left = (".2026-11-20T020000Z-nightly.db.part", "2026-11-20T030000Z-hourly.db", "2026-11-20T030000Z-hourly.files")
    stays = (".2026-11-24T003000Z-hourly.db.part", "2026-11-24T003000Z-hourly.db", "holiday.db", ".holiday.db.part")
    for name in (*left, *stays):
        (folder / name).write_bytes(b"half")
    arrange(elsewhere=Elsewhere("folder", {**dict.fromkeys(NAMES, ""), "path": str(disk)}))
    actions.carry(version=version, at=AT)
    found = {each.name for each in folder.iterdir()}
    assert not found & set(left) and found >= {*stays, "2026-11-20T010000Z-nightly.db", version.file.name}


class Small(asyncssh.SFTPServer):
    """Takes no byte beyond the first thousand of a file."""

    def write(self, file_obj: object, offset: int, data: bytes) -> Any:
        if offset + len(data) > 1000:
            raise asyncssh.SFTPFailure("no space")
        return super().write(file_obj, offset, data)


def test_a_server_that_is_full_keeps_no_half_either(tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    given = tmp_path / "given"
    given.write_bytes(b"x" * 300_000)
    with (
        sftp_server(tmp_path, Small) as (port, key),
        pytest.raises(Refused, match="no space"),
        elsewhere.opened(_sftp(port, key)) as place,
    ):
        place.put(given, "versions/a.db")
    assert not [each for each in (tmp_path / "copies").rglob("*") if each.is_file()]
