"""`regulars many CRITERIA --tag X`: one thing done to many customers, as one deed."""

import argparse
from typing import Any

from django.utils.translation import ngettext

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "many"
HELP = "does one thing to many customers, as one deed: many 'city = Berlin' --tag VIP"
_DEEDS = {
    "tag": ("TAG", "gives this tag"),
    "untag": ("TAG", "takes this tag off"),
    "territory": ("CODE", "sets the territory; an empty one takes it away"),
    "representative": ("CODE", "sets the representative; an empty one takes it away"),
    "list": ("NAME", "puts them on this list"),
    "unlist": ("NAME", "takes them off this list"),
    "set": ("FIELD=VALUE", "sets a fact of the business's own; an empty value takes it away"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("criteria", metavar="CRITERIA", help="whom; '' is everybody")
    deeds = parser.add_mutually_exclusive_group(required=True)
    for name, (metavar, told) in _DEEDS.items():
        deeds.add_argument(f"--{name}", metavar=metavar, help=told)
    deeds.add_argument("--archive", action="store_true", help="puts them away")
    deeds.add_argument("--unarchive", action="store_true", help="takes them out of the archive")
    parser.add_argument("--dry-run", action="store_true", help="only counts")
    parser.add_argument("--yes", action="store_true", help="does not ask whether it is meant")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.house.queries import house
    from regulars.areas.segments import actions, queries
    from regulars.areas.segments.queries.many import already
    from regulars.interfaces.cli.acting import acting
    from regulars.kernel.errors import Refused

    told: dict[str, Any] = _told(args)
    with acting("many") as (by, at):
        rules = house()
        how: dict[str, Any] = {"by": by, "today": rules.day(at), "zone": rules.zone}
        _change, value = actions.prepare(**told, by=by, at=at)
        numbers = queries.numbers(args.criteria, order="number", **how)
        there = already(told["deed"], value)
        have = queries.count(_both(args.criteria, there), **how) if there is not None else None
        if args.dry_run:
            return _planned(args, told, len(numbers), have)
        if not args.yes and not _sure(len(numbers)):
            raise Refused(_("Nothing was changed. Say --yes if it is meant."))
        bulk = actions.act_on_many(**told, numbers=numbers, asked=args.criteria, by=by, at=at)
    try:
        bulk = actions.run_to_end(bulk)
    except KeyboardInterrupt:  # else it would go on where somebody works
        with acting("many") as (by, at):
            bulk = actions.stop_many(token=bulk.token, by=by, at=at)
    return _ended(args, bulk)


def _ended(args: argparse.Namespace, bulk: Any) -> int:
    if args.json:
        names = ("deed", "count", "changed", "gone", "state", "changeset", "error")
        show_json({name: getattr(bulk, name) for name in names})
    else:
        counts = {"changed": bulk.changed, "count": bulk.count, "deed": bulk.changeset}
        by_deed = _("%(changed)s of %(count)s customers changed by deed %(deed)s.")
        say((by_deed if bulk.changeset else _("%(changed)s of %(count)s customers changed.")) % counts)
        if bulk.gone:
            message = ngettext(
                "%(gone)s was to be found no longer: merged, forgotten or handed over meanwhile.",
                "%(gone)s were to be found no longer: merged, forgotten or handed over meanwhile.",
                bulk.gone,
            )
            say(message % {"gone": bulk.gone})
        if bulk.state != "done":
            say(bulk.error or _("Stopped: %(done)s of %(all)s done.") % {"done": bulk.position, "all": bulk.count})
    return {"done": 0, "stopped": 130}.get(bulk.state, 1)


def _told(args: argparse.Namespace) -> dict[str, str]:
    from regulars.kernel.errors import Refused

    if args.set is not None:
        field, sign, value = args.set.partition("=")
        if not sign:
            raise Refused(_("--set takes FIELD=VALUE."), where="set")
        return {"deed": "fact", "field": field, "value": value}
    for name in _DEEDS:
        if getattr(args, name) is not None:
            return {"deed": name, "value": getattr(args, name)}
    return {"deed": "archive" if args.archive else "unarchive"}


def _both(criteria: str, there: Any) -> Any:
    from regulars.areas.segments.language import parse
    from regulars.areas.segments.language.tree import both

    return both(parse(criteria), there)


def _planned(args: argparse.Namespace, told: dict[str, str], count: int, have: int | None) -> int:
    if args.json:
        show_json({"deed": told["deed"], "count": count, "already": have, "state": "planned"})
    else:
        say(_("Customers it is for: %(count)s.") % {"count": count})
        if have:
            say(_("For so many of them it is so already: %(count)s.") % {"count": have})
    return 0


def _sure(count: int) -> bool:
    import sys

    if not sys.stdin.isatty():
        return False
    asked = _("Customers this concerns: %(count)s. Is it meant? [y/N]") % {"count": count}
    print(asked, end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
