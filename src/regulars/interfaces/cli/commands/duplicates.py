"""`regulars duplicates scan|list|reject|later`: cards that may be of one person."""

import argparse

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json
from regulars.interfaces.cli.tables import show_table
from regulars.kernel.early import gettext as _

NAME = "duplicates"
HELP = "cards that may be of one person: find them, show them, say of two that they are not, or that it may wait"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    scan = deeds.add_parser("scan", help="compare every card with those that resemble it")
    scan.add_argument("--new", action="store_true", help="only the cards that changed since the last scan")
    found = deeds.add_parser("list", help="the pairs that were found, the likeliest first")
    found.add_argument("--min-score", type=_probability, default=0.0, metavar="S", help="least probability, 0 to 1")
    found.add_argument("--limit", type=typed.count, default=None, metavar="N")
    found.add_argument("--state", choices=("open", "later", "rejected"), default="open", help="which pairs (open)")
    reject = deeds.add_parser("reject", help="these two are not the same; remembered")
    reject.add_argument("a", type=typed.number, metavar="A")
    reject.add_argument("b", type=typed.number, metavar="B")

    later = deeds.add_parser("later", help="out of the queue until a day, or until something on either card changes")
    later.add_argument("a", type=typed.number, metavar="A")
    later.add_argument("b", type=typed.number, metavar="B")
    later.add_argument("--until", type=typed.day, default=None, metavar="DATE", help="a day to come (30 days)")

    near = deeds.add_parser("near", help="who belongs together without being one: households, colleagues, workplaces")
    near.add_argument("--limit", type=typed.count, default=50, metavar="N")
    belong = deeds.add_parser("belong", help="notes what two are to each other, and that they are not the same")
    belong.add_argument("a", type=typed.number, metavar="A")
    belong.add_argument("b", type=typed.number, metavar="B")
    belong.add_argument(
        "kind", choices=("household", "works_at", "colleagues", "nothing"), metavar="KIND",
        help="household, works_at, colleagues or nothing",
    )  # fmt: skip


def _probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("a probability lies between 0 and 1")
    return value


def run(args: argparse.Namespace) -> int:
    return {"scan": _scan, "list": _list, "reject": _reject, "later": _later, "near": _near, "belong": _belong}[
        args.deed
    ](args)


def _scan(args: argparse.Namespace) -> int:
    import time

    from regulars.areas.matching import actions
    from regulars.interfaces.cli.operator import operator
    from regulars.kernel import saying
    from regulars.kernel.errors import Refused

    begun = time.monotonic()
    view = actions.run_to_end(actions.start_scan(by=operator("duplicates scan"), new=args.new).ticket)
    while not view.over and not view.error:
        time.sleep(0.5)  # a worker has it
        view = actions.run_to_end(view.ticket)
    if view.state != "done":
        raise Refused(view.error)
    told = {**view.result, "seconds": round(time.monotonic() - begun, 2)}
    if args.json:
        show_json(told)
        return 0
    print(
        _(
            "%(customers)s cards compared. Pairs of one person: %(same)s surely, %(likely)s likely, "
            "%(possible)s possibly."
        )
        % {name: saying.count(told[name]) for name in ("customers", "same", "likely", "possible")}
    )
    say(_("To look at them: regulars duplicates list"))
    return 0


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.matching.queries import open_pairs
    from regulars.interfaces.cli.operator import operator

    pairs = open_pairs(operator("duplicates list"), min_score=args.min_score, limit=args.limit, state=args.state)
    if args.json:
        show_json([pair.as_json() for pair in pairs])
        return 0
    rows = [
        (
            f"{pair.a} {pair.a_name}",
            f"{pair.b} {pair.b_name}",
            f"{pair.score:.3f}",
            pair.verdict,
            " ".join(reason.text for reason in pair.reasons),
        )
        for pair in pairs
    ]
    show_table(("A", "B", "SCORE", "VERDICT", "REASONS"), rows, right=frozenset({2}))
    return 0


def _reject(args: argparse.Namespace) -> int:
    from regulars.areas.matching.actions import reject
    from regulars.interfaces.cli.acting import acting

    with acting("duplicates reject") as (by, at):
        changeset = reject(a=args.a, b=args.b, by=by, at=at)
    if args.json:
        show_json({"a": min(args.a, args.b), "b": max(args.a, args.b), "changeset": changeset})
    else:
        say(_("Noted: %(a)s and %(b)s are not the same.") % {"a": args.a, "b": args.b})
    return 0


def _later(args: argparse.Namespace) -> int:
    from regulars.areas.matching.actions import put_off
    from regulars.interfaces.cli.acting import acting

    with acting("duplicates later") as (by, at):
        changeset = put_off(a=args.a, b=args.b, until=args.until, by=by, at=at)
    if args.json:
        show_json({"a": min(args.a, args.b), "b": max(args.a, args.b), "changeset": changeset})
    else:
        say(_("Put off: %(a)s and %(b)s.") % {"a": args.a, "b": args.b})
    return 0


def _near(args: argparse.Namespace) -> int:
    from regulars.areas.matching.queries import near
    from regulars.interfaces.cli.operator import operator

    found = near(operator("duplicates near"), limit=args.limit)
    if args.json:
        show_json([each.as_json() for each in found])
        return 0
    rows = [(f"{each.a} {each.a_name}", f"{each.b} {each.b_name}", each.kind, " ".join(each.why)) for each in found]
    show_table(("A", "B", "KIND", "WHAT THEY SHARE"), rows)
    return 0


def _belong(args: argparse.Namespace) -> int:
    from regulars.areas.matching.actions import belong, leave_apart
    from regulars.interfaces.cli.acting import acting

    with acting("duplicates belong") as (by, at):
        if args.kind == "nothing":
            changeset = leave_apart(a=args.a, b=args.b, by=by, at=at)
        else:
            changeset = belong(a=args.a, b=args.b, kind=args.kind, by=by, at=at)
    if args.json:
        show_json({"a": args.a, "b": args.b, "kind": args.kind, "changeset": changeset})
    else:
        say(_("Noted: %(a)s, %(b)s: %(kind)s.") % {"a": args.a, "b": args.b, "kind": args.kind})
    return 0
