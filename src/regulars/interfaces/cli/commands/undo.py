"""`regulars undo CHANGESET`: takes one deed back."""

import argparse
from itertools import groupby
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

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
    would = _("Deed %(deed)s. Cards that would be as before: %(restored)s; that would be gone: %(removed)s.")
    are = _("Deed %(deed)s. Cards that are as before: %(restored)s; that are gone: %(removed)s.")
    counts = {"deed": done.undoes, "restored": done.restored, "removed": done.removed}
    print((would if args.dry_run else are) % counts)
    for number, words in done.told:
        print(f"  {number} {words}.")
    if done.forgotten:
        print("  " + _("Forgotten since, and left so: %(count)s.") % {"count": done.forgotten})
    for number, some in groupby(done.differences, key=lambda each: each.number):
        for line in told(some):
            print(f"  {number or '–'}  {line}")
    if done.more:
        print("  " + _("… and more. --show N shows more of them."))
    for conflict in done.conflicts:
        say(f"{conflict.number or '–'}  {conflict.choice}  {conflict.key}  {conflict.why}")
        for edit in conflict.edits:
            say(f"    {_edited(edit)}")
    if done.disputed > len(done.conflicts):
        say(_("… and more later edits: %(count)s.") % {"count": done.disputed - len(done.conflicts)})
    return 0


def _edited(edit: Any) -> str:
    from regulars.areas.journal.templatetags.deeds import line_of

    line, back = line_of(edit.then), line_of(edit.back)
    return f"{edit.number}  {line.label}: {line.was or '–'} → {line.now or '–'}  ({edit.by}); before: {back.was or '–'}"
