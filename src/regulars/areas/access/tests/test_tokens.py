"""Tokens: narrow, hashed, shown once, ending, revocable (A9)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.door.secrets import TOKEN_MARK
from regulars.areas.access.models import Session, Token, TokenSecret
from regulars.areas.access.queries import actor_for, actor_of_token
from regulars.areas.access.tests.people import OPERATOR, browser_of, person, token_of
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.models import Link
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def made(role: str = "manager", rights: tuple[str, ...] = ("customers.view",), **values: Any) -> tuple[Token, str]:
    user = person(role)
    told = {"name": "till", "rights": rights, "days": 30, **values}
    return actions.make_token(by=actor_for(user), at=timezone.now(), user=user, **told)


def holds(text: str, days: float = 0) -> Actor | None:
    return actor_of_token(text, at=timezone.now() + timedelta(days=days))


def test_a_token_acts_with_its_rights_under_its_own_name() -> None:
    _token, text = made()
    actor = holds(text)
    assert actor and actor.kind == "token" and actor.name == "till (Mette)"
    assert actor.rights == {"customers.view"} and not actor.may("customers.edit")


def test_it_is_kept_as_a_digest_and_in_no_journal() -> None:
    _token, text = made()
    kept = b"".join(payload for row in Link.objects.all() for payload in blocks.payloads(bytes(row.block)))
    digest = TokenSecret.objects.get().digest
    assert text.startswith(TOKEN_MARK) and len(text) >= 47
    assert text not in str(list(TokenSecret.objects.values()) + list(Token.objects.values()))
    assert b"till" in kept and digest.encode() not in kept and text.encode() not in kept


@pytest.mark.parametrize(
    "rights", [(), ("access.users",), ("customers.view", "safekeeping.backup"), ("*",), ("nonsense",)]
)
def test_nobody_gives_what_she_has_not(rights: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        made(rights=rights)
    assert refused.value.where == "rights" and not Token.objects.exists()


def test_a_right_that_there_is_not_is_named() -> None:
    with pytest.raises(Refused, match="There is no such right: nonsense"):
        made(rights=("customers.view", "nonsense"))


def test_who_may_make_no_tokens_makes_none() -> None:
    with pytest.raises(NotAllowed):
        made("staff")


@pytest.mark.parametrize("days", [0, 366, -1])
def test_it_lasts_a_year_at_most(days: int) -> None:
    with pytest.raises(Refused) as refused:
        made(days=days)
    assert refused.value.where == "days"


def test_it_ends_by_itself() -> None:
    _token, text = made(days=7)
    assert holds(text, 6.9) and holds(text, 7) is None


def test_it_never_may_more_than_its_owner_now() -> None:
    user = person("manager")
    _token, text = made(rights=("customers.edit", "customers.import"))
    type(user).objects.filter(pk=user.pk).update(role="staff")  # behind the program's back: the deed revokes it as well
    actor = holds(text)
    assert actor and actor.rights == {"customers.edit"}


def test_revoking_is_at_once_and_for_good() -> None:
    token, text = made()
    actions.revoke_token(by=OPERATOR, at=timezone.now(), token=token)
    assert holds(text) is None and not TokenSecret.objects.exists()
    Token.objects.update(revoked_at=None)
    assert holds(text) is None, "its secret is gone, nothing brings it back"


def test_the_name_is_free_again_after_revoking() -> None:
    token, _text = made()
    with pytest.raises(Refused, match="token of this name"):
        made()
    actions.revoke_token(by=OPERATOR, at=timezone.now(), token=token)
    made()


@pytest.mark.parametrize("text", ["", "rgl_", "rgl_" + "A" * 43, "Bearer", "\x00"])
def test_what_is_no_token_is_nobody(text: str) -> None:
    assert holds(text) is None


def test_its_use_is_noted_once_a_minute() -> None:
    _token, text = made()
    holds(text)
    first = TokenSecret.objects.get().used_at
    holds(text)
    assert TokenSecret.objects.get().used_at == first
    holds(text, days=0.001)
    assert TokenSecret.objects.get().used_at != first


def test_the_page_shows_the_text_once() -> None:
    browser = browser_of("manager")
    form = {"name": "Shop", "rights": ["customers.view"], "days": "30"}
    shown = browser.post("/account/tokens/", form)
    assert TOKEN_MARK.encode() in shown.content and shown["Cache-Control"] == "no-store"
    account = browser.get("/account/").content
    assert b"Shop" in account and TOKEN_MARK.encode() not in account


def test_after_five_minutes_the_page_asks_for_the_password_again() -> None:
    browser = browser_of("manager")
    Session.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    form = {"name": "Shop", "rights": ["customers.view"], "days": "30"}
    for more in ({}, {"your_password": "a guess"}):
        answer = browser.post("/account/tokens/", {**form, **more})
        assert answer.status_code == 422 and answer.context["form"].errors["your_password"]
    assert not Token.objects.exists()


def test_one_sees_and_revokes_ones_own() -> None:
    token, text = token_of("manager", "customers.view")
    assert browser_of("marketer").post(f"/account/tokens/{token.public}/revoke/").status_code == 404
    assert holds(text)
    assert browser_of("manager").post(f"/account/tokens/{token.public}/revoke/").status_code == 303
    assert holds(text) is None
