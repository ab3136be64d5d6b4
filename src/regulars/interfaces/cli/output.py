"""What a command says: its result on standard output, everything meant for a person's eyes only on standard error."""

import json
import sys
from datetime import date, datetime
from typing import Any


class WrongUsage(Exception):
    """The command was not called as it is meant to be: exit code 2, like argparse's own."""


def plain(value: Any) -> Any:
    """How JSON writes what it does not know: instants as everywhere (UTC, `Z`), days as ISO 8601, others as text."""
    if isinstance(value, datetime):
        from regulars.kernel.tables import moment

        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def show_json(value: Any) -> None:
    """One JSON value on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, default=plain, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.write("\n")


def say(text: object) -> None:
    """A message for the person at the terminal; never part of the result."""
    print(text, file=sys.stderr, flush=True)
