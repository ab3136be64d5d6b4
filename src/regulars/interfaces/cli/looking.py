"""`--at TIME`: a command that looks back shows the register as it stood then."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

_TIME = "a day (its end) or a moment: 2026-11-24, 2026-11-24T09:30"


def add_at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", metavar="TIME", help=f"as it stood then; {_TIME}")


@contextmanager
def looking(text: str | None) -> Iterator[datetime]:
    """The moment asked for, and the register as it stood then; without one the present."""
    from django.utils import timezone

    from regulars.areas.journal.queries import as_of

    moment = named(text)
    with as_of(moment):
        yield timezone.now() if moment is None else moment.at


def named(text: str | None) -> Any:
    """The moment of a text; None where none is given. Raises Refused."""
    from django.utils import timezone

    from regulars.areas.house.queries import zone
    from regulars.areas.journal.queries import moment_named

    return moment_named(text, now=timezone.now(), zone=zone()) if text is not None else None
