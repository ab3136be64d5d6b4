"""`regulars unmerge CHANGESET`: two cards again, with what was done since on the right one."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.commands.merge import sides
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "unmerge"
HELP = "takes a merge apart: both cards as they were, what was edited since on the card it belongs to"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "changeset", type=typed.number, metavar="CHANGESET", help="that of the merge, as `changes` shows it"
    )
    parser.add_argument(
        "--assign", action="append", default=[], metavar="KEY=keep|absorb",
        help="to which card something asked goes (may be repeated); otherwise it stays with the card that was kept",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="only say what would be asked")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.matching.actions import unmerge
    from regulars.interfaces.cli.acting import acting

    assign = sides(args.assign, "--assign KEY=keep or KEY=absorb.")
    with acting("unmerge") as (by, at):
        done = unmerge(changeset=args.changeset, assign=assign, by=by, at=at, dry_run=args.dry_run)
    if args.json:
        show_json(done.as_json())
        return 0
    would = _("Cards %(keep)s and %(absorb)s would stand apart again.")
    both = {"keep": done.keep, "absorb": done.absorb}
    print((would if args.dry_run else _("Cards %(keep)s and %(absorb)s stand apart again.")) % both)
    for each in done.asked:
        to = done.keep if each.side == "keep" else done.absorb
        goes = _("%(what)s: goes to %(number)s (--assign %(key)s=absorb gives it to %(absorb)s)")
        say("  " + goes % {**both, "what": each.sentence(), "number": to, "key": each.key})
    return 0
