"""Background work: trying a file and bringing it in. Both may be cut off at any moment; bringing in goes on."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from regulars.areas.intake.models import Intake
from regulars.kernel import jobs
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused


@jobs.job(attempts=20)
def bring_in(token: str) -> dict[str, Any]:
    """Brings one file in, from wherever it stands. Each attempt goes on where the last one was cut off."""
    from regulars.areas.intake.actions.running import Import
    from regulars.areas.intake.actions.understanding import actor_of

    intake = Intake.objects.get(token=token)
    if intake.state != "running" or intake.started_at is None:
        return {"state": intake.state}
    work = Import(intake, by=actor_of(intake), at=intake.started_at, told=_progress, clock=timezone.now)
    try:
        counts = work.run()
    except Refused as refused:
        work.abandon(refused)
        raise
    return {"state": "done", "created": counts.created, "updated": counts.updated}


@jobs.job(attempts=2)
def try_file(token: str, at: str) -> dict[str, Any]:
    from regulars.areas.intake.actions.understanding import actor_of

    intake = Intake.objects.get(token=token)
    try_now(token, by=actor_of(intake), at=datetime.fromisoformat(at))
    return {"token": token}


def try_now(token: str, *, by: Actor, at: datetime) -> None:
    """Tries a file to its end and notes the result; a refusal ends the trial and is kept to be shown."""
    from regulars.areas.intake.actions.trying import Trial

    intake = Intake.objects.get(token=token)
    row = Intake.objects.filter(pk=intake.pk)
    work = Trial(intake, by=by, at=at, told=_progress, clock=timezone.now)
    try:
        counts = work.count()
    except Refused as refused:
        told = {"template": refused.more.get("template") or str(refused), "told": refused.more.get("told") or {}}
        row.update(state="failed", error=told)
        return
    result = {name: getattr(counts, name) for name in type(counts).__slots__}
    row.update(state="waiting", trial=result)


def _progress(done: int, total: int) -> None:
    jobs.progress(done, total)
