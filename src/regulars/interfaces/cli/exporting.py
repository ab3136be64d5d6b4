"""Customers into a file or a pipe, recorded in the journal."""

import argparse
from datetime import datetime
from typing import Any, BinaryIO

from regulars.interfaces.cli.looking import named
from regulars.interfaces.cli.output import say
from regulars.kernel.actor import Actor
from regulars.kernel.early import gettext as _


def send(args: argparse.Namespace, by: Actor, at: datetime, *, ending: str, to: BinaryIO) -> int:
    """Writes what `args` ask for (criteria, columns, order, limit) to an open file. For `find --format`."""
    told = export_to(
        args.criteria,
        ending=ending,
        to=to,
        by=by,
        at=at,
        columns=names_of(args.columns),
        order=args.order,
        most=args.limit,
        moment=named(args.at),
    )
    say_withheld(told)
    return 0


def export_to(
    asked: str, *, ending: str, to: BinaryIO, by: Actor, at: datetime, moment: Any = None, **more: Any
) -> dict[str, Any]:
    """Records the export, then writes it, as the register stood at the moment if one is given; gives what the command
    shows."""
    from django.utils import timezone

    from regulars.areas.house.queries import house
    from regulars.areas.journal.actions import sign_heads
    from regulars.areas.journal.queries import as_of, drawn
    from regulars.areas.segments.actions import record_export
    from regulars.areas.segments.queries.exporting import Export
    from regulars.areas.segments.queries.formats import format_named, written

    form = format_named(ending)
    with as_of(moment):
        rules = house()
        today = rules.day(moment.at if moment else at)
        export = Export(asked, by=by, today=today, zone=rules.zone, **more)
        parts = written(export, form)
        told: dict[str, Any] = {"count": len(export.numbers), "withheld": export.withheld, "format": form.ending}
    told["changeset"] = record_export(asked=asked, by=by, at=at, then=moment.at if moment else None, **told)
    sign_heads(at=timezone.now())
    for part in drawn(moment, parts):
        to.write(part)
    return told


def names_of(columns: str | None) -> list[str]:
    """The names of `--columns A,B`."""
    return [name.strip() for name in (columns or "").split(",") if name.strip()]


def say_withheld(told: dict[str, Any]) -> None:
    if told["withheld"]:
        say(
            _(
                "Contact points stay here, of customers who have died, want no contact or keep their address secret: "
                "%(withheld)s. --all of `export` takes them along."
            )
            % told
        )
