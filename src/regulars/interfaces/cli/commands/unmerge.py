"""`regulars unmerge CHANGESET`: two cards again, with what was done since on the right one."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.commands.merge import sides
from regulars.interfaces.cli.output import say, show_json

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
    word = "would stand" if args.dry_run else "stand"
    print(f"Cards {done.keep} and {done.absorb} {word} apart again.")
    for each in done.asked:
        say(f"  {each.sentence()}  goes to {each.side}  (--assign {each.key}=absorb gives it to {done.absorb})")
    return 0
