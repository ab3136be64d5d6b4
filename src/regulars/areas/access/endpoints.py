"""Who may, over HTTP: who the token is, its owner's tokens, the people of the house."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path
from pydantic import Field

from regulars.areas.access import actions, queries
from regulars.areas.access.models import RIGHTS, Role, Session, Token, User
from regulars.kernel.actor import Actor
from regulars.kernel.api import Instant, Routes, Shape, answer, nothing
from regulars.kernel.http import SIGNED_IN, actor_of
from regulars.kernel.tables import moment

routes = Routes("Access")
Name = Annotated[str, Path(max_length=80, description="Its `id`.")]
Right: Any = Literal[tuple(RIGHTS)]
Code = Annotated[str, Field(max_length=60)]
RoleName: Any = Literal[tuple(Role.values)]


class Me(Shape):
    name: str = Field(description="As the journal names this token.")
    user: str
    role: str
    rights: list[str] = Field(description="What the token may do now.")
    expires_at: Instant


class TokenShown(Shape):
    id: str
    name: str
    rights: list[str]
    state: Literal["open", "ended", "revoked"]
    created_at: Instant
    expires_at: Instant
    used_at: Instant | None


class TokenMade(TokenShown):
    token: str = Field(description="The text of the token. It is given this once and kept nowhere.")


class TokenInput(Shape):
    name: str = Field(min_length=1, max_length=80, description="The program that will use it.")
    rights: list[Right] = Field(min_length=1, max_length=len(RIGHTS), description="No more than this token has.")
    days: int = Field(90, ge=1, le=actions.TOKEN_LASTS_AT_MOST, description="How long it lasts.")


class UserShown(Shape):
    id: str
    login: str
    name: str
    role: str
    language: str
    state: Literal["open", "invited", "ended"]
    second_factor: bool = Field(description="Whether something is asked for beside the password.")
    since: Instant
    territories: list[str] = Field(description="For whose customers the user is responsible, as on the cards.")
    representatives: list[str] = Field(description="The codes under which cards have the user as representative.")


class UserInvited(UserShown):
    link: str = Field(description="The address at which a password is chosen, once, within seven days.")


class LinkMade(Shape):
    link: str = Field(description="The address at which a password is chosen, once, within seven days.")


class FactorShown(Shape):
    kind: Literal["passkey", "code", "recovery"]
    name: str
    since: Instant


class SessionShown(Shape):
    id: str
    user: str = Field(description="The `id` of whoever is signed in.")
    name: str
    browser: str
    started_at: Instant
    seen_at: Instant


class RightShown(Shape):
    right: str
    label: str
    roles: list[str]


class UserInput(Shape):
    login: str = Field(min_length=2, max_length=254, description="An e-mail address, or a name to sign in with.")
    name: str = Field(min_length=1, max_length=120)
    role: RoleName = "staff"
    language: str = Field("en", max_length=10)


class UserPatch(Shape):
    role: RoleName | None = None
    active: bool | None = Field(None, description="false ends the account, with its sessions and tokens.")
    territories: list[Code] | None = Field(None, max_length=100, description="All of them; those left out are taken.")
    representatives: list[Code] | None = Field(None, max_length=100, description="All of them.")


# --- the token itself -------------------------------------------------------------------------------------------------


@routes.get("/me", right=SIGNED_IN, gives=Me)
def show_me(request: HttpRequest) -> HttpResponse:
    """Say who this token is and what it may do."""
    by = actor_of(request)
    token = _own(by)
    user = token.user
    told = {"name": by.name, "user": user.login, "role": user.role, "rights": sorted(by.rights)}
    return answer({**told, "expires_at": moment(token.expires_at)})


@routes.get("/tokens", right="access.tokens", gives=list[TokenShown])
def list_tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens of this token's owner, without their text."""
    at = timezone.now()
    return answer([_token(each, at) for each in queries.tokens(_own(actor_of(request)).user)])


@routes.post("/tokens", right="access.tokens", gives={201: TokenMade})
def make_token(request: HttpRequest, wanted: TokenInput) -> HttpResponse:
    """Make a token.

    It belongs to the same owner and has no right that this token has not.
    """
    by, at = actor_of(request), timezone.now()
    token, text = actions.make_token(
        by=by, at=at, user=_own(by).user, name=wanted.name, rights=wanted.rights, days=wanted.days
    )
    return answer({**_token(token, at), "token": text}, status=201, location=f"/api/v1/tokens/{token.public}")


@routes.delete("/tokens/{token}", right=SIGNED_IN, gives=TokenShown, refuses=(404,))
def revoke_token(request: HttpRequest, token: Name) -> HttpResponse:
    """Revoke a token, at once and for good.

    Every token may revoke itself; the others of its owner need the right `access.tokens`.
    """
    by, at = actor_of(request), timezone.now()
    own = _own(by)
    found = queries.token_named(token, user=own.user, among=None if by.may("access.tokens") else own)
    changeset = actions.revoke_token(by=by, at=at, token=found)
    return answer(_token(Token.objects.select_related("user").get(pk=found.pk), at), changeset=changeset)


def _own(by: Actor) -> Token:
    token: Token = Token.objects.select_related("user").get(pk=by.id or 0)
    return token


def _token(token: Token, at: datetime) -> dict[str, Any]:
    used_at = getattr(getattr(token, "secret", None), "used_at", None)
    return {
        "id": token.public,
        "name": token.name,
        "rights": token.rights.split(),
        "state": "revoked" if token.revoked_at else "ended" if token.expires_at <= at else "open",
        "created_at": moment(token.created_at),
        "expires_at": moment(token.expires_at),
        "used_at": moment(used_at) if used_at else None,
    }


# --- people -----------------------------------------------------------------------------------------------------------


@routes.get("/users", right="access.links", gives=list[UserShown])
def list_users(request: HttpRequest) -> HttpResponse:
    """List everybody with an account."""
    guarded = queries.guarded_users()
    return answer([_user(each, each.pk in guarded) for each in queries.users()])


@routes.post("/users", right="access.users", gives={201: UserInvited})
def add_user(request: HttpRequest, wanted: UserInput) -> HttpResponse:
    """Invite somebody.

    The answer holds the link by which a password is chosen; send it over a way you trust.
    """
    user, secret = actions.add_user(by=actor_of(request), at=timezone.now(), **wanted.model_dump())
    return answer(
        {**_user(user, False), "link": _address(request, secret)}, status=201, location=f"/api/v1/users/{user.public}"
    )


@routes.patch("/users/{user}", right="access.users", gives=UserShown, refuses=(404,))
def change_user(request: HttpRequest, user: Name, wanted: UserPatch) -> HttpResponse:
    """Change somebody's role, for which customers she is responsible, end or reopen the account.

    A change of role ends all sessions and tokens. The last owner stays.
    """
    found, by, at = queries.user_named(user), actor_of(request), timezone.now()
    changeset = None
    if wanted.role is not None:
        changeset = actions.change_role(by=by, at=at, user=found, role=wanted.role)
    if wanted.active is not None:
        act = actions.reopen_account if wanted.active else actions.end_account
        changeset = act(by=by, at=at, user=found) or changeset
    if wanted.territories is not None or wanted.representatives is not None:
        told = {"territories": wanted.territories, "representatives": wanted.representatives}
        changeset = actions.change_charges(by=by, at=at, user=found, **told) or changeset
    return answer(_user(User.objects.get(pk=found.pk), queries.has_second_factor(found)), changeset=changeset)


@routes.post("/users/{user}/link", right="access.links", gives={201: LinkMade}, refuses=(404,))
def make_link(request: HttpRequest, user: Name) -> HttpResponse:
    """Make a link for who forgot the password.

    Older links of this person stop working. A second factor is asked for as ever.
    """
    found = queries.user_named(user)
    secret = actions.new_password_link(by=actor_of(request), at=timezone.now(), user=found)
    return answer({"link": _address(request, secret)}, status=201, location=f"/api/v1/users/{found.public}")


@routes.delete("/users/{user}/reading", right="access.users", gives={204: None}, refuses=(404,))
def lift_reading(request: HttpRequest, user: Name) -> HttpResponse:
    """Find it all right that somebody read very many customers.

    Until then this person gets one card every ten seconds, and no list and no file.
    """
    changeset = actions.lift_reading(by=actor_of(request), at=timezone.now(), user=queries.user_named(user))
    return nothing(changeset=changeset)


@routes.post("/users/{user}/mail", right="access.links", gives={204: None}, refuses=(404,))
def mail_link(request: HttpRequest, user: Name) -> HttpResponse:
    """Have a link mailed to who is invited or forgot the password.

    It goes to the e-mail address with which this person signs in; older links stop working.
    """
    actions.mail_link(by=actor_of(request), user=queries.user_named(user))
    return nothing()


@routes.get("/users/{user}/factors", right="access.links", gives=list[FactorShown], refuses=(404,))
def list_factors(request: HttpRequest, user: Name) -> HttpResponse:
    """List somebody's second factors, without their secrets."""
    living = queries.factors_of(queries.user_named(user))
    return answer([{"kind": each.kind, "name": each.name, "since": moment(each.created_at)} for each in living])


@routes.delete("/users/{user}/factors", right="access.users", gives=list[FactorShown], refuses=(404,))
def remove_factors(request: HttpRequest, user: Name) -> HttpResponse:
    """Remove somebody's second factors, who lost them.

    The password alone lets in again; sessions and tokens end.
    """
    found = queries.user_named(user)
    changeset = actions.remove_all_factors(by=actor_of(request), at=timezone.now(), user=found)
    return answer([], changeset=changeset)


@routes.get("/sessions", right="access.users", gives=list[SessionShown])
def list_sessions(request: HttpRequest) -> HttpResponse:
    """List who is signed in."""
    return answer([_session(each) for each in queries.sessions(at=timezone.now())])


@routes.delete("/sessions/{name}", right="access.users", gives=SessionShown, refuses=(404,))
def end_session(request: HttpRequest, name: Name) -> HttpResponse:
    """Sign somebody out of one browser."""
    found = queries.session_named(name, at=timezone.now())
    actions.end_sessions(by=actor_of(request), user=found.user, public=found.public)
    return answer(_session(found))


@routes.get("/roles", right=SIGNED_IN, gives=list[RightShown])
def list_roles(request: HttpRequest) -> HttpResponse:
    """List each right and the roles that have it."""
    told = [each for _about, rights in queries.who_may_what() for each in rights]
    return answer([{"right": each.right, "label": str(each.label), "roles": list(each.roles)} for each in told])


def _address(request: HttpRequest, secret: str) -> str:
    base = settings.ENVIRONMENT.base_url or f"{request.scheme}://{request.get_host()}"
    return base.rstrip("/") + reverse("join", args=[secret])


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.public, "user": session.user.public, "name": session.user.name, "browser": session.browser,
        "started_at": moment(session.started_at), "seen_at": moment(session.seen_at),
    }  # fmt: skip


def _user(user: User, guarded: bool) -> dict[str, Any]:
    state = "ended" if not user.active else "open" if user.password_set_at else "invited"
    codes = dict(queries.charges_of(user))
    return {
        "id": user.public, "login": user.login, "name": user.name, "role": user.role, "language": user.language,
        "state": state, "second_factor": guarded, "since": moment(user.created_at),
        "territories": list(codes["territory"]), "representatives": list(codes["representative"]),
    }  # fmt: skip
