"""`regulars show NUMBER`: one customer."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import show_json

NAME = "show"
HELP = "one customer, all facts"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=typed.number, metavar="NUMBER")
    add_at(parser)


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.queries import card_json
    from regulars.interfaces.cli.cards import show_card
    from regulars.interfaces.cli.operator import operator

    with looking(args.at):
        card = card_json(operator("show"), args.number)
        show_json(card) if args.json else show_card(card)
    return 0
