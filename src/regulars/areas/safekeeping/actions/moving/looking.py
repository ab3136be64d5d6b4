"""What is looked at before a move, and all that a dry run does: nothing is changed anywhere."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from regulars.areas.safekeeping.actions.moving.places import Place, here
from regulars.areas.safekeeping.actions.moving.standing import refuse_other, standing
from regulars.kernel import databases, places
from regulars.kernel.databases import copying
from regulars.kernel.databases.alone import refuse_others
from regulars.kernel.databases.carrying import Carried, tables
from regulars.kernel.errors import Refused
from regulars.kernel.saying import count as counted

_MOST = {"SmallIntegerField": 2**15, "IntegerField": 2**31}
_FAR = 2.0  # how much larger a register may be at the other place


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `state` is good, note (worth knowing) or bad (the move would be refused)."""

    name: str
    state: str
    said: str

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "state": self.state, "said": self.said}


@dataclass(frozen=True, slots=True)
class Look:
    """What a move would carry, and what stands in its way."""

    source: str
    target: str
    rows: int
    tables: int
    findings: Sequence[Finding]

    @property
    def good(self) -> bool:
        return all(each.state != "bad" for each in self.findings)

    def as_json(self) -> dict[str, Any]:
        told = [each.as_json() for each in self.findings]
        names = ("source", "target", "rows", "tables", "good")
        return {**{name: getattr(self, name) for name in names}, "findings": told}


def look(place: Place) -> Look:
    """Connects to the other place and looks at both. Raises `Refused` where there is no speaking to it."""
    carried = tables()
    with place.standing() as target:
        findings = [*_room(place), *_others(target), *_what_stands(target, place)]
        if place.url:
            findings += [*_server(target), *_fitting(carried)]
    rows = sum(table.count(connection) for table in carried)
    return Look(here(), place.told, rows, len(carried), findings)


def _what_stands(target: Any, place: Place) -> Iterator[Finding]:
    try:
        refuse_other(standing(target), standing(connection), place)
    except Refused as refusal:
        yield Finding("empty", "bad", refusal.message)
        return
    yield Finding("empty", "good", _("Nothing at the other place would be lost."))


def _others(target: Any) -> Iterator[Finding]:
    for name, database in (("alone here", connection), ("alone there", target)):
        try:
            if database is not None:
                refuse_others(database)
        except Refused as refusal:
            yield Finding(name, "bad", refusal.message)


def _room(place: Place) -> Iterator[Finding]:
    needed = copying.size(connection) * _FAR
    told = {"needed": int(needed / 1_000_000) + 1}
    if place.url:
        yield Finding("room", "note", _("The server needs about %(needed)d MB; look there.") % told)
        return
    free = shutil.disk_usage(places.home()).free
    told["free"] = free // 1_000_000
    said = _("About %(needed)d MB are needed in the home, %(free)d MB are free.") % told
    yield Finding("room", "good" if free > needed else "bad", said)


def _server(target: Any) -> Iterator[Finding]:
    with target.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(current_schema(), 'CREATE'), current_schema()")
        allowed, schema = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_collation WHERE collname = 'und-x-icu'")
        (unicode,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        (trigrams,) = cursor.fetchone()
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    yield Finding("version", "good", _("PostgreSQL %(version)s, text in UTF-8.") % {"version": version})
    if allowed:
        yield Finding("rights", "good", _("Tables may be made in schema %(schema)s.") % {"schema": schema})
    else:
        said = _("This user may make no tables there. Make her the database's owner.")
        yield Finding("rights", "bad", said)
    if not unicode:
        said = _("The server was built without ICU, by which names are folded. Take another build of PostgreSQL.")
        yield Finding("collation", "bad", said)
    if not trigrams:
        said = _(
            "The server has no pg_trgm: parts of names are found more slowly. Install PostgreSQL's contrib modules."
        )
        yield Finding("search", "note", said)


def _fitting(carried: Sequence[Carried]) -> Iterator[Finding]:
    """The file takes any text in any column; PostgreSQL does not."""
    if not databases.is_file(connection):
        return
    told = {table.name: count for table in carried if (count := _unfit(table))}
    if told:
        said = _("Rows of %(table)s hold what PostgreSQL does not take, too long, too large or NUL: %(count)s.")
        for name, count in told.items():
            yield Finding("content", "bad", said % {"count": counted(count), "table": name})
    else:
        yield Finding("content", "good", _("Every value fits."))


def _unfit(table: Carried) -> int:
    conditions = [told for field in table.fields for told in _refused(field)]
    if not conditions:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table.name)} WHERE {' OR '.join(conditions)}")
        return int(cursor.fetchone()[0])


def _refused(field: "models.Field[Any, Any]") -> Iterator[str]:
    name = connection.ops.quote_name(str(field.column))
    if isinstance(field, models.CharField | models.TextField):
        yield f"instr({name}, char(0)) > 0"
        if field.max_length:
            yield f"length({name}) > {int(field.max_length)}"
    elif isinstance(field, models.JSONField):
        yield f"instr({name}, '\\u0000') > 0"
    elif most := _MOST.get(field.get_internal_type()):
        yield f"{name} NOT BETWEEN {-most} AND {most - 1}"
