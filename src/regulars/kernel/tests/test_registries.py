"""A room's shelves are read when somebody asks for what stands there, in all rooms, and a name stands in one alone."""

import subprocess
import sys

import pytest

from regulars.kernel.registries import Registry

_DECLARED = """
from regulars.kernel.registries import Verb
VERBS = [Verb(name="hats.sold", sentence="Sold a hat.", undo="never")]
def keep(numbers, at): ...
"""
_STARTED = """
import sys
from regulars.kernel import processes, registries
processes.set_up()
kinds = ("facts", "holdings", "verbs", "checks")
shelves = {f"{room}.{kind}" for room in registries.REGISTRY.rooms for kind in kinds}
print(sorted(shelves & {*sys.modules}))
registries.verbs()
print(sorted({name.rpartition(".")[2] for name in shelves & {*sys.modules}}))
"""


@pytest.fixture
def rooms(tmp_path, monkeypatch):
    """A registry of two rooms: one with hats in its shelf of verbs, one with nothing yet."""
    registry = Registry()
    for name in ("room_of_hats", "room_of_coats"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        registry.rooms.append(name)
    (tmp_path / "room_of_hats/verbs.py").write_text(_DECLARED)
    monkeypatch.syspath_prepend(tmp_path)
    yield registry, tmp_path
    for name in [name for name in sys.modules if name.startswith("room_of_")]:
        del sys.modules[name]


def test_what_a_room_declares_is_known_with_its_room(rooms):
    registry, _folder = rooms
    assert {name: verb.room for name, verb in registry.verbs.items()} == {"hats.sold": "room_of_hats"}
    assert registry.keepers == []  # that is asked for at the shelf of holdings


def test_two_rooms_cannot_declare_one_name(rooms):
    registry, folder = rooms
    (folder / "room_of_coats/verbs.py").write_text(_DECLARED)
    with pytest.raises(RuntimeError, match="room_of_hats and by room_of_coats"):
        registry.read()


def test_a_process_that_asks_for_nothing_reads_no_shelf():
    ran = subprocess.run([sys.executable, "-c", _STARTED], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["[]", "['verbs']"]
