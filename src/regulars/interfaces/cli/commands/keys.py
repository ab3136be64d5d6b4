"""`regulars keys recovery`: the recovery sheet, shown or typed back in."""

import argparse
import sys
from pathlib import Path

from regulars.interfaces.cli.output import say, show_json

NAME = "keys"
HELP = "the keys of this home"
DATABASE = False  # keys are wanted most where the database does not open


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    recovery = deeds.add_parser("recovery", help="print the recovery sheet, or bring the keys back from one")
    recovery.add_argument("--restore", metavar="SHEET", help="a file with the sheet's text, '-' for standard input")


def run(args: argparse.Namespace) -> int:
    from regulars.kernel import keyfile

    if not args.restore:
        sheet = keyfile.recovery_sheet()
        show_json({"sheet": sheet}) if args.json else print(sheet)
        return 0
    text = sys.stdin.read() if args.restore == "-" else Path(args.restore).read_text(encoding="utf-8")
    keyfile.restore_from_sheet(text)
    show_json({"file": str(keyfile.path())}) if args.json else say(keyfile.path())
    return 0
