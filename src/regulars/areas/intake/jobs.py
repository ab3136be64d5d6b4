"""Background work: trying a file and bringing it in. Both may be cut off at any moment; bringing in goes on."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from regulars.areas.intake import actions
from regulars.areas.intake.models import Intake
from regulars.kernel import jobs
from regulars.kernel.errors import Refused


@jobs.job(attempts=20)
def bring_in(token: str) -> dict[str, Any]:
    """Brings one file in, from wherever it stands. Each attempt goes on where the last one was cut off."""
    intake = Intake.objects.get(token=token)
    if intake.state != "running" or intake.started_at is None:
        return {"state": intake.state}
    work = actions.import_of(intake)(
        intake, by=actions.actor_of(intake), at=intake.started_at, told=_progress, clock=timezone.now
    )
    try:
        counts = work.run()
    except Refused as refused:
        work.abandon(refused)
        raise
    return {"state": "done", "created": counts.created, "updated": counts.updated}


@jobs.job(attempts=2)
def try_file(token: str, at: str) -> dict[str, Any]:
    intake = Intake.objects.get(token=token)
    actions.try_now(token, by=actions.actor_of(intake), at=datetime.fromisoformat(at), clock=timezone.now)
    return {"token": token}


@jobs.every(3600, "files that hold what must not be kept")
def let_go_of_uploads() -> int:
    """Destroys what was handed over with card numbers or passwords in it and did not come in within a day."""
    return actions.let_go_of_old(timezone.now())


def _progress(done: int, total: int) -> None:
    jobs.progress(done, total)
