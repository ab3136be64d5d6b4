"""`regulars purchase list|show|record|return|void`: what was bought."""

import argparse
import re
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

NAME = "purchase"
HELP = "purchases: list them, show one, take one down, take lines of one back, make one void"
_GOODS = re.compile(r"(?P<what>.+?)(?:\*(?P<quantity>-?[0-9.]+))?(?:=(?P<price>-?[0-9.]+))?")
_NO_QUANTITY = re.compile(r".*\*(?P<quantity>[-+0-9.,\s]*)")
_HEADS = ("serial", "number", "day", "customer", "place", "channel", "currency", "total", "void")
_LINES = ("ordinal", "kind", "product", "text", "quantity", "price", "amount", "left", "warranty_until")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    listed = deeds.add_parser("list", help="purchases, the newest first")
    listed.add_argument("--customer", type=typed.number, metavar="NUMBER")
    listed.add_argument("--place", default="", metavar="CODE", help="a branch means its tills as well")
    listed.add_argument("--channel", default="", choices=("", "shop", "web", "phone", "post"))
    listed.add_argument("--product", default="", metavar="NUMBER")
    listed.add_argument("--since", type=typed.day, metavar="DAY")
    listed.add_argument("--until", type=typed.day, metavar="DAY")
    listed.add_argument("--late", action="store_true", help="late deliveries alone")
    listed.add_argument("--limit", type=typed.count, default=50, metavar="N", help="how many (50)")
    shown = deeds.add_parser("show", help="one purchase with its lines")
    add_at(listed)
    add_at(shown)
    record = deeds.add_parser("record", help="take a purchase down")
    record.add_argument("--customer", type=typed.number, metavar="NUMBER", help="who bought; left out, nobody knows")
    goods = "NUMBER[*QUANTITY][=PRICE]: a product, at its own price where none is said; may come again"
    record.add_argument("--goods", action="append", default=[], metavar="GOODS", help=goods)
    text = "TEXT[*QUANTITY]=PRICE: goods in words; may come again"
    record.add_argument("--text", action="append", default=[], metavar="TEXT", help=text)
    record.add_argument("--place", default="", metavar="CODE")
    record.add_argument("--channel", default="shop", choices=("shop", "web", "phone", "post"))
    record.add_argument("--currency", default="", metavar="CODE", help="ISO 4217; left out, the house's")
    record.add_argument(
        "--rate", default="", metavar="RATE",
        help="what one unit is worth in the house's currency; left out, as with the latest purchase in it",
    )  # fmt: skip
    record.add_argument("--note", default="")
    back = deeds.add_parser("return", help="take lines of a purchase back as they were paid, or pay money back")
    void = deeds.add_parser("void", help="make a purchase void: it counts for nothing any more")
    for each in (shown, back, void):
        each.add_argument("serial", type=typed.number, metavar="SERIAL")
    reasons = ("defect", "damaged", "wrong", "late", "unfit", "mind", "other")
    back.add_argument("--line", action="append", default=[], metavar="LINE[*QUANTITY]", help="may come again")
    amount = "the money in all; left out, what was paid for the lines; without a line it is paid back alone"
    back.add_argument("--amount", default="", metavar="AMOUNT", help=amount)
    back.add_argument("--reason", choices=reasons, default="other")
    back.add_argument("--remark", default="")
    void.add_argument("--reason", required=True, help="why it is void")


def run(args: argparse.Namespace) -> int:
    return {"list": _list, "show": _show, "record": _record, "return": _return, "void": _void}[args.deed](args)


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import today
    from regulars.areas.trade import queries
    from regulars.interfaces.cli.operator import operator

    named = {name: getattr(args, name) for name in ("customer", "place", "channel", "product", "since", "until")}
    with looking(args.at) as at:
        found = queries.purchases(operator("purchase list"), **named, late_on=today(at) if args.late else None)
        rows = list(found[: args.limit])
        lines = queries.lines_of_each(rows)
        told = [queries.as_json(row, lines[row.pk]) for row in rows]
    if args.json:
        show_json(told)
    else:
        show_table([name.upper() for name in _HEADS], [[each[name] for name in _HEADS] for each in told])
    return 0


def _show(args: argparse.Namespace) -> int:
    with looking(args.at):
        return _told(args, args.serial)


def _record(args: argparse.Namespace) -> int:
    from regulars.areas.trade.actions import NewLine, NewPurchase, record_purchase
    from regulars.interfaces.cli.acting import acting
    from regulars.kernel.money import clean_rate

    lines = [NewLine(product=what, **figures) for what, figures in map(_read, args.goods)]
    lines += [NewLine(text=what, **figures) for what, figures in map(_read, args.text)]
    named = {name: getattr(args, name) for name in ("customer", "place", "channel", "currency", "note")}
    rate = clean_rate(args.rate, mark=".") if args.rate else None
    with acting("purchase record") as (by, at):
        kept = record_purchase(purchase=NewPurchase(lines, rate=rate, **named), by=by, at=at)
    return _told(args, kept.serial)


def _return(args: argparse.Namespace) -> int:
    from regulars.areas.trade.actions import return_lines
    from regulars.interfaces.cli.acting import acting
    from regulars.kernel.money import clean_decimal

    items = []
    for written in args.line:
        what, figures = _read(written)
        if not what.isdigit():
            message = _("“%(line)s” is no line: say its number, as in 2 or 2*1.5.")
            raise Refused(message % {"line": written[:40]}, where="line")
        items.append((int(what), figures.get("quantity", 10_000)))
    amount = clean_decimal(args.amount, mark=".") if args.amount else None
    with acting("purchase return") as (by, at):
        kept = return_lines(
            serial=args.serial, items=items, amount=amount, reason=args.reason, remark=args.remark, by=by, at=at
        )
    return _told(args, kept.serial)


def _void(args: argparse.Namespace) -> int:
    from regulars.areas.trade.actions import void_purchase
    from regulars.interfaces.cli.acting import acting

    with acting("purchase void") as (by, at):
        void_purchase(serial=args.serial, reason=args.reason, by=by, at=at)
    return _told(args, args.serial)


def _read(written: str) -> tuple[str, dict[str, Any]]:
    """What is named, and its figures in 1/10,000: `B1*2=12.50`."""
    from regulars.kernel.money import clean_decimal

    match = _GOODS.fullmatch(written.strip())
    if match is None:
        raise Refused(_("“%(goods)s” names no goods.") % {"goods": written[:40]}, where="goods")
    if "=" in match["what"]:
        what = match["what"].rpartition("=")[2]
        raise Refused(_("“%(what)s” is no price.") % {"what": what[:40]}, where="goods")
    if (unread := _NO_QUANTITY.fullmatch(match["what"])) is not None:
        raise Refused(_("“%(what)s” is no quantity.") % {"what": unread["quantity"][:40]}, where="goods")
    figures = {
        name: clean_decimal(text, mark=".") for name, text in match.groupdict().items() if name != "what" and text
    }
    return match["what"], figures


def _told(args: argparse.Namespace, serial: int) -> int:
    from regulars.areas.trade import queries
    from regulars.interfaces.cli.operator import operator

    row = queries.purchase_for(operator(f"purchase {args.deed}"), serial)
    told = queries.as_json(row, queries.lines_of(row))
    if args.json:
        show_json(told)
        return 0
    whose = told["customer"] or _("nobody knows who bought")
    said = {"serial": serial, "whose": whose, **{name: told[name] for name in ("number", "day", "total", "currency")}}
    say(_("Purchase %(serial)s (%(number)s), %(day)s, %(whose)s: %(total)s %(currency)s") % said)
    if told["void"]:
        say(_("Void: %(void)s") % told)
    show_table([name.upper() for name in _LINES], [[each[name] for name in _LINES] for each in told["lines"]])
    return 0
