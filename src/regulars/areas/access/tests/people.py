"""This room's cast, for every room's tests: somebody in each role, a browser she signed in with, a token of hers."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.door import passwords, sessions
from regulars.areas.access.models import Password, Role, Token, User
from regulars.areas.access.queries import actor_for
from regulars.kernel.actor import Actor

NAMES = {
    "owner": "Olga", "manager": "Mette", "staff": "Stefan", "till": "Tilda", "marketer": "Maya", "auditor": "Anton",
    "reader": "Rita",
}  # fmt: skip
OPERATOR = Actor(kind="operator", name="test", rights=frozenset({"*"}))


def person(role: str = Role.OWNER, *, login: str | None = None, **values: Any) -> User:
    """The account of this role, made on first asking. Nobody knows her password: see `browser_of`."""
    name = NAMES[role]
    found = User.objects.filter(login_folded=(login or name).lower()).first()
    if found:
        return found
    at = timezone.now() - timedelta(hours=1)
    told = {"name": name, "language": "en", **values}
    made, _given = actions.add_user(by=OPERATOR, at=at, login=login or name, role=role, **told)
    Password.objects.create(user=made, hash="argon2$unusable")
    return made


@cache
def hash_of(password: str) -> str:
    """The hash of a password that tests sign in with, of the least strength, by which it is looked at as quickly."""
    with pytest.MonkeyPatch.context() as patched:
        weaken(patched)
        return passwords.hashed(password)


def weaken(patched: pytest.MonkeyPatch) -> None:
    """Argon2id at its least, for tests that are not about how slow guessing is (`test_passwords` is)."""
    patched.setattr(passwords._Hasher, "time_cost", 1)
    patched.setattr(passwords._Hasher, "memory_cost", 8)


def actor(role: str = Role.OWNER) -> Actor:
    """Somebody of this role as one who acts."""
    return actor_for(person(role))


def browser_of(role: str | User = Role.OWNER, **client: Any) -> Client:
    """A test client signed in as this user, or as somebody of this role."""
    user = role if isinstance(role, User) else person(role)
    _session, value = sessions.begin(user, at=timezone.now(), browser="Firefox Linux")
    browser = Client(**client)
    browser.cookies["__Host-session" if settings.SESSION_COOKIE_SECURE else "session_80"] = value
    return browser


def token_of(role: str | User = Role.OWNER, *rights: str, name: str = "till") -> tuple[Token, str]:
    """A token of somebody of this role with these rights, and its text for the `Authorization: Bearer` header."""
    user = role if isinstance(role, User) else person(role)
    return actions.make_token(by=OPERATOR, at=timezone.now(), user=user, name=name, rights=rights, days=30)
