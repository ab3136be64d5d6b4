"""Moving the register from one database to the other, with everything, or not at all (decision 44).

The old place keeps what it had and is closed by a mark; the new one is open only when all is proved. Between the two
moments neither is open, never both; the same command finishes what was cut off.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.areas.customers.models import SearchText
from regulars.areas.journal.actions import deed, sign_heads
from regulars.areas.journal.chain import heads
from regulars.areas.journal.queries import verify
from regulars.areas.safekeeping.actions.moving.looking import Finding, Look, look
from regulars.areas.safekeeping.actions.moving.places import Place, here, place_named
from regulars.areas.safekeeping.actions.moving.standing import Standing, refuse_other, standing
from regulars.areas.safekeeping.keeping.moved import ARRIVING, MOVED, moved_to
from regulars.kernel import processes
from regulars.kernel.actor import Actor
from regulars.kernel.databases import analyse, elsewhere, is_file, trigrams
from regulars.kernel.databases.alone import alone
from regulars.kernel.databases.bare import bare, loose_ends
from regulars.kernel.databases.carrying import Sum, continue_numbering, digest, tables
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.models import Mark
from regulars.kernel.tables import moment

__all__ = ["Finding", "Look", "Moved", "has_moved", "look_at", "move", "stay"]

Progress = Callable[[int, int, str], None]  # done, of how many, what


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it. `digest` is the same of both places; `url` what `REGULARS_DATABASE_URL` must be now."""

    source: str
    target: str
    url: str
    rows: int
    tables: int
    links: int
    digest: str
    changeset: int | None

    def as_json(self) -> dict[str, Any]:
        names = ("source", "target", "rows", "tables", "links", "digest", "changeset")
        return {name: getattr(self, name) for name in names}


def has_moved() -> bool:
    """Whether the register was moved away from this database."""
    return MOVED in standing(connection).marks


def look_at(*, to: str, by: Actor) -> Look:
    """What a move would carry, and what stands in its way; changes nothing."""
    _refuse_whom(by)
    return look(place_named(to))


def move(*, to: str, by: Actor, at: datetime, progress: Progress = lambda _done, _of, _what: None) -> Moved:
    """Carries everything to the other place, holds both against each other, proves the register there, closes it here.

    Raises `Refused` with everything as before. A move that was cut off before is finished, or begun anew.
    """
    _refuse_whom(by)
    place = place_named(to)
    if has_moved():
        return _finished(place, at)
    found = look(place)
    if not found.good:
        raise Refused("\n".join(each.said for each in found.findings if each.state == "bad"))
    with alone(connection):
        with deed(verb="safekeeping.moved", by=by, at=at, particulars={"to": place.kind}) as link:
            link.saw(subject=None, what={"from": here(), "to": place.told})
        own = standing(connection)
        sums = _carried(place, own, at, found.rows, progress)
        progress(found.rows, found.rows, _("proving"))
        _proved(place)
        told = {"to": place.told, "at": moment(at), "links": own.links, "digest": own.digest}
        Mark.objects.create(name=MOVED, value=json.dumps(told))
    _opened(place)
    sign_heads(at=at)
    rows = sum(each.rows for each in sums.values())
    return Moved(found.source, place.told, place.url, rows, len(sums), own.links, digest(sums), link.changeset)


def stay(*, by: Actor, at: datetime, despite_newer: bool = False) -> None:
    """Opens again the place that was moved away from. Raises `Refused` where the register went on at the other one,
    unless that is to be left behind."""
    _refuse_whom(by)
    own = standing(connection)
    if MOVED not in own.marks:
        raise Refused(_("The register was not moved away from here: there is nothing to take back."))
    newest = heads.last()
    beyond = newest.links - own.links if newest else 0
    if beyond > 0 and not despite_newer:
        place = own.told(MOVED)["to"]
        raise Refused(
            ngettext(
                "The register went on at %(place)s: %(count)d change made there is not here. Bring it back with "
                "`regulars move --to …`, or leave it behind with --yes.",
                "The register went on at %(place)s: %(count)d changes made there are not here. Bring them back with "
                "`regulars move --to …`, or leave them behind with --yes.",
                beyond,
            )
            % {"place": place, "count": beyond}
        )
    with alone(connection):
        Mark.objects.filter(name=MOVED).delete()
        with deed(verb="safekeeping.stayed", by=by, at=at) as link:
            link.saw(subject=None, what={"not at": own.told(MOVED)["to"]})
    sign_heads(at=at)


def _refuse_whom(by: Actor) -> None:
    if not by.may("safekeeping.backup"):
        raise NotAllowed(_("Your account may not move the register."))


def _carried(place: Place, own: Standing, at: datetime, total: int, progress: Progress) -> dict[str, Sum]:
    """Everything over, into tables made anew; equal on both sides, or nothing is there."""
    with place.building() as target:
        refuse_other(standing(target), own, place)
        elsewhere.drop_tables(target)
        elsewhere.make_tables(target)
        elsewhere.write_quickly(target)
        with transaction.atomic(using=target.alias):
            sums = _written(target, total, progress)
            _mark_as_arriving(target, own, at)
        analyse(target)
    return sums


def _written(target: Any, total: int, progress: Progress) -> dict[str, Sum]:
    carried = tables()
    if is_file(target):
        trigrams.drop(target, SearchText._meta.db_table)
    with bare(target):
        carrying = _counting(progress, total, _("carrying"))
        sent = {table.name: table.carry(connection, target, carrying) for table in carried}
        progress(total, total, _("making indexes"))
    if is_file(target):
        trigrams.create(target, SearchText._meta.db_table, "number", "text")
    continue_numbering(connection, target, carried)
    comparing = _counting(progress, total, _("comparing"))
    arrived = {table.name: table.sum(target, comparing) for table in carried}
    _refuse_different(sent, arrived, loose_ends(target))
    return sent


def _counting(progress: Progress, total: int, what: str) -> Callable[[int], None]:
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total, what)

    return more


def _refuse_different(read: dict[str, Sum], written: dict[str, Sum], loose: list[str]) -> None:
    wrong = sorted({*loose, *(name for name, each in read.items() if each != written[name])})
    if wrong:
        raise Refused(
            _("What arrived is not what was sent: %(tables)s. Nothing was moved.") % {"tables": ", ".join(wrong)}
        )


def _mark_as_arriving(target: Any, own: Standing, at: datetime) -> None:
    told = {"from": here(), "at": moment(at), "links": own.links}
    with target.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Mark._meta.db_table} (name, value) VALUES (%s, %s)",
            [ARRIVING, json.dumps(told)],
        )


def _proved(place: Place) -> None:
    """`verify` in a process to which the other place is the register's own."""
    with processes.pool(1, {"REGULARS_DATABASE_URL": place.url}) as elsewhere_at_home:
        problems: list[str] = elsewhere_at_home.submit(_problems).result()
    if problems:
        raise Refused(
            _("The register could not be proved at %(place)s, so it was not moved: %(what)s")
            % {"place": place.told, "what": problems[0]}
        )


def _problems() -> list[str]:
    return [problem.message for problem in verify().problems]


def _opened(place: Place) -> None:
    with place.standing() as target, target.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Mark._meta.db_table} WHERE name = %s", [ARRIVING])


def _finished(place: Place, at: datetime) -> Moved:
    """A move that was cut off after all was carried and proved: only the door was still shut."""
    own = standing(connection)
    with place.standing() as target:
        there = standing(target)
    if own.told(MOVED)["to"] != place.told or ARRIVING not in there.marks or there.digest != own.digest:
        raise Refused(moved_to(own.marks[MOVED]))
    _opened(place)
    sign_heads(at=at)
    return Moved(here(), place.told, place.url, 0, 0, own.links, "", None)
