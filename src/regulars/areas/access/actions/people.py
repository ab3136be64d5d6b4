"""The people: invited, given a role, ended and reopened; links by which somebody comes in."""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from regulars.areas.access.actions.pieces import (
    add_account,
    cover,
    end_all,
    keep_an_owner,
    known_role,
    new_link,
    new_user,
    require,
    use_up,
)
from regulars.areas.access.models import OneTimeLink, Role, Session, User
from regulars.areas.access.queries import link_of
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused

log = logging.getLogger("regulars.access")
JOIN_LASTS = timedelta(days=7)
COME_IN_LASTS = timedelta(hours=1)
_JOIN = OneTimeLink.Purpose.JOIN
_COME_IN = OneTimeLink.Purpose.COME_IN


def add_user(*, by: Actor, at: datetime, login: str, name: str, role: str, language: str) -> tuple[User, str]:
    """A new account without a password, and the secret of the link by which its owner chooses one (7 days).

    Raises NotAllowed without `access.users`; Refused, naming the field.
    """
    require(by, "access.users")
    user = new_user(login=login, name=name, role=role, language=language, at=at)
    cover(by, role)
    told = {"user": user.name, "role": role}
    with deed(verb="access.user_added", by=by, at=at, particulars=told) as link:
        add_account(link, user)
        given = new_link(_JOIN, user, at + JOIN_LASTS)
    return user, given


def new_password_link(*, by: Actor, at: datetime, user: User) -> str:
    """The secret of a fresh link by which the user chooses a (new) password; older ones stop working.

    Nothing changes until it is used; then the journal says so. A second factor is asked for afterwards as ever.
    """
    require(by, "access.links")
    cover(by, user.role)
    if not user.active:
        raise Refused(_("This account has ended. Reopen it first."))
    OneTimeLink.objects.filter(user=user, purpose=_JOIN).delete()
    return new_link(_JOIN, user, at + JOIN_LASTS)


def come_in_link(base_url: str, *, by: Actor, at: datetime, user: User) -> str:
    """A one-time address that signs the user in without a password (one hour). For the shell: `demo` prints it."""
    if by.kind not in ("operator", "system"):
        raise NotAllowed(_("Such a link is made at the shell of the machine only."))
    return f"{base_url.rstrip('/')}/come-in/{new_link(_COME_IN, user, at + COME_IN_LASTS)}/"


def take_come_in_link(*, given: str, at: datetime) -> User:
    """Uses up a sign-in link. Raises NotFound."""
    link = link_of(given, _COME_IN, at=at)
    use_up(given, _COME_IN)
    assert link.user is not None
    if not link.user.active:
        raise NotFound(_("This account has ended."))
    return link.user


def change_role(*, by: Actor, at: datetime, user: User, role: str) -> int | None:
    """Gives the user another role. Her sessions and tokens end at once, so nothing goes on under the old one (A6).

    Raises Refused if the house would be left without an owner.
    """
    require(by, "access.users")
    known_role(role)
    cover(by, role, user.role)
    told = {"user": user.name, "before": user.role, "role": role}
    with deed(verb="access.role_changed", by=by, at=at, particulars=told) as link:
        now = User.objects.get(pk=user.pk)
        if role != Role.OWNER:
            keep_an_owner(now)
        if link.change(now, role=role):
            end_all(link, now, at)
    return link.changeset


def end_account(*, by: Actor, at: datetime, user: User) -> int | None:
    """The user may come in no more; sessions, tokens and links end. Her name stays in the journal."""
    require(by, "access.users")
    cover(by, user.role)
    with deed(verb="access.account_ended", by=by, at=at, particulars={"user": user.name}) as link:
        now = User.objects.get(pk=user.pk)
        keep_an_owner(now)
        if link.change(now, active=False):
            end_all(link, now, at)
    return link.changeset


def reopen_account(*, by: Actor, at: datetime, user: User) -> int | None:
    """The user may come in again, with the password she had."""
    require(by, "access.users")
    cover(by, user.role)
    with deed(verb="access.account_reopened", by=by, at=at, particulars={"user": user.name}) as link:
        link.change(User.objects.get(pk=user.pk), active=True)
    return link.changeset


def end_sessions(*, by: Actor, user: User, public: str = "") -> int:
    """Signs somebody else out: everywhere, or where the session of this public name is. Gives how many ended.

    Raises NotAllowed; NotFound where there is no such session.
    """
    require(by, "access.users")
    cover(by, user.role)
    sessions = Session.objects.filter(user=user, **({"public": public} if public else {}))
    ended, _rows = sessions.delete()
    if public and not ended:
        raise NotFound(_("There is no such session. It may have ended by itself."))
    log.info("%s %s ended %s sessions of user %s.", by.kind, by.id or "", ended, user.public)
    return ended
