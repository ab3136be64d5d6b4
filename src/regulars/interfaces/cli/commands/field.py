"""`regulars field add|list|change`: facts of the business's own."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "field"
HELP = "facts of the business's own: define one, list them, change one"
_TYPES = ("text", "number", "decimal", "money", "date", "code", "yesno", "sealed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    add = deeds.add_parser("add", help="define a fact; from then on it behaves as a built-in one")
    add.add_argument("label", help="as it stands on the card: “Shoe size”")
    add.add_argument("--type", default="text", choices=_TYPES)
    add.add_argument("--name", default="", help="custom.NAME in criteria (otherwise made from the label)")
    add_at(deeds.add_parser("list", help="all of them"))
    change = deeds.add_parser("change", help="its label, choices, purpose; name and type stay")
    change.add_argument("name", help="its name, without custom.")
    change.add_argument("--label")
    for each in (add, change):
        each.add_argument("--choices", help="for a code: the words, with commas between them")
        each.add_argument("--purpose", help="what it is kept for; stands in the data map")
        each.add_argument("--keep", type=typed.number, metavar="DAYS", help="how long after the relation ends")
        each.add_argument("--protection", choices=("open", "masked"))


def run(args: argparse.Namespace) -> int:
    return _list(args) if args.deed == "list" else _write(args)


def _write(args: argparse.Namespace) -> int:
    from regulars.areas.customers.actions import change_field, define_field
    from regulars.interfaces.cli.acting import acting

    told = {name: getattr(args, name) for name in ("purpose", "keep", "protection") if getattr(args, name) is not None}
    if args.choices is not None:
        told["choices"] = [word.strip() for word in args.choices.split(",") if word.strip()]
    with acting("field") as (by, at):
        if args.deed == "add":
            name = define_field(label=args.label, type=args.type, name=args.name, by=by, at=at, **told)
        else:
            name = args.name.removeprefix("custom.")
            change_field(name=name, by=by, at=at, **told, **({"label": args.label} if args.label else {}))
    if args.json:
        show_json(next(each for each in _fields() if each["name"] == name))
    else:
        say(_("The fact is custom.%(name)s in criteria, columns and imports.") % {"name": name})
    return 0


def _list(args: argparse.Namespace) -> int:
    with looking(args.at):
        told = _fields()
    if args.json:
        show_json(told)
        return 0
    rows = [(f"custom.{each['name']}", each["label"], each["type"], each["choices"], each["purpose"]) for each in told]
    show_table(("NAME", "LABEL", "TYPE", "CHOICES", "PURPOSE"), rows)
    return 0


def _fields() -> list[dict[str, object]]:
    from regulars.areas.customers.models import CustomField

    names = ("name", "label", "type", "choices", "purpose", "keep", "protection")
    return list(CustomField.objects.order_by("name").values(*names))
