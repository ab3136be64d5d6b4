"""What is known of a version holds for the same bytes under the same keys, heads and ledger, and for nothing else."""

from pathlib import Path

import pytest

from regulars.kernel.databases import copying
from tests.durability import remembered
from tests.durability.homes import Place


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
