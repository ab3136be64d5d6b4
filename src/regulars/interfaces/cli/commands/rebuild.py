"""`regulars rebuild`: the register made again from the chain, held against what stands."""

import argparse
import sys

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "rebuild"
HELP = "makes every row, past ones too, again from the journal: is all the same? Nobody can write meanwhile"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--restore", action="store_true", help="put right what differs; make a backup first")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.journal.actions import rebuild
    from regulars.interfaces.cli.operator import operator

    progress = _progress if sys.stderr.isatty() else None
    found = rebuild(by=operator("rebuild"), restore=args.restore, progress=progress)
    if args.json:
        show_json(found.as_json())
    else:
        for each in found.differences:
            counts = {"lacking": each.lacking, "strange": each.strange}
            said = _("rows lacking: %(lacking)s; rows that nobody wrote so: %(strange)s") % counts
            print(f"{each.table:<32} {said}")
        well = _("%(links)s links replayed: all is the same.")
        right = _("%(links)s links replayed: put right.")
        other = _("%(links)s links replayed: not the same.")
        say((well if found.same else right if found.restored else other) % {"links": found.links})
    return 0 if found.same or found.restored else 1


def _progress(link: int) -> None:
    print(f"\r{link} links", end="", file=sys.stderr, flush=True)
