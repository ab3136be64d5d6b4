"""`regulars place list|set|remove`: where things are sold."""

import argparse

from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "place"
HELP = "branches, tills and online shops: list them, set one down or change it, take one off where nothing was bought"
_HEADS = ("code", "name", "kind", "within", "territory")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    add_at(deeds.add_parser("list", help="places by code"))
    change = deeds.add_parser("set", help="make the place of this code, or change it; what is not named stays")
    change.add_argument("code", metavar="CODE")
    change.add_argument("--name")
    change.add_argument("--kind", choices=("branch", "till", "online"))
    change.add_argument("--within", metavar="CODE", help="the branch that a till stands in; '' of none")
    change.add_argument("--territory", metavar="CODE")
    remove = deeds.add_parser("remove", help="take a place off where nothing was bought")
    remove.add_argument("code", metavar="CODE")
    remove.add_argument("--into", default="", metavar="CODE", help="the place to which all that stands there goes")


def run(args: argparse.Namespace) -> int:
    return {"list": _list, "set": _set, "remove": _remove}[args.deed](args)


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.trade.models import Place
    from regulars.areas.trade.queries import place_json

    with looking(args.at):
        told = [place_json(row) for row in Place.objects.select_related("within").order_by("code")]
    if args.json:
        show_json(told)
    else:
        show_table([name.upper() for name in _HEADS], [[each[name] for name in _HEADS] for each in told])
    return 0


def _set(args: argparse.Namespace) -> int:
    from regulars.areas.trade.actions import set_place
    from regulars.areas.trade.models import Place
    from regulars.areas.trade.queries import place_json
    from regulars.interfaces.cli.acting import acting

    told = {name: getattr(args, name) for name in ("name", "kind", "within", "territory")}
    with acting("place set") as (by, at):
        changeset = set_place(code=args.code, by=by, at=at, **told)
    if args.json:
        show_json(place_json(Place.objects.select_related("within").get(code=args.code.strip())))
    else:
        say(_("Kept.") if changeset else _("Nothing differs."))
    return 0


def _remove(args: argparse.Namespace) -> int:
    from regulars.areas.trade.actions import remove_place
    from regulars.interfaces.cli.acting import acting

    with acting("place remove") as (by, at):
        changeset = remove_place(code=args.code, into=args.into, by=by, at=at)
    if args.json:
        show_json({"changeset": changeset})
    else:
        say(_("The place is off. `regulars undo %(deed)s` brings it back.") % {"deed": changeset})
    return 0
