"""`regulars facts`: the data map. What is kept about a customer, why, on which ground, and how it is protected."""

import argparse

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.registries import data_map

NAME = "facts"
HELP = "what is kept about a customer, and why (the data map)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--room", help="the facts of one room alone")


def run(args: argparse.Namespace) -> int:
    entries = [each for each in data_map() if args.room in (None, each["room"])]
    if args.json:
        show_json(entries)
        return 0
    for each in entries:
        say(f"{each['fact']:30} {each['type']:9} {each['protection']:7} {each['basis']:20} {each['purpose']}")
    return 0
