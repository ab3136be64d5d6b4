"""In the background: links by mail, and what people are told of their ways in."""

from django.utils import timezone

from regulars.areas.access import actions
from regulars.kernel import jobs


@jobs.job()
def send_link(account: str, invited: bool) -> None:
    """`account` is the public name of who gets it; empty for a name that nobody has. The result tells nothing of it."""
    actions.send_link(account=account, invited=invited, at=timezone.now())


@jobs.job()
def tell(account: str, what: str) -> None:
    actions.send_told(account=account, what=what, at=timezone.now())
