"""`regulars forget NUMBER`: forgets a customer for good; `--again` whoever came back with an older copy."""

import argparse
from typing import TYPE_CHECKING

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import WrongUsage, say, show_json
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from regulars.areas.customers.actions import Forgetting

NAME = "forget"
HELP = "forgets a customer for good, out of history and files too; nothing takes it back"
_THEN = {"erase": "goes", "blank": "is emptied", "keep": "stays"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=typed.number, nargs="?", metavar="NUMBER")
    parser.add_argument(
        "--again", action="store_true", help="after an older version was put back: all whom the ledger names"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what goes, what stays and why")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.actions import forget_customer, what_would_go
    from regulars.interfaces.cli.acting import acting

    if args.again == (args.number is not None):
        raise WrongUsage("Name one customer, or --again.")
    if args.again:
        return _again(args)
    with acting("forget") as (by, at):
        if args.dry_run:
            told = what_would_go(number=args.number, by=by)
        else:
            told = forget_customer(number=args.number, by=by, at=at)
    if args.json:
        show_json(told.as_json())
    elif args.dry_run:
        _show(told)
    else:
        say(_("Customer %(number)s is forgotten.") % {"number": told.number})
    return 0


def _again(args: argparse.Namespace) -> int:
    from regulars.areas.customers.actions import forget_again
    from regulars.areas.customers.queries import returned
    from regulars.interfaces.cli.acting import acting

    with acting("forget --again") as (by, at):
        numbers = returned() if args.dry_run else forget_again(by=by, at=at)
    if args.json:
        show_json({"numbers": numbers})
    else:
        here = _("Forgotten before, and here again: %(count)s.")
        say(
            (here if args.dry_run else _("Forgotten before, and forgotten again: %(count)s.")) % {"count": len(numbers)}
        )
    return 0


def _show(told: "Forgetting") -> None:
    for each in told.fates:
        count = "" if each.count is None else f"  {each.count}"
        print(f"{_THEN[each.then]:<20} {each.label}{count}")
        if each.why:
            print(f"{'':<20} {each.why}")
    if told.cards:
        print(f"{'relation goes':<20} on the cards {', '.join(map(str, told.cards))}")
