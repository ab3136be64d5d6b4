"""`regulars undo CHANGESET`: takes one deed back."""

import argparse
from itertools import groupby
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json

NAME = "undo"
HELP = "takes one deed back; what was edited later is kept and listed"
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("changeset", type=typed.number, metavar="CHANGESET", help="its number, as `changes` shows it")
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
        "--show", type=typed.count, default=_SHOWN, metavar="N", help="with --dry-run: how many values are shown"
    )


def run(args: argparse.Namespace) -> int:
    from regulars.areas.journal.actions import undo
    from regulars.interfaces.cli.acting import acting
    from regulars.interfaces.cli.cards import told

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
    for number, some in groupby(done.differences, key=lambda each: each.number):
        for line in told(some):
            print(f"  {number or '–'}  {line}")
    if done.more:
        print("  … and more. --show N shows more of them.")
    for conflict in done.conflicts:
        say(f"{conflict.number or '–'}  {conflict.choice}  {conflict.key}  {conflict.why}")
        for edit in conflict.edits:
            say(f"    {_edited(edit)}")
    if done.disputed > len(done.conflicts):
        say(f"… and {done.disputed - len(done.conflicts)} more later edits.")
    return 0


def _edited(edit: Any) -> str:
    from regulars.areas.journal.templatetags.deeds import line_of

    line, back = line_of(edit.then), line_of(edit.back)
    return f"{edit.number}  {line.label}: {line.was or '–'} → {line.now or '–'}  ({edit.by}); before: {back.was or '–'}"
