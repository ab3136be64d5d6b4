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
    from regulars.interfaces.cli.tables import show_table

    heads = ["VERSION", "WHY", "CUSTOMERS", "MB", "STATE", "PROVED", "ELSEWHERE"]
    rows = [
        [
            each.name,
            each.why,
            each.customers if each.digest else "",
            f"{each.size / 1_000_000:.1f}",
            _state(each),
            f"{each.proof.at:%Y-%m-%d %H:%M}" if each.proof else "",
            f"{each.elsewhere:%Y-%m-%d}" if each.elsewhere else "",
        ]
        for each in found
    ]
    if found:
        show_table(heads, rows, right=frozenset({2, 3}))
    else:
        say(_("There is no version yet. Make one with: regulars backup"))


def _state(version: "Version") -> str:
    if version.problems:
        return "; ".join(version.problems)
    if version.state == "doubtful":
        return _("true copy of a doubtful register")
    return _("proved") if version.proved else _("not proved yet")
