"""What a file holds decides how it is brought in and tried: customers, or purchases."""

from collections.abc import Callable
from datetime import datetime

from regulars.areas.intake.actions.purchases import PurchaseImport
from regulars.areas.intake.actions.purchases_on_trial import PurchaseTrial
from regulars.areas.intake.actions.running import Import
from regulars.areas.intake.actions.trying import Trial
from regulars.areas.intake.models import Intake
from regulars.areas.intake.queries.files import is_of_purchases
from regulars.kernel import jobs
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused


def import_of(intake: Intake) -> type[Import]:
    return PurchaseImport if is_of_purchases(intake.options) else Import


def trial_of(intake: Intake) -> type[Trial] | type[PurchaseTrial]:
    return PurchaseTrial if is_of_purchases(intake.options) else Trial


def try_now(token: str, *, by: Actor, at: datetime, clock: Callable[[], datetime] | None = None) -> None:
    """Tries a file to its end and notes the result; a refusal ends the trial and is kept to be shown."""
    intake = Intake.objects.get(token=token)
    row = Intake.objects.filter(pk=intake.pk, state="trying")  # stopped meanwhile, it is left as it is
    work = trial_of(intake)(intake, by=by, at=at, told=jobs.progress, clock=clock or (lambda: at))
    try:
        tried = work.tried()
    except Refused as refused:
        told = {"template": refused.more.get("template") or str(refused), "told": refused.more.get("told") or {}}
        row.update(state="failed", error=told)
        return
    row.update(state="waiting", trial=tried)
