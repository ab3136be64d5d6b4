"""`regulars segment save|list|show|rename|remove`: criteria kept under a name."""

import argparse
from datetime import datetime
from typing import Any

from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "segment"
HELP = "criteria kept under a name; who is in it is worked out whenever it is asked"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    save = deeds.add_parser("save", help="keep criteria under a name; one of that name is replaced")
    save.add_argument("name", metavar="NAME")
    save.add_argument("criteria", metavar="CRITERIA")
    save.add_argument("--description", default="", help="what it is for")
    add_at(deeds.add_parser("list", help="all of them, and how many are in each"))
    show = deeds.add_parser("show", help="its criteria, in words as well, and how many are in it")
    show.add_argument("name", metavar="NAME")
    add_at(show)
    rename = deeds.add_parser("rename", help="give it another name; refused while another segment asks for it")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("to", metavar="TO")
    remove = deeds.add_parser("remove", help="take it away; refused while another segment asks for it")
    remove.add_argument("name", metavar="NAME")


def run(args: argparse.Namespace) -> int:
    deeds = {"save": _save, "list": _list, "show": _show, "rename": _rename, "remove": _remove}
    return deeds[args.deed](args)


def _asking(at: datetime | None = None) -> dict[str, Any]:
    from django.utils import timezone

    from regulars.areas.house.queries import house
    from regulars.interfaces.cli.operator import operator

    rules = house()
    return {"by": operator("segment"), "today": rules.day(at or timezone.now()), "zone": rules.zone}


def _save(args: argparse.Namespace) -> int:
    from regulars.areas.segments.actions import save_segment
    from regulars.interfaces.cli.acting import acting

    told = {"name": args.name, "criteria": args.criteria, "description": args.description}
    with acting("segment save") as (by, at):
        segment = save_segment(**told, at=at, **{**_asking(), "by": by})
    return _shown(args, segment.name)


def _show(args: argparse.Namespace) -> int:
    with looking(args.at) as at:
        return _shown(args, args.name, at)


def _shown(args: argparse.Namespace, name: str, at: datetime | None = None) -> int:
    from regulars.areas.segments.queries import show_segment

    saved = show_segment(name, **_asking(at))
    if args.json:
        show_json(saved.as_json())
        return 0
    print(f"{saved.name}  {saved.criteria}")
    print(f"  {saved.count} {saved.sentence}" if saved.sentence else f"  {saved.problem}")
    if saved.description:
        print(f"  {saved.description}")
    return 0


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.segments.queries import saved_segments

    with looking(args.at) as at:
        saved = saved_segments(counted=True, **_asking(at))
    if args.json:
        show_json([each.as_json() for each in saved])
        return 0
    rows = [(each.name, each.count, each.criteria, each.problem) for each in saved]
    show_table(("NAME", "COUNT", "CRITERIA", ""), rows, right=frozenset({1}))
    return 0


def _rename(args: argparse.Namespace) -> int:
    from regulars.areas.segments.actions import rename_segment
    from regulars.interfaces.cli.acting import acting

    with acting("segment rename") as (by, at):
        segment = rename_segment(name=args.name, to=args.to, by=by, at=at)
    return _shown(args, segment.name)


def _remove(args: argparse.Namespace) -> int:
    from regulars.areas.segments.actions import remove_segment
    from regulars.interfaces.cli.acting import acting

    with acting("segment remove") as (by, at):
        changeset = remove_segment(name=args.name, by=by, at=at)
    if args.json:
        show_json({"name": args.name, "changeset": changeset})
    else:
        say(_("The segment “%(name)s” is removed; no customer was changed.") % {"name": args.name})
    return 0
