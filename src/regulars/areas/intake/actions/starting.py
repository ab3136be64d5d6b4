"""Trying, starting and taking back: what a person, a program or a command asks for."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.actions import fill_search_keys_soon
from regulars.areas.intake.actions.kinds import try_now
from regulars.areas.intake.actions.understanding import told_of
from regulars.areas.intake.models import Intake
from regulars.areas.intake.queries.files import open_intake, questions_of
from regulars.areas.journal import actions as journal
from regulars.areas.journal.actions.undo import Undone
from regulars.areas.journal.models import Changeset
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.jobs import enqueue, named, run_here

_JOBS = "regulars.areas.intake.jobs"  # they stand above the actions and are called by name
SMALL = 2_000  # rows that are tried while the person waits


class Open(Refused):
    """Something must be answered first; `more["questions"]` says what."""

    code = "questions"


@dataclass(frozen=True, slots=True)
class Started:
    """The intake and the ticket of the job that brings it in. `resumed` where it was cut off before and goes on."""

    token: str
    ticket: str
    resumed: bool = False


def dry_run(*, token: str, by: Actor, at: datetime, wait: bool = False) -> Intake:
    """Tries the file: counts and refused rows, nothing kept. Long files are tried by a job unless `wait`.

    The result stands in `intake.trial` (None while a job is at it). Raises Open while questions are open.
    """
    intake = open_intake(by, token)
    _refuse_open_questions(intake)
    if intake.state == "trying":
        return intake
    if intake.state not in ("waiting", "failed"):
        raise Refused(_("This file is coming in or has come in already."))
    Intake.objects.filter(pk=intake.pk).update(state="trying", trial=None, error=None, by=told_of(by), beat_at=at)
    if wait or intake.rows <= SMALL:
        try_now(intake.token, by=by, at=at)
    else:
        enqueue(named(f"{_JOBS}.try_file"), token=token, at=at.isoformat(), key=f"trial {token}")
    return open_intake(by, token)


def start_import(*, token: str, by: Actor, at: datetime, seen: str = "") -> Started:
    """Brings the file in, as a job that goes on by itself after a kill; one that was stopped goes on where it was.

    `seen` is what was `asked` of it in the trial that somebody saw: no other way does it come in.

    Raises Open, NotFound, Refused.
    """
    intake = open_intake(by, token)
    if intake.state == "running":
        return Started(token, _enqueued(intake), resumed=True)
    if intake.state == "stopped" and intake.started_at:
        Intake.objects.filter(pk=intake.pk).update(state="running", error=None)
        return Started(token, _enqueued(intake), resumed=True)
    if intake.state not in ("waiting", "failed", "trying") or intake.changeset:
        raise Refused(_("This file has come in already."))
    if seen and seen != intake.asked:
        raise Refused(_("What its columns become was changed meanwhile. See what will happen now, then bring it in."))
    _refuse_open_questions(intake)
    with transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(
            state="running", by=told_of(by), started_at=at, beat_at=at, counts={}, position=0, pending=None, error=None
        )
        intake.refresh_from_db()
        ticket = _enqueued(intake)
    return Started(token, ticket)


def stop_import(*, token: str, by: Actor, at: datetime) -> Intake:
    """Stops a file on its way in, or a trial. What is in stays until it is taken back, or the rest comes in, too.

    Raises NotFound, and Refused where nothing is going on.
    """
    intake = open_intake(by, token)
    if intake.state == "stopped":
        return intake
    now = {"running": "stopped", "trying": "waiting"}.get(intake.state)
    if now is None:
        raise Refused(_("This file is not coming in: there is nothing to stop."), code_word="too_late")
    Intake.objects.filter(pk=intake.pk, state=intake.state).update(state=now, beat_at=at)
    return open_intake(by, token)


def run_to_end(started: Started) -> bool:
    """Does the started job here and now (commands, tests), and what it leaves to be done after it; False where a worker
    is at it already."""
    done = run_here(started.ticket)
    fill_search_keys_soon(here=done)
    return done


def cut_off() -> list[Intake]:
    """Files that were coming in when their process ended, and that nobody works at."""
    return list(Intake.objects.filter(state="running").order_by("pk"))


def take_back(*, token: str, by: Actor, at: datetime) -> Undone:
    """Takes a whole import back. Later edits are kept. Raises NotFound, Refused as `journal.actions.undo` does."""
    return journal.undo(changeset=_ended(open_intake(by, token), by, at), by=by, at=at)


def take_back_later(*, token: str, by: Actor, at: datetime) -> int:
    """Has it taken back in the background: a long one takes its time. The deed, whose page says how far that is. Raises
    as `take_back`."""
    changeset = _ended(open_intake(by, token), by, at)
    journal.take_back_later(changeset=changeset, by=by, at=at)
    return changeset


def _ended(intake: Intake, by: Actor, at: datetime) -> int:
    """The deed by which it came in, ended where the file was stopped."""
    if not intake.changeset:
        raise NotFound(_("This file changed nothing."))
    if Changeset.objects.filter(pk=intake.changeset, state="open").exists():
        if intake.state != "stopped":
            raise Refused(_("This file is still coming in. Stop it, or wait for its end, then take it back."))
        particulars = {**intake.counts, "file": intake.name}
        journal.resume_long_deed(intake.changeset).close(by=by, at=at, particulars=particulars)
        Intake.objects.filter(pk=intake.pk).update(state="done", finished_at=at)
    return intake.changeset


def _refuse_open_questions(intake: Intake) -> None:
    asked = questions_of(intake)
    if asked:
        raise Open(asked[0].question, where=asked[0].column, questions=[each.as_json() for each in asked])


def _enqueued(intake: Intake) -> str:
    return enqueue(named(f"{_JOBS}.bring_in"), token=intake.token, key=f"intake {intake.token}").ticket
