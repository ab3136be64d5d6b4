"""`regulars donations`: who gave in a year, and the receipts for it."""

import argparse
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "donations"
HELP = "who gave in a year, the highest sum first, and whether the receipt is given out; --give-out gives it out"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("year", type=typed.number, nargs="?", metavar="YEAR", help="a year of the house (this one)")
    parser.add_argument("--customer", type=typed.number, metavar="NUMBER", help="of one customer")
    parser.add_argument("--give-out", action="store_true", help="give out the receipts that are missing or differ")
    parser.add_argument("--limit", type=typed.count, default=50, metavar="N", help="how many (50)")
    add_at(parser)


def run(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import today
    from regulars.areas.trade.queries import giver_page, year_of
    from regulars.interfaces.cli.operator import operator

    by = operator("donations")
    with looking(args.at) as at:
        year = today(at).year if args.year is None else args.year
        if args.give_out:
            return _given_out(args, by, year)
        if args.customer is not None:
            found, more = [year_of(by, args.customer, year)], ""
        else:
            found, more = giver_page(by, year, limit=args.limit)
    told = [each.as_json() for each in found]
    if args.json:
        show_json(told)
        return 0
    show_table(
        ("CUSTOMER", "NAME", "DONATIONS", "SUM", "RECEIPT"),
        [
            (str(row["customer"]), row["name"], str(len(row["donations"])), f"{row['amount']} {row['currency']}",
             _receipt(row["receipt"]))
            for row in told
        ],
    )  # fmt: skip
    if more:
        say(_("There are more: --limit shows them."))
    return 0


def _given_out(args: argparse.Namespace, by: Any, year: int) -> int:
    from django.utils import timezone

    from regulars.areas.trade.actions import give_receipt, give_receipts

    how: dict[str, Any] = {"year": year, "by": by, "at": timezone.now()}
    if args.customer is not None:
        changeset = give_receipt(customer=args.customer, **how)
        count = 1 if changeset else 0
    else:
        changeset, count = give_receipts(**how)
    if args.json:
        show_json({"changeset": changeset, "given_out": count})
    else:
        say(_("Receipts given out: %(count)s.") % {"count": count})
        if changeset:
            say(_("To take it back: regulars undo %(deed)s") % {"deed": changeset})
    return 0


def _receipt(receipt: dict[str, Any] | None) -> str:
    if receipt is None:
        return "not given out"
    return f"{receipt['serial']}, since then changed" if receipt["changed_since"] else str(receipt["serial"])
