"""Letting people in: the first owner, invitations, roles, passwords, tokens. The journal has the deed, no secret."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from regulars.areas.access.door import passwords, sessions, throttle
from regulars.areas.access.door.secrets import TOKEN_MARK, digest, public_name, secret
from regulars.areas.access.models import (
    RIGHTS,
    RIGHTS_OF,
    OneTimeLink,
    Password,
    Role,
    Session,
    Theme,
    Token,
    TokenSecret,
    User,
)
from regulars.areas.access.queries import actor_for, has_owner, link_of, rights_to_give
from regulars.areas.house import actions as house_actions
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import Link, deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.text import clean, fold

log = logging.getLogger("regulars.access")
FIRST_LASTS = timedelta(hours=24)
JOIN_LASTS = timedelta(days=7)
COME_IN_LASTS = timedelta(hours=1)
TOKEN_LASTS_AT_MOST = 365  # days (A9)
_FIRST = OneTimeLink.Purpose.FIRST
_JOIN = OneTimeLink.Purpose.JOIN
_COME_IN = OneTimeLink.Purpose.COME_IN


class WrongPassword(Refused):
    """Name and password do not belong together. The same for an unknown name and an ended account (A5)."""

    code = "wrong_password"


# --- the first start ------------------------------------------------------------------------------------------------


def first_link(base_url: str, *, at: datetime) -> str:
    """The one-time address at which the owner's account is made; an older one stops working.

    Raises Refused once the house has an owner.
    """
    if has_owner():
        raise Refused(_("This house has an owner. New people are invited on the people page."))
    OneTimeLink.objects.filter(purpose=_FIRST).delete()
    return f"{base_url.rstrip('/')}/welcome/{_new_link(_FIRST, None, at + FIRST_LASTS)}/"


def found_house(
    *,
    given: str,
    at: datetime,
    login: str,
    name: str,
    password: str,
    language: str,
    settings: Mapping[str, Any],
    through: str = "page",
    detail: str = "",
) -> User:
    """Makes the owner's account and the settings of the house, and uses up the first link `given`.

    Raises NotFound for a link used or expired; Refused, naming the field.
    """
    link_of(given, _FIRST, at=at)
    owner = _user(login=login, name=name, role=Role.OWNER, language=language, at=at)
    ready = house_actions.checked(settings)
    passwords.check(password, owner.name, owner.login, str(ready.get("name", "")))
    kept = passwords.hashed(password)
    by = Actor(kind="operator", name=owner.name, rights=frozenset({"*"}), through=through, detail=detail)
    with deed(verb="access.house_founded", by=by, at=at, particulars={"house": ready.get("name", "")}) as link:
        _use(given, _FIRST)
        if has_owner():
            raise Refused(_("This house has an owner already."))
        owner.password_set_at = at
        _add(link, owner)
        Password.objects.create(user=owner, hash=kept)
        house_actions.write(link, ready, chosen=True)
    return owner


# --- people ---------------------------------------------------------------------------------------------------------


def add_user(*, by: Actor, at: datetime, login: str, name: str, role: str, language: str) -> tuple[User, str]:
    """A new account without a password, and the secret of the link by which its owner chooses one (7 days).

    Raises NotAllowed without `access.users`; Refused, naming the field.
    """
    _require(by, "access.users")
    user = _user(login=login, name=name, role=role, language=language, at=at)
    _cover(by, role)
    told = {"user": user.name, "role": role}
    with deed(verb="access.user_added", by=by, at=at, particulars=told) as link:
        _add(link, user)
        given = _new_link(_JOIN, user, at + JOIN_LASTS)
    return user, given


def new_password_link(*, by: Actor, at: datetime, user: User) -> str:
    """The secret of a fresh link by which the user chooses a (new) password; older ones stop working.

    Nothing changes until it is used; then the journal says so.
    """
    _require(by, "access.users")
    _cover(by, user.role)
    if not user.active:
        raise Refused(_("This account has ended. Reopen it first."))
    OneTimeLink.objects.filter(user=user, purpose=_JOIN).delete()
    return _new_link(_JOIN, user, at + JOIN_LASTS)


def come_in_link(base_url: str, *, by: Actor, at: datetime, user: User) -> str:
    """A one-time address that signs the user in without a password (one hour). For the shell: `demo` prints it."""
    if by.kind not in ("operator", "system"):
        raise NotAllowed(_("Such a link is made at the shell of the machine only."))
    return f"{base_url.rstrip('/')}/come-in/{_new_link(_COME_IN, user, at + COME_IN_LASTS)}/"


def take_come_in_link(*, given: str, at: datetime) -> User:
    """Uses up a sign-in link. Raises NotFound."""
    link = link_of(given, _COME_IN, at=at)
    _use(given, _COME_IN)
    assert link.user is not None
    if not link.user.active:
        raise NotFound(_("This account has ended."))
    return link.user


def change_role(*, by: Actor, at: datetime, user: User, role: str) -> int | None:
    """Gives the user another role. Her sessions and tokens end at once, so nothing goes on under the old one (A6).

    Raises Refused if the house would be left without an owner.
    """
    _require(by, "access.users")
    _known_role(role)
    _cover(by, role, user.role)
    told = {"user": user.name, "before": user.role, "role": role}
    with deed(verb="access.role_changed", by=by, at=at, particulars=told) as link:
        now = User.objects.get(pk=user.pk)
        if role != Role.OWNER:
            _keep_an_owner(now)
        if link.change(now, role=role):
            _end_all(link, now, at)
    return link.changeset


def end_account(*, by: Actor, at: datetime, user: User) -> int | None:
    """The user may come in no more; sessions, tokens and links end. Her name stays in the journal."""
    _require(by, "access.users")
    _cover(by, user.role)
    with deed(verb="access.account_ended", by=by, at=at, particulars={"user": user.name}) as link:
        now = User.objects.get(pk=user.pk)
        _keep_an_owner(now)
        if link.change(now, active=False):
            _end_all(link, now, at)
    return link.changeset


def reopen_account(*, by: Actor, at: datetime, user: User) -> int | None:
    """The user may come in again, with the password she had."""
    _require(by, "access.users")
    _cover(by, user.role)
    with deed(verb="access.account_reopened", by=by, at=at, particulars={"user": user.name}) as link:
        link.change(User.objects.get(pk=user.pk), active=True)
    return link.changeset


# --- one's own account ----------------------------------------------------------------------------------------------


def change_profile(*, by: Actor, at: datetime, user: User, name: str, language: str, theme: str) -> int | None:
    """The name others see, the language of the screen, light or dark."""
    if theme not in Theme.values:
        raise Refused(_("There is no such theme."), where="theme")
    values = {"name": _name(name), "language": _language(language), "theme": theme}
    with deed(verb="access.profile_changed", by=by, at=at) as link:
        link.change(User.objects.get(pk=user.pk), **values)
    return link.changeset


def choose_password(*, given: str, password: str, at: datetime, through: str = "page", detail: str = "") -> User:
    """Sets the password by a one-time link. All sessions and tokens end (A6). Raises NotFound for a used link."""
    user = link_of(given, _JOIN, at=at).user
    assert user is not None
    if not user.active:
        raise NotFound(_("This account has ended."))
    passwords.check(password, user.name, user.login, house().name)
    kept = passwords.hashed(password)
    by = actor_for(user).coming(through=through, detail=detail)
    with deed(verb="access.password_set", by=by, at=at) as link:
        _use(given, _JOIN)
        _put_password(link, user, kept, at)
    throttle.forgive(user)
    return user


def change_password(*, by: Actor, at: datetime, user: User, password: str, keep: Session | None = None) -> None:
    """A new password for oneself, after the old one was proved. Every session but `keep` and every token end (A6)."""
    passwords.check(password, user.name, user.login, house().name)
    kept = passwords.hashed(password)
    with deed(verb="access.password_changed", by=by, at=at) as link:
        _put_password(link, user, kept, at, keep=keep)


def sign_in(*, login: str, password: str, address: str, mark: str | None, at: datetime) -> User:
    """The user of this name and password. Raises WrongPassword or TooManyTries, alike for known and unknown names."""
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


# --- tokens ---------------------------------------------------------------------------------------------------------


def make_token(
    *, by: Actor, at: datetime, user: User, name: str, rights: Iterable[str], days: int
) -> tuple[Token, str]:
    """A token of the user and its text, which is shown once and kept nowhere. It ends after `days` (1 to 365).

    Raises Refused for rights the user or the giver has not, a name in use, an end too far.
    """
    _require(by, "access.tokens")
    chosen, called = _scope(by, user, rights), clean(name)[:80]
    if not called:
        raise Refused(_("Give the token a name by which you will know its program."), where="name")
    if not 1 <= days <= TOKEN_LASTS_AT_MOST:
        raise Refused(_("A token lasts from one day to one year."), where="days")
    text = TOKEN_MARK + secret()
    token = Token(
        public=public_name(), user=user, name=called, rights=chosen, created_at=at, expires_at=at + timedelta(days=days)
    )
    with deed(verb="access.token_made", by=by, at=at, particulars={"token": called}) as link:
        if Token.objects.filter(user=user, name=called, revoked_at=None).exists():
            raise Refused(_("You have a token of this name. Revoke it first or choose another name."), where="name")
        link.add(token)
        TokenSecret.objects.create(token=token, digest=digest(text))
    return token, text


def revoke_token(*, by: Actor, at: datetime, token: Token) -> int | None:
    """Ends a token at once and for good."""
    told = {"token": token.name, "user": token.user.name}
    with deed(verb="access.token_revoked", by=by, at=at, particulars=told) as link:
        _revoke(link, [Token.objects.get(pk=token.pk)], at)
    return link.changeset


# --- pieces ---------------------------------------------------------------------------------------------------------


def _require(by: Actor, right: str) -> None:
    if not by.may(right):
        raise NotAllowed(_("The right for this is missing. The owner of the house can give it."), right=right)


def _cover(by: Actor, *roles: str) -> None:
    """Nobody gives, takes or reopens what is more than her own: a token for people makes no owner."""
    if not all(by.may(right) for role in roles for right in RIGHTS_OF[role]):
        raise NotAllowed(_("You may not do this to somebody who may more than you."))


def _user(*, login: str, name: str, role: str, language: str, at: datetime) -> User:
    _known_role(role)
    made = User(public=public_name(), login=_login(login), name=_name(name), role=role, created_at=at)
    made.language = _language(language)
    return made


def _login(text: str) -> str:
    login = clean(text)
    if "@" in login:
        try:
            login = validate_email(login, check_deliverability=False).normalized
        except EmailNotValidError:
            raise Refused(_("This is not an e-mail address."), where="login") from None
    if not 2 <= len(login) <= 254 or not fold(login):
        raise Refused(_("Give an e-mail address, or a name of two letters or more."), where="login")
    return login


def _name(text: str) -> str:
    name = clean(text)
    if not 1 <= len(name) <= 120:
        raise Refused(_("Give a name of up to 120 letters."), where="name")
    return name


def _language(code: str) -> str:
    from regulars.areas.house.countries import languages

    if code not in dict(languages()):
        raise Refused(_("The screen does not speak this language."), where="language")
    return code


def _known_role(role: str) -> None:
    if role not in Role.values:
        raise Refused(_("There is no such role."), where="role")


def _scope(by: Actor, user: User, rights: Iterable[str]) -> str:
    asked, may_give = set(rights), {right for right in rights_to_give(user) if by.may(right)}
    if not asked:
        named = ", ".join(sorted(may_give))
        raise Refused(_("Choose what the program may do: %(rights)s.") % {"rights": named}, where="rights")
    if beyond := sorted(asked - may_give):
        raise NotAllowed(
            _("You cannot give what you do not have: %(rights)s.") % {"rights": ", ".join(beyond)}, where="rights"
        )
    return " ".join(right for right in RIGHTS if right in asked)


def _add(link: Link, user: User) -> None:
    user.derive()
    if User.objects.filter(login_folded=user.login_folded).exists():
        raise Refused(_("There is an account of this name already."), where="login")
    link.add(user)


def _keep_an_owner(user: User) -> None:
    """Within a deed: refuses to take the last owner who can come in."""
    others = User.objects.filter(role=Role.OWNER, active=True, password__isnull=False).exclude(pk=user.pk)
    if user.role == Role.OWNER and user.active and not others.exists():
        raise Refused(_("This is the only owner of the house. Make somebody else an owner first."), where="role")


def _put_password(link: Link, user: User, kept: str, at: datetime, keep: Session | None = None) -> None:
    now = User.objects.get(pk=user.pk)
    link.change(now, password_set_at=at)
    Password.objects.update_or_create(user=now, defaults={"hash": kept})
    _end_all(link, now, at, keep=keep)


def _end_all(link: Link, user: User, at: datetime, keep: Session | None = None) -> None:
    """Within a deed: ends the user's sessions (but `keep`), tokens and links."""
    Session.objects.filter(user=user).exclude(digest=keep.digest if keep else "").delete()
    OneTimeLink.objects.filter(user=user).delete()
    _revoke(link, list(Token.objects.filter(user=user, revoked_at=None)), at)


def _revoke(link: Link, tokens: list[Token], at: datetime) -> None:
    living = [token for token in tokens if token.revoked_at is None]
    link.change_many(living, revoked_at=at)
    TokenSecret.objects.filter(token__in=living).delete()


def _new_link(purpose: str, user: User | None, expires_at: datetime) -> str:
    given = secret()
    OneTimeLink.objects.create(digest=digest(given), purpose=purpose, user=user, expires_at=expires_at)
    return given


def _use(given: str, purpose: str) -> None:
    """Uses the link up; of two at once only one succeeds."""
    if not OneTimeLink.objects.filter(digest=digest(given), purpose=purpose).delete()[0]:
        raise NotFound(_("This link has been used. Ask for a new one."))
