"""`regulars add FIELD=VALUE…`: a new card."""

import argparse

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "add"
HELP = "adds a customer: add given_name=Anna family_name=Berg email=anna@example.com city=Berlin tag=VIP"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "values", nargs="+", metavar="FIELD=VALUE", help="a fact and its value; `regulars facts` lists them"
    )


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.actions import add_customer, whom_it_could_be
    from regulars.areas.customers.queries import card_json
    from regulars.areas.journal.queries import changeset_of
    from regulars.interfaces.cli.acting import acting
    from regulars.interfaces.cli.values import card_of, marks_of, read

    said = read(args.values)
    marks = marks_of(said)
    with acting("add") as (by, at):
        card = card_of(each for each in said if each.name not in marks)
        alike = whom_it_could_be(card=card, by=by, at=at)
        number = add_customer(card=card, standings=[mark for mark, given in marks.items() if given], by=by, at=at)
        changeset = changeset_of(card_json(by, number)["version"])
        card = card_json(by, number)
    if args.json:
        shown = [each.as_json() for each in alike]
        show_json({"number": number, "changeset": changeset, "customer": card, "possible_duplicates": shown})
    else:
        say(_("%(name)s is customer %(number)s.") % card)
        print(number)
        for each in alike:
            told = {"number": each.number, "why": " ".join(each.speaks[:3])}
            say(_("May be the same as customer %(number)s: %(why)s") % told)
        if alike:
            both = {"keep": alike[0].number, "absorb": number}
            say(_("To bring them together: regulars merge %(keep)s %(absorb)s") % both)
    return 0
