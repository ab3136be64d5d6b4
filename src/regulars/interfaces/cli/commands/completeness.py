"""`regulars completeness [CRITERIA]`: which facts are missing where it matters."""

import argparse
from typing import Any

from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import show_json
from regulars.interfaces.cli.tables import show_table

NAME = "completeness"
HELP = "which facts are missing where it matters, with the criteria that find who lacks them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("criteria", nargs="?", default="", metavar="CRITERIA", help="among whom (otherwise all)")
    add_at(parser)


def run(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import house
    from regulars.areas.segments.queries.completeness import completeness
    from regulars.interfaces.cli.operator import operator
    from regulars.kernel.saying import percent

    with looking(args.at) as at:
        rules = house()
        told: dict[str, Any] = {"by": operator("completeness"), "today": rules.day(at), "zone": rules.zone}
        gaps = completeness(args.criteria, **told)
    if args.json:
        show_json([gap.as_json() for gap in gaps])
    else:
        rows = [(gap.missing, gap.count, percent(gap.percent, 1), gap.criteria) for gap in gaps]
        show_table(("MISSING", "COUNT", "SHARE", "CRITERIA"), rows, right=frozenset({1, 2}))
    return 0
