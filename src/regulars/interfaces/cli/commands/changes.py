"""`regulars changes`: what was done in the house."""

import argparse
from datetime import datetime, timedelta

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import show_json

NAME = "changes"
HELP = "what was done in the house, newest first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="TIME", help="from this day or moment on: 2026-11-24, 2026-11-24T09:30")
    parser.add_argument("--until", metavar="TIME", help="before this moment; a day counts whole")
    parser.add_argument("--customer", type=typed.number, metavar="NUMBER", help="done to this customer")
    parser.add_argument("--by", default="", metavar="NAME", help="done by this person, program or operator")
    parser.add_argument("--verb", default="", metavar="VERB", help="deeds of this name, or of this room: customers")
    parser.add_argument("--limit", type=typed.count, metavar="N", help="at most so many (50; with --since all)")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.journal.queries import changes
    from regulars.interfaces.cli.cards import show_deed

    since = moment_of(args.since) if args.since else None
    until = moment_of(args.until) if args.until else None
    if until is not None and len(args.until.strip()) == 10:
        until += timedelta(days=1)
    limit = args.limit or (1_000_000 if since else 50)
    deeds = changes(since=since, until=until, by=args.by, verb=args.verb, customer=args.customer, limit=limit)
    if args.json:
        show_json([deed.as_json() for deed in deeds])
        return 0
    for deed in deeds:
        show_deed(deed)
    return 0


def moment_of(text: str) -> datetime:
    """A day or moment as typed, in the house's time where it names no zone. Raises Refused."""
    from django.utils.translation import gettext as _

    from regulars.areas.house.queries import zone
    from regulars.kernel.errors import Refused

    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(_("“%(text)s” is no time. Write 2026-11-24 or 2026-11-24T09:30.") % {"text": text}) from None
    return at if at.tzinfo else at.replace(tzinfo=zone())
