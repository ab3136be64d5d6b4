"""`regulars edit NUMBER FIELD=VALUE…`: parts of one card."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "edit"
HELP = "edits a customer: edit 10001 city=Berlin occupation= tag=VIP tag-=new custom.shoe_size=42"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=typed.number, metavar="NUMBER")
    parser.add_argument(
        "values", nargs="+", metavar="FIELD=VALUE", help="FIELD= empties a fact, FIELD-=VALUE takes one of several away"
    )


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.actions import become_customer, edit_customer, give_standing, take_standing
    from regulars.areas.customers.queries import card_json
    from regulars.interfaces.cli.acting import acting
    from regulars.interfaces.cli.values import card_of, marks_of, read

    said, changeset = read(args.values), None
    marks = marks_of(said)
    with acting("edit") as (by, at):
        standing = card_json(by, args.number)
        number = standing["number"]
        card = card_of((each for each in said if each.name not in marks), standing)
        if card:
            changeset = edit_customer(number=number, card=card, by=by, at=at)
        for mark, given in marks.items():
            if mark == "prospect" and not given:
                changeset = become_customer(number=number, by=by, at=at) or changeset
                continue
            act = give_standing if given else take_standing
            changeset = act(number=number, kind=mark, by=by, at=at) or changeset
        edited = card_json(by, number)
    if args.json:
        show_json({"number": number, "changeset": changeset, "customer": edited})
    else:
        told = {"name": edited["name"], "deed": changeset}
        say((_("%(name)s: edited by deed %(deed)s.") if changeset else _("%(name)s: nothing was different.")) % told)
    return 0
