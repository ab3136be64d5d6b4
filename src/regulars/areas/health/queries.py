"""What was found when the house was last looked at, and figures for a watcher.

Tables are imported where they are asked: `regulars doctor` reads this also where the settings do not stand.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.db import DatabaseError, connection

from regulars.areas.health.machine import disks
from regulars.kernel import jobs, marks, places, registries
from regulars.kernel.checks import GROUPS, LEVELS, Finding, Level, look, read_back, worst
from regulars.kernel.errors import Refused
from regulars.kernel.metrics import Gauge
from regulars.kernel.registries import Text

LOOKED = "health"  # the mark with what was found when everything was last looked at


@dataclass(frozen=True, slots=True)
class Health:
    """One look at everything. `groups` are the findings under their headings, none of them empty. `alive` is when the
    background process looked last; who looks at a page looks for it."""

    at: datetime
    findings: tuple[Finding, ...]
    alive: datetime | None = None

    @property
    def level(self) -> Level:
        return worst(self.findings)

    @property
    def ok(self) -> bool:
        """Whether nothing is bad."""
        return self.level != "bad"

    @property
    def troubles(self) -> list[Finding]:
        """What is bad, then what is to be watched."""
        return [*self.of("bad"), *self.of("watch")]

    @property
    def groups(self) -> list[tuple[Text, list[Finding]]]:
        sorted_in = [(title, [each for each in self.findings if each.check.group == name]) for name, title in _TITLES]
        return [(title, found) for title, found in sorted_in if found]

    def of(self, level: Level) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == level]

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "level": self.level,
            "at": self.at,
            "checks": [finding.as_json() for finding in self.findings],
        }


_TITLES = list(GROUPS.items())


def last_look() -> Health | None:
    """What was found last; None before the first look. One question of the database."""
    kept = marks.recall(LOOKED)
    if not kept:
        return None
    found = read_back(kept["findings"], registries.looked_at())
    alive = datetime.fromisoformat(kept["alive"]) if kept.get("alive") else None
    return Health(datetime.fromisoformat(kept["at"]), tuple(found), alive)


def look_now(at: datetime, *, database: bool = True, before: Health | None = None) -> Health:
    """Everything looked at now; what `before` still answers is not asked again."""
    known = {finding.check.name: finding for finding in before.findings} if before else {}
    return Health(at, tuple(look(registries.looked_at().values(), at, database=database, before=known)))


def figures(at: datetime) -> Iterator[Gauge]:
    """What a watcher wants to know now. Figures that cannot be had at this moment are left out."""
    yield _one("regulars_build_info", "Which release runs.", 1, version=version("regulars"))
    for each in _ASKED:
        with suppress(DatabaseError, Refused, OSError):
            yield from each(at)


def _one(name: str, about: str, value: float, **labels: str) -> Gauge:
    return Gauge(name, about, ((labels, value),))


def _of_disk(at: datetime) -> Iterator[Gauge]:
    room = disks.room(places.home_path())
    yield _one("regulars_disk_free_bytes", "Free on the disk of the home.", room.free)
    yield _one("regulars_disk_bytes", "Size of the disk of the home.", room.total)


def _of_versions(at: datetime) -> Iterator[Gauge]:
    from regulars.areas.safekeeping.queries import versions

    sound = [each.at for each in versions() if each.good]
    yield _one("regulars_sound_versions", "Copies found whole.", len(sound))
    if sound:
        age = (at - max(sound)).total_seconds()
        yield _one("regulars_newest_sound_version_age_seconds", "Age of the newest copy found whole.", age)


def _of_work(at: datetime) -> Iterator[Gauge]:
    found = jobs.standing(at)
    states = tuple(({"state": state}, float(count)) for state, count in found.by_state.items())
    yield Gauge("regulars_jobs", "Background jobs by state.", states)
    yield _one("regulars_jobs_stuck", "Jobs that should be done and are not.", found.stuck)


def _of_register(at: datetime) -> Iterator[Gauge]:
    from regulars.areas.journal.models import Link
    from regulars.kernel.databases import copying

    yield _one("regulars_database_bytes", "Size of the database.", copying.size(connection))
    links = Link.objects.order_by("-number").values_list("number", flat=True).first() or 0
    yield _one("regulars_chain_links", "Links of the journal's chain.", links)


def _of_health(at: datetime) -> Iterator[Gauge]:
    look = last_look()
    if look is None:
        return
    if look.alive:
        age = (at - look.alive).total_seconds()
        yield _one("regulars_background_age_seconds", "Since the background process last looked at everything.", age)
    levels = tuple(({"check": each.check.name}, float(LEVELS.index(each.level))) for each in look.findings)
    yield Gauge("regulars_check", "0 well, 1 to be read, 2 to be watched, 3 bad.", levels)


_ASKED: tuple[Callable[[datetime], Iterator[Gauge]], ...] = (
    _of_disk,
    _of_versions,
    _of_work,
    _of_register,
    _of_health,
)
