"""`regulars doctor`: what is wrong, or will be, and what to do. It answers also where nothing else does."""

import argparse
import logging
import os
import shutil
import textwrap
from datetime import datetime
from typing import TYPE_CHECKING

from regulars.interfaces.cli.output import show_json

if TYPE_CHECKING:
    from regulars.areas.health.queries import Health
    from regulars.kernel.checks import Finding

NAME = "doctor"
HELP = "look at the register and its machine: what is wrong or soon will be, and what to do"
DJANGO = False  # it must answer where the settings, the keys or the database are broken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--troubles", action="store_true", help="only what is bad or to be watched")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone, translation

    from regulars.kernel.early import language_of

    broken = _what_breaks_the_settings()
    spoken = None if args.json or broken else language_of(os.environ)
    with translation.override(spoken or "en"):
        logging.disable(logging.CRITICAL)  # what is wrong is said below, in words
        try:
            found = _looked(timezone.now(), whole=not broken)
        finally:
            logging.disable(logging.NOTSET)
        if args.json:
            show_json({**found.as_json(), "settings": broken or None})
        else:
            _tell(found, broken, args.troubles)
    return 0 if found.ok and not broken else 1


def _what_breaks_the_settings() -> str:
    """Django as ever, then ''. Where that fails (keys lost, a setting that cannot be): why, and as much of Django as
    the checks of the machine need."""
    from django.conf import settings

    from regulars.kernel import processes

    try:
        processes.set_up()
    except Exception as error:
        if not settings.configured:
            settings.configure(USE_TZ=True, USE_I18N=False)
        return str(error) or type(error).__name__
    return ""


def _looked(at: datetime, *, whole: bool) -> "Health":
    from regulars.areas.health.checks import CHECKS
    from regulars.areas.health.queries import Health, look_now
    from regulars.kernel.checks import look

    if whole:
        return look_now(at, database=_database_answers())
    return Health(at, tuple(look(CHECKS, at, database=False)))


def _database_answers() -> bool:
    """Whether it opens and has tables of ours. Where there is none yet, none is made."""
    from django.db import DatabaseError, connection

    from regulars.areas.health.checks.data import database_is_missing
    from regulars.kernel.errors import Refused
    from regulars.kernel.models import Mark

    if database_is_missing():
        return False
    try:
        connection.ensure_connection()
        Mark.objects.exists()
    except (DatabaseError, Refused, OSError):
        return False
    return True


_STATES = {"good": "ok", "note": "-", "watch": "WATCH", "bad": "BAD"}


def _tell(found: "Health", broken: str, troubles_only: bool) -> None:
    """What cannot be told without the database is left out: what is said of the database comes first."""
    told = [each for each in found.findings if each.seen.answer != "no database"]
    shown = found.troubles if troubles_only else told
    if broken:
        print(f"{_STATES['bad']:<7}{broken}")
    for each in shown:
        print(_lines(each))


def _lines(each: "Finding") -> str:
    """State, what it is, how it stands; below it what to do."""
    width = max(60, shutil.get_terminal_size((100, 24)).columns)
    said = textwrap.fill(
        f"{each.check.title}: {each.sentence}", width, initial_indent=f"{_STATES[each.level]:<7}",
        subsequent_indent=" " * 7, break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    if not each.todo or each.level == "good":
        return said
    indent = " " * 7 + "> "
    todo = textwrap.fill(
        each.todo, width, initial_indent=indent, subsequent_indent=" " * 9, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    return f"{said}\n{todo}"
