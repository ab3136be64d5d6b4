"""`regulars undo CHANGESET`: takes one deed back."""

import argparse
from typing import Any

from regulars.interfaces.cli.output import say, show_json

NAME = "undo"
HELP = "takes one deed back; later edits on what it did are listed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("changeset", type=int, metavar="CHANGESET", help="its number, as `changes` shows it")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.journal.actions import LaterEdits, undo
    from regulars.interfaces.cli.acting import acting

    try:
        with acting("undo") as (by, at):
            done = undo(changeset=args.changeset, by=by, at=at, dry_run=args.dry_run)
    except LaterEdits as refusal:
        _show_kept([] if args.json else refusal.more["kept"])
        raise
    told = {name: getattr(done, name) for name in ("changeset", "undoes", "restored", "removed", "kept")}
    if args.json:
        show_json(told)
    else:
        word = "would be" if args.dry_run else "are"
        print(f"Deed {done.undoes}: {done.restored} cards {word} as before, {done.removed} {word} gone.")
        _show_kept(done.kept)
    return 0


def _show_kept(kept: list[dict[str, Any]]) -> None:
    for each in kept:
        say(f"  {each['number']}  {each['field']}: {each['then']} → {each['now']}  ({each['by']})")
