"""`regulars stale`: cards whose contact details are to be checked."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "stale"
HELP = "cards whose contact details nobody confirmed or changed for long, those that something happened on last first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=typed.count, default=50, metavar="N", help="how many (50)")
    add_at(parser)


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.queries import names_of_customers, stale_cards
    from regulars.areas.house.queries import house
    from regulars.interfaces.cli.operator import operator
    from regulars.kernel.tables import moment

    by = operator("stale")
    with looking(args.at) as at:
        found = stale_cards(by, rules=house(), at=at, limit=args.limit)
        names = names_of_customers(by, [each.number for each in found])
    told = [
        {
            "number": each.number,
            "confirmed": each.confirmed.isoformat() if each.confirmed else None,
            "updated_at": moment(each.updated_at),
        }
        for each in found
    ]
    if args.json:
        show_json(told)
        return 0
    show_table(
        ("NUMBER", "NAME", "LAST CONFIRMED"),
        [(str(each.number), names[each.number], str(each.confirmed or _("never"))) for each in found],
    )
    if found:
        say(_("Still right? regulars confirm NUMBER"))
    return 0
