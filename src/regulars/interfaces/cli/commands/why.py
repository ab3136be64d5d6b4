"""`regulars why NUMBER CRITERIA`: why a customer is found, or not."""

import argparse
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import show_json

NAME = "why"
HELP = "says why a customer is found by criteria, or not: why 10017 'segment \"Gold\"'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=typed.number, metavar="NUMBER")
    parser.add_argument("criteria", metavar="CRITERIA")
    add_at(parser)


def run(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import house
    from regulars.areas.segments.queries import why
    from regulars.interfaces.cli.operator import operator

    with looking(args.at) as at:
        rules = house()
        told: dict[str, Any] = {"by": operator("why"), "today": rules.day(at), "zone": rules.zone}
        reason = why(args.criteria, args.number, **told)
    if args.json:
        show_json(reason.as_json())
    else:
        _print(reason, 0)
    return 0


def _print(reason: Any, depth: int) -> None:
    words = {"and": "all of these", "or": "at least one of these", "not": "not"}
    said = words.get(reason.kind) or reason.criteria
    value = f"  ({reason.value})" if reason.value else ""
    print(f"{'  ' * depth}{'yes' if reason.holds else 'no '}  {said}{value}")
    for part in reason.parts:
        _print(part, depth + 1)
