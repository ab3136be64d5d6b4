"""`regulars imports`: files that were handed over; one is stopped, goes on, or is taken back."""

import argparse
from typing import Any

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "imports"
HELP = "files that were handed over: list them; stop one, let it go on, take it back"
_DEEDS = (
    ("stop", "stop one on its way in; what is in stays in"),
    ("go-on", "bring in the rest of one that was stopped"),
    ("take-back", "take a whole import back, also one that was stopped"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    commands.add_parser("list", help="the latest")
    for what, told in _DEEDS:
        commands.add_parser(what, help=told).add_argument("id", metavar="ID", help="as `imports list` shows it")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.intake import actions, queries
    from regulars.interfaces.cli.acting import acting

    with acting("imports") as (by, at):
        if args.what == "list":
            return _listed(queries.latest(by), args)
        if args.what == "stop":
            actions.stop_import(token=args.id, by=by, at=at)
        elif args.what == "take-back":
            actions.take_back(token=args.id, by=by, at=at)
        else:
            actions.run_to_end(actions.start_import(token=args.id, by=by, at=at))
        intake = queries.intake_for(by, args.id)
        told = {**queries.result(intake), "alike": queries.alike(intake, by)}
    if args.json:
        show_json(told)
    else:
        said = {"name": intake.name, "state": intake.get_state_display(), "done": queries.handled(intake)}
        say(_("%(name)s: %(state)s, %(done)s of %(rows)s rows.") % {**said, "rows": intake.rows})
    return 0


def _listed(rows: Any, args: argparse.Namespace) -> int:
    from regulars.areas.intake.queries import handled

    if args.json:
        names = ("token", "name", "state", "rows", "changeset")
        show_json([{"id" if name == "token" else name: getattr(each, name) for name in names} for each in rows])
        return 0
    for each in rows:
        print(f"{each.token}  {each.get_state_display()}  {handled(each)}/{each.rows}  {each.name}")
    return 0
