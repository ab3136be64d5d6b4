"""`regulars keys`: the recovery sheet, shown, held against today's keys or typed back in; keys changed."""

import argparse
import sys
import time
from pathlib import Path

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

NAME = "keys"
HELP = "the keys of this home"
DATABASE = False  # keys are wanted most where the database does not open
WHAT = ("all", "database", "fields", "sign", "session", "chain")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    recovery = deeds.add_parser("recovery", help="print the recovery sheet, check one, or bring the keys back from one")
    what = recovery.add_mutually_exclusive_group()
    what.add_argument("--restore", metavar="SHEET", help="a file with the sheet's text, '-' for standard input")
    what.add_argument("--check", metavar="SHEET", help="whether this sheet would bring back all keys of today")
    rotate = deeds.add_parser("rotate", help="put fresh keys in the place of the old; beside `serve` everybody waits")
    rotate.add_argument("what", nargs="?", choices=WHAT, default="all", help="which (all: all that can be changed)")


def run(args: argparse.Namespace) -> int:
    if args.deed == "rotate":
        return _rotate(args)
    if args.check:
        return _check(args)
    return _restore(args) if args.restore else _show(args)


def _show(args: argparse.Namespace) -> int:
    from regulars.kernel import keyfile

    sheet = keyfile.recovery_sheet()
    show_json({"sheet": sheet}) if args.json else print(sheet)
    return 0


def _restore(args: argparse.Namespace) -> int:
    from regulars.kernel import keyfile

    keyfile.restore_from_sheet(_text(args.restore))
    show_json({"file": str(keyfile.path())}) if args.json else say(keyfile.path())
    return 0


def _check(args: argparse.Namespace) -> int:
    from regulars.kernel import keyfile

    verdict = keyfile.sheet_fits(_text(args.check))
    said = {
        "fits": _("The sheet fits: it would bring back all keys of today."),
        "older": _("The sheet is older than the last change of keys. Print a new one: regulars keys recovery"),
        "foreign": _("This is the sheet of another register."),
    }
    show_json({"sheet": verdict}) if args.json else say(said[verdict])
    return 0 if verdict == "fits" else 1


def _rotate(args: argparse.Namespace) -> int:
    from regulars.areas.safekeeping.actions.rotating import BESIDE_WORK, refuse_what_stays
    from regulars.interfaces.cli.operator import operator
    from regulars.interfaces.server import takeover, upgrade
    from regulars.kernel.takeover import KEYS, Order

    refuse_what_stays(args.what)
    upgrade.database_is_reachable()
    upgrade.bring_up_to_date_alone()
    began = time.monotonic()
    order = Order(operator("keys rotate"), what=KEYS, to=args.what)
    done = (
        takeover.carry_out(order, told=say)
        if args.what in BESIDE_WORK
        else takeover.done_by_whoever_holds_the_house(order, told=say)
    )
    if args.json:
        show_json({**done, "seconds": round(time.monotonic() - began, 1)})
        return 0
    for each in done["changed"]:
        print(f"{each['kind']:<9} {each['was']} -> {each['now']}")
    say(_("The recovery sheet you have no longer brings back everything. Print a new one now: regulars keys recovery"))
    return 0


def _text(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Refused(_("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}) from None
