"""`regulars search TEXT`: finds a customer by whatever one knows of her."""

import argparse
import sys
from typing import TYPE_CHECKING

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import WrongUsage, say, show_json
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from regulars.areas.customers.queries.searching import Hit

NAME = "search"
HELP = "finds customers by a part of anything: name, e-mail, phone, number, town; typing errors are forgiven"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text", nargs="?", default="", metavar="TEXT", help='what one knows: "berg anna", 0151/23, 10017'
    )
    parser.add_argument("--limit", type=typed.count, default=20, metavar="N", help="at most so many (20; up to 50)")
    parser.add_argument(
        "--rebuild", action="store_true", help="first make the keys by which customers are found anew from their cards"
    )


def run(args: argparse.Namespace) -> int:
    from regulars.areas.customers.queries.searching import search
    from regulars.areas.segments.queries import segments_called
    from regulars.interfaces.cli.operator import operator

    if not args.text and not args.rebuild:
        raise WrongUsage(_("Say what to search for, or --rebuild."))
    by = operator("search")
    filled = _rebuilt() if args.rebuild else None
    if not args.text:
        show_json({"customers": filled}) if args.json else None
        return 0
    limit = min(args.limit, 50)
    found = search(by, args.text, limit=limit)
    segments = segments_called(args.text, by=by, limit=limit)
    if args.json:
        show_json({**found.as_json(), "segments": segments})
        return 0
    _table(found.hits, segments)
    if found.more:
        say(_("There are more. Type more of the name, or another thing you know."))
    if not found.whole:
        say(_("The search is still learning this register. Some customers are not found yet."))
    return 0


def _table(hits: "list[Hit]", segments: list[str]) -> None:
    from regulars.areas.segments.language.text import quoted
    from regulars.interfaces.cli.tables import show_table

    rows = [[hit.number, hit.name, hit.city, hit.phone, hit.email, " ".join(hit.standings)] for hit in hits]
    show_table(["NUMBER", "NAME", "CITY", "PHONE", "EMAIL", "STANDINGS"], rows, right=frozenset({0}))
    for name in segments:
        print(f"segment {quoted(name)}")


def _rebuilt() -> int:
    from regulars.areas.customers.actions import rebuild_search_keys
    from regulars.interfaces.cli.operator import operator

    filled = rebuild_search_keys(by=operator("search"), told=_progress if sys.stderr.isatty() else None)
    say(_("%(count)s customers can be found.") % {"count": filled})
    return filled


def _progress(done: int) -> None:
    print(f"\r{done}", end="", file=sys.stderr, flush=True)
