"""`regulars versions`: the copies of this home, newest first."""

import argparse
from typing import TYPE_CHECKING

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from regulars.areas.safekeeping.queries import Version

NAME = "versions"
HELP = "list the copies of this register"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="open and read each one again")


def run(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from regulars.areas.safekeeping import queries

    found = queries.versions()
    if args.check:
        found = [replace(each, problems=tuple(queries.problems_of(each))) for each in found]
    if args.json:
        show_json([each.as_json() for each in found])
    else:
        _table(found)
    return int(any(each.problems for each in found))


def _table(found: "list[Version]") -> None:
    for each in found:
        state = _("whole") if each.good else "; ".join(each.problems)
        print(f"{each.name:<34} {each.size / 1_000_000:>10.1f} MB  {state}")
    if not found:
        say(_("There is no copy yet. Make one with: regulars backup"))
