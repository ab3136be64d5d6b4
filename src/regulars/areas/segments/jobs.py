"""Background work: one deed on many customers. It may be cut off at any moment, and goes on."""

from django.utils import timezone

from regulars.areas.segments import actions
from regulars.kernel import jobs


@jobs.job(attempts=20)
def act_on_many(token: str) -> dict[str, str]:
    actions.work_off(token, clock=timezone.now)
    return {"token": token}
