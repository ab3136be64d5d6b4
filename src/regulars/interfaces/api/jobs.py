"""What comes round: answers kept for their idempotency key go after two days."""

from django.utils import timezone

from regulars.interfaces.api import keeping
from regulars.kernel import jobs


@jobs.every(3600, "answers kept for their idempotency key")
def forget_answers() -> None:
    keeping.forget_old(timezone.now())
