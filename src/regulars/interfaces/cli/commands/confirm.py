"""`regulars confirm NUMBER`: phone, e-mail and address are still right."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "confirm"
HELP = "notes that phone, e-mail and address of a customer are still right today"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=typed.number, metavar="NUMBER")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.actions import confirm_customer
    from regulars.areas.customers.queries import card_json
    from regulars.interfaces.cli.acting import acting

    with acting("confirm") as (by, at):
        changeset = confirm_customer(number=args.number, by=by, at=at)
        card = card_json(by, args.number)
    if args.json:
        show_json({"number": card["number"], "changeset": changeset, "confirmed": card["confirmed"]})
    else:
        say(_("%(name)s: still right as of %(confirmed)s.") % card)
    return 0
