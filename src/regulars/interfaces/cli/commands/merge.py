"""`regulars merge KEEP ABSORB`: two cards of one person become one."""

import argparse
from typing import TYPE_CHECKING

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import WrongUsage, say, show_json
from regulars.interfaces.cli.tables import in_a_cell
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from regulars.areas.matching.actions.choosing import Side

NAME = "merge"
HELP = "merges one customer's second card into the first; `unmerge` takes it apart at any time later"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("keep", type=typed.number, metavar="KEEP", help="the number of the card that stays")
    parser.add_argument(
        "absorb", type=typed.number, metavar="ABSORB", help="the number of the card that is merged into it"
    )
    parser.add_argument(
        "--take", action="append", default=[], metavar="FIELD=keep|absorb",
        help="whose value of a field counts (may be repeated); otherwise the fuller one, then the later one",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.matching.actions import merge_customers
    from regulars.interfaces.cli.acting import acting

    take = sides(args.take, "--take FIELD=keep or FIELD=absorb.")
    with acting("merge") as (by, at):
        done = merge_customers(keep=args.keep, absorb=args.absorb, take=take, by=by, at=at, dry_run=args.dry_run)
    if args.json:
        show_json(done.as_json())
        return 0
    would = _("Card %(absorb)s would be merged into card %(keep)s.")
    both = {"keep": done.keep, "absorb": done.absorb}
    print((would if args.dry_run else _("Card %(absorb)s is merged into card %(keep)s.")) % both)
    for choice in done.choices:
        told = choice.as_json()
        value, other = (in_a_cell(told[side]) or "–" for side in (choice.side, _other(choice.side)))
        number = done.keep if choice.side == "keep" else done.absorb
        said = _("%(label)s: %(value)s (from %(number)s; the other: %(other)s)")
        print("  " + said % {"label": choice.label, "value": value, "number": number, "other": other})
    for name, count in done.moved.items():
        print(f"  {count} {name}")
    if done.changeset:
        say(_("To take it apart: regulars unmerge %(deed)s") % {"deed": done.changeset})
    return 0


def _other(side: str) -> str:
    return "absorb" if side == "keep" else "keep"


def sides(given: list[str], usage: str) -> dict[str, "Side"]:
    """`NAME=keep` and `NAME=absorb` as they were typed. Raises WrongUsage."""
    found: dict[str, Side] = {}
    for each in given:
        name, _equals, side = each.partition("=")
        if not name or side not in ("keep", "absorb"):
            raise WrongUsage(usage)
        found[name] = "keep" if side == "keep" else "absorb"
    return found
