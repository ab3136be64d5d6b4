"""`regulars compare CRITERIA --at A --and B`: who came, went, changed between two moments."""

import argparse
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

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
        _(
            "%(first)s then, %(second)s at the other moment. Came: %(came)s; went: %(went)s; changed: %(changed)s."
        )
        % {
            "first": found.count_first, "second": found.count_second,
            "came": found.came, "went": found.went, "changed": found.changed,
        }
    )  # fmt: skip
    if found.next:
        say(_("Go on with --after %(number)s.") % {"number": found.next})
    return 0


def _show(each: Any) -> None:
    from regulars.interfaces.cli.cards import told

    more = f"  ({_('new')})" if each.new else f"  ({_('gone')})" if each.gone else ""
    print(f"{_SIGNS[each.how]} {each.number}  {each.name}{more}")
    for line in told(each.differences):
        print(f"      {line}")
