"""`regulars import FILE`: brings a list of customers or of purchases in; tries it first with --dry-run."""

import argparse
import gzip
import json
import lzma
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from regulars.interfaces.cli.importing import say_result
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.areas.intake.actions import Started
    from regulars.areas.intake.models import Intake
    from regulars.kernel.actor import Actor

NAME = "import"
HELP = "brings a list of customers or purchases in (CSV of any kind, xlsx, xlsb, xls, ods, vCard, JSON)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--as", dest="kind", choices=("customers", "purchases"), default="customers", help="what the rows are"
    )
    parser.add_argument("--map", type=Path, metavar="FILE", help="which column goes where: JSON, docs/guide/import.md")
    parser.add_argument("--mapping", default="", metavar="NAME", help="a kept mapping, instead of a guess")
    parser.add_argument("--keep-as", default="", metavar="NAME", help="keep the mapping under this name")
    parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook")
    parser.add_argument("--country", default="", metavar="CC", help="of phones without country code; else the house's")
    parser.add_argument("--date-order", default="", choices=("dmy", "mdy", "ymd"), help="how dates are written")
    parser.add_argument("--source", default="", metavar="NAME", help="the system whose customer ids these are")
    parser.add_argument(
        "--existing",
        default="",
        choices=("update", "fill", "add", "skip"),
        help="cards there are already: bring up to date, fill what is empty, add all the same, leave alone",
    )
    parser.add_argument(
        "--how",
        default="",
        choices=("told", "observed", "worked_out", "third_party"),
        help="how we have these people; from third_party: they are to be told within a month",
    )
    parser.add_argument("--prospects", action="store_true", help="those who are new are not customers yet")
    parser.add_argument(
        "--repair",
        default="",
        choices=("yes", "no"),
        help="mend text that was garbled before (“MÃ¼ller”)",
    )
    parser.add_argument(
        "--feet", default="", choices=("in", "out"), help="totals and notes under the table: leave out, or bring in"
    )
    parser.add_argument("--dry-run", action="store_true", help="count and judge, keep nothing")
    parser.add_argument("--yes", action="store_true", help="ask nothing; refuse where a guess would be dangerous")


def run(args: argparse.Namespace) -> int:
    from regulars.areas.intake import actions
    from regulars.interfaces.cli.acting import acting

    with acting("import") as (by, at):
        _go_on_with_others(by)
        intake = _understood(args, by, at)
        if not args.sheet:
            _say_other_sheets(intake)
        if _asked(intake):
            intake = _answered(args, intake, by, at)
        if _asked(intake):
            code = _told(args, intake, came_in=False)
            actions.forget_upload(token=intake.token, by=by)
            return code
        if args.dry_run:
            return _tried(args, intake, by, at)
        return _brought_in(args, intake, by)


def _understood(args: argparse.Namespace, by: "Actor", at: "datetime") -> "Intake":
    from regulars.areas.intake import actions
    from regulars.kernel.errors import NotFound, Refused

    named = ("country", "source", "existing", "sheet", "how", "repair", "feet")
    options = {name: getattr(args, name) for name in named}
    options |= {"prospects": "yes" if args.prospects else "", "as": args.kind}
    try:
        with _opened(args.file) as (file, name):
            intake = actions.inspect(
                file=file, name=name, by=by, at=at, mapping=_mapping(args.map), date_order=args.date_order,
                **options,
            )  # fmt: skip
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(_("There is no file %(file)s.") % {"file": args.file}, where="file") from None
    try:
        return _with_kept(args, intake, by, at)
    except Refused:
        actions.forget_upload(token=intake.token, by=by)
        raise


def _say_other_sheets(intake: "Intake") -> None:
    from regulars.areas.intake.queries.files import inspected_of

    inspected = inspected_of(intake)
    if others := inspected.other_sheets():
        named = ", ".join(f"“{each}”" for each in others)
        say(
            _("Only the sheet “%(sheet)s” is read. Others with rows: %(others)s. Choose with --sheet NAME.")
            % {"sheet": inspected.layout.sheet, "others": named}
        )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """The file, unpacked on the way where it is packed alone (xz, gzip), and what it is called then."""
    unpack: Any = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix.lower())
    with path.open("rb") as file:
        if unpack is None:
            yield file, path.name
            return
        try:
            with unpack(file) as inner:
                yield inner, path.stem
        except (lzma.LZMAError, gzip.BadGzipFile, EOFError):
            from regulars.kernel.errors import Refused

            raise Refused(
                _("%(file)s is damaged and cannot be unpacked.") % {"file": path.name}, where="file"
            ) from None


def _with_kept(args: argparse.Namespace, intake: "Intake", by: "Actor", at: "datetime") -> "Intake":
    """Takes a kept mapping if one is named, says which one was taken, keeps the mapping if asked to."""
    from regulars.areas.intake import actions, queries

    if args.mapping:
        intake = actions.use_mapping(token=intake.token, name=args.mapping, by=by, at=at)
    if kept_as := intake.mapping.get("kept_as"):
        say(_("The columns go where “%(name)s” says.") % {"name": kept_as})
    if args.keep_as:
        actions.save_mapping(token=intake.token, name=args.keep_as, by=by, at=at)
        intake = queries.intake_for(by, intake.token)
    return intake


def _mapping(path: Path | None) -> Any:
    from regulars.kernel.errors import Refused

    if path is None:
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError):
        raise Refused(_("There is no file %(file)s.") % {"file": path}, where="map") from None
    except (ValueError, UnicodeError, RecursionError):
        raise Refused(_("%(file)s is not JSON.") % {"file": path}, where="map") from None
    if not isinstance(told, dict):
        message = _("%(file)s is no mapping: it is an object with columns in it.")
        raise Refused(message % {"file": path}, where="map")
    return told


def _asked(intake: "Intake") -> list[dict[str, Any]]:
    from regulars.areas.intake.queries import questions

    return questions(intake)


def _answered(args: argparse.Namespace, intake: "Intake", by: "Actor", at: "datetime") -> "Intake":
    """Puts the open questions to whoever sits at the terminal; nobody there, or --yes: they stay open."""
    from regulars.areas.intake import actions

    if args.yes or args.json or not sys.stdin.isatty():
        return intake
    answers: dict[int, dict[str, str]] = {}
    for question in _asked(intake):
        choices = question["choices"]
        said = ""
        while said not in choices:
            say(f"{question['question']} [{'/'.join(choices)}]")
            said = input().strip().lower()
        answers.setdefault(question["index"], {})[question["asks"]] = said
    return actions.correct(token=intake.token, by=by, at=at, answers=answers)


def _tried(args: argparse.Namespace, intake: "Intake", by: "Actor", at: "datetime") -> int:
    from regulars.areas.intake import actions

    begun = time.monotonic()
    with progress(intake):
        intake = actions.dry_run(token=intake.token, by=by, at=at, wait=True)
    code = _told(args, intake, came_in=intake.state != "failed", seconds=time.monotonic() - begun)
    actions.forget_upload(token=intake.token, by=by)
    return code


def _brought_in(args: argparse.Namespace, intake: "Intake", by: "Actor") -> int:
    from django.utils import timezone

    from regulars.areas.intake import actions
    from regulars.areas.intake.queries import intake_for
    from regulars.kernel.errors import Refused
    from regulars.kernel.jobs import view

    started = actions.start_import(token=intake.token, by=by, at=timezone.now())
    _to_the_end(started, intake)
    intake = intake_for(by, intake.token)
    if intake.state == "running" and (reason := view(started.ticket).error):
        raise Refused(reason)
    return _told(args, intake, came_in=intake.state in ("done", "stopped"))


def _to_the_end(started: "Started", intake: "Intake") -> None:
    """Does the work here, or watches the worker that took it."""
    from regulars.areas.intake import actions
    from regulars.kernel.jobs import view

    with progress(intake):
        if not actions.run_to_end(started):
            while not view(started.ticket).over:
                time.sleep(0.2)


def _go_on_with_others(by: "Actor") -> None:
    """Files whose import was cut off go on first."""
    from django.utils import timezone

    from regulars.areas.intake import actions, queries

    for other in actions.cut_off():
        say(
            _("“%(file)s” was cut off at row %(row)s of %(rows)s; it goes on now.")
            % {"file": other.name, "row": queries.handled(other), "rows": other.rows}
        )
        _to_the_end(actions.start_import(token=other.token, by=by, at=timezone.now()), other)


@contextmanager
def progress(intake: "Intake") -> Iterator[None]:
    """A line on the terminal that says how far it is."""
    if not sys.stderr.isatty():
        yield
        return
    ending = threading.Event()
    watcher = threading.Thread(target=_watch, args=(intake.pk, intake.rows, ending), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ending.set()
        watcher.join()
        sys.stderr.write("\r\033[K")


def _watch(pk: int, rows: int, ending: threading.Event) -> None:
    from django.db import connection
    from django.utils import timezone

    from regulars.areas.intake.models import Intake
    from regulars.areas.intake.queries import handled, seconds_left

    while not ending.wait(0.5):
        row = Intake.objects.get(pk=pk)
        left = seconds_left(row, timezone.now())
        rest = "" if left is None else f", about {left} s left"
        sys.stderr.write(f"\r\033[K{handled(row):,} of {rows:,} rows{rest}")
        sys.stderr.flush()
    connection.close()


def _told(args: argparse.Namespace, intake: "Intake", *, came_in: bool, seconds: float | None = None) -> int:
    from regulars.areas.intake.queries import alike, result
    from regulars.interfaces.cli.operator import operator

    told = {**result(intake), "alike": alike(intake, operator("import"))}
    if seconds is not None:
        told["seconds"] = round(seconds, 2)
    if args.json:
        show_json(told)
    else:
        say_result(told, stopped=intake.state == "stopped", came_in=came_in, dry_run=args.dry_run)
    return 0 if came_in else 1
