"""`regulars verify`: proves that nothing was falsified."""

import argparse
import sys

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "verify"
HELP = "proves the chain, its signed heads, every row and every kept file; says what is wrong and where"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: it is always the whole."""


def run(args: argparse.Namespace) -> int:
    from regulars.areas.journal.queries import verify

    verdict = verify(progress=_progress if sys.stderr.isatty() else None)
    if args.json:
        show_json(verdict.as_json())
    else:
        for problem in verdict.problems:
            print(f"{problem.kind:<13} {problem.where:<32} {problem.message}")
        counts = {"changes": verdict.changes, "problems": len(verdict.problems)}
        well = _("%(changes)s changes read: all is as it was written.")
        say((well if verdict.ok else _("%(changes)s changes read. Problems found: %(problems)s.")) % counts)
    return 0 if verdict.ok else 1


def _progress(done: int, of: int) -> None:
    print(f"\r{done * 100 // max(of, 1)} %", end="" if done < of else "\r     \r", file=sys.stderr, flush=True)
