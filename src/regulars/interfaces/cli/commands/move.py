"""`regulars move`: the register from the encrypted file to PostgreSQL, or back."""

import argparse
import sys
import time

from regulars.interfaces.cli.output import WrongUsage, say, show_json
from regulars.kernel.early import gettext as _

NAME = "move"
HELP = "move the whole register to another database: from the encrypted file to PostgreSQL, or back"
DATABASE = False  # one that was moved away from opens for this command alone


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", metavar="URL", help="postgres://user:password@host:5432/name, or `file` for the home's encrypted file"
    )
    parser.add_argument("--dry-run", action="store_true", help="count, and look at what stands in the way")
    parser.add_argument("--undo", action="store_true", help="stay where the register was moved away from")
    parser.add_argument("--yes", action="store_true", help="with --undo: leave behind what was done elsewhere since")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.safekeeping.actions import moving
    from regulars.interfaces.server import upgrade
    from regulars.interfaces.server.lock import held

    if bool(args.to) == args.undo:
        raise WrongUsage("Either --to URL or --undo.")
    upgrade.database_is_reachable()
    if not moving.has_moved():
        upgrade.bring_up_to_date_alone()
    if args.dry_run:
        return _look(args)
    if args.undo:
        with held():
            return _stay(args)
    return _move(args)


def _look(args: argparse.Namespace) -> int:
    from regulars.areas.safekeeping.actions import moving
    from regulars.interfaces.cli.operator import operator

    found = moving.look_at(to=args.to, by=operator("move"))
    if args.json:
        show_json({"dry_run": True, **found.as_json()})
    else:
        for each in found.findings:
            print(f"{each.state:<5} {each.said}")
        say(_("%(rows)d rows of %(tables)d tables would be moved.") % {"rows": found.rows, "tables": found.tables})
    return 0 if found.good else 1


def _move(args: argparse.Namespace) -> int:
    from regulars.interfaces.cli.operator import operator
    from regulars.interfaces.server import takeover
    from regulars.kernel.takeover import MOVE, Order

    began = time.monotonic()
    order = Order(operator("move"), what=MOVE, to=args.to)
    watched = _progress if sys.stderr.isatty() else None
    moved = takeover.done_by_whoever_holds_the_house(order, told=say, progress=watched)
    moved["seconds"] = round(time.monotonic() - began, 1)
    if args.json:
        show_json(moved)
        return 0
    say(
        _("%(rows)d rows moved to %(target)s in %(seconds)s s, the same on both sides, proved to link %(links)d.")
        % moved
    )
    if moved["by_serve"]:
        say(_("The running Regulars goes on there by itself."))
    say(
        _("Now set REGULARS_DATABASE_URL to that address, for `serve` and for every command.")
        if moved["setting"]["REGULARS_DATABASE_URL"]
        else _("Now unset REGULARS_DATABASE_URL, for `serve` and for every command.")
    )
    return 0


def _stay(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.safekeeping.actions import moving
    from regulars.interfaces.cli.operator import operator

    moving.stay(by=operator("move"), at=timezone.now(), despite_newer=args.yes)
    show_json({"stayed": True}) if args.json else say(_("The register is open here again."))
    return 0


def _progress(done: int, of: int, what: str) -> None:
    print(f"\r{what} {done * 100 // max(of, 1)} %\x1b[K", end="", file=sys.stderr, flush=True)
