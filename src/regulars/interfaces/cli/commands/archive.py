"""`regulars archive NUMBER`: puts a card away."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "archive"
HELP = "puts a customer away: off the lists, still findable"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=typed.number, metavar="NUMBER")
    parser.add_argument("--reason", default="", help="why; it stands on the card")
    parser.add_argument("--back", action="store_true", help="takes the card out of the archive")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.actions import archive_customer, unarchive_customer
    from regulars.areas.customers.queries import card_json
    from regulars.interfaces.cli.acting import acting

    with acting("archive") as (by, at):
        if args.back:
            changeset = unarchive_customer(number=args.number, by=by, at=at)
        else:
            changeset = archive_customer(number=args.number, by=by, at=at, reason=args.reason)
        card = card_json(by, args.number)
    if args.json:
        show_json({"number": card["number"], "changeset": changeset, "state": card["state"]})
    else:
        said = _("%(name)s is archived.") if card["state"] == "archived" else _("%(name)s is not archived.")
        say(said % card)
        if not changeset:
            say(_("Nothing was different."))
    return 0
