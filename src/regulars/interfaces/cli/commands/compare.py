"""`regulars compare CRITERIA --at A --and B`: who came, went, changed between two moments."""

import argparse
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json

NAME = "compare"
HELP = "who came, went and changed between two moments"
_TIME = "a day (its end) or a moment: 2026-11-24, 2026-11-24T09:30"
_SIGNS = {"came": "+", "went": "-", "changed": "~"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("criteria", metavar="CRITERIA", help='whom, in the criteria language; "" for all')
    parser.add_argument("--at", required=True, metavar="TIME", help=f"the one moment: {_TIME}")
    parser.add_argument("--and", required=True, metavar="TIME", dest="other", help=f"the other moment: {_TIME}")
    parser.add_argument("--only", choices=tuple(_SIGNS), default="", help="those alone")
    parser.add_argument("--limit", type=typed.count, default=1000, metavar="N", help="name at most so many (1000)")
    parser.add_argument(
        "--after", type=typed.number, default=0, metavar="NUMBER", help="go on after this number: `next`"
    )


def run(args: argparse.Namespace) -> int:
    from regulars.areas.segments.queries import compare
    from regulars.interfaces.cli.looking import named
    from regulars.interfaces.cli.operator import operator

    found = compare(
        args.criteria,
        named(args.at),
        named(args.other),
        by=operator("compare"),
        after=args.after,
        limit=args.limit,
        only=args.only,
    )
    if args.json:
        show_json({"criteria": args.criteria} | found.as_json())
        return 0
    for each in found.page:
        _show(each)
    say(
        f"{found.count_first} then, {found.count_second} at the other moment: "
        f"{found.came} came, {found.went} went, {found.changed} changed."
    )
    if found.next:
        say(f"Go on with --after {found.next}.")
    return 0


def _show(each: Any) -> None:
    from regulars.interfaces.cli.cards import told

    more = "  (new)" if each.new else "  (gone)" if each.gone else ""
    print(f"{_SIGNS[each.how]} {each.number}  {each.name}{more}")
    for line in told(each.differences):
        print(f"      {line}")
