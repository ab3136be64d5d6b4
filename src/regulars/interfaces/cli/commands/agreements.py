"""`regulars agreements`: subscriptions and pledges, with what is due of them and what came."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "agreements"
HELP = "subscriptions and pledges, the newest first: what is due by now, what came, what is behind"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=("subscription", "pledge"), default="", help="of one kind")
    parser.add_argument("--customer", type=typed.number, metavar="NUMBER", help="of one customer")
    parser.add_argument("--behind", action="store_true", help="those alone of which something due has not come")
    parser.add_argument("--limit", type=typed.count, default=50, metavar="N", help="how many (50)")
    add_at(parser)


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.queries import names_of_customers
    from regulars.areas.house.queries import today
    from regulars.areas.trade.queries import agreement_page, agreements
    from regulars.interfaces.cli.operator import operator

    by, limit = operator("agreements"), args.limit
    with looking(args.at) as at:
        rows = agreements(by, kind=args.kind, customer=args.customer)
        found, more = agreement_page(rows, day=today(at), behind=args.behind, after="", limit=limit)
        told = [each.as_json() for each in found]
    if args.json:
        show_json(told)
        return 0
    names = names_of_customers(by, {row["customer"] for row in told})
    show_table(
        ("SERIAL", "CUSTOMER", "NAME", "KIND", "OVER", "AMOUNT", "EVERY", "DUE", "GIVEN", "BEHIND"),
        [
            (
                str(row["serial"]), str(row["customer"]), names[row["customer"]], row["kind"],
                row["product"] or row["purpose"], f"{row['amount']} {row['currency']}", row["every"], row["due"],
                row["given"], row["behind"],
            )
            for row in told
        ],
    )  # fmt: skip
    if more:
        say(_("There are more: --limit shows them."))
    return 0
