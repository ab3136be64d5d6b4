"""`regulars undo CHANGESET`: takes one deed back."""

import argparse
from typing import Any

from regulars.interfaces.cli.output import say, show_json

NAME = "undo"
HELP = "takes one deed back; what was edited later is kept and listed"
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("changeset", type=int, metavar="CHANGESET", help="its number, as `changes` shows it")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    parser.add_argument(
        "--later", choices=("keep", "overwrite"), default="keep", help="what was edited later: kept, or taken back, too"
    )
    parser.add_argument(
        "--keep", action="append", default=[], metavar="KEY", help="keep this later edit (may be repeated)"
    )
    parser.add_argument(
        "--overwrite", action="append", default=[], metavar="KEY", help="take this later edit back, too"
    )
    parser.add_argument(
        "--show", type=int, default=_SHOWN, metavar="N", help="with --dry-run: how many values are shown"
    )


def run(args: argparse.Namespace) -> int:
    from regulars.areas.journal.actions import undo
    from regulars.interfaces.cli.acting import acting

    decisions: dict[str, Any] = {**dict.fromkeys(args.keep, "keep"), **dict.fromkeys(args.overwrite, "overwrite")}
    show = args.show if args.dry_run else 0
    with acting("undo") as (by, at):
        done = undo(
            changeset=args.changeset,
            by=by,
            at=at,
            dry_run=args.dry_run,
            later=args.later,
            decisions=decisions,
            show=show,
        )
    if args.json:
        show_json(done.as_json())
        return 0
    word = "would be" if args.dry_run else "are"
    print(f"Deed {done.undoes}: {done.restored} cards {word} as before, {done.removed} {word} gone.")
    for number, words in done.told:
        print(f"  {number} {words}.")
    if done.forgotten:
        print(f"  {done.forgotten} of those it touched were forgotten since and stay so.")
    for each in done.differences:
        print(f"  {each.number or '–'}  {each.field}: {each.was} → {each.now}")
    if done.more:
        print("  … and more. --show N shows more of them.")
    for conflict in done.conflicts:
        say(f"{conflict.number or '–'}  {conflict.choice}  {conflict.key}  {conflict.why}")
        for edit in map(_told, conflict.edits):
            say(f"    {edit}")
    if done.disputed > len(done.conflicts):
        say(f"… and {done.disputed - len(done.conflicts)} more later edits.")
    return 0


def _told(edit: Any) -> str:
    told = edit.as_json()
    return f"{told['number']}  {told['field']}: {told['then']} → {told['now']}  ({told['by']}); before: {told['back']}"
