"""`regulars list make|list|show|rename|remove`: customers kept together by hand."""

import argparse

from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "list"
HELP = "fixed lists of customers; `many CRITERIA --list NAME` fills them, `find 'in list \"NAME\"'` shows who is on one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    make = deeds.add_parser("make", help="make an empty one")
    make.add_argument("name", metavar="NAME")
    make.add_argument("--description", default="", help="what it is for")
    every = deeds.add_parser("list", help="all of them, and how many are on each")
    show = deeds.add_parser("show", help="one of them")
    show.add_argument("name", metavar="NAME")
    add_at(every)
    add_at(show)
    rename = deeds.add_parser("rename", help="give it another name")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("to", metavar="TO")
    remove = deeds.add_parser("remove", help="take it away; no customer is changed")
    remove.add_argument("name", metavar="NAME")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.segments import actions
    from regulars.interfaces.cli.acting import acting

    if args.deed in ("list", "show"):
        with looking(args.at):
            return _list(args) if args.deed == "list" else _shown(args, args.name)
    with acting(f"list {args.deed}") as (by, at):
        if args.deed == "make":
            actions.make_list(name=args.name, description=args.description, by=by, at=at)
        elif args.deed == "rename":
            actions.change_list(name=args.name, to=args.to, by=by, at=at)
        else:
            changeset = actions.remove_list(name=args.name, by=by, at=at)
            if args.json:
                show_json({"name": args.name, "changeset": changeset})
            else:
                say(_("The list “%(name)s” is removed; no customer was changed.") % {"name": args.name})
            return 0
    return _shown(args, args.to if args.deed == "rename" else args.name)


def _shown(args: argparse.Namespace, name: str) -> int:
    from regulars.areas.segments.queries import show_list
    from regulars.interfaces.cli.operator import operator

    shown = show_list(name, by=operator("list"))
    if args.json:
        show_json(shown.as_json())
    else:
        print(f"{shown.name}  {shown.count}  {shown.description}".rstrip())
    return 0


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.segments.queries import fixed_lists
    from regulars.interfaces.cli.operator import operator

    every = fixed_lists(operator("list"))
    if args.json:
        show_json([each.as_json() for each in every])
    else:
        show_table(("NAME", "COUNT", ""), [(e.name, e.count, e.description) for e in every], right=frozenset({1}))
    return 0
