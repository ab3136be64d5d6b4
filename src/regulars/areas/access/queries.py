"""Who there is, and what they may now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from regulars.areas.access.door.secrets import TOKEN_MARK, digest
from regulars.areas.access.models import (
    ABOUT_RIGHTS,
    ABOUT_ROLE,
    RIGHTS,
    RIGHTS_OF,
    RIGHTS_WITHIN,
    Charge,
    Factor,
    Noticed,
    OneTimeLink,
    RecoveryCode,
    Role,
    Session,
    Token,
    TokenSecret,
    User,
)
from regulars.areas.house.queries import House, house
from regulars.kernel.actor import Actor, Own
from regulars.kernel.errors import NotFound
from regulars.kernel.prepared import Prepared
from regulars.kernel.registries import Text
from regulars.kernel.text import fold

MAY_BE_KEPT = (Role.STAFF, Role.TILL, Role.MARKETER)  # to their own customers
USED_EVERY = timedelta(minutes=1)
_OF_DIGEST = Prepared(
    lambda digested: TokenSecret.objects.select_related("token__user__noticed").filter(digest=digested)
)
_CHARGES = Prepared(lambda number: Charge.objects.filter(user_id=number).order_by("code").values_list("fact", "code"))


def has_owner() -> bool:
    """Whether the first start is over: somebody owns the house and has a password."""
    return User.objects.filter(role=Role.OWNER, password__isnull=False).exists()


def users() -> QuerySet[User]:
    """Everybody with an account, the open ones first, by name."""
    return User.objects.select_related("noticed").order_by("-active", "name", "login_folded")


def user_named(public: str) -> User:
    """The user of this public name. Raises NotFound."""
    return _found(User.objects.filter(public=public).first())


def user_of_login(login: str) -> User:
    """The user of this login. Raises NotFound."""
    return _found(User.objects.filter(login_folded=fold(login)).first())


def actor_for(user: User, *, through: str = "page", rules: House | None = None) -> Actor:
    """The user as one who acts, with the rights of this moment. `rules` spare reading the settings again."""
    own = own_of(user, rules)
    rights = user.rights if own is None else user.rights & RIGHTS_WITHIN
    return Actor(
        kind="user", id=user.pk, name=user.name, rights=rights, through=through, own=own, account=user.pk,
        slowed=_is_slowed(user),
    )  # fmt: skip


def noticed(user: User) -> Noticed | None:
    """When she read very much in a short time, if no owner has said since that it was all right."""
    found: Noticed | None = getattr(user, "noticed", None)
    return found


def _is_slowed(user: User) -> bool:
    return user.role != Role.OWNER and noticed(user) is not None


def own_of(user: User, rules: House | None = None) -> Own | None:
    """The customers that are the user's own, where she may know of no others; None where she may know of all."""
    if user.role not in MAY_BE_KEPT:
        return None
    rules = rules or house()
    also = user.role != Role.MARKETER or rules.own_customers_only_marketing
    return charges_of(user) if rules.own_customers_only and also else None


def charges_of(user: User) -> Own:
    """What the user is responsible for, whether or not she is kept to it: the representative's code, then
    territories."""
    codes: dict[str, list[str]] = {"representative": [], "territory": []}
    for fact, code in _CHARGES.rows(user.pk):
        codes[fact].append(code)
    return tuple((fact, tuple(each)) for fact, each in codes.items())


def actor_of_token(given: str, *, at: datetime) -> Actor | None:
    """The program of this token; None for a token unknown, revoked, expired, or of an account that ended.

    It never has more rights than its owner has now (A9). Notes when it was last used, once a minute at most.
    """
    if not given.startswith(TOKEN_MARK):
        return None
    kept = next(iter(_OF_DIGEST.rows(digest(given))), None)
    if kept is None or kept.token.revoked_at or kept.token.expires_at <= at or not kept.token.user.active:
        return None
    if kept.used_at is None or at - kept.used_at >= USED_EVERY:
        TokenSecret.objects.filter(pk=kept.pk).update(used_at=at)
    token: Token = kept.token
    name, own = f"{token.name} ({token.user.name})", own_of(token.user)
    rights = rights_of(token) if own is None else rights_of(token) & RIGHTS_WITHIN
    return Actor(
        kind="token", id=token.pk, name=name, rights=rights, through="api", own=own, account=token.user_id,
        slowed=_is_slowed(token.user),
    )  # fmt: skip


def rights_of(token: Token) -> frozenset[str]:
    """The token's rights as far as its owner has them now."""
    has = token.user.rights
    return token.scope() if "*" in has else token.scope() & has


def rights_to_give(user: User) -> tuple[str, ...]:
    """The rights this user's tokens may have, in the order of the table."""
    return tuple(right for right in RIGHTS if "*" in user.rights or right in user.rights)


def names_of_users(by: Actor, keys: Collection[int]) -> Mapping[int, str]:
    """The names of these users, for a history, which tells names of users anyway. None is ever removed."""
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))


def owners_beside(account: int) -> int:
    """How many owners can come in, this account left out."""
    return _owners().exclude(pk=account).count()


def is_owner(account: int) -> bool:
    """Whether this account is an owner's who can come in."""
    return _owners().filter(pk=account).exists()


def _owners() -> QuerySet[User]:
    return User.objects.filter(role=Role.OWNER, active=True, password__isnull=False)


def names_with(right: str) -> list[str]:
    """The names of the accounts in use that have this right, for a choice of who did something."""
    rows = User.objects.filter(active=True).order_by("name")
    return [user.name for user in rows if "*" in user.rights or right in user.rights]


def an_owner() -> User:
    """The owner who has been here longest. Raises NotFound in a house without one."""
    return _found(User.objects.filter(role=Role.OWNER, active=True).order_by("created_at", "id").first())


def tokens(user: User | None = None) -> QuerySet[Token]:
    """The tokens of one user, or of all, with owner and last use; the living ones first, newest first."""
    asked = Token.objects.select_related("user", "secret").order_by("revoked_at", "-created_at")
    found: QuerySet[Token] = asked.filter(user=user) if user else asked
    return found


def token_named(word: str, *, user: User | None = None, among: Token | None = None) -> Token:
    """The living token of this public name, or of this name if only one has it. Raises NotFound.

    Looked for among those of `user`, or with `among` only that one token: others are not there.
    """
    asked = tokens(user).filter(Q(public=word) | Q(name=word), revoked_at=None)
    fitting = list(asked.filter(pk=among.pk)[:2] if among else asked[:2])
    return _found(fitting[0] if len(fitting) == 1 else None)


def factors_of(user: User) -> QuerySet[Factor]:
    """The user's living factors with what is known of their last use, the oldest first."""
    asked = Factor.objects.living().filter(user=user).select_related("passkey", "code")
    found: QuerySet[Factor] = asked.order_by("created_at", "id")
    return found


def factor_named(public: str, *, user: User) -> Factor:
    """This living factor of the user. Raises NotFound for any other."""
    return _found(factors_of(user).filter(public=public).first())


def has_second_factor(user: User) -> bool:
    """Whether something is asked for beside the password."""
    return bool(Factor.objects.second().filter(user=user).exists())


def guarded_users() -> frozenset[int]:
    """The ids of those with a second factor."""
    return frozenset(Factor.objects.second().values_list("user_id", flat=True))


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(factor__user=user, factor__removed_at=None).count()


def sessions(*, at: datetime) -> QuerySet[Session]:
    """Every browser that is signed in, the one last seen first."""
    return Session.objects.living(at).select_related("user").filter(user__active=True).order_by("-seen_at")


def session_named(public: str, *, at: datetime) -> Session:
    """The living session of this public name. Raises NotFound."""
    return _found(sessions(at=at).filter(public=public).first())


def sessions_of(user: User, *, at: datetime) -> QuerySet[Session]:
    return Session.objects.living(at).filter(user=user).order_by("-seen_at")


@dataclass(frozen=True, slots=True)
class Allowed:
    """One right in words, and the roles that have it."""

    right: str
    label: Text
    roles: tuple[str, ...]


def who_may_what() -> list[tuple[Text, list[Allowed]]]:
    """Every right by what it is about, from the declarations that the doors themselves ask."""
    told = [
        Allowed(right, label, tuple(role for role in Role.values if {"*", right} & RIGHTS_OF[role]))
        for right, label in RIGHTS.items()
    ]
    return [
        (about, [each for each in told if each.right.split(".")[0] == room]) for room, about in ABOUT_RIGHTS.items()
    ]


def roles() -> list[tuple[str, Text, Text]]:
    """(word, name, what it is for) of each role."""
    return [(role.value, role.label, ABOUT_ROLE[role]) for role in Role]


def link_of(given: str, purpose: str, *, at: datetime) -> OneTimeLink:
    """The unused link of this secret and purpose. Raises NotFound, the same for used, expired and never made."""
    kept = OneTimeLink.objects.select_related("user").filter(digest=digest(given), purpose=purpose, expires_at__gt=at)
    link = kept.first()
    if link is None:
        raise NotFound(_("This link has been used, has expired or was never made. Ask for a new one."))
    return link


def _found[T](row: T | None) -> T:
    if row is None:
        raise NotFound(_("There is nobody and nothing of this name."))
    return row
