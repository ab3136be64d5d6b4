"""The database, the library or server it is kept by, and the disk."""

import os
import time
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from regulars.areas.health.machine import disks
from regulars.kernel import marks, places
from regulars.kernel.checks import Answer, Check, Seen, Size, Value
from regulars.kernel.errors import Refused

SAMPLES = "health disk"  # the mark: [[day, bytes free], …], one a day
_SLOW = 2.0  # seconds for taking and leaving the write lock; others hold it for 0.2 s at a time
_SOON, _VERY_SOON = 30, 7  # days until the disk is full
_FULL, _FILLING = 95, 80  # per cent (security D12)
_LINE_ENDS = timedelta(days=180)


def database_is_missing() -> bool:
    """Whether this home has no register yet; looking makes none."""
    if os.environ.get("REGULARS_DATABASE_URL"):
        return False
    if not _settings_stand():
        return not places.database().exists()
    from django.db import connection

    return not Path(connection.settings_dict["NAME"]).exists()


def _settings_stand() -> bool:
    """Whether there is a database to be asked at all: `regulars doctor` also looks where the settings do not stand."""
    from django.conf import settings

    return bool(settings.DATABASES)


def _database(at: datetime) -> Seen | None:
    if database_is_missing():
        return Seen("missing", {"home": str(places.home_path())})
    if not _settings_stand():
        return None
    from django.db import connection

    from regulars.kernel import databases

    began = time.monotonic()
    try:
        connection.ensure_connection()
    except Exception as error:
        return Seen("silent", {"why": why(error)})
    if not databases.can_write(connection):
        return Seen("read only")
    took = time.monotonic() - began
    return Seen("slow" if took > _SLOW else "fine", {"milliseconds": round(took * 1000)})


def why(error: BaseException) -> str:
    """An error of a database in one line: it is about the machine."""
    words = " ".join(str(error).split())
    return words[:300] or type(error).__name__


def _library(at: datetime) -> Seen:
    from django.db import connection

    from regulars.kernel.databases.about import about

    try:
        found = about(connection)
    except Refused as refused:
        return Seen("unsafe", {"why": str(refused)})
    told = {"version": found.version}
    if found.file:
        return Seen("file", told)
    if found.ends and at.date() > found.ends:
        return Seen("ended", told)
    if found.ends and at.date() > found.ends - _LINE_ENDS:
        return Seen("ending", {**told, "day": found.ends.isoformat()})
    return Seen("server", told)


def _checksums(at: datetime) -> Seen | None:
    from django.db import connection

    from regulars.kernel.databases.about import about

    found = about(connection)
    return None if found.file else Seen("on" if found.checksums else "off")


def _wire(at: datetime) -> Seen | None:
    from django.db import connection

    from regulars.kernel.databases.about import about

    found = about(connection)
    return Seen("guarded" if found.guarded else "open") if found.far else None


def _disk(at: datetime) -> Seen:
    home = places.home_path()
    room = disks.room(home)
    told: dict[str, Value] = {"free": Size(room.free), "percent": room.percent, "folder": str(home)}
    left = disks.days_left(samples())
    if room.percent >= _FULL:
        return Seen("full", told)
    if left is not None and left < _SOON:
        return Seen("very soon" if left < _VERY_SOON else "soon", {**told, "left": timedelta(days=left)})
    return Seen("filling" if room.percent >= _FILLING else "roomy", told)


def samples() -> list[tuple[date, int]]:
    """Bytes free on each of the last days; nothing where the database does not tell."""
    from django.db import DatabaseError

    if database_is_missing() or not _settings_stand():
        return []
    try:
        return [(date.fromisoformat(day), free) for day, free in marks.recall(SAMPLES) or ()]
    except (DatabaseError, Refused, OSError):
        return []


def sample(at: datetime, keep: int = 30) -> None:
    """Notes how much is free today, once a day."""
    known = samples()
    if known and known[-1][0] == at.date():
        return
    known.append((at.date(), disks.room(places.home_path()).free))
    marks.note(SAMPLES, [(day.isoformat(), free) for day, free in known[-keep:]])


def _place(at: datetime) -> Seen:
    from regulars.kernel.databases.sqlcipher.disk import NETWORK, kind_of

    home = places.home_path()
    there = next(each for each in (home, *home.parents) if each.exists())
    kind = kind_of(there)
    if kind in NETWORK:
        return Seen("network", {"folder": str(home), "kind": kind})
    cloud = disks.synchronised_by(home)
    return Seen("cloud", {"folder": str(home), "cloud": cloud}) if cloud else Seen("local", {"folder": str(home)})


CHECKS = [
    Check(
        name="data.database", title=_("Database"), group="data", find=_database, every=60,
        answers={
            "fine": Answer("good", _("It can be read and written.")),
            "slow": Answer(
                "watch",
                _("It answers slowly: %(milliseconds)s ms to take the write lock."),
                _(
                    "Look what else is at work: an import, a deed on many, another program on this disk. "
                    "If it stays, the disk is too slow or about to fail."
                ),
            ),
            "read only": Answer(
                "bad",
                _("It can be read, but nothing can be kept."),
                _("Make room on the disk, and see that the user who runs “regulars serve” may write into the home."),
            ),
            "silent": Answer(
                "bad",
                _("It does not open: %(why)s"),
                _(
                    "Do not delete anything. See “Serving” in the manual for what the message means; "
                    "the newest sound version can be put back."
                ),
            ),
            "missing": Answer(
                "note",
                _("There is no register in %(home)s yet."),
                _("“regulars serve” makes one. If there should be one, REGULARS_HOME names another folder."),
            ),
        },
    ),
    Check(
        name="data.library", title=_("Database program"), group="data", find=_library, every=3600, database=True,
        answers={
            "file": Answer("good", _("SQLCipher over SQLite %(version)s, without known loss of data.")),
            "server": Answer("good", _("PostgreSQL %(version)s, still looked after by its makers.")),
            "unsafe": Answer("bad", "%(why)s", _("Install Regulars anew: it brings the right one.")),
            "ending": Answer(
                "watch",
                _("PostgreSQL %(version)s gets no more fixes after %(day)s."),
                _("Plan the step to a newer PostgreSQL (pg_upgrade); make a version first."),
            ),
            "ended": Answer(
                "bad",
                _("PostgreSQL %(version)s gets no more fixes from its makers."),
                _("Make a version first, then go to a newer PostgreSQL (pg_upgrade)."),
            ),
        },
    ),
    Check(
        name="data.checksums", title=_("Damage is noticed"), group="data", find=_checksums, every=3600, database=True,
        answers={
            "on": Answer("good", _("PostgreSQL keeps a checksum of every page.")),
            "off": Answer(
                "watch",
                _("PostgreSQL keeps no checksums: a damaged page is read as if it were whole."),
                _("Stop PostgreSQL and run: pg_checksums --enable"),
            ),
        },
    ),
    Check(
        name="data.wire", title=_("Way to the database"), group="data", find=_wire, every=3600, database=True,
        answers={
            "guarded": Answer("good", _("Enciphered, and the server's certificate is looked at.")),
            "open": Answer(
                "bad",
                _("The way to PostgreSQL leaves this machine and is not guarded."),
                _("Give the server a certificate and add sslmode=verify-full to REGULARS_DATABASE_URL."),
            ),
        },
    ),
    Check(
        name="data.disk", title=_("Room on the disk"), group="data", find=_disk,
        answers={
            "roomy": Answer("good", _("%(free)s free; %(percent)s%% of the disk is used.")),
            "filling": Answer(
                "watch",
                _("%(percent)s%% of the disk is used; %(free)s are free."),
                _("Make room on the disk of %(folder)s, or move the home to a larger one."),
            ),
            "soon": Answer(
                "watch",
                _("%(free)s free; if it goes on like this, the disk is full in %(left)s."),
                _("Make room on the disk of %(folder)s, or move the home to a larger one."),
            ),
            "very soon": Answer(
                "bad",
                _("%(free)s free; if it goes on like this, the disk is full in %(left)s."),
                _("Make room on the disk of %(folder)s now. Full, nothing can be kept any more."),
            ),
            "full": Answer(
                "bad",
                _("%(percent)s%% of the disk is used; only %(free)s are free."),
                _("Make room on the disk of %(folder)s now. Full, nothing can be kept any more."),
            ),
        },
    ),
    Check(
        name="data.place", title=_("Where the home lies"), group="data", find=_place, every=3600,
        answers={
            "local": Answer("good", _("%(folder)s is on a disk of this machine.")),
            "network": Answer(
                "bad",
                _("%(folder)s lies on a network drive (%(kind)s); there a database breaks."),
                _("Stop Regulars, move the folder to a disk of this machine and set REGULARS_HOME."),
            ),
            "cloud": Answer(
                "bad",
                _("%(folder)s lies in a folder that a cloud program synchronises (%(cloud)s): it copies files while "
                  "they change."),
                _("Stop Regulars, move the folder out of it and set REGULARS_HOME. For versions elsewhere use "
                  "“regulars backup --to”."),
            ),
        },
    ),
]  # fmt: skip
