"""One's own account: profile, password, signing in, proving it is oneself."""

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.access.actions.pieces import checked_language, checked_name, put_password, use_up
from regulars.areas.access.door import passwords, sessions, throttle
from regulars.areas.access.models import OneTimeLink, Session, Theme, User
from regulars.areas.access.queries import actor_for, has_second_factor, link_of
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.text import fold

log = logging.getLogger("regulars.access")
_JOIN = OneTimeLink.Purpose.JOIN


class WrongPassword(Refused):
    """Name and password do not belong together. The same for an unknown name and an ended account (A5)."""

    code = "wrong_password"


def change_profile(*, by: Actor, at: datetime, user: User, name: str, language: str, theme: str) -> int | None:
    """The name others see, the language of the screen, light or dark."""
    if theme not in Theme.values:
        raise Refused(_("There is no such theme."), where="theme")
    values = {"name": checked_name(name), "language": checked_language(language), "theme": theme}
    with deed(verb="access.profile_changed", by=by, at=at) as link:
        link.change(User.objects.get(pk=user.pk), **values)
    return link.changeset


def choose_password(*, given: str, password: str, at: datetime, through: str = "page", detail: str = "") -> User:
    """Sets the password by a one-time link. All sessions and tokens end (A6). Raises NotFound for a used link."""
    user = link_of(given, _JOIN, at=at).user
    assert user is not None
    if not user.active:
        raise NotFound(_("This account has ended."))
    kept, short = _accepted(user, password)
    by = actor_for(user).coming(through=through, detail=detail)
    with deed(verb="access.password_set", by=by, at=at) as link:
        use_up(given, _JOIN)
        put_password(link, user, kept, at, short=short)
    throttle.forgive(user)
    return user


def change_password(*, by: Actor, at: datetime, user: User, password: str, keep: Session | None = None) -> None:
    """A new password for oneself, after the old one was proved. Every session but `keep` and every token end (A6)."""
    kept, short = _accepted(user, password)
    with deed(verb="access.password_changed", by=by, at=at) as link:
        put_password(link, user, kept, at, short=short, keep=keep)


def _accepted(user: User, password: str) -> tuple[str, bool]:
    """The password's hash, and whether it is long enough only beside a second factor. Raises Refused."""
    guarded = has_second_factor(user)
    passwords.check(password, user.name, user.login, house().name, least=passwords.least(guarded=guarded))
    return passwords.hashed(password), passwords.is_short(password)


def sign_in(*, login: str, password: str, address: str, mark: str | None, at: datetime) -> User:
    """The user of this name and password; a second factor is asked for afterwards.

    Raises WrongPassword or TooManyTries, alike for known and unknown names.
    """
    guess = throttle.Guess.of(login, address, mark)
    try:
        throttle.count(guess, at)
    except throttle.TooManyTries:
        log.warning("A try to sign in was refused: too many.")
        raise
    user = User.objects.select_related("password").filter(login_folded=fold(login)[:300]).first()
    right = passwords.fits(password, user.password.hash if user and hasattr(user, "password") else None)
    if user is None or not right or not user.active:
        log.info("A try to sign in failed.")
        raise WrongPassword(_("This name and this password do not belong together."))
    throttle.succeeded(guess)
    log.info("User %s signed in.", user.public)
    return user


def prove(*, user: User, session: Session, password: str, address: str, mark: str | None, at: datetime) -> None:
    """The password once more before a dangerous act (A8). Raises as `sign_in`, `where` = your_password."""
    try:
        sign_in(login=user.login, password=password, address=address, mark=mark, at=at)
    except Refused as refused:
        raise type(refused)(_("This is not your password."), where="your_password") from None
    sessions.prove(session, at)


def end_session(*, user: User, public: str) -> None:
    """Ends one of the user's own sessions. Raises NotFound for any other."""
    if not Session.objects.filter(user=user, public=public).delete()[0]:
        raise NotFound(_("There is no such session. It may have ended by itself."))
