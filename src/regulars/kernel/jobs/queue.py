"""The queue: jobs are put in, claimed by conditional update, kept by a lease, and end done, refused or dead."""

import os
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.db import IntegrityError, transaction
from django.db.models import F
from django.tasks.base import Task
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from regulars.kernel import crypto, trouble
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.jobs import wake
from regulars.kernel.mentions import Mentions

if TYPE_CHECKING:
    from regulars.kernel.models import Job

type AnyTask = "Task[..., Any]"
LEASE = timedelta(seconds=60)
_LOOK_AGAIN = timedelta(seconds=10)  # after which a disk that was full may have room
_WRITE_EVERY = 0.4  # seconds between two writings of progress


class Interrupted(BaseException):
    """Raised inside a job by `progress` when the worker is asked to end or lost the job. The job goes on elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTask(Task):  # type: ignore[type-arg]
    """A task that knows how often it may be tried."""

    attempts: int = 3


@dataclass(frozen=True, slots=True)
class JobView:
    """What may be shown of a job. `state` is waiting, running, done, refused or dead; `error` is fit for the screen."""

    ticket: str
    state: str
    done: int
    total: int | None
    note: str
    result: Any
    error: str
    made_at: datetime
    finished_at: datetime | None
    key: str | None

    @property
    def over(self) -> bool:
        return self.state not in ("waiting", "running")

    @property
    def percent(self) -> int | None:
        """0 to 100, None where the whole is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None


class Running:
    """One job in the hands of this worker."""

    def __init__(self, row: "Job", stop: Callable[[], bool]) -> None:
        self.row, self.stop, self.lost = row, stop, False
        self._written = 0.0

    def progress(self, values: dict[str, Any]) -> None:
        if self.lost or self.stop():
            raise Interrupted
        whole = values["total"] is not None and values["done"] >= values["total"]
        if whole or time.monotonic() - self._written > _WRITE_EVERY:
            _ours(self.row).update(**values)
            self._written = time.monotonic()


_CURRENT: ContextVar[Running | None] = ContextVar("job", default=None)


def job(*, attempts: int = 3, priority: int = 0) -> Callable[[Callable[..., Any]], OwnTask]:
    """Makes a module's function a task of `django.tasks`. After `attempts` crashes or errors it is dead, and shown."""

    def made(function: Callable[..., Any]) -> OwnTask:
        return OwnTask(func=function, attempts=attempts, priority=priority)

    return made


def enqueue(task: AnyTask, *, due: datetime | None = None, key: str | None = None, **arguments: Any) -> JobView:
    """Asks for a job in the transaction at hand. With a `key` that an open job holds, that job is answered instead."""
    return shown(put(task, [], arguments, due=due, key=key))


def named(path: str) -> AnyTask:
    """The job at this dotted path: for an action whose job stands above it and calls it back."""
    found: AnyTask = import_string(path)
    return found


def put(task: AnyTask, args: list[Any], kwargs: dict[str, Any], *, due: datetime | None, key: str | None) -> "Job":
    from regulars.kernel.models import Job

    now = timezone.now()
    row = Job(
        ticket=crypto.random_bytes(16).hex(),
        task=task.module_path,
        arguments={"args": normalize_json(args), "kwargs": normalize_json(kwargs)},
        key=key,
        priority=task.priority,
        due=due or task.run_after or now,
        made_at=now,
        most_attempts=getattr(task, "attempts", 3),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        open_one = Job.objects.filter(key=key, state__in=Job.OPEN).first()
        if key is None or open_one is None:
            raise
        return open_one
    transaction.on_commit(wake.knock)
    return row


def progress(done: int, total: int | None = None, note: str = "") -> None:
    """Says how far the job at hand is; quick, written at most twice a second. Outside a job it does nothing.

    Raises `Interrupted` (no `Exception`: let it pass) when the worker must end.
    """
    current = _CURRENT.get()
    if current is not None:
        current.progress({"done": done, "total": total, "note": str(note)})


def view(ticket: str) -> JobView:
    """How a job stands. Raises `NotFound`."""
    from regulars.kernel.models import Job

    row = Job.objects.filter(ticket=ticket).first()
    if row is None:
        raise NotFound(_("There is no such job (any more)."))
    return shown(row)


def latest(path: str, many: int) -> list[JobView]:
    """The jobs of the task at this dotted path that were asked for last, newest first."""
    from regulars.kernel.models import Job

    return [shown(row) for row in Job.objects.filter(task=path).order_by("-id")[:many]]


def dead() -> list[JobView]:
    """Jobs that were given up, newest first."""
    from regulars.kernel.models import Job

    return [shown(row) for row in Job.objects.filter(state=Job.DEAD).order_by("-id")[:100]]


def revive(ticket: str) -> None:
    """Gives a dead job its attempts anew."""
    from regulars.kernel.models import Job

    dead_one = Job.objects.filter(ticket=ticket, state=Job.DEAD)
    if not dead_one.update(state=Job.WAITING, attempts=0, due=timezone.now(), finished_at=None):
        raise NotFound(_("There is no such dead job."))
    wake.knock()


def clear_away(*, before: datetime) -> int:
    """Forgets jobs that were done or refused before this moment; dead ones stay until somebody looks."""
    from regulars.kernel.models import Job

    return Job.objects.filter(state__in=(Job.DONE, Job.REFUSED), finished_at__lt=before).delete()[0]


_WORDS = ("arguments", "key", "note", "result", "error", "traceback")


def naming(mentions: Mentions) -> int:
    """How many jobs, over or at work, hold words that name a person."""
    return len(list(_naming(mentions)))


def clean(mentions: Mentions) -> None:
    """Takes what names a person out of what is kept of jobs: what was asked for, what came of it, what went wrong."""
    for row, told in _naming(mentions):
        type(row).objects.filter(pk=row.pk).update(**told)


def _naming(mentions: Mentions) -> "Iterator[tuple[Job, dict[str, Any]]]":
    from regulars.kernel.models import Job

    rows = list(Job.objects.only("pk", *_WORDS))
    if not mentions.within(str([getattr(row, name) for name in _WORDS]) for row in rows):
        return
    for row in rows:
        before = {name: getattr(row, name) for name in _WORDS}
        told = {name: mentions.cleaned_all(value) for name, value in before.items()}
        if told != before:
            yield row, told


def shown(row: "Job") -> JobView:
    return JobView(
        row.ticket,
        row.state,
        row.done,
        row.total,
        row.note,
        row.result,
        row.error,
        row.made_at,
        row.finished_at,
        row.key,
    )


# --- the worker's side -----------------------------------------------------------------------------------------------


def claim(worker: str, now: datetime) -> "Job | None":
    """The most urgent due job, now this worker's; None where nothing is due."""
    from regulars.kernel.models import Job

    _take_back(now)
    due = Job.objects.filter(state=Job.WAITING, due__lte=now).order_by("-priority", "due", "id")
    for pk in due.values_list("pk", flat=True)[:5]:
        if (taken := _taken(pk, worker, now)) is not None:
            return taken
    return None


def claim_this(ticket: str, worker: str, now: datetime) -> "Job | None":
    """This very job, now this worker's; None where another has it or it is over."""
    from regulars.kernel.models import Job

    _take_back(now)
    pk = Job.objects.filter(ticket=ticket).values_list("pk", flat=True).first()
    return _taken(pk, worker, now) if pk is not None else None


def _taken(pk: int, worker: str, now: datetime) -> "Job | None":
    from regulars.kernel.models import Job

    taken = Job.objects.filter(pk=pk, state=Job.WAITING).update(
        state=Job.RUNNING, worker=worker, lease_until=now + LEASE, attempts=F("attempts") + 1, tried_at=now
    )
    if not taken:
        return None
    Job.objects.filter(pk=pk, started_at=None).update(started_at=now)
    return Job.objects.get(pk=pk)


def run(row: "Job", stop: Callable[[], bool]) -> None:
    """Does a claimed job and writes down how it ended."""
    running = Running(row, stop)
    token = _CURRENT.set(running)
    RUNNING[row.pk] = running
    try:
        task = cast(Any, import_string(row.task))
        result = normalize_json(task.call(*row.arguments["args"], **row.arguments["kwargs"]))
    except Interrupted:
        _ours(row).update(state="waiting", attempts=F("attempts") - 1, worker="", lease_until=None)
    except trouble.DiskTrouble as disk:
        _failed(row, disk)
    except Refused as refusal:
        _end(row, state="refused", error=str(refusal), result={"code": refusal.code, "where": refusal.where})
    except Exception as error:
        _failed(row, error)
    else:
        _end(row, state="done", result=result)
    finally:
        RUNNING.pop(row.pk, None)
        _CURRENT.reset(token)


RUNNING: dict[int, Running] = {}  # the jobs in the hands of this process


def extend() -> None:
    """The heartbeat: extends the leases of this process's jobs; a job taken over meanwhile is told so."""
    for running in list(RUNNING.values()):
        if not _ours(running.row).update(lease_until=timezone.now() + LEASE):
            running.lost = True


def worker_name(place: str) -> str:
    """A name that tells on which machine, in which process, in which thread."""
    return f"{_machine()}:{os.getpid()}:{place}"


def _take_back(now: datetime) -> None:
    """Jobs whose worker is gone wait again, or are dead after their last attempt."""
    from regulars.kernel.models import Job

    for row in Job.objects.filter(state=Job.RUNNING).only("pk", "worker", "attempts", "most_attempts", "lease_until"):
        if (row.lease_until and row.lease_until < now) or _gone(row.worker):
            still = Job.objects.filter(pk=row.pk, state=Job.RUNNING, worker=row.worker, attempts=row.attempts)
            if row.attempts >= row.most_attempts:
                still.update(state=Job.DEAD, finished_at=now, error=_died())
            else:
                still.update(state=Job.WAITING, worker="", lease_until=None)


def _gone(worker: str) -> bool:
    """Whether the worker was a process of this very machine that has ended; no need then to await its lease."""
    machine, _colon, rest = worker.partition(":")
    process = rest.partition(":")[0]
    if machine != _machine() or not process.isdigit() or os.name != "posix":
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@cache
def _machine() -> str:
    """This machine and, in containers, this set of processes."""
    spaces = str(Path("/proc/self/ns/pid").readlink()) if sys.platform.startswith("linux") else ""
    return f"{socket.gethostname()}{spaces.removeprefix('pid')}".replace(":", "")


def _ours(row: "Job") -> Any:
    from regulars.kernel.models import Job

    return Job.objects.filter(pk=row.pk, state=Job.RUNNING, worker=row.worker, attempts=row.attempts)


def _end(row: "Job", *, state: str, **values: Any) -> None:
    _ours(row).update(state=state, finished_at=timezone.now(), lease_until=None, **values)


def _failed(row: "Job", error: Exception) -> None:
    disk = trouble.of(error)
    if disk is not None:  # no fault of the job's: it goes on when the disk does, however long that takes
        later = timezone.now() + _LOOK_AGAIN
        waits = {"state": "waiting", "due": later, "worker": "", "lease_until": None, "error": str(disk)}
        _ours(row).update(**waits, attempts=F("attempts") - 1)
        return
    trace = "".join(traceback.format_exception(error))[-20_000:]
    if row.attempts >= row.most_attempts:
        _end(row, state="dead", error=_broke(), traceback=trace)
        return
    later = timezone.now() + timedelta(seconds=30 * 4 ** (row.attempts - 1))
    _ours(row).update(state="waiting", due=later, worker="", lease_until=None, error=_broke(), traceback=trace)


def _broke() -> str:
    return _("Something broke while this was done. Nothing half is left; the operator can see the reason.")


def _died() -> str:
    return _("The program ended each time while this was done. It was given up; the operator can start it again.")
