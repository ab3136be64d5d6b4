"""What a browser has half done: the password was right and the second factor is missing, or a passkey was asked for.

A row for ten minutes, found by a cookie of 256 random bits; it ends with what ends the user's sessions.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.access.door.secrets import digest, secret
from regulars.areas.access.models import Step, User
from regulars.kernel.errors import Refused

LASTS = timedelta(minutes=10)


class StepGone(Refused):
    """Nobody is half way here: it took too long, or another page began anew."""

    code = "step_gone"


def begin(kind: str, user: User | None, *, at: datetime, asked: dict[str, Any] | None = None, to: str = "") -> str:
    """A new step and the secret for its cookie, which is kept nowhere else."""
    value = secret()
    Step.objects.filter(expires_at__lte=at).delete()
    to = "" if "\0" in to else to  # no text of PostgreSQL, and no page of ours
    Step.objects.create(digest=digest(value), kind=kind, user=user, asked=asked or {}, to=to, expires_at=at + LASTS)
    return value


def find(value: str | None, kind: str, *, at: datetime, user: User | None = None) -> Step:
    """The step of this cookie, kind and, where given, user. Raises StepGone."""
    kept = Step.objects.select_related("user").filter(digest=digest(value or ""), kind=kind, expires_at__gt=at)
    step = (kept.filter(user=user) if user else kept).first()
    if step is None or (step.user and not step.user.active):
        raise StepGone(_("That took too long. Begin again."))
    return step


def ask(step: Step, asked: dict[str, Any]) -> None:
    """Notes what the browser is asked now; what was asked before counts no more."""
    step.asked = asked
    step.save(update_fields=["asked"])


def take_question(step: Step) -> dict[str, Any]:
    """What was asked, once: of two answers at once only one is looked at. Raises StepGone."""
    asked: dict[str, Any] = step.asked
    if not asked or not Step.objects.filter(pk=step.pk, asked__challenge=asked["challenge"]).update(asked={}):
        raise StepGone(_("That took too long. Begin again."))
    return asked
