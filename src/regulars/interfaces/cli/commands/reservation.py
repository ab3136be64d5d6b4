"""`regulars reservation list|add|came|ready|fetched|dropped`: who waits for what, in the order of asking."""

import argparse
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "reservation"
HELP = "reservations in the order of asking: list them, take one down, say that goods came, hand over, drop"
_HEADS = ("serial", "day", "customer", "product", "text", "quantity", "place", "state", "place_in_line", "wanted_by",
          "kept_until")  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    listed = deeds.add_parser("list", help="reservations in the order of asking")
    states = ("open", "waiting", "ready", "fetched", "dropped", "all")
    listed.add_argument("--state", choices=states, default="open")
    listed.add_argument("--customer", type=typed.number, metavar="NUMBER")
    listed.add_argument("--product", default="", metavar="NUMBER")
    listed.add_argument("--place", default="", metavar="CODE")
    listed.add_argument("--overdue", action="store_true", help="needed by a day that is over, or kept too long")
    add_at(listed)
    add = deeds.add_parser("add", help="take one down, behind all that stand")
    add.add_argument("--customer", type=typed.number, required=True, metavar="NUMBER")
    add.add_argument("--product", default="", metavar="NUMBER")
    add.add_argument("--text", default="", help="what it is, where it is no product")
    add.add_argument("--quantity", default="1", metavar="N")
    add.add_argument("--place", default="", metavar="CODE", help="where it is to be fetched")
    add.add_argument("--by", type=typed.day, metavar="DAY", dest="wanted_by", help="needed by this day")
    add.add_argument("--note", default="")
    came = deeds.add_parser("came", help="so many of a product came: whoever asked first gets hers")
    came.add_argument("product", metavar="NUMBER")
    came.add_argument("quantity", metavar="N")
    ready = deeds.add_parser("ready", help="it is here")
    for each in (came, ready):
        each.add_argument("--until", type=typed.day, metavar="DAY", help="kept until this day")
    fetched = deeds.add_parser("fetched", help="it was handed over")
    dropped = deeds.add_parser("dropped", help="it is not wanted any more")
    for each in (ready, fetched, dropped):
        each.add_argument("serial", type=typed.number, metavar="SERIAL")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import today
    from regulars.areas.trade import queries
    from regulars.interfaces.cli.operator import operator

    by = operator(f"reservation {args.deed}")
    if args.deed == "list":
        named = {name: getattr(args, name) for name in ("state", "customer", "product", "place")}
        with looking(args.at) as at:
            found = queries.reservations(by, **named, overdue_on=today(at) if args.overdue else None)
            return _told(args, list(found))
    serials = _do(args)
    rows = [queries.reservation_for(by, serial) for serial in serials]
    if not rows and not args.json:
        say(_("Nobody waits for so few of it."))
    return _told(args, rows)


def _do(args: argparse.Namespace) -> list[int]:
    """The serials of those that something happened to."""
    from regulars.areas.trade import actions
    from regulars.interfaces.cli.acting import acting
    from regulars.kernel.money import clean_decimal

    with acting(f"reservation {args.deed}") as (by, at):
        if args.deed == "add":
            quantity = clean_decimal(args.quantity, mark=".")
            named = {name: getattr(args, name) for name in ("product", "text", "place", "wanted_by", "note")}
            wish = actions.Wish(args.customer, quantity=quantity, **named)
            return [actions.reserve(wish=wish, by=by, at=at)[1]]
        if args.deed == "came":
            quantity = clean_decimal(args.quantity, mark=".")
            return actions.goods_came(product=args.product, quantity=quantity, kept_until=args.until, by=by, at=at)[1]
        if args.deed == "ready":
            actions.make_ready(serials=[args.serial], kept_until=args.until, by=by, at=at)
        else:
            (actions.fetch if args.deed == "fetched" else actions.drop)(serial=args.serial, by=by, at=at)
        return [args.serial]


def _told(args: argparse.Namespace, rows: list[Any]) -> int:
    from regulars.areas.trade.queries import places_in_line, reservation_json

    lines = places_in_line(rows)
    told = [reservation_json(row, lines.get(row.serial)) for row in rows]
    if args.json:
        show_json(told)
    elif told:
        show_table([name.upper() for name in _HEADS], [[each[name] for name in _HEADS] for each in told])
    return 0
