"""Everything is installed at one tried version, and nothing in git names a registry's host."""

import json
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = [Requirement(line) for line in (ROOT / "requirements.lock").read_text().splitlines()]


def test_uv_and_pip_get_the_same_versions():
    assert [str(Requirement(each)) for each in PROJECT["tool"]["uv"]["constraint-dependencies"]] == list(map(str, PINS))


def test_every_dependency_is_pinned_within_its_range():
    pinned = {pin.name: next(iter(pin.specifier)).version for pin in PINS}
    for line in [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]:
        asked = Requirement(line)
        assert asked.specifier.contains(pinned[asked.name]), f"{line}: run `uv run .ci/pins.py`"


def test_no_lock_names_a_host():
    assert "://" not in (ROOT / "requirements.lock").read_text()
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"].values()
    assert not [each for each in packages if "resolved" in each]
