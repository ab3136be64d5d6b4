"""Customers into a file or a pipe, recorded in the journal."""

import argparse
from datetime import datetime
from typing import Any, BinaryIO

from regulars.interfaces.cli.output import say
from regulars.kernel.actor import Actor


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
    )
    say_withheld(told)
    return 0


def export_to(asked: str, *, ending: str, to: BinaryIO, by: Actor, at: datetime, **more: Any) -> dict[str, Any]:
    """Records the export, then writes it; gives what the command shows."""
    from django.utils import timezone

    from regulars.areas.house.queries import house
    from regulars.areas.journal.actions import sign_heads
    from regulars.areas.segments.actions import record_export
    from regulars.areas.segments.queries.exporting import Export
    from regulars.areas.segments.queries.formats import format_named, written

    form, rules = format_named(ending), house()
    export = Export(asked, by=by, today=rules.day(at), zone=rules.zone, **more)
    parts = written(export, form)
    told: dict[str, Any] = {"count": len(export.numbers), "withheld": export.withheld, "format": form.ending}
    told["changeset"] = record_export(asked=asked, by=by, at=at, **told)
    sign_heads(at=timezone.now())
    for part in parts:
        to.write(part)
    return told


def names_of(columns: str | None) -> list[str]:
    """The names of `--columns A,B`."""
    return [name.strip() for name in (columns or "").split(",") if name.strip()]


def say_withheld(told: dict[str, Any]) -> None:
    if told["withheld"]:
        say(
            f"Contact points stay here, of customers who have died, want no contact or keep their address secret: "
            f"{told['withheld']}. --all of `export` takes them along."
        )
