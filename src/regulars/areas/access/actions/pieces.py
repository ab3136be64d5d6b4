"""What several deeds of this room are made of."""

from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.access.actions.telling import tell
from regulars.areas.access.door.secrets import digest, public_name, secret
from regulars.areas.access.models import RIGHTS_OF, OneTimeLink, Password, Role, Session, Step, Token, TokenSecret, User
from regulars.areas.house.countries import languages
from regulars.areas.journal.actions import Link
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.text import clean, fold


def require(by: Actor, right: str) -> None:
    if not by.may(right):
        raise NotAllowed(_("The right for this is missing. The owner of the house can give it."), right=right)


def cover(by: Actor, *roles: str) -> None:
    """Nobody gives, takes or reopens what is more than her own: a token for people makes no owner."""
    if not all(by.may(right) for role in roles for right in RIGHTS_OF[role]):
        raise NotAllowed(_("You may not do this to somebody who may more than you."))


def new_user(*, login: str, name: str, role: str, language: str, at: datetime) -> User:
    known_role(role)
    made = User(public=public_name(), login=_login(login), name=checked_name(name), role=role, created_at=at)
    made.language = checked_language(language)
    return made


def _login(text: str) -> str:
    login = clean(text)
    if "@" in login:
        from email_validator import EmailNotValidError, validate_email  # slow to load

        try:
            login = validate_email(login, check_deliverability=False).normalized
        except EmailNotValidError:
            raise Refused(_("This is not an e-mail address."), where="login") from None
    if not 2 <= len(login) <= 254 or not fold(login):
        raise Refused(_("Give an e-mail address, or a name of two letters or more."), where="login")
    return login


def checked_name(text: str) -> str:
    name = clean(text)
    if not 1 <= len(name) <= 120:
        raise Refused(_("Give a name of up to 120 letters."), where="name")
    return name


def checked_language(code: str) -> str:
    if code not in dict(languages()):
        raise Refused(_("The screen does not speak this language."), where="language")
    return code


def known_role(role: str) -> None:
    if role not in Role.values:
        raise Refused(_("There is no such role."), where="role")


def add_account(link: Link, user: User) -> None:
    user.derive()
    if User.objects.filter(login_folded=user.login_folded).exists():
        raise Refused(_("There is an account of this name already."), where="login")
    link.add(user)


def keep_an_owner(user: User) -> None:
    """Within a deed: refuses to take the last owner who can come in."""
    others = User.objects.filter(role=Role.OWNER, active=True, password__isnull=False).exclude(pk=user.pk)
    if user.role == Role.OWNER and user.active and not others.exists():
        raise Refused(_("This is the only owner of the house. Make somebody else an owner first."), where="role")


def put_password(link: Link, user: User, kept: str, at: datetime, *, short: bool, keep: Session | None = None) -> None:
    """Within a deed: the new hash, and the end of what the old password had opened but `keep`."""
    now = User.objects.get(pk=user.pk)
    if now.password_set_at is not None:
        tell(now, "password", at)
    link.change(now, password_set_at=at)
    Password.objects.update_or_create(user=now, defaults={"hash": kept, "short": short})
    end_all(link, now, at, keep=keep)


def end_all(link: Link, user: User, at: datetime, keep: Session | None = None) -> None:
    """Within a deed: ends the user's sessions (but `keep`), tokens and links."""
    end_sessions_but(user, keep)
    OneTimeLink.objects.filter(user=user).delete()
    revoke(link, list(Token.objects.filter(user=user, revoked_at=None)), at)


def end_sessions_but(user: User, keep: Session | None = None) -> None:
    """Ends the user's sessions but `keep`, and what is half way through the door."""
    Session.objects.filter(user=user).exclude(digest=keep.digest if keep else "").delete()
    Step.objects.filter(user=user).delete()


def revoke(link: Link, tokens: list[Token], at: datetime) -> None:
    living = [token for token in tokens if token.revoked_at is None]
    link.change_many(living, revoked_at=at)
    TokenSecret.objects.filter(token__in=living).delete()


def new_link(purpose: str, user: User | None, expires_at: datetime) -> str:
    given = secret()
    OneTimeLink.objects.create(digest=digest(given), purpose=purpose, user=user, expires_at=expires_at)
    return given


def use_up(given: str, purpose: str) -> None:
    """Uses the link up; of two at once only one succeeds."""
    if not OneTimeLink.objects.filter(digest=digest(given), purpose=purpose).delete()[0]:
        raise NotFound(_("This link has been used. Ask for a new one."))
