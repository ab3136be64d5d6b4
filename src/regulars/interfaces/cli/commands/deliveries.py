"""`regulars deliveries`: what comes late, arrives damaged or comes back as faulty."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "deliveries"
HELP = "what comes late, arrives damaged or comes back as faulty, by product, type, place or channel; the worst first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    by = ("product", "type", "place", "channel")
    parser.add_argument("--by", choices=by, default="product", help="by what (product)")
    parser.add_argument("--since", type=typed.day, metavar="DAY", help="from this day (90 days back)")
    parser.add_argument("--until", type=typed.day, metavar="DAY", help="to this day (today)")
    parser.add_argument("--limit", type=typed.count, default=50, metavar="N", help="how many (50)")
    add_at(parser)


def run(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import today
    from regulars.areas.trade.queries import days_of, deliveries
    from regulars.interfaces.cli.operator import operator

    with looking(args.at) as at:
        day = today(at)
        since, until = days_of(args.since, args.until, day)
        found = deliveries(operator("deliveries"), each=args.by, since=since, until=until, today=day)
        told = [each.as_json() for each in found[: args.limit]]
    if args.json:
        show_json(told)
        return 0
    heads = ("promised", "late", "missing", "damaged", "days_late", "sold", "back", "faulty")
    show_table(
        ("CODE", "NAME", *(name.replace("_", " ").upper() for name in heads)),
        [
            (row["code"], row["name"], *(str(row[name]) if row[name] is not None else "" for name in heads))
            for row in told
        ],
    )
    if not found:
        say(
            _("Nothing was promised from %(since)s to %(until)s, and nothing faulty came back.")
            % {"since": since, "until": until}
        )
    return 0
