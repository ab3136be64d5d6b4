"""What the machine says is read rightly, and what it does not say is unknown."""

import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regulars.areas.health.checks import data, keys, machine
from regulars.areas.health.machine import asked, disks, guards
from regulars.kernel import places
from regulars.kernel.checks import Seen

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
TIB = 1 << 40


def tree(*kinds: str) -> str:
    """As `lsblk -s` draws it: the file system's device first, the disk deepest."""
    device: dict[str, Any] = {"type": kinds[-1]}
    for kind in reversed(kinds[:-1]):
        device = {"type": kind, "children": [device]}
    return json.dumps({"blockdevices": [device]})


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (tree("lvm", "crypt", "part", "disk"), "yes"),
        (tree("part", "disk"), "no"),
        (tree("loop"), "unknown"),
        (None, "unknown"),
        ("not json", "unknown"),
    ],
)
def test_an_enciphered_disk_is_seen(told: str | None, known: str) -> None:
    assert disks.in_tree(told) == known


def test_how_soon_the_disk_is_full() -> None:
    day = date(2026, 11, 1)
    assert disks.days_left([(day, 100), (day + timedelta(days=10), 50)]) == 10
    assert disks.days_left([(day, 100), (day + timedelta(days=2), 10)]) is None  # too short to tell
    assert disks.days_left([(day, 50), (day + timedelta(days=10), 60)]) is None
    assert disks.days_left([]) is None


@pytest.mark.parametrize(
    ("free", "was", "answer"),
    [(500, 500, "roomy"), (150, 150, "filling"), (40, 40, "full"), (500, 800, "soon"), (100, 800, "very soon")],
)
def test_the_disk(free: int, was: int, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "room", lambda folder: disks.Room(1000, free))
    days = [(AT.date() - timedelta(days=10), was), (AT.date(), free)]
    monkeypatch.setattr(data, "samples", lambda: days)
    (found,) = [check for check in data.CHECKS if check.name == "data.disk"]
    seen = found.find(AT)
    assert seen and seen.answer == answer and answer in found.answers


def test_a_folder_of_a_cloud_program_is_seen(tmp_path: Path) -> None:
    assert disks.synchronised_by(tmp_path / "Dropbox (Shop)" / "home") == "dropbox (shop)"
    assert not disks.synchronised_by(Path("/srv/register"))


def test_a_program_that_is_missing_or_slow_says_nothing() -> None:
    assert asked("no-such-program-at-all") is None
    assert asked("sleep", "5", seconds=0.05) is None
    assert asked("echo", "well") == "well"


def test_what_the_machine_does_not_tell_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (guards, disks):
        monkeypatch.setattr(module, "asked", lambda *command, **how: None)
    assert {guards.clock_is_set(), guards.firewall(), disks.enciphered(Path("/"))} == {"unknown"}
    for platform in ("darwin", "win32", "plan9"):
        monkeypatch.setattr("sys.platform", platform)
        monkeypatch.setattr(guards, "powershell", lambda script: None)
        told = {guards.clock_is_set(), guards.firewall(), guards.scanner(), guards.updates()}
        assert told == {"unknown"}


@pytest.mark.parametrize(
    ("platform", "told", "known"),
    [
        ("darwin", "FileVault is On.", "yes"),
        ("darwin", "FileVault is Off.", "no"),
        ("win32", "1", "yes"),
        ("win32", "0", "no"),
    ],
)
def test_macos_and_windows_are_asked_in_their_own_way(
    platform: str, told: str, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(disks, "asked", lambda *command, **how: told)
    monkeypatch.setattr(disks, "powershell", lambda script: told)
    assert disks.enciphered(Path("/")) == known


def test_python_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {each: machine._python(datetime(each, 6, 1, tzinfo=UTC)).answer for each in (2026, 2040)}
    assert seen == {2026: "fine", 2040: "ended"}
    monkeypatch.setattr(guards, "PYTHON_ENDS", {})
    assert machine._python(AT).answer == "unknown line"


def test_the_key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys.json"
    monkeypatch.setenv("REGULARS_KEY_FILE", str(file))
    monkeypatch.setattr(places, "home_path", lambda: tmp_path)
    (tmp_path / "regulars.db").touch()
    assert keys._file(AT) == Seen("missing", {"file": str(file)})
    file.touch(0o600)
    monkeypatch.setattr(disks, "enciphered", lambda folder: "no")
    assert keys._file(AT) == Seen("bare", {"file": str(file)})
    monkeypatch.setattr(disks, "enciphered", lambda folder: "yes")
    assert keys._file(AT) == Seen("beside", {"file": str(file)})
    monkeypatch.setattr(disks, "same_disk", lambda one, other: False)
    assert keys._file(AT) == Seen("apart", {"file": str(file)})
    file.chmod(stat.S_IRUSR | stat.S_IRGRP)
    assert keys._file(AT) == Seen("open", {"file": str(file)})
