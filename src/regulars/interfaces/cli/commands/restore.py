"""`regulars restore`: puts a copy back: the whole house, one customer or one field; here or into another home."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars.interfaces.cli import second_place, typed
from regulars.interfaces.cli.output import WrongUsage, say, show_json
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from regulars.areas.safekeeping.keeping.arrangement import Elsewhere

NAME = "restore"
HELP = "puts a version back: the newest good one, or the one named; the replaced register becomes a version too"
DATABASE = False  # it is wanted most where the database does not open
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "version", nargs="?", default="", metavar="VERSION|TIME",
        help="a version's name, or a moment: the newest good one until then; left out, the newest good one",
    )  # fmt: skip
    parser.add_argument("--into", type=Path, metavar="HOME", help="an empty folder that becomes a home of its own")
    parser.add_argument(
        "--from", dest="place", metavar="PLACE",
        help="a folder to which versions were carried, or sftp://user@host:22/folder, s3://bucket/folder",
    )  # fmt: skip
    second_place.add_arguments(parser)
    parser.add_argument(
        "--customer", type=typed.number, metavar="N", help="this customer alone, by one deed that can be undone"
    )
    parser.add_argument("--field", metavar="F", help="with --customer: this fact alone")
    parser.add_argument("--dry-run", action="store_true", help="say which version it would be and what would be lost")
    parser.add_argument("--yes", action="store_true", help="does not ask whether it is meant")


def run(args: argparse.Namespace) -> int:
    if args.field and args.customer is None:
        raise WrongUsage(_("--field goes with --customer."))
    if args.customer is not None and args.into:
        raise WrongUsage(_("--into takes the whole house, not one customer."))
    where = second_place.named(args.place, args) if args.place else None
    if where is not None:
        return _fetched(args, where)
    args.place = Path(args.place).expanduser().absolute() if args.place else None
    return _put_back(args)


def _put_back(args: argparse.Namespace) -> int:
    from regulars.areas.safekeeping.actions.restoring import source_for

    if args.into and not args.dry_run:
        return _into(args)
    if args.into:
        source_for(args.into.expanduser().absolute(), place=args.place)
    if args.customer is not None:
        return _one_customer(args)
    return _whole(args)


def _fetched(args: argparse.Namespace, where: "Elsewhere") -> int:
    """What is needed of a second place comes here first. Where it is not put back it stays, and need not come again."""
    from regulars.areas.safekeeping.actions.restoring import fetch, let_go_of_fetched

    name, until = _choice(args)
    args.place = fetch(
        where=where, name=name, until=datetime.fromisoformat(until) if until else None, told=say, progress=_so_far
    )
    code = _put_back(args)
    if code == 0 and not args.dry_run:
        let_go_of_fetched()
    return code


def _so_far(done: int, of: int) -> None:
    if sys.stderr.isatty() and of:
        print(f"\r{done >> 20} / {of >> 20} MB", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _whole(args: argparse.Namespace) -> int:
    from regulars.areas.safekeeping.actions.restoring import arrive_from
    from regulars.interfaces.cli.operator import operator
    from regulars.interfaces.server import takeover
    from regulars.kernel.takeover import Order

    if args.place and not args.dry_run:
        arrive_from(args.place)
    order = Order(operator("restore"), *_choice(args), place=str(args.place or ""))
    asks = not args.yes and sys.stdin.isatty()
    if args.dry_run or asks:  # it is opened and read whole for this; a program that asks nobody need not do so twice
        looked = takeover.look(order, told=say)
        _show(looked) if not args.json else None
        if args.dry_run:
            show_json(looked) if args.json else None
            return 0
        if not _sure():
            say(_("Nothing was changed."))
            return 1
        order = order._replace(version=looked["version"], until="")
    done = takeover.done_by_whoever_holds_the_house(order, told=say)
    if args.json:
        show_json(done)
        return 0
    _show(done) if not asks else None
    say(_("The version %(version)s stands in place of the register.") % done)
    if done["replaced"]:
        say(_("The register before it is kept: %(replaced)s") % done)
    return 0


def _choice(args: argparse.Namespace) -> tuple[str, str]:
    """The name of a copy, or the moment until which it was made."""
    text: str = args.version
    try:
        at = datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return text, ""
    if at is None:
        return "", ""
    if len(text.strip()) == 10:
        at = at.replace(hour=23, minute=59, second=59)
    return "", (at if at.tzinfo else at.astimezone()).astimezone(UTC).isoformat()


def _show(looked: dict[str, Any]) -> None:
    for each in looked["wrong"]:
        say(each)
    then, now = looked["customers"]["then"], looked["customers"]["now"]
    say(_("Version: %(version)s, with %(then)s customers (now: %(now)s).")
        % {"version": looked["version"], "then": then, "now": "?" if now is None else now})  # fmt: skip
    say(looked["sentence"])
    for each in looked["lost"]["deeds"][:_SHOWN]:
        say(f"  {each['at']}  {each['by']}  {each['sentence']}")
    if len(looked["lost"]["deeds"]) > _SHOWN:
        say(_("  … --dry-run --json lists them all."))
    if not looked["restored"] and not looked["wrong"] and looked["lost"]["deeds"]:
        say(_("Is it only about what somebody did? `regulars undo` takes single deeds back and keeps the others, and "
              "`--at` shows what was."))  # fmt: skip


def _sure() -> bool:
    print(_("Put this version back? [y/N] "), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _into(args: argparse.Namespace) -> int:
    from regulars.areas.safekeeping.actions.restoring import prepare_home
    from regulars.interfaces.server import takeover

    home = prepare_home(args.into.expanduser().absolute(), place=args.place)
    words = [word for word in (args.version, "--from", str(home.source), "--json") if word]
    done = takeover.in_another_home(home.environment, ["restore", *words])
    if args.json:
        show_json({**done, "home": str(home.folder), "key_file": str(home.key_file)})
    else:
        say(_("The version %(version)s is a home of its own now.") % done)
        say(_("Open it with: REGULARS_HOME='%(home)s' REGULARS_KEY_FILE='%(keys)s' regulars serve")
            % {"home": home.folder, "keys": home.key_file})  # fmt: skip
    return 0


def _one_customer(args: argparse.Namespace) -> int:
    from regulars.areas.safekeeping.actions.restoring import Choice, restore_customer
    from regulars.interfaces.cli.acting import acting
    from regulars.interfaces.server import takeover, upgrade

    upgrade.database_is_reachable()
    upgrade.bring_up_to_date_alone()
    name, until = _choice(args)
    choice = Choice(name, datetime.fromisoformat(until) if until else None, takeover.folder_of(args.place))
    with acting("restore") as (by, at):
        done = restore_customer(
            choice=choice, number=args.customer, fact=args.field or "", by=by, at=at, told=say, dry_run=args.dry_run
        )
    if args.json:
        show_json(done.as_json())
    else:
        say(done.sentence())
        for each in done.left:
            say(each)
    return 0
