"""Tokens for programs."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from regulars.areas.access.actions.pieces import require, revoke
from regulars.areas.access.door.secrets import TOKEN_MARK, digest, public_name, secret
from regulars.areas.access.models import RIGHTS, Token, TokenSecret, User
from regulars.areas.access.queries import rights_to_give
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.text import clean

TOKEN_LASTS_AT_MOST = 365  # days (A9)


def make_token(
    *, by: Actor, at: datetime, user: User, name: str, rights: Iterable[str], days: int
) -> tuple[Token, str]:
    """A token of the user and its text, which is shown once and kept nowhere. It ends after `days` (1 to 365).

    Raises Refused for rights the user or the giver has not, a name in use, an end too far.
    """
    require(by, "access.tokens")
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
        revoke(link, [Token.objects.get(pk=token.pk)], at)
    return link.changeset


def _scope(by: Actor, user: User, rights: Iterable[str]) -> str:
    asked, may_give = set(rights), {right for right in rights_to_give(user) if by.may(right)}
    if not asked:
        named = ", ".join(sorted(may_give))
        raise Refused(_("Choose what the program may do: %(rights)s.") % {"rights": named}, where="rights")
    if unknown := sorted(asked - set(RIGHTS)):
        raise Refused(_("There is no such right: %(rights)s.") % {"rights": ", ".join(unknown)}, where="rights")
    if beyond := sorted(asked - may_give):
        raise NotAllowed(
            _("You cannot give what you do not have: %(rights)s.") % {"rights": ", ".join(beyond)}, where="rights"
        )
    return " ".join(right for right in RIGHTS if right in asked)
