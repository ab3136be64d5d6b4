"""`regulars product list|set|remove`: what is sold."""

import argparse
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "product"
HELP = "products: list them, set one down or change it, take one off that nobody bought"
_HEADS = ("number", "name", "type", "price", "warranty")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    listed = deeds.add_parser("list", help="products by number")
    listed.add_argument("--type", default="", help="of this type of goods alone")
    add_at(listed)
    change = deeds.add_parser("set", help="make the product of this number, or change it; what is not named stays")
    change.add_argument("number", metavar="NUMBER")
    change.add_argument("--name")
    change.add_argument("--type", help="a type of goods; '' takes it off")
    change.add_argument("--price", metavar="AMOUNT", help="of one: 12.50, or 12.50 USD")
    change.add_argument(
        "--warranty", type=typed.number, metavar="MONTHS", help="of what is sold from now on; 0 for none"
    )
    remove = deeds.add_parser("remove", help="take a product off that nobody bought")
    remove.add_argument("number", metavar="NUMBER")


def run(args: argparse.Namespace) -> int:
    return {"list": _list, "set": _set, "remove": _remove}[args.deed](args)


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.trade.models import Product
    from regulars.areas.trade.queries import product_json
    from regulars.kernel.text import fold

    rows = Product.objects.select_related("type").order_by("number")
    if args.type:
        rows = rows.filter(type__key=fold(args.type) or args.type)
    with looking(args.at):
        told = [product_json(row) for row in rows]
    if args.json:
        show_json(told)
    else:
        show_table([name.upper() for name in _HEADS], [[each[name] for name in _HEADS] for each in told])
    return 0


def _set(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import house
    from regulars.areas.trade.actions import set_product
    from regulars.areas.trade.models import Product
    from regulars.areas.trade.queries import product_json
    from regulars.interfaces.cli.acting import acting
    from regulars.kernel.money import clean_money

    price: dict[str, Any] = {}
    if args.price is not None:
        price["price"], price["currency"] = clean_money(args.price, house().currency, mark=".")
    with acting("product set") as (by, at):
        changeset = set_product(
            number=args.number, name=args.name, type=args.type, warranty=args.warranty, by=by, at=at, **price
        )
    if args.json:
        show_json(product_json(Product.objects.select_related("type").get(number=args.number.strip())))
    else:
        say(_("Kept.") if changeset else _("Nothing differs."))
    return 0


def _remove(args: argparse.Namespace) -> int:
    from regulars.areas.trade.actions import remove_product
    from regulars.interfaces.cli.acting import acting

    with acting("product remove") as (by, at):
        changeset = remove_product(number=args.number, by=by, at=at)
    if args.json:
        show_json({"changeset": changeset})
    else:
        say(_("The product is off. `regulars undo %(deed)s` brings it back.") % {"deed": changeset})
    return 0
