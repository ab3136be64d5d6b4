"""`regulars facts`: the data map. What is kept about a customer, why, on which ground, and how it is protected."""

import argparse

from regulars.interfaces.cli.output import show_json
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused
from regulars.kernel.registries import data_map

NAME = "facts"
HELP = "what is kept about a customer, and why (the data map)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--room", help="the facts of one room alone")


def run(args: argparse.Namespace) -> int:
    entries = data_map()
    if args.room is not None:
        rooms = sorted({each["room"] for each in entries})
        if args.room not in rooms:
            told = {"room": args.room, "rooms": ", ".join(rooms)}
            raise Refused(_("No room “%(room)s” keeps facts. There are: %(rooms)s.") % told, where="room")
        entries = [each for each in entries if each["room"] == args.room]
    if args.json:
        show_json(entries)
        return 0
    for each in entries:
        print(f"{each['fact']:30} {each['type']:9} {each['protection']:7} {each['basis']:20} {each['purpose']}")
    return 0
