"""After a cut, a kill or a flip: the home is opened as the product opens it, and everything is asked."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tests.durability import remembered, scenarios
from tests.durability.homes import Fact, Place, sit_down, stand_up


@contextmanager
def quick_reading() -> Iterator[None]:
    """Lists are read in this process, in short pieces: a short list crosses the limits that a long one would."""
    from regulars.areas.intake.actions import running
    from regulars.areas.intake.readers import child
    from regulars.areas.intake.tests.lists import in_this_process

    chunk, aim, running._AIM, child.CHUNK = child.CHUNK, running._AIM, 0.0, 6
    try:
        with in_this_process():
            yield
    finally:
        child.CHUNK, running._AIM = chunk, aim


def judged(place: Place, facts: list[Fact], *, remembering: bool = False) -> list[str]:
    """What is wrong with this home, a sentence each; empty when everything that was confirmed stands and nothing is
    half. To be asked in a fork. Where many are alike, it is worth `remembering` what was found."""
    from django.db import DatabaseError

    from regulars.kernel.errors import Refused

    sit_down(place)
    try:
        stand_up()
        with quick_reading(), remembered.proofs(place):
            return remembered.verdict(place, facts, _problems) if remembering else list(_problems(facts))
    except (DatabaseError, Refused, OSError) as error:
        return [f"It does not open: {type(error).__name__}: {error}"]


def _problems(facts: Iterable[Fact]) -> Iterator[str]:
    from django.utils import timezone

    from regulars.areas.journal.models import Changeset
    from regulars.areas.journal.queries import verify
    from regulars.kernel import jobs, places
    from regulars.kernel.models import Job

    Job.objects.filter(state=Job.WAITING).exclude(error="").update(due=timezone.now())  # time passes
    jobs.run_due()
    for job in Job.objects.exclude(state__in=(Job.DONE, Job.WAITING)):
        yield f"Job {job.task} is {job.state}: {job.error} {job.traceback[-2000:]}"
    for row in Changeset.objects.filter(state="open"):
        yield f"Changeset {row.number} stands open."
    yield from (f"verify: {each.kind} {each.where} {each.message}" for each in verify().problems)
    yield from scenarios.findings(facts)
    yield from (f"{left.name} was left behind." for left in places.home().rglob("*") if _left(left.name))


def _left(name: str) -> bool:
    """Work in hand of a process that is gone. What is left of a version goes with the next one."""
    return name.startswith(("intake-", "original-", "file-"))
