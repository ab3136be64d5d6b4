"""`regulars mapping`: which column goes where, kept under a name."""

import argparse
import json

from regulars.interfaces.cli.output import say, show_json

NAME = "mapping"
HELP = "kept mappings: list them, show, rename or remove one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    commands.add_parser("list", help="all of them")
    for what, told in (("show", "as JSON, as `import --map` takes it"), ("remove", "take it away; what came in stays")):
        commands.add_parser(what, help=told).add_argument("name", metavar="NAME")
    rename = commands.add_parser("rename", help="another name; the source of its references stays")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("to", metavar="NEW")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.intake import actions, queries
    from regulars.interfaces.cli.acting import acting

    with acting("mapping") as (by, at):
        if args.what == "list":
            return _listed([each.name for each in queries.mappings(by)], args)
        if args.what == "show":
            print(json.dumps(queries.mapping_named(by, args.name).mapping, ensure_ascii=False, indent=2))
            return 0
        if args.what == "rename":
            changeset = actions.rename_mapping(name=args.name, to=args.to, by=by, at=at)
            told = f"{args.name} is called {args.to} now."
        else:
            changeset = actions.remove_mapping(name=args.name, by=by, at=at)
            told = f"{args.name} is removed."
    if args.json:
        show_json({"changeset": changeset})
    else:
        say(told)
    return 0


def _listed(names: list[str], args: argparse.Namespace) -> int:
    if args.json:
        show_json(names)
    else:
        for name in names:
            print(name)
    return 0
