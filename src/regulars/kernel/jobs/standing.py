"""How the queue stands: for whoever looks after the house."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from regulars.kernel.errors import NotFound

_LATE = timedelta(minutes=15)  # a job that is due is taken within a second where somebody works
_SILENT = timedelta(minutes=5)  # a lease is for one minute and extended while its worker lives


@dataclass(frozen=True, slots=True)
class Standing:
    """Jobs by state (all five words), how many wait or run though they should not, and the oldest of these."""

    by_state: dict[str, int]
    stuck: int
    since: datetime | None


def standing(now: datetime) -> Standing:
    """Three small questions."""
    from regulars.kernel.models import Job

    states = (Job.WAITING, Job.RUNNING, Job.DONE, Job.REFUSED, Job.DEAD)
    counted = dict(Job.objects.values_list("state").annotate(Count("id")))
    late = Job.objects.filter(state=Job.WAITING, due__lt=now - _LATE).values_list("due", flat=True)
    silent = Job.objects.filter(state=Job.RUNNING, lease_until__lt=now - _SILENT).values_list("lease_until", flat=True)
    stuck = [*late[:1000], *(lease for lease in silent[:1000] if lease)]
    return Standing({state: counted.get(state, 0) for state in states}, len(stuck), min(stuck, default=None))


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A dead job: the dotted path of its task, why in a sentence, and when."""

    ticket: str
    task: str
    error: str
    at: datetime | None


def given_up() -> list[GivenUp]:
    """The dead jobs, newest first, a hundred at most."""
    from regulars.kernel.models import Job

    rows = Job.objects.filter(state=Job.DEAD).order_by("-id").values_list("ticket", "task", "error", "finished_at")
    return [GivenUp(*row) for row in rows[:100]]


def let_go(ticket: str) -> None:
    """Forgets a dead job. Raises `NotFound`."""
    from regulars.kernel.models import Job

    if not Job.objects.filter(ticket=ticket, state=Job.DEAD).delete()[0]:
        raise NotFound(_("There is no such dead job."))
