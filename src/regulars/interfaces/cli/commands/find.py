"""`regulars find CRITERIA`: which customers."""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import ngettext

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.exporting import names_of, send
from regulars.interfaces.cli.looking import add_at, looking
from regulars.interfaces.cli.output import WrongUsage, plain, say, show_json
from regulars.kernel.actor import Actor
from regulars.kernel.early import gettext as _

NAME = "find"
HELP = 'which customers: find \'city = "Berlin" and not tag "staff"\' ("" finds all)'
DESCENDING = re.compile(r"-[a-z]")
_FILES = ("csv", "xlsx", "vcf")
_ON_SCREEN = 100
_AT_ONCE = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("criteria", metavar="CRITERIA", help='in the criteria language, docs/guide; "" for all')
    parser.add_argument("--count", action="store_true", help="only how many")
    parser.add_argument("--columns", metavar="A,B", help="these facts, instead of the whole card or the usual columns")
    parser.add_argument("--order", default="", metavar="F", help="sorted by this fact; -F the other way round")
    parser._negative_number_matcher = DESCENDING  # else argparse takes -F for an option of its own
    parser.add_argument("--limit", type=typed.count, metavar="N", help="at most so many (a table on screen: 100)")
    parser.add_argument("--after", metavar="CURSOR", help="go on where the page before ended: its `next`")
    add_at(parser)
    parser.add_argument("--format", choices=("table", "json", *_FILES), help="table; a file goes to standard output")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.interfaces.cli.operator import operator

    if args.json and args.format in ("table", *_FILES):
        raise WrongUsage(_("Either --json or --format %(format)s.") % {"format": args.format})
    by = operator("find")
    if args.format in _FILES and not args.count:
        return send(args, by, timezone.now(), ending=args.format, to=sys.stdout.buffer)
    with looking(args.at) as at:
        if args.count:
            return _count(args, by, at)
        if args.json or args.format == "json":
            return _json(args, by, at)
        return _table(args, by, at)


def _asked(by: Actor, at: datetime) -> dict[str, Any]:
    from regulars.areas.house.queries import house

    rules = house()
    return {"by": by, "today": rules.day(at), "zone": rules.zone}


def _count(args: argparse.Namespace, by: Actor, at: datetime) -> int:
    from regulars.areas.segments.queries import count

    many = count(args.criteria, **_asked(by, at))
    show_json({"count": many}) if args.json or args.format == "json" else print(many)
    return 0


def _table(args: argparse.Namespace, by: Actor, at: datetime) -> int:
    from regulars.areas.segments.queries import DEFAULT_COLUMNS, page
    from regulars.interfaces.cli.tables import show_table

    columns = ["number", *(name for name in names_of(args.columns) or DEFAULT_COLUMNS if name != "number")]
    limit = args.limit or _ON_SCREEN
    rows: list[dict[str, Any]] = []
    found, total = None, 0
    after = args.after
    while found is None or (len(rows) < limit and found.next):
        asked = {"columns": columns, "order": args.order, "after": after, "counted": found is None}
        found = page(args.criteria, limit=min(limit - len(rows), _AT_ONCE), **asked, **_asked(by, at))
        total = total if found.count is None else found.count
        rows, after = rows + found.rows, found.next
    show_table(
        [name.upper() for name in columns], [[row[name] for name in columns] for row in rows], right=frozenset({0})
    )
    whole = ngettext("One customer.", "%(count)s customers.", total) % {"count": total}
    part = _("%(shown)s of %(count)s.") % {"shown": len(rows), "count": total}
    say(part if found.next or args.after else whole)
    return 0


def _json(args: argparse.Namespace, by: Actor, at: datetime) -> int:
    """`{"count","at","customers","next"}`, written as it is read, so that a million customers need no memory."""
    import json

    following: list[str | None] = [None]
    pages = _pages(args, by, at, following)
    head = next(pages)
    sys.stdout.write(f'{{"count": {head}, "at": "{plain(at)}", "customers": [')
    for number, customer in enumerate(pages):
        sys.stdout.write((",\n" if number else "\n") + json.dumps(customer, ensure_ascii=False, default=plain))
    sys.stdout.write(f'], "next": {json.dumps(following[0])}}}\n')
    return 0


def _pages(args: argparse.Namespace, by: Actor, at: datetime, following: list[str | None]) -> Iterator[Any]:
    """First the count, then each customer; at the end `following` holds the cursor."""
    from regulars.areas.customers.queries import cards_json
    from regulars.areas.segments.queries import page

    columns, left, after, counted = names_of(args.columns), args.limit, args.after, True
    while counted or (after and left != 0):
        limit = _AT_ONCE if left is None else min(left, _AT_ONCE)
        asked = {"columns": columns or ("number",), "order": args.order, "after": after, "counted": counted}
        found = page(args.criteria, limit=limit, **asked, **_asked(by, at))
        if counted:
            yield found.count
        yield from found.rows if columns else cards_json(by, [row["number"] for row in found.rows])
        counted, after, left = False, found.next, None if left is None else left - len(found.rows)
    following[0] = after
