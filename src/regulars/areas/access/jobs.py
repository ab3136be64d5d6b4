"""In the background: links by mail."""

from django.utils import timezone

from regulars.areas.access import actions
from regulars.kernel import jobs


@jobs.job()
def send_link(account: str, invited: bool) -> None:
    """`account` is the public name of who gets it; empty for a name that nobody has. The result tells nothing of it."""
    actions.send_link(account=account, invited=invited, at=timezone.now())
