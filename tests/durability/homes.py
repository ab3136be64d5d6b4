"""Homes for trials: a folder with a home, its keys beside it and the list of what was confirmed; and sitting down in
one, so that the register of this process is that home's."""

import gc
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rig.keys import write_keys

Fact = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One folder of a trial. Everything that must outlive a power cut lies in it, and what was confirmed as well."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def keys(self) -> Path:
        return self.root / "keys" / "keys.json"

    @property
    def confirmed(self) -> Path:
        return self.root / "confirmed"

    @property
    def token(self) -> str:
        return (self.root / "token").read_text()

    def facts(self) -> list[Fact]:
        """What was confirmed, in order; a last line that was being written when its process was killed is none."""
        told = self.confirmed.read_bytes() if self.confirmed.exists() else b""
        return [json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")]

    def copied(self, to: Path) -> "Place":
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.root, to, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))
        return Place(to)

    def environment(self) -> dict[str, str]:
        return {"REGULARS_HOME": str(self.home), "REGULARS_KEY_FILE": str(self.keys)}


def sit_down(place: Place) -> None:
    """Makes this process's register the one of this home. No connection may be open."""
    from django.db import connection

    from regulars.kernel import keyfile

    os.environ.update(place.environment())
    keyfile.forget_cached()
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = place.home / "regulars.db"


def stand_up() -> None:
    """What the product does at each start before anything else."""
    from regulars.interfaces.server import upgrade

    upgrade.finish_what_was_begun()
    upgrade.database_is_reachable()
    upgrade.bring_up_to_date()


def built(root: Path, made: str = "") -> Place:
    """An empty home with its keys, which this process reads its settings from; a copy of what was `made` before."""
    place = Place(root)
    place.keys.parent.mkdir(parents=True)
    if made:
        shutil.copytree(Path(made) / "home", place.home)
        for each in Path(made).glob("keys.*"):
            shutil.copy2(each, place.keys.parent)
    else:
        place.home.mkdir()
        write_keys(place.keys)
    os.environ.update(place.environment())
    return place


def furnish(place: Place) -> None:
    """Brings it to the version of this program, with an owner and a token for everything. To be done in a fork."""
    sit_down(place)
    stand_up()
    from django.db import connections
    from django.utils import timezone

    from regulars.areas.access.models import RIGHTS
    from regulars.areas.access.tests.people import token_of
    from regulars.areas.matching.actions.scanning import scan_all

    (place.root / "token").write_text(token_of("owner", *RIGHTS)[1])
    scan_all(at=timezone.now())  # from now on new cards alone are compared, without the engine for all at once
    connections.close_all()


def warm(place: Place) -> None:
    """Loads in this process all that trials use, by doing each scenario once; no connection stays open."""
    from django.db import connections

    from regulars.kernel import personkeys
    from tests.durability import judging, scenarios

    sit_down(place)
    hand = scenarios.Hand(place, "warm")
    with judging.quick_reading():
        for each in scenarios.ALL:
            each.do(hand.doing(each.name))
    hand.close()
    judging.judged(place, place.facts())
    connections.close_all()
    personkeys.close()
    gc.collect()
    gc.freeze()  # what libraries with threads made here ends with this process: a child must not take it apart


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for trials, in memory where the machine has room for it there: they write a lot."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30
    folder = Path(tempfile.mkdtemp(prefix="regulars-endurance-", dir=memory if roomy else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
