"""Links by mail: who forgot the password asks for one herself; who invites has it sent. They are made and sent by a
job, so that no answer tells by its time whether there is such an account (A5), and stand in no row but as a digest.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.areas.access.actions.people import JOIN_LASTS, new_password_link
from regulars.areas.access.actions.pieces import cover, new_link, require
from regulars.areas.access.door import throttle
from regulars.areas.access.models import OneTimeLink, User
from regulars.areas.access.queries import user_named
from regulars.areas.house.queries import house
from regulars.kernel import jobs, mail, saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold

log = logging.getLogger("regulars.access")
FORGOTTEN_LASTS = timedelta(minutes=30)
SEND = "regulars.areas.access.jobs.send_link"
_SYSTEM = Actor(kind="system", name="Regulars", rights=frozenset({"*"}), through="job")


def can_mail() -> bool:
    """Whether links can go out by mail: there is a server, and the house knows its own address (never the caller's
    word for it)."""
    return mail.configured() and bool(settings.ENVIRONMENT.base_url)


def ask_for_link(*, login: str, address: str, at: datetime) -> None:
    """Somebody from outside forgot the password. The same happens for every name: a job is asked for, which mails a
    link where there is an account with an e-mail address. Raises TooManyTries, alike for known and unknown names.
    """
    throttle.asked(login, address, at)
    user = User.objects.filter(login_folded=fold(login)[:300], active=True).first()
    jobs.enqueue(jobs.named(SEND), account=user.public if user and "@" in user.login else "", invited=False)


def mail_link(*, by: Actor, user: User) -> str:
    """Has a fresh link (7 days) mailed to who is invited or forgot the password; the ticket of the job that does so.
    Raises Refused where none can."""
    require(by, "access.links")
    cover(by, user.role)
    if not user.active:
        raise Refused(_("This account has ended. Reopen it first."))
    if "@" not in user.login:
        raise Refused(_("This account has no e-mail address: hand the link over."))
    if not can_mail():
        raise Refused(_("No mail can be sent: set REGULARS_EMAIL_URL and REGULARS_BASE_URL, or hand the link over."))
    return jobs.enqueue(jobs.named(SEND), account=user.public, invited=True).ticket


def send_link(*, account: str, invited: bool, at: datetime) -> bool:
    """Makes the link and mails it, in the language of who gets it. False where nobody is to get one. Raises
    MailRefused."""
    by, user = mail.server(), user_named(account) if account else None
    if user is None or by is None or not user.active:
        return False
    lasts = JOIN_LASTS if invited else FORGOTTEN_LASTS
    given = (
        new_password_link(by=_SYSTEM, at=at, user=user)
        if invited
        else new_link(OneTimeLink.Purpose.JOIN, user, at + lasts)  # others stay: nobody else's asking takes hers away
    )
    rules = house()
    with translation.override(user.language):
        told = {
            "house": rules.name,
            "link": f"{settings.ENVIRONMENT.base_url}/join/{given}/",
            "time": saying.duration(lasts),
        }
        subject, text = _invitation() if invited else _forgotten()
        made = mail.message(
            to=user.login, sender=by.sender or rules.email or user.login, name=rules.name, subject=subject % told,
            text=text % told, at=at,
        )  # fmt: skip
    mail.send(made, by, at=at)
    log.info("A link was mailed to user %s.", user.public)
    return True


def _invitation() -> tuple[str, str]:
    return _("Your account at %(house)s"), _(
        "You have an account at %(house)s.\n\n"
        "Choose your password here; the link works once, for %(time)s:\n%(link)s\n\n"
        "Pass it on to nobody: whoever has it comes in as you.\n"
    )


def _forgotten() -> tuple[str, str]:
    return _("A new password for %(house)s"), _(
        "Somebody, most likely you, asked for a new password at %(house)s.\n\n"
        "Choose it here; the link works once, for %(time)s:\n%(link)s\n\n"
        "You did not ask? Then do nothing: your password stays as it is.\n"
    )
