"""`regulars rollups`: what customers' purchases come to, held against their lines or made anew."""

import argparse

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "rollups"
HELP = "is what customers' purchases come to what their lines say? With --rebuild it is all counted anew"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rebuild", action="store_true", help="count all of it anew; nobody can write meanwhile")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.trade.actions import fill
    from regulars.areas.trade.counting.proving import astray

    customers = fill(at=timezone.now()) if args.rebuild else None
    wrong = astray()
    if args.json:
        show_json({"customers": customers, "wrong": wrong})
    else:
        for number in wrong:
            print(number)
        differ = _("Customers who differ from their lines: %(count)s.") % {"count": len(wrong)}
        say(differ if wrong else _("All is as the lines say."))
    return 1 if wrong else 0
