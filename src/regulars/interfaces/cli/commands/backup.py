"""`regulars backup`: a proved copy of the whole house, here or at another place."""

import argparse
from pathlib import Path

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "backup"
HELP = "make a version of the whole register, enciphered, and prove it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", metavar="PLACE", type=Path, help="another folder or disk that gets it as well")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.safekeeping import actions
    from regulars.interfaces.cli.operator import operator

    by, now = operator("backup"), timezone.now()
    if args.to:
        made = actions.backup_to(place=args.to.expanduser().absolute(), at=now, by=by)
    else:
        made = actions.make_and_prove(at=now, why="backup", by=by)
    if args.json:
        show_json(made.as_json())
    else:
        print(made.file)
        say(_("Copied and proved: %(size).1f MB.") % {"size": made.size / 1_000_000})
    return 0
