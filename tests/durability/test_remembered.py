"""What is known of a version holds for the same bytes under the same keys, heads and ledger, and for nothing else; what
is known of a home, for one in which the same lies."""

from pathlib import Path

import pytest

from regulars.kernel.databases import copying
from tests.durability import remembered
from tests.durability.homes import Place
from tests.rig import outside


def test_what_is_known_of_a_version_is_not_said_of_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def rotten(copied: Path) -> list[str]:
        asked.append(copied.read_bytes())
        return [f"problem {len(asked)}"]

    monkeypatch.setattr(copying, "rotten", rotten)
    place, version = Place(tmp_path / "home"), tmp_path / "version"
    place.keys.parent.mkdir(parents=True)
    place.keys.write_bytes(b"keys")

    def told(content: bytes) -> list[str]:
        version.write_bytes(content)
        with remembered.proofs(place):
            return copying.rotten(version)

    assert told(b"one") == told(b"one") == ["problem 1"]
    assert told(b"onf") == ["problem 2"]
    (place.keys.parent / "keys.heads").write_bytes(b"a head")
    assert told(b"one") == ["problem 3"]
    place.keys.write_bytes(b"keyt")
    assert told(b"one") == ["problem 4"]
    assert asked == [b"one", b"onf", b"one", b"one"] and copying.rotten is rotten


HOMES = """
import sys
from pathlib import Path
from tests.durability import homes, remembered
made = Path(sys.argv[1])
place = homes.built(made.with_name("place"), str(made))
homes.sit_down(place)
homes.stand_up()
from regulars.kernel.models import Mark
judged = []

def judge(facts):
    judged.append(facts)
    return ["problem"]

def is_known(facts=[]):
    before = len(judged)
    with remembered.proofs(place):
        assert remembered.verdict(place, facts, judge) == ["problem"]
    return len(judged) == before

left, kept = place.home / "versions/.a.part", place.home / "originals/a"
left.parent.mkdir(exist_ok=True)
kept.parent.mkdir(exist_ok=True)
assert not is_known() and is_known()
assert not is_known([{"s": "edits"}])
left.write_text("half")
assert not is_known()
left.write_text("less")
assert is_known()
kept.write_text("a")
assert not is_known()
kept.write_text("b")
assert not is_known()
mark = Mark.objects.create(name="remembered", value="a")
assert not is_known() and is_known()
Mark.objects.update(value="b")
assert not is_known()
place.keys.with_name("keys.heads").write_text("a head")
assert not is_known()
print("all asked")
"""


def test_what_is_known_of_a_home_is_not_said_of_any_other(tmp_path: Path) -> None:
    home = outside.Home(tmp_path / "made")
    assert home.python("-c", HOMES, str(tmp_path / "made"), where=home.on_file) == "all asked\n"
