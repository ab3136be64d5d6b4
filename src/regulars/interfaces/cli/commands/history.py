"""`regulars history NUMBER`: what was done to one customer."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import show_json

NAME = "history"
HELP = "what was done to one customer, newest first, with every value that changed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=typed.number, metavar="NUMBER")
    parser.add_argument("--limit", type=typed.count, default=500, metavar="N", help="at most so many deeds (500)")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.queries import card_for
    from regulars.areas.journal.queries import history_of
    from regulars.interfaces.cli.cards import show_deed
    from regulars.interfaces.cli.operator import operator

    by = operator("history")
    card = card_for(by, args.number)
    deeds = history_of(card.number, by=by, limit=args.limit)
    if args.json:
        show_json([deed.as_json(with_fields=True) for deed in deeds])
        return 0
    for deed in deeds:
        show_deed(deed)
    return 0
