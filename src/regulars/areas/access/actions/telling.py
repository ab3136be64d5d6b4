"""Telling somebody by mail that her ways in were changed, or that another knew her password and came no further.

Where no mail goes out, or she comes in by a name that is no address, what happened stands in the journal and the log.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.access.models import User
from regulars.areas.access.queries import user_named
from regulars.areas.house.queries import house
from regulars.kernel import jobs, mail
from regulars.kernel.registries import Text

TELL = "regulars.areas.access.jobs.tell"
WHAT: Mapping[str, Text] = {
    "password": gettext_lazy("Your password was changed."),
    "factor added": gettext_lazy("A second factor was added to your account."),
    "factor removed": gettext_lazy("A second factor was removed from your account."),
    "recovery codes": gettext_lazy("New recovery codes were made for your account."),
    "recovery used": gettext_lazy("Somebody came in with one of your recovery codes."),
    "half way": gettext_lazy("Somebody gave your password, and then a wrong code."),
}
_AT_ONCE, _GATHERED = timedelta(), timedelta(minutes=5)  # wrong codes come in numbers


def tell(user: User, what: str, at: datetime) -> None:
    """Has a mail sent to her, in the transaction at hand; one at a time of a kind, wrong codes one in five minutes."""
    if "@" in user.login and mail.configured():
        due = at + (_GATHERED if what == "half way" else _AT_ONCE)
        jobs.enqueue(jobs.named(TELL), key=f"tell {user.public} {what}", due=due, account=user.public, what=what)


def send_told(*, account: str, what: str, at: datetime) -> None:
    """Sends it, in her language. Raises MailRefused."""
    by, user, rules = mail.server(), user_named(account), house()
    if by is None:
        return
    with translation.override(user.language):
        text = _(
            "%(what)s\n\nWas it you? Then there is nothing to do. Otherwise ask the owner of %(house)s at once for a "
            "new link: it ends whatever was opened, and you choose another password.\n"
        )
        told = {"what": WHAT[what], "house": rules.name}
        subject = _("Your account at %(house)s") % told
        made = mail.message(
            to=user.login, sender=by.sender or rules.email or user.login, name=rules.name, subject=subject,
            text=text % told, at=at,
        )  # fmt: skip
    mail.send(made, by, at=at)
