"""`regulars export [CRITERIA] --to FILE`: customers into a file."""

import argparse
from pathlib import Path

from regulars.interfaces.cli.commands.find import DESCENDING
from regulars.interfaces.cli.looking import add_at, named
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "export"
HELP = "customers into a file: csv, xlsx, vcf or json by its ending; each comes back through `import`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("criteria", nargs="?", default="", metavar="CRITERIA", help="which (otherwise all)")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE")
    parser.add_argument("--columns", metavar="A,B", help="these facts alone (csv, xlsx, json)")
    parser.add_argument("--order", default="", metavar="F", help="sorted by this fact; -F the other way round")
    parser._negative_number_matcher = DESCENDING  # else argparse takes -F for an option of its own
    add_at(parser)
    parser.add_argument(
        "--all", action="store_true", help="with the contact points of the dead and of those who want no contact"
    )


def run(args: argparse.Namespace) -> int:
    import os

    from django.utils import timezone

    from regulars.interfaces.cli import exporting
    from regulars.interfaces.cli.operator import operator

    partial = args.to.with_name(f".{args.to.name}.part")
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            told = exporting.export_to(
                args.criteria,
                ending=args.to.suffix,
                to=file,
                by=operator("export"),
                at=timezone.now(),
                columns=exporting.names_of(args.columns),
                order=args.order,
                everyone=args.all,
                moment=named(args.at),
            )
        partial.replace(args.to)
    finally:
        partial.unlink(missing_ok=True)
    exporting.say_withheld(told)
    if args.json:
        show_json({"to": str(args.to), **told})
    else:
        say(_("Customers in %(file)s: %(count)s.") % {"file": args.to, "count": told["count"]})
    return 0
