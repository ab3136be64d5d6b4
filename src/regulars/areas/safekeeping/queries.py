"""Which versions there are, and how the house is kept. The slips in the folder are the list; no table could be restored
with them."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.journal.models import Link
from regulars.areas.safekeeping.keeping import arrangement, slips
from regulars.areas.safekeeping.keeping.slips import Proof, Version
from regulars.kernel import jobs, places
from regulars.kernel.databases import copying
from regulars.kernel.errors import NotFound
from regulars.kernel.models import Mark

RIGHT = "safekeeping.backup"
_JOBS = "regulars.areas.safekeeping.jobs"
MAKE, PROVE, CARRY, DRILL = (f"{_JOBS}.{name}" for name in ("make", "prove", "carry", "drill"))
TROUBLE = "no version"  # the mark under which it stands why the last one could not be made

__all__ = [
    "CARRY", "DRILL", "MAKE", "PROVE", "RIGHT", "TROUBLE", "Drill", "Proof", "Standing", "Version",
    "at_work", "drilling", "drills", "files_of", "last_carried", "newest_proved", "problems_of",
    "standing", "trouble", "version_named", "versions",
]  # fmt: skip


def versions(folder: Path | None = None) -> list[Version]:
    """All versions of a folder (the home's own by default), newest first."""
    return slips.in_folder(folder or places.versions())


def version_named(name: str) -> Version:
    """One version of the home. Raises `NotFound`."""
    for version in versions():
        if version.name == name:
            return version
    raise NotFound(_("There is no version %(name)s. The command `versions` lists them.") % {"name": name})


def newest_proved(known: list[Version] | None = None) -> Version | None:
    return next((each for each in (versions() if known is None else known) if each.proved), None)


def files_of(version: Version) -> list[str]:
    """The sealed files that a version names, relative to the home (`originals/…`, `files/ab/…`)."""
    try:
        return version.list_of_files.read_text().split()
    except OSError:
        return []


def problems_of(version: Version) -> list[str]:
    """Opens a version and reads all of it: what is wrong with it now."""
    return copying.rotten(version.file)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the house is kept at a moment. `late`: there has been no proved version for 26 hours, in which something
    could have been made. `full` is how many percent of the disk are in use. `trouble` says why the last one was not
    made."""

    newest: Version | None
    late: bool
    full: int
    trouble: str
    carried: datetime | None
    carried_late: bool

    @property
    def state(self) -> str:
        """good, warn or bad."""
        if self.late or self.full >= arrangement.STOPPED:
            return "bad"
        return "warn" if self.trouble or self.carried_late or self.full >= arrangement.WARNED else "good"


def standing(now: datetime) -> Standing:
    """For the screen, and for whoever watches over the house."""
    known = versions()
    newest = newest_proved(known)
    total, used = arrangement.room()
    carried = max((each.elsewhere for each in known if each.elsewhere), default=None)
    elsewhere = arrangement.arrangement().elsewhere is not None
    return Standing(
        newest,
        late=now - (newest.at if newest else _began() or now) > slips.LATE,
        full=used * 100 // max(total, 1),
        trouble=trouble(),
        carried=carried,
        carried_late=elsewhere and now - (carried or _began() or now) > 2 * slips.LATE,
    )


def trouble() -> str:
    """Why the last version could not be made; '' where the last one was."""
    said = Mark.objects.filter(name=TROUBLE).values_list("value", flat=True).first()
    return str(json.loads(said)["said"]) if said else ""


@dataclass(frozen=True, slots=True)
class Drill:
    """One trial of bringing a version back: into an empty home, opened by this program."""

    at: datetime
    ok: bool
    version: str
    steps: tuple[tuple[str, str], ...]
    error: str = ""


def drills(many: int = 5) -> list[Drill]:
    """The last drills that came to their end, newest first."""
    return [_drill(job) for job in jobs.latest(DRILL, many) if job.over]


def at_work() -> jobs.JobView | None:
    """The version that is being made by hand, if one is."""
    return next((job for job in jobs.latest(MAKE, 1) if not job.over), None)


def drilling() -> bool:
    """Whether a drill is asked for or going on."""
    return any(not job.over for job in jobs.latest(DRILL, 1))


def last_carried() -> jobs.JobView | None:
    """How the last journey to the second place went, or goes."""
    return next(iter(jobs.latest(CARRY, 1)), None)


def _drill(job: jobs.JobView) -> Drill:
    told: dict[str, Any] = job.result if isinstance(job.result, dict) else {}
    steps = tuple((step["what"], step["said"]) for step in told.get("steps", ()))
    at = job.finished_at or job.made_at
    return Drill(at, job.state == "done" and bool(told.get("ok")), told.get("version", ""), steps, job.error)


def _began() -> datetime | None:
    """When the first deed was done in this house."""
    return Link.objects.order_by("number").values_list("at", flat=True).first()
